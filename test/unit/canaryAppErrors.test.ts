import assert from "node:assert/strict";

import { shown } from "../../components/shape";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { appNameOf } from "../../components/canaryAppArgs";
import { canaryAppWarnings, checkCanaryApp, planOf } from "../../components/canaryAppCheck";
import { appMesh } from "../../components/mesh/appMesh";
import { CanaryApp, CanaryAppArgs } from "../../index";
import { connection } from "./devStack";
import { failure } from "./graph";
import { knownMeshes, refusal } from "./problems";

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
        assert.deepEqual(await refused({ platform: { ...connection, mesh: { provider: "consul" } } }), [
            `platform.mesh.provider: "consul" is not a mesh that this version knows. Use one of ${knownMeshes}.`,
        ]);
    });

    it("a platform with parts that are none or known too late", async () => {
        const paths = async (changes: object) =>
            (await refused({ platform: { ...connection, ...changes } })).map((line) => line.split(": ")[0]);
        for (const secondMesh of ["istio", {}, { mesh: null }, pulumi.output({ mesh: { provider: "istio" } })]) {
            assert.deepEqual(await paths({ secondMesh }), ["platform.secondMesh"]);
        }
        for (const part of [null, "x", [], pulumi.output({})]) {
            assert.deepEqual(await paths({ gateway: part, identity: part, roles: part, mirror: part }), [
                "platform.gateway",
                "platform.identity",
                "platform.roles",
                "platform.mirror",
            ]);
        }
        assert.deepEqual(await paths({ mirror: { chartRepository: pulumi.output("https://charts.example") } }), [
            "platform.mirror.chartRepository",
        ]);
    });

    it("a target that is known only later, without a word of Pulumi's own about outputs", async () => {
        const lines = await refused({ workload: undefined, target: pulumi.output({ name: "web" }) });
        assert.ok(
            lines.includes(
                'target: a value that is known only at deployment is not an object. Write it like { name: "web" }.',
            ),
        );
        assert.doesNotMatch(lines.join("\n"), /Calling \[/);
    });

    it("neither a workload nor a target, and both", async () => {
        const rule = "is one of two ways to say what is released; exactly one has to be given. ";
        const fix = "Give `workload` to have a Deployment made, or `target` to name one that exists.";
        assert.deepEqual(await refused({ workload: undefined }), [`workload: nothing given, but it ${rule}${fix}`]);
        assert.deepEqual(await refused({ target: { name: "podinfo" } }), [`target: {"name":"podinfo"} ${rule}${fix}`]);
    });

    it("a target without a port, and one that goes by another name", async () => {
        assert.deepEqual(await refused({ workload: undefined, target: { name: "shop" }, appName: "web" }), [
            'appName: "web" differs from the target\'s name, "shop": Flagger names everything after the target. ' +
                "Leave it out.",
            "service.port: nothing given, but it is required with a target. Give the port that its container listens " +
                "on.",
        ]);
    });

    it("a target's name that JSON cannot say", async () => {
        const target = { name: 10n as unknown as string };
        const lines = await refused({ workload: undefined, target, service: { port: 80 } });
        assert.ok(
            lines.some((line) => line.startsWith("target.name: 10 ")),
            lines.join("\n"),
        );
    });

    it("a service at another port than its pods, where the mesh cannot map ports", async () => {
        const line = (path: string, value: number, listens: number, container: number) =>
            `${path}: ${value} makes the service listen at ${listens} and its pods at ${container}; on AWS App Mesh the proxies ` +
            "go to the service at the port of the pods, and every request would fail. " +
            "Give the container's port for both, or leave both out.";
        assert.deepEqual(await refused({ service: { port: 8080 } }), [line("service.port", 8080, 8080, 80)]);
        assert.deepEqual(await refused({ service: { targetPort: 81 } }), [line("service.targetPort", 81, 80, 81)]);
        const target = { workload: undefined, target: { name: "podinfo" } };
        assert.deepEqual(await refused({ ...target, service: { port: 80, targetPort: 81 } }), [
            line("service.port", 80, 80, 81),
        ]);
        // One problem, not two.
        assert.equal((await refused({ service: { port: 0.5 } })).length, 1);
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

    const switches = ["createNamespace", "skipAnalysis", "suspend", "revertOnDeletion"];

    it("a switch that is known too late", async () => {
        for (const key of switches) {
            assert.deepEqual(await refused({ [key]: pulumi.output(true) }), [
                `${key}: a value that is known only at deployment decides which resources exist, so it has to be ` +
                    "known when the program runs. Give a plain value, for example from config.",
            ]);
        }
    });

    it("a switch that is none", async () => {
        for (const key of switches) {
            for (const value of ["true", 1, null, {}]) {
                assert.deepEqual(await refused({ [key]: value }), [
                    `${key}: ${JSON.stringify(value)} is neither true nor false. Give one of the two, without quotes.`,
                ]);
            }
        }
    });

    it("a deadline that is none", async () => {
        for (const value of [0, 86_401, 1.5, "600", null]) {
            assert.deepEqual(await refused({ progressDeadlineSeconds: value }), [
                `progressDeadlineSeconds: ${JSON.stringify(value)} is not a whole number from 1 to 86400 (seconds). ` +
                    "Give a number in that range.",
            ]);
        }
    });

    it("gates and webhooks that the strategy never asks", async () => {
        const webhooks = [{ name: "more", type: "confirm-traffic-increase", url: "http://gate.ops" }];
        const analysis = { interval: "1m", threshold: 1, blueGreen: { iterations: 1 } };
        assert.deepEqual(await refused({ analysis, gates: { trafficIncrease: {} }, webhooks }), [
            "gates.trafficIncrease: {} is never asked in blueGreen: the release would go on without approval. " +
                "Use `promotion` or `rollout`, or release in `steps`.",
            'webhooks[0].type: "confirm-traffic-increase" is never called in blueGreen: the release would go on ' +
                "without it. Use confirm-promotion, or release in `steps`.",
        ]);
        assert.deepEqual(await refused({ gates: { trafficIncrease: null }, webhooks: {} }), [
            "gates.trafficIncrease: null is not a gate. Write {} for the load tester's, or { url: ... }.",
            'webhooks: {} is not a list. Write it like [{ name: "smoke", url: "http://tests.ops/smoke" }].',
        ]);
    });

    it("a wait that cannot be over in time, once the rest is sound", async () => {
        const waitForPromotion = { timeout: "5m" };
        assert.deepEqual(await refused({ waitForPromotion }), [
            'waitForPromotion.timeout: "5m" is less than the rollout takes at the least, 5 min. Give 10m or so.',
        ]);
        assert.deepEqual(await refused({ waitForPromotion, suspend: "no" }), [
            'suspend: "no" is neither true nor false. Give one of the two, without quotes.',
        ]);
    });

    it("a target that its mesh cannot release", async () => {
        const target = { name: "podinfo", kind: "Service" };
        assert.deepEqual(await refused({ workload: undefined, target, service: { port: 80 } }), [
            'target.kind: "Service" is not a kind that Flagger can release on AWS App Mesh: Flagger knows no pod ' +
                "label of a Service for the mesh to select by, and would never initialise the Canary. Use " +
                "Deployment or DaemonSet.",
        ]);
    });

    it("a wait for a target without pods", async () => {
        const target = { name: "podinfo", kind: "Service" };
        const own = { workload: undefined, target, service: { port: 80 } };
        const [, ...rest] = await refused({ ...own, waitForPromotion: {} });
        assert.deepEqual(rest, [
            "waitForPromotion: {} cannot tell when a Service is promoted: there are no pods to compare. Leave it out.",
        ]);
    });

    it("a target's service account that is none", async () => {
        const target = { name: "podinfo", serviceAccount: "Web" };
        assert.deepEqual(await refused({ workload: undefined, target, service: { port: 80 } }), [
            'target.serviceAccount: "Web" is not a Kubernetes name of at most 63 characters. ' +
                "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
        ]);
    });

    it("what is no object, wherever one belongs", async () => {
        const keys: [string, string][] = [
            ["analysis", "analysis"],
            ["service", "service"],
            ["workload", "workload"],
            ["gates", "gates"],
            ["acceptanceTest", "acceptanceTest.command"],
            ["loadTest", "loadTest.command"],
            ["webhooks", "webhooks"],
            ["gateway", "gateway.path"],
            ["waitForPromotion", "waitForPromotion"],
            ["platform", "platform"],
        ];
        for (const [key, path] of keys) {
            for (const value of [null, "text", 5]) {
                const [line, ...more] = await refused({ [key]: value });
                assert.ok(line?.startsWith(`${path}: `), `${key}: ${JSON.stringify(value)}: ${line}`);
                assert.deepEqual(more, [], key);
            }
        }
        for (const target of [null, "text", 5]) {
            const [line] = await refused({ workload: undefined, target, service: { port: 80 } });
            assert.equal(
                line,
                `target: ${JSON.stringify(shown(target))} is not an object. Write it like { name: "web" }.`,
            );
        }
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
                    gates: { promotion: { timeout: "1h" } },
                    acceptanceTest: { command: " " },
                    loadTest: { command: "hey", timeout: "1h" },
                    webhooks: [{ name: "", url: "http://tests.ops" }],
                    waitForPromotion: { timeout: "1h" },
                    loadTester: { version: "latest" },
                    gateway: { path: "" },
                }),
        );
        assert.deepEqual(nodes, []);
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.equal(error.message.split("\n")[0], 'CanaryApp "podinfo": 16 problems in the arguments');
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
                "gates.promotion.timeout",
                "acceptanceTest.command",
                "loadTest.timeout",
                "webhooks[0].name",
                "loadTester.version",
                "gateway.path",
                "waitForPromotion.timeout",
            ],
        );
    });
});

