import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { CanaryApp, ProgressiveMeshCluster } from "../../index";
import { PolicyDocument } from "../../scripts/policies/document";
import { deployPolicy } from "../../scripts/policies/deploy/deployPolicy";
import { Settings } from "../../stacks/settings";
import { awsAnswers, awsOutputs, graph, plain } from "./graph";

const place = { account: "123456789012", region: "us-west-2", partition: "aws" };

/** What whoever deploys a stack of this repository needs in AWS, by the stack. */
export async function stackPolicies(): Promise<Record<string, PolicyDocument>> {
    return { dev: await policyOf("dev"), prod: await policyOf("prod") };
}

async function policyOf(stack: string): Promise<PolicyDocument> {
    const file = path.join(__dirname, "../..", `Pulumi.${stack}.yaml`);
    const { config } = parse(fs.readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    const { name, ...args } = config["progressive-mesh:app"] as Settings["app"];
    const { nodes } = await graph(
        () => {
            const platform = new ProgressiveMeshCluster(
                stack,
                config["progressive-mesh:platform"] as Settings["platform"],
            );
            new CanaryApp(name, { ...args, platform: platform.connection });
        },
        awsOutputs,
        awsAnswers,
    );
    const registered = nodes.map(({ type, name: own, props }) => ({
        type,
        name: own,
        inputs: plain(props) as Record<string, unknown>,
    }));
    return deployPolicy(registered, place);
}
