import type { ChildProcess, StdioOptions } from "node:child_process";

import { LabError } from "./labError";
import { isSandboxed, spawnSandboxed } from "./sandbox";

/** Starts a program in a sandbox and tells it what to do there. */
export function spawnWithOrders(
    script: string,
    orders: object,
    stdio: StdioOptions,
    options: { outlives?: boolean } = {},
): ChildProcess {
    return spawnSandboxed([process.execPath, "--import", "tsx", script], stdio, {
        ...options,
        env: { PROGRESSIVE_MESH_ORDERS: JSON.stringify(orders) },
    });
}

/** What this program was told by {@link spawnWithOrders}; fails with the command to type where nobody did. */
export function ordersFrom<T>(command: string): T {
    if (!isSandboxed()) {
        throw new LabError("This program only runs inside the lab's sandbox.", `Use \`${command}\`.`);
    }
    return JSON.parse(process.env.PROGRESSIVE_MESH_ORDERS ?? "{}") as T;
}
