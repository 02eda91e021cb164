import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { meshes } from "../../../components/mesh/meshes";
import { CanaryApp, ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../index";
import { check } from "../../../policy/check";
import { documentedPrograms } from "../docs";
import { run } from "../docsCompiler";
import { Node, awsAnswers, awsOutputs, graph, kubeconfig } from "../graph";
import { stackSettings } from "../stacks/stackFiles";

/** What the pack says of resources, in short; the longer words are the rules' own tests' business. */
const verdict = (nodes: Node[]) => check(nodes).map(({ level, rule, name }) => `${level} ${rule}: ${name}`);
const mandatory = (nodes: Node[]) => verdict(nodes).filter((line) => line.startsWith("mandatory"));

describe("the policy pack over the library's defaults", () => {
    for (const [provider, { capabilities }] of Object.entries(meshes)) {
        it(`has no violation that stops anything: ${provider}`, async () => {
            const gateway = { name: "public", namespace: "gateways", address: "gateway.example" };
            const mesh: ProgressiveMeshClusterArgs["mesh"] = {
                provider,
                ...(provider === "gateway-api" && { gatewayApi: { gateway } }),
            };
            const { nodes } = await graph(
                () =>
                    new CanaryApp("app", {
                        platform: new ProgressiveMeshCluster("platform", { mesh }).connection,
                        namespace: "apps",
                        workload: { image: "example.com/app:1", port: 80 },
                        analysis: {
                            interval: "30s",
                            threshold: 5,
                            ...(capabilities.strategies.includes("steps")
                                ? { steps: { stepWeight: 10, maxWeight: 50 } }
                                : { blueGreen: { iterations: 3 } }),
                        },
                        ...(/gateway|lattice/.test(provider) && { gateway: { path: "/" } }),
                    }),
                awsOutputs,
                awsAnswers,
            );
            assert.deepEqual(mandatory(nodes), []);
            // It looked: the cluster is open unless ranges are named, and nobody is told of a rollback.
            assert.ok(verdict(nodes).includes("advisory eks-endpoint: platform"));
            assert.ok(verdict(nodes).includes("advisory canary-alerts: app"));
        });
    }
});

describe("the policy pack over the repository's stacks", () => {
    const expected: Record<string, string[]> = {
        dev: [
            "advisory canary-alerts: podinfo",
            "advisory gateway-source-ranges: dev-appmesh-gateway",
            "advisory eks-endpoint: dev",
            "advisory node-disk-encryption: dev-nodes",
            "advisory deletion-protection: dev",
        ],
        local: ["advisory canary-alerts: podinfo", "advisory gateway-source-ranges: local-istio-ingressgateway"],
        prod: [
            "advisory canary-alerts: podinfo",
            "advisory gateway-source-ranges: prod-istio-ingressgateway",
            "advisory node-disk-encryption: prod-nodes-apps",
            "advisory node-disk-encryption: prod-nodes-platform",
        ],
    };

    for (const [stack, lines] of Object.entries(expected)) {
        it(`says what is known of ${stack}, and nothing that stops it`, async () => {
            const { platform, app } = stackSettings(stack);
            const { name, ...args } = app;
            const given = platform.existing === undefined ? {} : { existing: { ...platform.existing, kubeconfig } };
            const { nodes } = await graph(
                () => {
                    const { connection } = new ProgressiveMeshCluster(stack, { ...platform, ...given });
                    return new CanaryApp(name, { ...args, platform: connection });
                },
                awsOutputs,
                awsAnswers,
            );
            assert.deepEqual(verdict(nodes), lines);
        });
    }
});

describe("the policy pack over the pages' programs", () => {
    for (const { place, text } of documentedPrograms()) {
        it(`has no violation that stops anything: ${place}`, async () => {
            const { nodes } = await graph(() => {
                pulumi.runtime.setAllConfig({
                    "proj:kubeconfig": kubeconfig,
                    "proj:slackUrl": "https://hooks.slack.com/services/x",
                });
                return run(text);
            });
            assert.deepEqual(mandatory(nodes), []);
        });
    }
});

describe("the policy pack's configuration", () => {
    const web = [{ type: "kubernetes:core/v1:Pod", name: "web", props: { spec: { containers: [{ image: "web" }] } } }];
    const levels = (config: Parameters<typeof check>[1]) =>
        new Set(
            check(web, config)
                .filter(({ rule }) => rule === "image-tags")
                .map(({ level }) => level),
        );

    it("sets the level of a rule, of all rules, and leaves a resource out", () => {
        assert.deepEqual([...levels({})], ["mandatory"]);
        assert.deepEqual([...levels({ "image-tags": "advisory" })], ["advisory"]);
        assert.deepEqual([...levels({ "image-tags": { enforcementLevel: "advisory" } })], ["advisory"]);
        assert.deepEqual([...levels({ all: "advisory" })], ["advisory"]);
        assert.deepEqual([...levels({ all: "disabled", "image-tags": "mandatory" })], ["mandatory"]);
        assert.deepEqual([...levels({ "image-tags": "disabled" })], []);
        assert.deepEqual([...levels({ "image-tags": { except: ["web"] } })], []);
        assert.deepEqual(check(web, { all: "disabled" }), []);
    });
});
