import fs from "node:fs";
import path from "node:path";

import { Command } from "commander";
import { format } from "prettier";

import { describeError } from "../lab/labError";
import { root } from "../lab/paths";
import { note, say } from "../lab/screen";
import { stackPolicies } from "../test/unit/stackPolicies";
import { Registered } from "./policies/document";
import { deployPolicy } from "./policies/deploy/deployPolicy";

/** What `pulumi preview --json` says, as far as it is read. */
interface Preview {
    steps?: { urn: string; newState?: { type: string; inputs?: Record<string, unknown> } }[];
}

function resourcesOf({ steps = [] }: Preview): Registered[] {
    return steps.flatMap(({ urn, newState }) =>
        newState === undefined
            ? []
            : [{ type: newState.type, name: urn.split("::").pop()!, inputs: newState.inputs ?? {} }],
    );
}

const command = new Command("deploy-policy")
    .description(
        "The policy that whoever deploys a program needs in AWS. Without a preview: those of docs/deploy-policy.",
    )
    .argument("[preview]", "what `pulumi preview --json` of the program printed")
    .option("--account <id>", "the AWS account", "123456789012")
    .option("--region <region>", "the AWS region", "us-west-2")
    .option("--partition <partition>", "the AWS partition", "aws");

async function main(): Promise<void> {
    const [file] = command.parse().args;
    const { account, region, partition } = command.opts<{ account: string; region: string; partition: string }>();
    if (file !== undefined) {
        const preview = JSON.parse(fs.readFileSync(file, "utf8")) as Preview;
        say(JSON.stringify(await deployPolicy(resourcesOf(preview), { account, region, partition }), undefined, 4));
        return;
    }
    for (const [stack, policy] of Object.entries(await stackPolicies())) {
        const place = path.join(root, "docs", "deploy-policy", `${stack}.json`);
        fs.mkdirSync(path.dirname(place), { recursive: true });
        fs.writeFileSync(place, await format(JSON.stringify(policy), { parser: "json", tabWidth: 4, printWidth: 120 }));
    }
}

main().catch((error: Error) => {
    note(describeError(error));
    process.exitCode = 1;
});
