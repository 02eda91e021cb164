import { AddressInfo } from "node:net";

import * as client from "@kubernetes/client-node";

import { ClusterSource } from "../page/cluster";
import { serve } from "../page/server";
import { Streams } from "./command";
import { load } from "./kubeconfig";
import { Values } from "./options";

const usualPort = 8765;

/** Serves the page until it is told to end, and answers with the exit code. */
export async function watch(values: Values, { out, error }: Streams, ended: Promise<unknown>): Promise<number> {
    const { address = "127.0.0.1", port, grafana, namespace } = values;
    const source = new ClusterSource(client, load(values.kubeconfig, values.context), namespace);
    // Whoever has the wrong kubeconfig is told here, and not by an empty page.
    const { problems } = await source.look();
    const server = await serve(source, { address, port: port === undefined ? usualPort : Number(port), grafana }).catch(
        (failure: NodeJS.ErrnoException) => {
            if (failure.code !== "EADDRINUSE") {
                throw failure;
            }
            error(
                `Port ${port ?? usualPort} of ${address} is taken. End what listens there, or give another by --port; 0 takes a free one.\n`,
            );
            return undefined;
        },
    );
    if (server === undefined) {
        return 2;
    }
    const bound = server.address() as AddressInfo;
    if (!isLoopback(bound.address)) {
        error(
            `Warning: at ${address} everyone who reaches this machine can read the page, over plain HTTP and without a password. ` +
                "Leave --address out to keep it to yourself.\n",
        );
    }
    out(
        `The rollouts of ${source.cluster}: http://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}/\n`,
    );
    problems.forEach((problem) => error(`${problem}\n`));
    out("It only looks. Ctrl-C ends it.\n");
    await ended;
    server.close();
    server.closeAllConnections();
    return 0;
}

function isLoopback(address: string): boolean {
    return address === "::1" || address.startsWith("127.");
}