describe("checkCanaryApp", () => {
    it("answers the mesh of the platform", () => {
        assert.equal(checkCanaryApp("podinfo", good), appMesh);
    });

    it("accepts all that can be asked for", () => {
        const full: CanaryAppArgs = {
            ...good,
            createNamespace: false,
            appName: "shop",
            progressDeadlineSeconds: 86_400,
            skipAnalysis: false,
            suspend: false,
            revertOnDeletion: true,
            waitForPromotion: { timeout: "10m", evidence: { configMap: "shop-kept", rollouts: 3 } },
            gates: { promotion: {} },
            acceptanceTest: { command: "true" },
            loadTest: { command: "hey -z 1m http://shop-canary.apps/" },
            webhooks: [{ name: "smoke", url: pulumi.secret("http://tests.ops/token") }],
            metricsServer: pulumi.output("http://prometheus:9090"),
            canaryAnnotations: { "appmesh.flagger.app/accesslog": "enabled" },
            canarySpec: { analysis: { maxWeight: 30 } },
            loadTester: { enabled: true },
            gateway: { path: "/" },
            tags: { team: pulumi.output("shop") },
        };
        assert.equal(checkCanaryApp("podinfo", full), appMesh);
    });
});

describe("checkCanaryApp, given anything,", () => {
    const any = fc.oneof(fc.constantFrom(undefined, Number.NaN), fc.jsonValue());
    const part = (...keys: string[]) =>
        fc.oneof(any, fc.record(Object.fromEntries(keys.map((key) => [key, any])), { requiredKeys: [] }));
    const parts = {
        namespace: any,
        appName: any,
        workload: part("image", "port", "env", "resources", "podSpec"),
        target: part("name", "kind", "autoscaler", "serviceAccount"),
        service: part("port", "portName", "timeout", "retries", "match", "hosts"),
        analysis: part("interval", "threshold", "steps", "abTest", "blueGreen", "metrics", "alerts"),
        progressDeadlineSeconds: any,
        skipAnalysis: any,
        waitForPromotion: part("timeout", "evidence"),
        gates: part("rollout", "trafficIncrease", "promotion", "rollback"),
        acceptanceTest: part("command", "timeout"),
        loadTest: part("command", "timeout"),
        webhooks: fc.oneof(any, fc.array(part("name", "type", "url", "timeout"))),
        gateway: part("path"),
    };

    it("reports instead of breaking, and can plan what it accepts", () => {
        // A few at a time, or hardly any would be accepted.
        const some = fc.subarray(Object.keys(parts), { maxLength: 3 });
        fc.assert(
            fc.property(some, fc.record(parts), (keys, drawn) => {
                const changes = Object.fromEntries(Object.entries(drawn).filter(([key]) => keys.includes(key)));
                const args: CanaryAppArgs = { ...good, ...changes };
                try {
                    checkCanaryApp("podinfo", args);
                } catch (error) {
                    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
                    return;
                }
                assert.ok(planOf("podinfo", args).promotionSeconds > 0);
                assert.ok(
                    canaryAppWarnings("podinfo", args, appMesh, planOf("podinfo", args)).every(
                        (warning) => warning !== "",
                    ),
                );
            }),
            { numRuns: 1000 },
        );
    });
});

