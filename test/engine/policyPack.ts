import fs from "node:fs";
import path from "node:path";

import { bundle } from "../../lab/images/images";
import { Project, PulumiResult } from "../../lab/pulumi";
import { root } from "../../lab/paths";

/** What a command said, and the violations that the engine reported. */
export interface Judged extends PulumiResult {
    violations: Reported[];
}

/** A violation as the engine reports it. */
export interface Reported {
    policyName: string;
    enforcementLevel: string;
    resourceUrn: string;
    message: string;
}

/** This project's policy pack, laid out as the package has it, and run by the engine. */
export class PolicyPack {
    private constructor(private readonly folder: string) {}

    static async prepare(folder: string): Promise<PolicyPack> {
        const pack = path.join(folder, "policy");
        fs.mkdirSync(pack, { recursive: true });
        for (const file of ["PulumiPolicy.yaml", "package.json"]) {
            fs.copyFileSync(path.join(root, "policy", file), path.join(pack, file));
        }
        fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
        await bundle([path.join(root, "policy", "index.ts")], path.join(folder, "bin", "policy"));
        return new PolicyPack(folder);
    }

    /** Runs a command of Pulumi with the pack, and with a configuration of it if one is given. */
    async judge(project: Project, command: string[], config?: object): Promise<Judged> {
        const log = path.join(this.folder, "events.jsonl");
        fs.rmSync(log, { force: true });
        const packs = ["--policy-pack", path.join(this.folder, "policy")];
        if (config !== undefined) {
            const file = path.join(this.folder, "config.json");
            fs.writeFileSync(file, JSON.stringify(config));
            packs.push("--policy-pack-config", file);
        }
        const result = await project.run([...command, ...packs, "--event-log", log], undefined, undefined, {
            // Without it the command has no event log.
            PULUMI_DEBUG_COMMANDS: "true",
        });
        const events = fs.existsSync(log) ? fs.readFileSync(log, "utf8").split("\n").filter(Boolean) : [];
        return {
            ...result,
            violations: events.flatMap((line) => (JSON.parse(line) as { policyEvent?: Reported }).policyEvent ?? []),
        };
    }
}

/** A violation in short: its level, its rule and the Pulumi name of the resource. */
export function inShort({ enforcementLevel, policyName, resourceUrn }: Reported): string {
    return `${enforcementLevel} ${policyName}: ${resourceUrn.split("::").at(-1)!}`;
}
