import { ChildProcess, SpawnOptions, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { LabError } from "./labError";
import { poll } from "./poll";

/** A program that runs until it is stopped, with its output in a file. */
export class Daemon {
    private child: ChildProcess;
    private exited?: string;

    private constructor(
        readonly name: string,
        private readonly argv: string[],
        private readonly log: string,
        private readonly options: SpawnOptions,
    ) {
        this.child = this.spawn();
    }

    static start(name: string, argv: string[], logs: string, options: SpawnOptions = {}): Daemon {
        return new Daemon(name, argv, path.join(logs, `${name}.log`), options);
    }

    /** Starts it once more, after it has ended, as it was started first. */
    startAgain(): void {
        this.exited = undefined;
        this.child = this.spawn();
    }

    private spawn(): ChildProcess {
        const out = fs.openSync(this.log, "a");
        const child = spawn(this.argv[0]!, this.argv.slice(1), { stdio: ["ignore", out, out], ...this.options });
        fs.closeSync(out);
        child.on("error", (error) => (this.exited = error.message));
        child.on("exit", (code, signal) => (this.exited = signal ?? `exit code ${code}`));
        return child;
    }

    get running(): boolean {
        return this.exited === undefined;
    }

    /** Waits until the check holds. */
    async until(ready: () => Promise<boolean>, seconds: number): Promise<void> {
        const state = async () => ((await ready().catch(() => false)) ? "ready" : this.exited && "ended");
        if ((await poll(state, seconds, 100)) !== "ready") {
            const why = this.running ? `was not ready within ${seconds} s` : `ended: ${this.exited}`;
            throw new LabError(
                `${this.name} ${why}\n${this.tail()}`,
                "This is a fault of the lab: please report it with these lines.",
            );
        }
    }

    /** The last lines of its output. */
    tail(lines = 15): string {
        return fs.existsSync(this.log)
            ? fs.readFileSync(this.log, "utf8").trimEnd().split("\n").slice(-lines).join("\n")
            : "";
    }

    async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
        if (!this.running) {
            return;
        }
        const gone = new Promise((resolve) => this.child.once("exit", resolve));
        this.child.kill(signal);
        await gone;
    }
}
