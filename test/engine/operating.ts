import fs from "node:fs";
import http from "node:http";
import path from "node:path";

import { CoreV1Api, KubernetesObject } from "@kubernetes/client-node";

import { run } from "../../components/cli/command";
import { Lab } from "../../lab/lab";
import { network } from "../../lab/network";
import { FlaggerBench } from "./bench/flaggerBench";
import { userWith } from "./restrictedUser";

/** What a command said, and how it ended. */
export interface Ran {
    code: number;
    out: string;
    error: string;
}

/** A user with the Role of docs/operating.md and no other right, and the commands as that user. */
export class Operator {
    private constructor(private readonly kubeconfig: string) {}

    static async in(lab: Lab, bench: Pick<FlaggerBench, "create">, namespace: string): Promise<Operator> {
        const own = await userWith("progressive-mesh-operate", lab, bench, namespace);
        const file = path.join(lab.folder, `operator-of-${namespace}`);
        fs.writeFileSync(file, own.exportConfig(), { mode: 0o600 });
        return new Operator(file);
    }

    /** Runs a command. */
    async run(...args: string[]): Promise<Ran> {
        const ran: Ran = { code: -1, out: "", error: "" };
        const streams = {
            out: (text: string) => (ran.out += text),
            error: (text: string) => (ran.error += text),
        };
        ran.code = await run([...args, "--kubeconfig", this.kubeconfig], streams, () => new Promise(() => {}));
        transcribe(`$ ${args.join(" ")}\n${ran.out}${ran.error}(ends with ${ran.code})\n\n`);
        return ran;
    }

    /** What `status` says of a Canary, as programs read it. */
    async status(key: string): Promise<{ code: number } & Status> {
        const { code, out, error } = await this.run("status", key, "--output", "json");
        if (out === "") {
            throw new Error(error);
        }
        return { code, ...(JSON.parse(out) as Status) };
    }
}

/** What the tests read of it. */
export interface Status {
    outcome: string;
    revision: string;
    phase: string;
    weight: number;
    image: string;
    primaryImage: string;
    wedge?: { state: string; headline: string; remedy: string };
}

/** Adds to the file that OPERATE_TRANSCRIPT names, if it does: docs/operating.md is written from it. */
export function transcribe(text: string): void {
    const file = process.env.OPERATE_TRANSCRIPT;
    if (file !== undefined) {
        fs.appendFileSync(file, text);
    }
}

const proxyPort = 9206;

/** Flagger of the bench is no pod, so it knows no Service by name: a proxy leads it to the load tester of the bench. */
export async function leadToLoadTester(): Promise<() => void> {
    const target = new URL(FlaggerBench.loadTester);
    const server = http.createServer((request, response) => {
        const { hostname, pathname } = new URL(request.url!);
        if (!hostname.startsWith("flagger-loadtester.")) {
            response.writeHead(502).end();
            return;
        }
        const { method, headers } = request;
        const onward = http.request({ host: target.hostname, port: target.port, path: pathname, method, headers });
        onward.on("response", (answer) => {
            response.writeHead(answer.statusCode!);
            answer.pipe(response);
        });
        onward.on("error", () => response.writeHead(502).end());
        request.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(proxyPort, "127.0.0.1", resolve));
    process.env.HTTP_PROXY = `http://127.0.0.1:${proxyPort}`;
    return () => {
        delete process.env.HTTP_PROXY;
        server.close();
    };
}

/**
 * The load tester of the bench as a Service of the namespace, for whoever comes through the API server. That leads to pods alone, so one
 * stands on paper for it, at the address of the node.
 */
export async function serveLoadTester(lab: Lab, bench: FlaggerBench, namespace: string): Promise<void> {
    const metadata = { name: "flagger-loadtester", namespace };
    const port = Number(new URL(FlaggerBench.loadTester).port);
    const core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
    const container = { name: "loadtester", image: "example.com/loadtester:1" };
    await bench.create({
        apiVersion: "v1",
        kind: "Pod",
        metadata,
        spec: { schedulerName: "nobody", containers: [container] },
    } as KubernetesObject);
    const pod = await core.readNamespacedPodStatus(metadata);
    const podIP = network.node;
    await core.replaceNamespacedPodStatus({
        ...metadata,
        body: { ...pod, status: { ...pod.status, podIP, podIPs: [{ ip: podIP }] } },
    });
    const targetRef = { kind: "Pod", ...metadata };
    const objects: object[] = [
        { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 80, targetPort: port }] } },
        {
            apiVersion: "v1",
            kind: "Endpoints",
            metadata,
            subsets: [{ addresses: [{ ip: podIP, targetRef }], ports: [{ port }] }],
        },
    ];
    for (const object of objects) {
        await bench.create(object);
    }
}
