import fs from "node:fs";

/** When a resource was worked on, in seconds since the first one was. */
export interface Span {
    start: number;
    end: number;
}

interface EngineEvent {
    resourcePreEvent?: { metadata: { urn: string; op: string } };
    resOutputsEvent?: { metadata: { urn: string } };
}

/**
 * Follows the events that the engine writes into a file. They carry whole seconds, so what counts is when they come: it is looked
 * twenty times a second.
 */
export class EventLog {
    private read = 0;
    private rest = "";
    private readonly starts = new Map<string, number>();
    private readonly ends = new Map<string, number>();
    private readonly timer: NodeJS.Timeout;

    constructor(private readonly file: string) {
        this.timer = setInterval(() => this.look(), 50);
    }

    /** Ends, and tells what was worked on. */
    stop(): Map<string, Span> {
        clearInterval(this.timer);
        this.look();
        const first = Math.min(...this.starts.values());
        const seconds = (at: number) => (at - first) / 1000;
        return new Map(
            [...this.starts].flatMap(([urn, start]): [string, Span][] => {
                const end = this.ends.get(urn);
                return end === undefined ? [] : [[urn, { start: seconds(start), end: seconds(end) }]];
            }),
        );
    }

    private look(): void {
        if (!fs.existsSync(this.file)) {
            return;
        }
        const file = fs.openSync(this.file, "r");
        const more = Buffer.alloc(fs.fstatSync(file).size - this.read);
        this.read += fs.readSync(file, more, 0, more.length, this.read);
        fs.closeSync(file);
        const lines = (this.rest + more.toString()).split("\n");
        this.rest = lines.pop()!;
        const now = performance.now();
        for (const line of lines.filter((each) => each !== "")) {
            const { resourcePreEvent, resOutputsEvent } = JSON.parse(line) as EngineEvent;
            if (resourcePreEvent !== undefined) {
                this.starts.set(resourcePreEvent.metadata.urn, now);
            }
            if (resOutputsEvent !== undefined) {
                this.ends.set(resOutputsEvent.metadata.urn, now);
            }
        }
    }
}
