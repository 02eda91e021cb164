import assert from "node:assert/strict";

import { CoreV1Api, V1ConfigMap } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { theLab } from "./theLab";

const namespace = "default";

describe("what stands in for the kubelet", function () {
    this.timeout(60_000);
    let lab: Lab;
    let api: CoreV1Api;

    before(async () => {
        lab = await theLab();
        api = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        // No pod is taken without one.
        const account = () => api.readNamespacedServiceAccount({ name: "default", namespace }).catch(() => undefined);
        assert.ok(await poll(account, 30), "there is no service account");
    });

    it("starts a pod once what its volume is made of is there, and none that has gone meanwhile", async () => {
        const body = (name: string) => ({
            metadata: { name },
            spec: {
                automountServiceAccountToken: false,
                volumes: [{ name: "late", configMap: { name: "late" } }],
                containers: [
                    {
                        name: "podinfo",
                        image: "ghcr.io/stefanprodan/podinfo:6.0.0",
                        ports: [{ containerPort: 9898 }],
                        volumeMounts: [{ name: "late", mountPath: "/late" }],
                        readinessProbe: { tcpSocket: { port: 9898 }, periodSeconds: 1 },
                    },
                ],
            },
        });
        const isReady = (name: string) =>
            lab.pods
                .all()
                .find(({ metadata }) => metadata?.name === name)
                ?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
        const gone = () => !lab.pods.all().some(({ metadata }) => metadata?.name === "gone");
        for (const name of ["late", "gone"]) {
            await api.createNamespacedPod({ namespace, body: body(name) });
        }
        assert.equal(await poll(() => isReady("late") || undefined, 3), undefined, "it has to wait for its volume");
        await api.deleteNamespacedPod({ name: "gone", namespace, gracePeriodSeconds: 0 });
        assert.ok(await poll(() => gone() || undefined, 10), "the other one does not go");

        const late: V1ConfigMap = { metadata: { name: "late" }, data: { word: "here" } };
        await api.createNamespacedConfigMap({ namespace, body: late });
        assert.ok(await poll(() => isReady("late") || undefined, 30), "it is not started again");
        assert.ok(gone());
        await api.deleteNamespacedPod({ name: "late", namespace });
        await api.deleteNamespacedConfigMap({ name: "late", namespace });
    });
});
