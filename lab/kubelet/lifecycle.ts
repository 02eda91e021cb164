import { ChildProcess } from "node:child_process";
import { once } from "node:events";

import { V1Container } from "@kubernetes/client-node";

import { pause } from "../poll";
import { Place, httpAnswers, succeeds } from "./probe";

/**
 * Ends a container's program as a kubelet does: first its `preStop` hook, then a request to end, and when the pod's time is
 * over the kill. Answers once the program has ended.
 */
export async function end(container: V1Container, child: ChildProcess, place: Place, seconds: number): Promise<void> {
    if (hasEnded(child)) {
        return;
    }
    const exited = once(child, "exit");
    const kill = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    // A hook may last longer than the program, when the program is killed.
    await Promise.race([runHook(container, place, seconds), exited]);
    if (!hasEnded(child)) {
        child.kill("SIGTERM");
        await exited;
    }
    clearTimeout(kill);
}

function hasEnded(child: ChildProcess): boolean {
    return child.exitCode !== null || child.signalCode !== null;
}

async function runHook(container: V1Container, place: Place, seconds: number): Promise<void> {
    const { exec, httpGet, sleep } = container.lifecycle?.preStop ?? {};
    const milliseconds = seconds * 1000;
    if (sleep !== undefined) {
        await pause(sleep.seconds);
    } else if (httpGet !== undefined) {
        await httpAnswers(httpGet, container, place, milliseconds);
    } else if (exec?.command !== undefined) {
        await succeeds(exec.command, place, milliseconds);
    }
}
