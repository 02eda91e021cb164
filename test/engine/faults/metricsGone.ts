import assert from "node:assert/strict";

import { AppsV1Api } from "@kubernetes/client-node";

import { Lab } from "../../../lab/lab";
import { poll } from "../../../lab/poll";
import { succeeded } from "../asserts";
import { podinfo } from "../delivery";
import { scaleDeployment } from "../scaleDeployment";
import { smallApp } from "./smallApp";
import { Fault, Subject, wait } from "./stage";
import { steps } from "./steps";

/** The Deployment of the platform's Prometheus gets so many pods. */
async function scalePrometheus(lab: Lab, replicas: number): Promise<void> {
    const api = lab.controlPlane.kubeconfig.makeApiClient(AppsV1Api);
    const { items } = await api.listDeploymentForAllNamespaces();
    const found = items.find(({ spec }) =>
        spec!.template.spec!.containers.some(({ image = "" }) => /prometheus\/prometheus|prom\/prometheus/.test(image)),
    );
    await scaleDeployment(lab, found!.metadata!.namespace!, found!.metadata!.name!, replicas);
}

/**
 * Prometheus goes in the middle of two rollouts: the one that bears three failed checks is rolled back and says why, the one that
 * bears more waits until Prometheus is back, and is promoted.
 */
export const metricsGone: Fault = {
    fault: "Prometheus gone in a rollout, then back",
    run: async (stage) => {
        const { lab, rollouts } = stage;
        const name = "measured";
        const measured = (app: string, threshold: number) => {
            const small = smallApp(app, name, wait);
            return {
                ...small,
                loadTest: { command: `hey -z 1m -q 10 -c 2 http://${app}-canary.${name}:9898/` },
                workload: {
                    ...small.workload!,
                    podAnnotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9898" },
                },
                analysis: {
                    ...small.analysis,
                    threshold,
                    metrics: [{ name: "request-success-rate", min: 99, interval: "30s" }],
                },
            };
        };
        const subject = await Subject.of(stage, name, {
            [name]: { args: { ...measured(name, 3), loadTester: {} } },
            patient: { args: { ...measured("patient", 30), createNamespace: false }, dependsOn: [name] },
        });
        const { program } = subject;
        // Both at once from here on: what depends on the first would wait for its promotion.
        delete program.apps.patient!.dependsOn;
        program.image("patient", "6.0.1");
        const update = subject.release("6.0.1");
        await subject.inRollout();
        await scalePrometheus(lab, 0);
        const failed = () => rollouts.canary(name, name)?.status?.phase === "Failed" || undefined;
        assert.ok(await poll(failed, 240), JSON.stringify(rollouts.canary(name, name)?.status));
        await scalePrometheus(lab, 1);
        const { code, output } = await update;
        assert.equal(code, 1, output);
        assert.match(output, /CanaryApp "measured": .* it was rolled back: .*\n +Flagger: Prometheus query failed: /);
        assert.match(output, /Flagger could not measure it, so nothing is known against the version\n/);
        assert.deepEqual(
            [rollouts.primaryImage(name, name), rollouts.primaryImage(name, "patient")],
            [podinfo("6.0.0"), podinfo("6.0.1")],
        );
        program.apps.patient!.dependsOn = [name];
        succeeded(await subject.retry());
        await subject.converged();
        await subject.destroy();
        return [steps.retry];
    },
};
