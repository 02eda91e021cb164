import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { TargetArgs, WorkloadArgs, checkTarget, checkWorkload, workload } from "../../../components/delivery/workload";
import { at, graph } from "../graph";
import { linesOf, pathsOf } from "../problems";

const check = (args: unknown) => linesOf((p) => checkWorkload(p, "workload", args as WorkloadArgs));

describe("checkWorkload", () => {
    const digest = `podinfo@sha256:${"0".repeat(64)}`;
    for (const image of [
        "podinfo:6",
        "ghcr.io/a/podinfo:6.0.0",
        "localhost:5000/podinfo:6",
        digest,
        `a/podinfo:6${digest.slice(7)}`,
    ]) {
        it(`accepts the image ${image}`, () => {
            assert.deepEqual(check({ image, port: 80 }), []);
        });
    }

    // The registry's port is not a tag.
    for (const image of [
        "podinfo",
        "podinfo:",
        "podinfo:latest",
        "localhost:5000/podinfo",
        "ghcr.io/a/podinfo:latest",
        "",
    ]) {
        it(`refuses the image "${image}"`, () => {
            assert.deepEqual(check({ image, port: 80 }), [
                `workload.image: "${image}" does not name one version: without a tag that changes, no new release is ever ` +
                    'noticed. Write it with a tag or digest, like "ghcr.io/stefanprodan/podinfo:6.0.0".',
            ]);
        });
    }

    it("leaves an image alone that another resource gives", () => {
        assert.deepEqual(check({ image: pulumi.output("podinfo:latest"), port: 80 }), []);
    });

    it("asks for what is missing", () => {
        assert.deepEqual(check({}), [
            "workload.image: nothing given, but it is required. Give the image with its tag.",
            "workload.port: nothing given, but it is required. Give the port that the container listens on.",
        ]);
    });

    it("refuses ports and replicas that are none", () => {
        const paths = (changes: object) =>
            pathsOf((p) => checkWorkload(p, "workload", { image: "podinfo:6", port: 80, ...changes }));
        assert.deepEqual(paths({ port: 65536 }), ["workload.port"]);
        assert.deepEqual(paths({ autoscaling: { minReplicas: 0, maxReplicas: 10_001, cpuUtilization: 0 } }), [
            "workload.autoscaling.minReplicas",
            "workload.autoscaling.maxReplicas",
            "workload.autoscaling.cpuUtilization",
        ]);
        assert.deepEqual(paths({ autoscaling: { minReplicas: 3, maxReplicas: 3 } }), []);
    });

    it("refuses a greatest number of replicas below the least", () => {
        assert.deepEqual(check({ image: "podinfo:6", port: 80, autoscaling: { minReplicas: 3, maxReplicas: 2 } }), [
            "workload.autoscaling.maxReplicas: 2 is less than the least number of replicas, 3. Give at least 3.",
        ]);
    });
});

describe("checkTarget", () => {
    const target = (args: TargetArgs) => linesOf((p) => checkTarget(p, "target", args));

    it("accepts what Flagger can release", () => {
        assert.deepEqual(target({ name: "a" }), []);
        assert.deepEqual(target({ name: "a", kind: "Deployment" }), []);
        assert.deepEqual(target({ name: "a", kind: "DaemonSet" }), []);
    });

    it("refuses what it cannot", () => {
        assert.deepEqual(target({ name: "a", kind: "StatefulSet" }), [
            'target.kind: "StatefulSet" is not a kind that Flagger can release. Use Deployment or DaemonSet.',
        ]);
    });
});

describe("workload", () => {
    const made = (args: Partial<WorkloadArgs>) =>
        graph(() => workload("web", "web", "shop", { image: "podinfo:6", port: 80, ...args }, "account", {}));

    it("passes on what the container is given", async () => {
        const { node } = await made({
            command: ["./podinfo", "--port=80"],
            env: { B: "2", A: pulumi.output("1") },
            resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
        });
        const { template } = node("Deployment web").props.spec as { template: { spec: unknown } };
        assert.deepEqual(template.spec, {
            serviceAccountName: "account",
            containers: [
                {
                    name: "web",
                    image: "podinfo:6",
                    command: ["./podinfo", "--port=80"],
                    ports: [{ name: "http", containerPort: 80 }],
                    env: [
                        { name: "B", value: "2" },
                        { name: "A", value: "1" },
                    ],
                    resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
                    readinessProbe: { tcpSocket: { port: 80 } },
                },
            ],
        });
    });

    it("comes without an autoscaler unless asked, which aims at 80 percent unless told", async () => {
        const { nodes } = await made({});
        assert.deepEqual(
            nodes.map((n) => n.key),
            ["Deployment web"],
        );
        const { node } = await made({ autoscaling: { minReplicas: 1, maxReplicas: 2 } });
        assert.deepEqual(at(node("HorizontalPodAutoscaler web").props, "spec", "metrics"), [
            { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
        ]);
    });
});