describe("appNameOf", () => {
    it("is what is said, or the target's, or the component's", () => {
        assert.equal(appNameOf("podinfo", good), "podinfo");
        assert.equal(appNameOf("podinfo", { ...good, target: { name: "shop" } }), "shop");
        assert.equal(appNameOf("podinfo", { ...good, appName: "web", target: { name: "shop" } }), "web");
    });
});

describe("planOf", () => {
    it("takes Flagger's deadline where none is given, and all else from the arguments", () => {
        const { promotionSeconds, deadlineSeconds, requestsPerSecond, ...rest } = planOf("podinfo", good);
        assert.deepEqual([promotionSeconds, deadlineSeconds, requestsPerSecond], [300, 660, 3.4]);
        assert.deepEqual(rest, {
            summary:
                "podinfo: 50, 100 % every 1 min; promoted after 5 min at the earliest; rolled back within 2 min of " +
                "turning bad; its metrics need about 3.4 requests a second in all",
            weights: [50, 100],
            iterations: 0,
            rollbackSeconds: 120,
            warnings: [],
        });
        const changed = planOf("podinfo", {
            ...good,
            appName: "shop",
            progressDeadlineSeconds: 60,
            gates: { rollout: {} },
            loadTest: { command: "hey", timeout: "50s" },
            webhooks: [{ name: "smoke", url: "http://tests.ops", timeout: "11s" }],
        });
        assert.equal(changed.deadlineSeconds, 120);
        assert.match(changed.summary, /^shop: .*, plus the time until it is approved;/);
        assert.deepEqual(
            changed.warnings.map((warning) => warning.split(":")[0]),
            ["webhooks", "gates.rollout"],
        );
        assert.equal(planOf("podinfo", { ...good, skipAnalysis: true }).promotionSeconds, 60);
    });
});

