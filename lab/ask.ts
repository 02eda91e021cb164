import http from "node:http";

/** What a user of an application saw. */
export interface Answer {
    /** When it was asked for, in milliseconds since 1970. */
    at: number;
    /** The version that answered, if it said. */
    version?: string;
    /** 0 where there was no answer at all. */
    status: number;
    milliseconds: number;
    /** Why there was no answer. */
    error?: string;
}

/** Whether it is one that a user would complain about. */
export function isFailure({ status }: Answer): boolean {
    return status === 0 || status >= 500;
}

/** Nobody waits longer for an answer, in milliseconds. */
const patience = 20_000;

/** Sends one request. */
export function ask(url: string, headers: http.OutgoingHttpHeaders, agent?: http.Agent): Promise<Answer> {
    const at = Date.now();
    const began = performance.now();
    return new Promise((resolve) => {
        const answer = (rest: Omit<Answer, "at" | "milliseconds">) =>
            resolve({ at, milliseconds: performance.now() - began, ...rest });
        const request = http.get(url, { headers, agent }, (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("end", () =>
                answer({ status: response.statusCode!, version: versionIn(Buffer.concat(chunks).toString()) }),
            );
            response.on("error", (error) => answer({ status: 0, error: error.message }));
        });
        request.setTimeout(patience, () => request.destroy(new Error(`no answer within ${patience / 1000} s`)));
        request.on("error", (error) => answer({ status: 0, error: error.message }));
    });
}

function versionIn(body: string): string | undefined {
    try {
        const { version } = JSON.parse(body) as { version?: unknown };
        return typeof version === "string" ? version : undefined;
    } catch {
        return undefined;
    }
}
