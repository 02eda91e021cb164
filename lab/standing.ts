import { execFile } from "node:child_process";
import fs from "node:fs";
import type net from "node:net";
import path from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

import { KubeConfig, CustomObjectsApi } from "@kubernetes/client-node";

import { phaseWord } from "../components/delivery/phaseWords";
import { kubeconfigText } from "./controlPlane";
import type { Orders, Ready } from "./inside";
import { LabError } from "./labError";
import { cache } from "./paths";
import { bar, say, table } from "./screen";
import { addressOf, handleOf, listen } from "./sockets";
import { Toolchain } from "./toolchain/ensure";
import type { Canary } from "./rollout";
import { spawnWithOrders } from "./orders";

const run = promisify(execFile);
const record = path.join(cache, "standing-lab.json");
const kubeconfigFile = path.join(cache, "standing-lab.kubeconfig");

/** A lab that was left running. */
interface Standing {
    pid: number;
    gateway: string;
    page: string;
}

/** Starts a lab with the dev stack in it and leaves it running. */
export async function startStanding(tools: Toolchain, realPace: boolean, mesh: string): Promise<void> {
    if ((await standing()) !== undefined) {
        throw new LabError(
            "A lab is running already.",
            "Use it (`npm run lab -- status`), or end it (`npm run lab -- down`).",
        );
    }
    const [api, gateway, page] = await Promise.all([listen(), listen(), listen()]);
    const state = { gateway: addressOf(gateway), page: addressOf(page) };
    const apiPort = (api.address() as net.AddressInfo).port;
    const orders: Orders = {
        ...{ mode: "stay", tools, realPace, mesh, page: state.page },
        ...{ apiSocket: 3, gatewaySocket: 4, readyPipe: 5, pageSocket: 6 },
    };
    const child = spawnWithOrders(
        path.join(__dirname, "inside.ts"),
        orders,
        ["ignore", "pipe", "pipe", handleOf(api), handleOf(gateway), "pipe", handleOf(page)],
        { outlives: true },
    );
    // The inside listens on the same sockets now; here they would only take connections away.
    [api, gateway, page].forEach((server) => server.close());
    child.stdout!.pipe(process.stdout);
    child.stderr!.pipe(process.stderr);
    const stop = () => {
        process.kill(child.pid!, "SIGKILL");
        process.exit(130);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);

    const ready = await new Promise<Ready>((resolve, reject) => {
        let text = "";
        (child.stdio as unknown as Readable[])[5]!.on("data", (data: Buffer) => {
            text += data.toString();
            if (text.endsWith("\n")) {
                resolve(JSON.parse(text) as Ready);
            }
        });
        child.on("exit", (code) => reject(new LabError(`the lab ended with code ${code}`, "See the output above.")));
    });
    fs.writeFileSync(kubeconfigFile, outsideKubeconfig(apiPort, ready), { mode: 0o600 });
    fs.writeFileSync(record, JSON.stringify({ pid: child.pid!, ...state } satisfies Standing));
    say();
    say("The lab keeps running. Try:");
    say(`  export KUBECONFIG=${kubeconfigFile}`);
    say("  kubectl get canaries --all-namespaces --watch");
    say("  kubectl -n apps set image deployment/podinfo podinfo=ghcr.io/stefanprodan/podinfo:6.0.1");
    say(`  curl ${state.gateway}`);
    say(`  a browser at ${state.page}, which shows its rollouts`);
    say("  npm run lab -- status");
    say("  npm run lab -- down");
    child.stdout!.destroy();
    child.stderr!.destroy();
    child.unref();
}

/** Says what a running lab is doing. */
export async function showStanding(): Promise<void> {
    const state = await standing();
    if (state === undefined) {
        say("No lab is running. `npm run lab -- up` starts one.");
        return;
    }
    const kubeconfig = new KubeConfig();
    kubeconfig.loadFromFile(kubeconfigFile);
    const { items } = (await kubeconfig.makeApiClient(CustomObjectsApi).listClusterCustomObject({
        group: "flagger.app",
        version: "v1beta1",
        plural: "canaries",
    })) as { items: Canary[] };
    table(
        ["namespace", "canary", "phase", "weight", "failed checks"],
        items.map(({ metadata, status }) => [
            metadata?.namespace ?? "",
            metadata?.name ?? "",
            phaseWord(status?.phase ?? ""),
            bar(status?.canaryWeight ?? 0),
            String(status?.failedChecks ?? 0),
        ]),
    );
    say(`kubeconfig  ${kubeconfigFile}`);
    say(`gateway     ${state.gateway}`);
    say(`page        ${state.page}`);
}

/** Ends a running lab. */
export async function stopStanding(): Promise<void> {
    const state = await standing();
    if (state === undefined) {
        say("No lab is running.");
        return;
    }
    // Its first process goes with it, and with that one all others of its namespace.
    process.kill(state.pid, "SIGKILL");
    forget();
    say("The lab has ended; nothing of it is left.");
}

/** The running lab, if there is one. What a lab that died left on record is cleared away. */
async function standing(): Promise<Standing | undefined> {
    if (!fs.existsSync(record)) {
        return undefined;
    }
    const state = JSON.parse(fs.readFileSync(record, "utf8")) as Standing;
    const { stdout } = await run("ps", ["-o", "args=", "-p", String(state.pid)]).catch(() => ({ stdout: "" }));
    if (stdout.includes("unshare") && stdout.includes("inside.ts")) {
        return state;
    }
    forget();
    return undefined;
}

function forget(): void {
    fs.rmSync(record, { force: true });
    fs.rmSync(kubeconfigFile, { force: true });
}

/** A kubeconfig that goes through the socket on loopback; the certificate is for the name inside. */
function outsideKubeconfig(port: number, { ca, token }: Ready): string {
    const config = JSON.parse(kubeconfigText(`https://127.0.0.1:${port}`, ca, token)) as {
        clusters: { cluster: Record<string, string> }[];
    };
    config.clusters[0]!.cluster["tls-server-name"] = "kubernetes.default.svc";
    return JSON.stringify(config);
}
