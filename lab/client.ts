import http from "node:http";

import { Answer, ask } from "./ask";

/** A user who asks the same again and again, at a steady pace whatever the answers are, and counts every answer. */
export class Client {
    private readonly agent = new http.Agent({ keepAlive: true });
    private readonly received: Answer[] = [];
    private readonly waiting = new Set<Promise<void>>();
    private readonly timer: NodeJS.Timeout;
    private sent = 0;

    /** Where there are several sets of headers, they take turns. */
    constructor(
        url: string,
        options: { perSecond: number; headers?: http.OutgoingHttpHeaders | http.OutgoingHttpHeaders[] },
    ) {
        const headers = [options.headers ?? {}].flat();
        this.timer = setInterval(() => {
            const answer = ask(url, headers[this.sent++ % headers.length]!, this.agent).then((a) => {
                this.received.push(a);
                this.waiting.delete(answer);
            });
            this.waiting.add(answer);
        }, 1000 / options.perSecond);
    }

    /** All answers so far. */
    answers(): Answer[] {
        return [...this.received];
    }

    /** Asks no more, and gives all answers once the last has come. */
    async stop(): Promise<Answer[]> {
        clearInterval(this.timer);
        await Promise.all(this.waiting);
        this.agent.destroy();
        return this.received;
    }
}
