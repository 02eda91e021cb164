import fs from "node:fs";
import path from "node:path";

import { Command, CommanderError } from "commander";

import { color, mark, say } from "../lab/screen";
import { noColor } from "../lab/terminal";
import { PackConfig, check } from "../policy/check";
import { manifestsOf, masked, writeManifests } from "./offline/manifests";
import { UnreadableError, previewed } from "./offline/project";
import { report } from "./offline/report";

interface Options {
    project: string;
    secret: string[];
    manifests?: string;
    policyPackConfig?: string;
}

const command = new Command("preview:offline")
    .argument("<stack>", "the stack, by its file: dev for Pulumi.dev.yaml")
    .description("What `pulumi up` would make of a stack, without credentials, a cluster or a network.")
    .option("--project <folder>", "the folder with the Pulumi.yaml", ".")
    .option(
        "--secret <name>",
        "a secret that the file does not have, such as kubeconfig; again for more",
        (name, all: string[]) => [...all, name],
        [],
    )
    .option("--manifests <folder>", `write what it makes in Kubernetes as YAML; secrets are written as ${masked}`)
    .option("--policy-pack-config <file>", "as of `pulumi preview`: JSON with levels and options of the policies")
    .option(noColor, "without colours, as with NO_COLOR=1")
    .addHelpText(
        "after",
        "\nIt ends with 1 at an error or a violation of a mandatory policy, and with 2 where it could not begin.",
    )
    .exitOverride();

/** The pack's configuration in a file. */
function packConfig(file: string | undefined): PackConfig {
    if (file === undefined) {
        return {};
    }
    try {
        return JSON.parse(fs.readFileSync(file, "utf8")) as PackConfig;
    } catch (error) {
        throw new UnreadableError(`The policies' configuration ${file} cannot be read: ${(error as Error).message}`);
    }
}

async function main(): Promise<number> {
    command.parse();
    const [stack] = command.args as [string];
    const { project, secret, manifests, policyPackConfig } = command.opts<Options>();
    const config = packConfig(policyPackConfig);
    const recorded = await previewed({ folder: path.resolve(project), stack, secrets: secret });
    const { sound, lines } = report(stack, recorded, check(recorded.nodes, config), color, mark);
    lines.forEach((line) => say(line));
    if (manifests !== undefined) {
        const made = manifestsOf(recorded.nodes);
        writeManifests(manifests, made);
        say(`${made.length} manifests are in ${manifests}; secret values are written as ${masked}`);
    }
    return sound ? 0 : 1;
}

main().then(
    (code) => {
        process.exitCode = code;
    },
    (error: unknown) => {
        // Commander has said what is wrong with the command itself.
        if (error instanceof CommanderError) {
            process.exitCode = error.exitCode === 0 ? 0 : 2;
            return;
        }
        process.stderr.write(`${error instanceof UnreadableError ? error.message : String(error)}\n`);
        process.exitCode = 2;
    },
);
