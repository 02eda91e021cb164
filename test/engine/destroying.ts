import assert from "node:assert/strict";

import type { CanaryAppArgs, ProgressiveMeshClusterArgs } from "../../index";
import { Lab } from "../../lab/lab";
import { Project, PulumiResult } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { succeeded } from "./asserts";
import { Program, SharedPlatform, app, keep } from "./delivery";

const off = { enabled: false };

/** A platform on App Mesh, without what its destroy has nothing to do with. */
export const onAppMesh: ProgressiveMeshClusterArgs = {
    mesh: { provider: "appmesh" },
    addons: { grafana: off, metricsServer: off },
};

/** A deletion that is held ends with an error after this; the library's own bounds are minutes. */
export const bound = "45s";

/** The namespace of an application. */
export const namespaceOf = (name: string) => `left-${name}`;

/** Brings up an application in a program of its own, with a bound for its deletions. */
export async function start(
    shared: SharedPlatform,
    rollouts: Rollouts,
    name: string,
    changes: Partial<CanaryAppArgs> = {},
): Promise<Program> {
    const namespace = namespaceOf(name);
    const program = await shared.program(name, { [name]: { args: app(name, namespace, changes) } });
    await program.project.must(["config", "set", "bound", bound]);
    succeeded(await program.up());
    await rollouts.phase(namespace, name, ["Initialized", "Succeeded"], 120);
    return program;
}

/** Fails unless the command ended with an error; answers with what it said. */
export function refused(lab: Lab, name: string, result: PulumiResult): string {
    keep(lab, name, result);
    assert.notEqual(result.code, 0, result.output);
    return result.output;
}

/** Fails unless Pulumi knows of nothing any more. */
export async function emptyState(project: Project): Promise<void> {
    const { output } = await project.must(["stack", "export"]);
    const { deployment } = JSON.parse(output) as { deployment: { resources?: { urn: string }[] } };
    assert.deepEqual(
        (deployment.resources ?? []).map(({ urn }) => urn),
        [],
    );
}
