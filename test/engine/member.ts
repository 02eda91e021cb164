/** What a member of the mesh got for one request; a status of 0 is none at all. */
export interface Reply {
    status: number;
    version?: string;
}

/** A pod of Flagger's load tester, which sends requests from inside the mesh. */
export class Member {
    constructor(readonly address: string) {}

    /** Sends requests by `curl` with these arguments, one after another over the same connection where it can. */
    async curl(...args: string[]): Promise<Reply[]> {
        const words = ["-s", "-m", "20", "-w", "\n#%{http_code}\n", ...args];
        const output = await this.bash(`curl ${words.map((word) => `'${word}'`).join(" ")}; true`);
        return [...output.matchAll(/([^]*?)\n#(\d{3})\n/g)].map(([, body, status]) => ({
            status: Number(status),
            version: /"version":"([^"]+)"/.exec(body!)?.[1],
        }));
    }

    /** Asks an address again and again until it is enough: every answer, with when its ten were asked for. */
    async follow(url: string, isEnough: () => boolean): Promise<(Reply & { at: number })[]> {
        const all: (Reply & { at: number })[] = [];
        while (!isEnough()) {
            const at = Date.now();
            all.push(...(await this.curl(`${url}?[1-10]`)).map((reply) => ({ ...reply, at })));
        }
        return all;
    }

    /** What a command says that runs in the pod. */
    private async bash(cmd: string): Promise<string> {
        const metadata = { type: "bash", cmd, returnCmdOutput: "true" };
        const response = await fetch(`http://${this.address}:8080/`, {
            method: "POST",
            body: JSON.stringify({ name: "member", namespace: "apps", metadata }),
        });
        const text = await response.text();
        if (!response.ok) {
            throw new Error(`the load tester answers ${response.status}: ${text}`);
        }
        return text;
    }
}