describe("canaryAppWarnings", () => {
    const warnings = (changes: object) => {
        const args = { ...good, ...changes };
        return canaryAppWarnings("podinfo", args, appMesh, planOf("podinfo", args));
    };

    it("are none where nothing is odd", () => {
        assert.deepEqual(warnings({}), []);
    });

    it("come from every part", () => {
        const changes = {
            analysis: { interval: "1m", threshold: 1, steps: { stepWeight: 40, maxWeight: 50 } },
            skipAnalysis: true,
            service: { rewrite: { uri: "/" } },
            workload: { image: "podinfo:1", port: 80, podSpec: { containers: [] } },
        };
        assert.deepEqual(warnings(changes), [
            "analysis.steps: steps of 40 do not meet 50: Flagger's last weight before promotion will be 80 percent, " +
                "not 50.",
            "skipAnalysis: whatever starts is promoted, unmeasured. It stays so until it is taken out.",
            "service.rewrite: ignored on AWS App Mesh: App Mesh rewrites nothing for a Canary.",
            "workload.podSpec.containers: it replaces the container that the component makes, with its image, port, " +
                "environment, probes and security context.",
        ]);
    });

    it("ask what becomes of a target of one's own, until that is said", () => {
        const own = { workload: undefined, target: { name: "shop" }, service: { port: 80 } };
        assert.deepEqual(warnings(own), [
            "target: when this application is destroyed, shop is left scaled to zero, and nothing serves. Set " +
                "`revertOnDeletion` to true to have its replicas given back, or to false to have it so.",
        ]);
        assert.deepEqual(warnings({ ...own, revertOnDeletion: true }), []);
        assert.deepEqual(warnings({ ...own, revertOnDeletion: false }), []);
    });

    it("miss the load tester that gates need, unless another application may bring it", () => {
        const line = "gates: the namespace has no load tester, which would have to answer for them.";
        const none = { loadTester: { enabled: false } };
        assert.deepEqual(warnings({ ...none, gates: { promotion: {} } }), [line]);
        assert.deepEqual(warnings({ ...none, gates: { promotion: { url: "http://gate.ops" } } }), []);
        assert.deepEqual(warnings({ ...none, gates: { promotion: {} }, createNamespace: false }), []);
        assert.deepEqual(warnings({ gates: { promotion: {} } }), []);
        assert.deepEqual(warnings(none), []);
    });
});
