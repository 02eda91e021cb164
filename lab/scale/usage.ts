import fs from "node:fs";
import path from "node:path";

/** What one kind of program used in a while. */
export interface Use {
    /** Seconds of processor time. */
    cpuSeconds: number;
    /** The most memory that all of its processes had at once, in bytes. */
    peakBytes: number;
    /** The most processes that there were at once. */
    processes: number;
}

/** What is looked for in the words of a process's command. */
const kinds: Record<string, (argv: string[]) => boolean> = {
    engine: (argv) => basename(argv[0]) === "pulumi",
    program: (argv) => argv.some((word) => word.includes("@pulumi/pulumi/cmd/run")),
    "kubernetes provider": (argv) => ["pulumi-kubernetes", "pulumi-resource-kubernetes"].includes(basename(argv[0])),
    "API server": (argv) => basename(argv[0]) === "kube-apiserver",
    etcd: (argv) => basename(argv[0]) === "etcd",
    controllers: (argv) => /^kube-(controller-manager|scheduler)$/.test(basename(argv[0])),
    flagger: (argv) => basename(argv[0]) === "flagger",
    prometheus: (argv) => basename(argv[0]) === "prometheus",
    // The lab itself with what it makes up, and its nodes.
    "lab and nodes": (argv) =>
        basename(argv[0]) === "kwok" || argv.some((word) => word.endsWith("/lab/scale/inside.ts")),
};

const basename = (word = "") => path.basename(word);

/** The kind of program that a command line starts; undefined for one that is not told apart. */
export function kindOf(argv: string[]): string | undefined {
    return Object.keys(kinds).find((kind) => kinds[kind]!(argv));
}

/** In clock ticks, of which Linux has a hundred a second on every machine that Node.js runs on. */
const ticksPerSecond = 100;

/** The processor time and the memory of a process as /proc/<pid>/stat has them: ticks, and pages of 4 KiB. */
export function parseStat(text: string): { ticks: number; bytes: number } {
    // The name may hold spaces and brackets; what follows the last bracket does not.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { ticks: Number(fields[11]) + Number(fields[12]), bytes: Number(fields[21]) * 4096 };
}

/** Watches what the programs of the lab use. It sees those of its own sandbox and no other. */
export class Usage {
    private readonly ticks = new Map<number, { kind: string; last: number }>();
    private uses = new Map<string, Use>();
    private readonly kindsOf = new Map<number, string | undefined>();
    private readonly timer: NodeJS.Timeout;

    constructor(milliseconds = 500) {
        this.look();
        this.timer = setInterval(() => this.look(), milliseconds);
    }

    /** What was used since the last time this was asked. */
    take(): Record<string, Use> {
        this.look();
        const taken = Object.fromEntries(Object.keys(kinds).flatMap((kind) => entry(kind, this.uses.get(kind))));
        this.uses = new Map();
        return taken;
    }

    stop(): void {
        clearInterval(this.timer);
    }

    private look(): void {
        const now = new Map<string, { bytes: number; processes: number }>();
        for (const name of fs.readdirSync("/proc")) {
            const pid = Number(name);
            const seen = Number.isInteger(pid) ? this.process(pid) : undefined;
            if (seen !== undefined) {
                const { bytes, processes } = now.get(seen.kind) ?? { bytes: 0, processes: 0 };
                now.set(seen.kind, { bytes: bytes + seen.bytes, processes: processes + 1 });
            }
        }
        for (const [kind, { bytes, processes }] of now) {
            const use = this.use(kind);
            use.peakBytes = Math.max(use.peakBytes, bytes);
            use.processes = Math.max(use.processes, processes);
        }
    }

    private process(pid: number): { kind: string; bytes: number } | undefined {
        try {
            const kind = this.kindOfProcess(pid);
            if (kind === undefined) {
                return undefined;
            }
            const { ticks, bytes } = parseStat(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
            const before = this.ticks.get(pid)?.last ?? 0;
            this.ticks.set(pid, { kind, last: ticks });
            this.use(kind).cpuSeconds += (ticks - before) / ticksPerSecond;
            return { kind, bytes };
        } catch {
            // It has ended since its number was read.
            this.kindsOf.delete(pid);
            return undefined;
        }
    }

    private kindOfProcess(pid: number): string | undefined {
        const known = this.kindsOf.get(pid);
        if (known !== undefined) {
            return known;
        }
        // One that is unknown may be about to become another program.
        const kind = kindOf(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
        this.kindsOf.set(pid, kind);
        return kind;
    }

    private use(kind: string): Use {
        const use = this.uses.get(kind) ?? { cpuSeconds: 0, peakBytes: 0, processes: 0 };
        this.uses.set(kind, use);
        return use;
    }
}

function entry(kind: string, use: Use | undefined): [string, Use][] {
    return use === undefined ? [] : [[kind, { ...use, cpuSeconds: Math.round(use.cpuSeconds * 10) / 10 }]];
}
