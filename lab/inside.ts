import fs from "node:fs";
import type net from "node:net";

import * as client from "@kubernetes/client-node";

import { ClusterSource } from "../components/page/cluster";
import { serve } from "../components/page/server";
import { Lab } from "./lab";
import { LabError } from "./labError";
import { meshStacks } from "./meshStacks";
import { bringUp, rehearse } from "./rehearsal";
import { Rollouts } from "./rollout";
import { note, say, step } from "./screen";
import { handOn } from "./sockets";
import { Toolchain } from "./toolchain/ensure";
import { endWith } from "./ending";
import { ordersFrom } from "./orders";

/** What the outside tells the inside. */
export interface Orders {
    mode: "rehearse" | "stay";
    tools: Toolchain;
    realPace: boolean;
    /** The mesh to rehearse, a key of `meshStacks`. */
    mesh: string;
    /** Where the rollout page is reached, and a listening socket of the outside for it. */
    page: string;
    pageSocket: number;
    /** With `stay`: listening sockets of the outside, for the API server and the gateway, and where to say that all is up. */
    apiSocket?: number;
    gatewaySocket?: number;
    readyPipe?: number;
}

/** What the inside says once it is up. */
export interface Ready {
    ca: string;
    token: string;
}

async function main(): Promise<number> {
    const orders = ordersFrom<Orders>("npm run lab");
    const starting = step("start the lab: etcd, API server, controllers, nodes, charts");
    const lab = await Lab.start(orders.tools, (text) => note(text)).catch((error: Error) => {
        starting.fail();
        throw error;
    });
    starting.done();
    await servePage(lab, orders.pageSocket);
    say(`The rollout page: ${orders.page}`);
    const pace = orders.realPace ? {} : meshStacks[orders.mesh]!.pace;
    if (orders.mode === "rehearse") {
        const ok = await rehearse(lab, orders.mesh, pace);
        await lab.stop();
        return ok ? 0 : 1;
    }

    const rollouts = new Rollouts(lab.controlPlane.kubeconfig);
    const { ok, outcome, url } = await bringUp(lab, await lab.meshStack(orders.mesh, pace), rollouts);
    rollouts.stop();
    if (!ok) {
        throw new LabError(outcome, "See the output above.");
    }
    handOn(orders.apiSocket!, 6443, "127.0.0.1");
    const { hostname, port } = new URL(url);
    handOn(orders.gatewaySocket!, Number(port || 80), hostname);
    const kubeconfig = lab.controlPlane.kubeconfig;
    const ready: Ready = { ca: kubeconfig.getCurrentCluster()!.caData!, token: kubeconfig.getCurrentUser()!.token! };
    fs.writeSync(orders.readyPipe!, `${JSON.stringify(ready)}\n`);
    fs.closeSync(orders.readyPipe!);
    // Nobody reads this any more.
    process.stdout.on("error", () => undefined);
    process.stderr.on("error", () => undefined);
    return new Promise(() => undefined);
}

/** Serves the rollout page of the lab's cluster at a socket of the outside. */
async function servePage(lab: Lab, socket: number): Promise<void> {
    const source = new ClusterSource(client, lab.controlPlane.kubeconfig, undefined);
    const server = await serve(source, { address: "127.0.0.1", port: 0 });
    handOn(socket, (server.address() as net.AddressInfo).port, "127.0.0.1");
}

endWith(main());
