import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs, ProgressiveMeshCluster } from "../../../index";
import { boundDeletion } from "../../../components/destroy/bounds";
import { goSeconds } from "../../../components/goDuration";
import { devArgs } from "../devApp";
import { graph } from "../graph";

const app = (changes: Partial<CanaryAppArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
    graph(() => new CanaryApp("podinfo", { ...devArgs, ...changes }, opts));

const workload = (changes: Partial<CanaryAppArgs["workload"]>) => ({
    workload: { image: "example.com/app:1", port: 80, ...changes },
});

// That no object of the library is without one, the graph of every other test sees to.
describe("bounds of deletions", () => {
    it("are five minutes, and ten for what goes after others", async () => {
        const { node } = await app();
        assert.equal(node("Canary podinfo").deleteTimeout, "300s");
        assert.equal(node("ServiceAccount podinfo").deleteTimeout, "300s");
        assert.equal(node("GatewayRoute podinfo-gateway-route").deleteTimeout, "300s");
        assert.equal(node("Deployment podinfo").deleteTimeout, "300s");
        assert.equal(node("Namespace podinfo-apps").deleteTimeout, "600s");
        assert.equal(node("Release podinfo-loadtester").deleteTimeout, "600s");
        assert.equal(node("Release podinfo-loadtester").props.timeout, 600);
    });

    it("are longer than pods may take to end", async () => {
        const slow = await app(workload({ preStopSeconds: 900 }));
        assert.equal(slow.node("Deployment podinfo").deleteTimeout, "1050s");
        assert.equal(slow.node("Namespace podinfo-apps").deleteTimeout, "1050s");
        assert.equal(slow.node("Canary podinfo").deleteTimeout, "300s");
        const own = await app(workload({ podSpec: { terminationGracePeriodSeconds: 3600 } }));
        assert.equal(own.node("Namespace podinfo-apps").deleteTimeout, "3720s");
    });

    it("are those of the component's customTimeouts, for each object and for Helm", async () => {
        const { node } = await app({}, { customTimeouts: { delete: "1h30m" } });
        for (const key of ["Canary podinfo", "Namespace podinfo-apps", "Release podinfo-loadtester"]) {
            assert.equal(node(key).deleteTimeout, "1h30m", key);
        }
        assert.equal(node("Release podinfo-loadtester").props.timeout, 5400);
        const longest = await app({}, { customTimeouts: { create: "20m", update: "2m", delete: "15m" } });
        assert.equal(longest.node("Release podinfo-loadtester").props.timeout, 1200);
        assert.equal(longest.node("Canary podinfo").deleteTimeout, "15m");
    });

    it("stay where a program in another language gives none", async () => {
        const { node } = await app({}, { customTimeouts: { create: "", update: "", delete: "" } });
        assert.equal(node("Canary podinfo").deleteTimeout, "300s");
        assert.equal(node("Release podinfo-loadtester").props.timeout, 600);
    });

    it("are AWS' provider's own for what is in AWS", async () => {
        const { nodes } = await graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" } }));
        const inAws = nodes.filter(({ type }) => /^(aws|eks):/.test(type));
        assert.notEqual(inAws.length, 0);
        assert.deepEqual(new Set(inAws.map(({ deleteTimeout }) => deleteTimeout)), new Set([""]));
    });

    it("leave Flux the time that it is given to delete what it applied", async () => {
        const { node } = await graph(
            () =>
                new ProgressiveMeshCluster("dev", {
                    mesh: { provider: "appmesh" },
                    gitOps: {
                        repository: { url: "https://git.example/apps", branch: "main" },
                        kustomizations: { quick: { path: "./quick" }, slow: { path: "./slow", timeout: "1h" } },
                    },
                }),
        );
        assert.equal(node("Kustomization dev-quick").deleteTimeout, "420s");
        assert.equal(node("Kustomization dev-slow").deleteTimeout, "3720s");
    });

    it("reach what is within a component within it, and what says so itself is left alone", async () => {
        class Inner extends pulumi.ComponentResource {
            constructor(parent: pulumi.Resource) {
                super("test:index:Inner", "inner", {}, { parent });
                new k8s.core.v1.ConfigMap("deep", {}, { parent: this });
                new k8s.core.v1.ConfigMap("own", {}, { parent: this, customTimeouts: { delete: "7m" } });
            }
        }
        class Outer extends pulumi.ComponentResource {
            constructor() {
                super("test:index:Outer", "outer", {}, boundDeletion(undefined));
                new Inner(this);
            }
        }
        const { node } = await graph(() => new Outer());
        assert.equal(node("ConfigMap deep").deleteTimeout, "300s");
        assert.equal(node("ConfigMap own").deleteTimeout, "7m");
    });

    it("are read as Go writes durations", () => {
        assert.deepEqual(["90s", "5m", "1h30m", "1.5h", "500ms"].map(goSeconds), [90, 300, 5400, 5400, 0.5]);
        assert.deepEqual(["", "5", "5 minutes", "m"].map(goSeconds), [NaN, NaN, NaN, NaN]);
    });
});
