import assert from "node:assert/strict";

import { CoreV1Api } from "@kubernetes/client-node";

import { Lab } from "../../../lab/lab";
import { succeeded } from "../asserts";
import { analysis } from "./smallApp";
import { Fault, Subject } from "./stage";

/** Ends Flagger as if its node were lost: its pod gets no time, and Kubernetes makes another. */
export async function killFlagger(lab: Lab): Promise<void> {
    const api = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
    const { items } = await api.listNamespacedPod({ namespace: "flagger-system" });
    const { name, namespace } = items.find(({ metadata }) => metadata!.name!.startsWith("flagger-"))!.metadata!;
    await api.deleteNamespacedPod({ name: name!, namespace: namespace!, gracePeriodSeconds: 0 });
}

/** The rollout goes on where it was: no check is made again, and none is left out. */
export const flaggerKilled: Fault = {
    fault: "Flagger killed in a rollout",
    run: async (stage) => {
        const subject = await Subject.up(stage, "carried", {
            analysis: analysis(5),
        });
        const seen: number[] = [];
        const update = subject.release("6.0.1");
        await subject.inRollout(2);
        const watch = setInterval(() => {
            const { phase, iterations = 0 } = stage.rollouts.canary("carried", "carried")?.status ?? {};
            if (phase === "Progressing" && seen.at(-1) !== iterations) {
                seen.push(iterations);
            }
        }, 100);
        await killFlagger(stage.lab);
        succeeded(await update);
        clearInterval(watch);
        const [first = 0] = seen;
        assert.ok(first >= 2 && seen.length > 1, `it began again, or stood still: ${seen.join(", ")}`);
        assert.deepEqual(
            seen,
            seen.map((_, index) => first + index),
        );
        await subject.converged();
        await subject.destroy();
        return [];
    },
};
