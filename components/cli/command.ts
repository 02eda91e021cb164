import { parseArgs } from "node:util";

import { KubeConfig } from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { everyObject } from "../destroy/everyObject";
import { describeStuck, stuckObjects } from "../destroy/stuck";

const usage = `npx pulumi-progressive-mesh stuck [--kubeconfig FILE] [--context NAME]

  What in a cluster is deleted and still there, what holds each object, and how to let it go. It only looks.
  Without --kubeconfig it takes the cluster that kubectl takes: $KUBECONFIG, or ~/.kube/config.
  It ends with 0 where nothing is stuck, with 1 where something is, and with 2 where it could not look.
`;

/** Where the command writes. */
export interface Streams {
    out: (text: string) => void;
    error: (text: string) => void;
}

/** Runs the command and answers with its exit code. */
export async function run(args: string[], streams: Streams): Promise<number> {
    try {
        return await main(args, streams);
    } catch (error) {
        streams.error(`The cluster could not be looked at: ${messageOf(error)}\n`);
        return 2;
    }
}

async function main(args: string[], { out, error }: Streams): Promise<number> {
    const { values, positionals } = parseArgs({
        args,
        options: { kubeconfig: { type: "string" }, context: { type: "string" }, help: { type: "boolean" } },
        allowPositionals: true,
    });
    if (values.help === true) {
        out(usage);
        return 0;
    }
    if (positionals.length !== 1 || positionals[0] !== "stuck") {
        error(usage);
        return 2;
    }
    const { objects, unseen } = await everyObject(load(values.kubeconfig, values.context));
    const stuck = stuckObjects(objects, new Date());
    out(describeStuck(stuck, unseen));
    return stuck.length === 0 ? 0 : 1;
}

function load(file: string | undefined, context: string | undefined): KubeConfig {
    const kubeconfig = new KubeConfig();
    if (file === undefined) {
        kubeconfig.loadFromDefault();
    } else {
        kubeconfig.loadFromFile(file);
    }
    if (context !== undefined) {
        kubeconfig.setCurrentContext(context);
    }
    if (kubeconfig.getCurrentCluster() === null) {
        throw new Error(
            `the kubeconfig has no context ${JSON.stringify(context ?? kubeconfig.getCurrentContext())}, or that names no ` +
                "cluster of it: name another by --context",
        );
    }
    return kubeconfig;
}
