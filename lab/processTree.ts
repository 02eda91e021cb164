import fs from "node:fs";

/** All processes that a process has started, and those that they have, as far as none between them has ended. */
export function descendants(pid: number): number[] {
    const parents = new Map(
        fs
            .readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .flatMap((name) => {
                const parent = parentOf(name);
                return parent === undefined ? [] : [[Number(name), parent] as const];
            }),
    );
    const under = (ancestor: number): number[] =>
        [...parents].filter(([, parent]) => parent === ancestor).flatMap(([child]) => [child, ...under(child)]);
    return under(pid);
}

/** Sends a signal to a process, if there still is one. */
export function kill(pid: number, signal: NodeJS.Signals): void {
    try {
        process.kill(pid, signal);
    } catch {
        // It has ended by itself.
    }
}

/** Whether the process still runs: one that has ended stays on the list until its parent has asked how. */
export function isRunning(pid: number): boolean {
    const state = statOf(String(pid))?.[0];
    return state !== undefined && state !== "Z";
}

function parentOf(pid: string): number | undefined {
    const parent = statOf(pid)?.[1];
    return parent === undefined ? undefined : Number(parent);
}

/** What the kernel says of a process from its state on; the name before it may hold anything, also brackets and spaces. */
function statOf(pid: string): string[] | undefined {
    try {
        const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        return text.slice(text.lastIndexOf(")") + 2).split(" ");
    } catch {
        return undefined;
    }
}
