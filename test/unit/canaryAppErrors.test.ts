import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs } from "../../index";
import { connection } from "./devStack";
import { failure } from "./graph";
import { refusal } from "./problems";

const good: CanaryAppArgs = {
    platform: connection,
    namespace: "apps",
    workload: { image: "podinfo:1", port: 80 },
    analysis: { interval: "1m", threshold: 1, steps: { stepWeight: 50 } },
};

const refused = (changes: object, name = "podinfo") => refusal(() => new CanaryApp(name, { ...good, ...changes }));

describe("CanaryApp refuses before anything is registered", () => {
    it("a platform that is missing or known too late", async () => {
        const line = (value: string) =>
            `platform: ${value} is not the plain connection of a platform; its mesh decides which resources exist. ` +
            "Give `connection` of a ProgressiveMeshCluster; from another stack, " +
            '`(await stack.getOutputDetails("connection")).secretValue`.';
        assert.deepEqual(await refused({ platform: undefined }), [line("nothing given, but it")]);
        assert.deepEqual(await refused({ platform: pulumi.output(connection) }), [
            line("a value that is known only at deployment"),
        ]);
    });

    it("a mesh that it does not know", async () => {
        assert.deepEqual(await refused({ platform: { ...connection, mesh: { provider: "istio" } } }), [
            'platform.mesh.provider: "istio" is not a mesh that this version knows. Use one of appmesh.',
        ]);
    });

    it("neither a workload nor a target, and both", async () => {
        const rule = "is one of two ways to say what is released; exactly one has to be given. ";
        const fix = "Give `workload` to have a Deployment made, or `target` to name one that exists.";
        assert.deepEqual(await refused({ workload: undefined }), [`workload: nothing given, but it ${rule}${fix}`]);
        assert.deepEqual(await refused({ target: { name: "podinfo" } }), [`target: {"name":"podinfo"} ${rule}${fix}`]);
    });

    it("a target without a port, and one that goes by another name", async () => {
        assert.deepEqual(await refused({ workload: undefined, target: { name: "shop" }, appName: "web" }), [
            'appName: "web" differs from the target\'s name, "shop": Flagger names everything after the target. Leave it out.',
            "service.port: nothing given, but it is required with a target. Give the port that its container listens on.",
        ]);
    });

    it("names that would outgrow what Flagger and Kubernetes add to them", async () => {
        const line = (path: string, value: unknown, length: number) =>
            `${path}: ${JSON.stringify(value)} is not a Kubernetes name of at most ${length} characters. ` +
            "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.";
        const long = "a".repeat(45);
        assert.deepEqual(await refused({}, long), [line("name", long, 44)]);
        assert.deepEqual(await refused({ appName: long }), [line("appName", long, 44)]);
        assert.deepEqual(await refused({ namespace: "n".repeat(64) }), [line("namespace", "n".repeat(64), 63)]);
        assert.deepEqual(await refused({ namespace: undefined }), [
            "namespace: nothing given, but it is not a Kubernetes name of at most 63 characters. " +
                "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
        ]);
    });

    it("a place at a gateway that is not there, and a path that is none", async () => {
        assert.deepEqual(
            await refused({ platform: { ...connection, gateway: undefined }, gateway: { path: "shop" } }),
            [
                'gateway.path: "shop" is not a path. Begin it with a slash: "/" leads everything to the application.',
                'gateway: {"path":"shop"} asks for a place at a gateway that the platform does not have. ' +
                    "Enable the platform's gateway, or leave this out.",
            ],
        );
    });

    it("a switch that is known too late", async () => {
        assert.deepEqual(await refused({ createNamespace: pulumi.output(true) }), [
            "createNamespace: a value that is known only at deployment decides which resources exist, so it has to be known " +
                "when the program runs. Give a plain value, for example from config.",
        ]);
    });

    it("everything at once, each with its path", async () => {
        const { error, nodes } = await failure(
            () =>
                new CanaryApp("podinfo", {
                    platform: connection,
                    namespace: "Apps",
                    workload: { image: "podinfo", port: 0 },
                    service: { timeout: "500ms" },
                    analysis: { interval: "5s", threshold: 0, steps: { stepWeight: 0 }, metrics: [] },
                    progressDeadlineSeconds: 0,
                    acceptanceTest: { command: " " },
                    loadTest: { command: "hey", timeout: "1h" },
                    loadTester: { version: "latest" },
                    gateway: { path: "" },
                }),
        );
        assert.deepEqual(nodes, []);
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.equal(error.message.split("\n")[0], 'CanaryApp "podinfo": 13 problems in the arguments');
        assert.deepEqual(
            error.errors.map((e) => e.propertyPath),
            [
                "namespace",
                "workload.image",
                "workload.port",
                "service.timeout",
                "analysis.interval",
                "analysis.threshold",
                "analysis.steps.stepWeight",
                "analysis.metrics",
                "progressDeadlineSeconds",
                "acceptanceTest.command",
                "loadTest.timeout",
                "loadTester.version",
                "gateway.path",
            ],
        );
    });
});
