import assert from "node:assert/strict";

import { CustomObjectsApi, PatchStrategy, RbacAuthorizationV1Api, setHeaderOptions } from "@kubernetes/client-node";

import { Lab } from "../../../lab/lab";
import { pause, poll } from "../../../lab/poll";
import { succeeded } from "../asserts";
import { killFlagger } from "./flaggerKilled";
import { smallApp } from "./smallApp";
import { Stage, wait } from "./stage";
import { steps } from "./steps";

const name = "forgotten";
const status = "canaries/status";

/**
 * Flagger writes that it begins with a Canary, and notes it only once that is answered. Where the API server goes away with the
 * answer, Flagger does not try again; here the write is refused, and made in its place.
 */
export async function canaryForgotten(stage: Stage): Promise<string[]> {
    const { lab } = stage;
    const api = lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
    const canary = { group: "flagger.app", version: "v1beta1", namespace: name, plural: "canaries", name };
    const program = await stage.platform.program(name, {
        [name]: { args: smallApp(name, name, { ...wait, metricsServer: stage.metricsServer }) },
    });
    const giveBack = await takeStatus(lab);
    let hinted = false;
    const update = program.up((line) => {
        hinted ||= /has made nothing and said no word since\. .*restart it/.test(line);
    });
    const made = () =>
        api.getNamespacedCustomObject(canary).then(
            () => true as const,
            () => undefined,
        );
    assert.ok(await poll(made, 120), "there is no Canary");
    // Flagger hears of it at once, and tries a few times within a second.
    await pause(5);
    await giveBack();
    await api.patchNamespacedCustomObjectStatus(
        { ...canary, body: { status: { phase: "Initializing", lastTransitionTime: new Date().toISOString() } } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    assert.ok(await poll(() => hinted || undefined, 330, 1000), "the wait does not say what to do");
    await killFlagger(lab);
    const result = await update;
    succeeded(result);
    assert.match(result.output, new RegExp(`CanaryApp ${name} .*promoted`));
    succeeded(await program.project.destroy());
    return [steps.restartFlagger];
}

/** Takes the right to write the status of Canaries from Flagger; answers how to give it back. */
async function takeStatus(lab: Lab): Promise<() => Promise<void>> {
    const api = lab.controlPlane.kubeconfig.makeApiClient(RbacAuthorizationV1Api);
    const { items } = await api.listClusterRole();
    const role = items.find(({ rules }) => rules?.some(({ resources }) => resources?.includes(status)))!;
    const replace = async (without: string | undefined) => {
        const { metadata } = await api.readClusterRole({ name: role.metadata!.name! });
        const rules = role.rules!.map((rule) => ({
            ...rule,
            ...(rule.resources && { resources: rule.resources.filter((one) => one !== without) }),
        }));
        await api.replaceClusterRole({ name: role.metadata!.name!, body: { ...role, metadata, rules } });
    };
    await replace(status);
    return () => replace(undefined);
}
