import { ChildProcess, StdioOptions, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";

import { LabError } from "./labError";

/**
 * Starts a program in user, network, mount and process namespaces of its own, without root. Whatever it starts, binds or
 * mounts is gone with it, however it ends: the kernel sees to that. It ends with this process, however that ends, unless it
 * is to outlive it.
 */
export function spawnSandboxed(
    argv: string[],
    stdio: StdioOptions,
    options: { env?: NodeJS.ProcessEnv; outlives?: boolean } = {},
): ChildProcess {
    const { env, outlives = false } = options;
    const unshare = ["unshare", "-Urnmpf", "--mount-proc", "--kill-child", "--", ...argv];
    const [program, ...args] = outlives ? unshare : ["setpriv", "--pdeathsig", "KILL", "--", ...unshare];
    return spawn(program!, args, {
        stdio,
        env: { ...process.env, ...env, PROGRESSIVE_MESH_SANDBOX: "1" },
        detached: outlives,
    });
}

let listens = false;

/** From here on this process stops when it is told to, or when its own parent is gone, and all its sandboxes with it. */
export function stopWhenTold(): void {
    if (listens) {
        return;
    }
    listens = true;
    const stop = () => {
        process.stderr.write("\nstopped: nothing is left running\n");
        process.exit(130);
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, stop);
    }
    const parent = process.ppid;
    setInterval(() => {
        if (process.ppid !== parent) {
            stop();
        }
    }, 1000).unref();
}

/** Waits for a program and answers its exit code. */
export function exitCode(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", (code) => resolve(code ?? 1));
    });
}

/** Waits for a sandboxed program and answers its exit code. When this process stops, the program stops with it. */
export function finished(child: ChildProcess): Promise<number> {
    stopWhenTold();
    return exitCode(child);
}

/** Whether this process was started by {@link spawnSandboxed}. */
export function isSandboxed(): boolean {
    return process.env.PROGRESSIVE_MESH_SANDBOX === "1" && process.pid < 10;
}

/** Fails with a remedy where the system does not let the lab have its namespaces. */
export function requireNamespaces(): void {
    if (process.platform !== "linux") {
        throw new LabError(
            `The lab needs Linux: it lives in kernel namespaces, which ${process.platform} does not have.`,
            "Run it in a Linux virtual machine or container (on macOS for example with Lima or Docker Desktop).",
        );
    }
    for (const program of ["setpriv", "unshare", "nsenter", "ip", "mount", "bash", "curl", "ps"]) {
        try {
            execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
        } catch {
            throw new LabError(
                `The lab needs the program ${program}, which is not on PATH.`,
                "Install util-linux, iproute2, procps, bash and curl, then run this again.",
            );
        }
    }
    try {
        execFileSync(
            "unshare",
            [
                "-Urnmpf",
                "--mount-proc",
                "--",
                "sh",
                "-c",
                "ip link add l0 type veth peer name l1 && ip link add l2 type bridge",
            ],
            { stdio: "pipe" },
        );
    } catch (error) {
        throw new LabError(
            `This system refuses the namespaces that the lab lives in: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`,
            remedy(),
        );
    }
}

function remedy(): string {
    const setting = (file: string) => {
        try {
            return fs.readFileSync(file, "utf8").trim();
        } catch {
            return undefined;
        }
    };
    if (setting("/proc/sys/kernel/unprivileged_userns_clone") === "0") {
        return "Allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1";
    }
    if (setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") === "1") {
        return "Allow them: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
    }
    if (setting("/proc/sys/user/max_user_namespaces") === "0") {
        return "Allow them: sudo sysctl -w user.max_user_namespaces=10000";
    }
    return (
        "Run it as root, or on a host that allows unprivileged user namespaces and has the kernel modules veth and bridge " +
        "(sudo modprobe -a veth bridge). In a container, start it with --privileged."
    );
}
