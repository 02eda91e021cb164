import { spawn } from "node:child_process";
import http from "node:http";
import https from "node:https";
import net from "node:net";

import { V1Container, V1HTTPGetAction } from "@kubernetes/client-node";

/** Where a container's program runs. */
export interface Place {
    /** The pod's address. */
    address: string;
    /** The program's process, whose namespaces a command joins. */
    pid: number;
    environment: NodeJS.ProcessEnv;
}

/** Asks a container once what its readiness probe asks, and answers whether it is ready. */
export function isContainerReady(container: V1Container, place: Place): Promise<boolean> {
    const probe = container.readinessProbe;
    // The machine has several labs on it: less patience than this would measure the machine and not the program.
    const milliseconds = Math.max(probe?.timeoutSeconds ?? 1, 5) * 1000;
    if (probe?.httpGet !== undefined) {
        return httpAnswers(probe.httpGet, container, place, milliseconds);
    }
    if (probe?.tcpSocket !== undefined) {
        const { host = place.address, port } = probe.tcpSocket;
        return takesConnections(host, portOf(container, port), milliseconds);
    }
    if (probe?.grpc !== undefined) {
        return takesConnections(place.address, probe.grpc.port, milliseconds);
    }
    return probe?.exec?.command === undefined
        ? Promise.resolve(true)
        : succeeds(probe.exec.command, place, milliseconds);
}

function portOf(container: V1Container, given: string | number): number {
    return container.ports?.find((p) => p.name === given)?.containerPort ?? Number(given);
}

/** Whether a container answers a request well. */
export function httpAnswers(
    action: V1HTTPGetAction,
    container: V1Container,
    { address }: Place,
    timeout: number,
): Promise<boolean> {
    const host = action.host ?? address;
    const port = portOf(container, action.port);
    const headers = Object.fromEntries((action.httpHeaders ?? []).map(({ name, value }) => [name, value]));
    const options = { host, port, path: action.path ?? "/", headers, timeout, agent: false };
    return new Promise((resolve) => {
        const take = (response: http.IncomingMessage) => {
            response.resume();
            const status = response.statusCode ?? 0;
            resolve(status >= 200 && status < 400);
        };
        // As a kubelet, it does not ask who has signed the certificate.
        const request =
            action.scheme === "HTTPS"
                ? https.get({ ...options, rejectUnauthorized: false }, take)
                : http.get(options, take);
        request.on("timeout", () => request.destroy());
        request.on("error", () => resolve(false));
    });
}

function takesConnections(host: string, port: number, timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
        const end = (ready: boolean) => {
            socket.destroy();
            resolve(ready);
        };
        const socket = net.connect({ host, port, timeout }, () => end(true));
        socket.on("timeout", () => end(false));
        socket.on("error", () => end(false));
    });
}

/** Whether a command in a container ends well. */
export function succeeds(command: string[], { pid, environment }: Place, timeout: number): Promise<boolean> {
    return new Promise((resolve) => {
        const child = spawn("nsenter", ["-t", String(pid), "-n", "-m", "-r", "--", ...command], {
            stdio: "ignore",
            env: environment,
            timeout,
            killSignal: "SIGKILL",
        });
        child.on("error", () => resolve(false));
        // 127: the program is in the image, but not on this machine.
        child.on("exit", (code) => resolve(code === 0 || code === 127));
    });
}
