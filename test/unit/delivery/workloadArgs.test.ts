import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { WorkloadArgs, checkWorkload, workloadWarnings } from "../../../components/delivery/workload";
import { linesOf, pathsOf } from "../problems";

const good = { image: "podinfo:6", port: 80 };

const check = (args: unknown) => linesOf((p) => checkWorkload(p, "workload", args, "web"));
const lines = (changes: object) => check({ ...good, ...changes });
const paths = (changes: object) => pathsOf((p) => checkWorkload(p, "workload", { ...good, ...changes }, "web"));
const refuses = (table: [string, object, string[]][]) => {
    for (const [what, changes, expected] of table) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths(changes),
                expected.map((path) => `workload.${path}`),
            );
        });
    }
};

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
            assert.deepEqual(lines({ image }), []);
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
            assert.deepEqual(lines({ image }), [
                `workload.image: "${image}" does not name one version: without a tag that changes, no new release is ever ` +
                    'noticed. Write it with a tag or digest, like "ghcr.io/stefanprodan/podinfo:6.0.0".',
            ]);
        });
    }

    it("leaves an image alone that another resource gives", () => {
        assert.deepEqual(lines({ image: pulumi.output("podinfo:latest") }), []);
        assert.deepEqual(lines({ image: Promise.resolve("podinfo:latest") }), []);
    });

    it("asks for what is missing", () => {
        assert.deepEqual(check({}), [
            "workload.image: nothing given, but it is required. Give the image with its tag.",
            "workload.port: nothing given, but it is required. Give the port that the container listens on.",
        ]);
        assert.deepEqual(check(null), [
            'workload: null is not an object. Write it like { image: "ghcr.io/a/web:1.0.0", port: 8080 }.',
        ]);
    });

    it("accepts all of it at once", () => {
        assert.deepEqual(
            lines({
                command: pulumi.output(["./web"]),
                args: ["--port", pulumi.output("80")],
                env: { A: "1", B: pulumi.output("2"), C: Promise.resolve("3") },
                config: { LEVEL: "info", "log.level": "info" },
                secrets: { PASSWORD: pulumi.secret("x") },
                envFrom: [{ configMap: "shared", prefix: "S_", optional: true }, { secret: "shared" }],
                files: [
                    { mountPath: "/etc/a", configMap: "shared" },
                    { mountPath: "/etc/b", configMap: "web-config" },
                ],
                resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2" } },
                probes: { readiness: { tcp: true }, liveness: { path: "/l", grpc: false }, startup: {} },
                securityContext: { runAsUser: 1, runAsNonRoot: true, readOnlyRootFilesystem: true },
                mountServiceAccountToken: true,
                podAnnotations: { a: "b" },
                podLabels: { tier: "front" },
                podSpec: { nodeSelector: { a: "b" } },
                autoscaling: {
                    minReplicas: 3,
                    maxReplicas: 3,
                    memoryUtilization: 1000,
                    behavior: { scaleDown: {} },
                    metrics: [{ type: "Pods" }],
                },
            }),
            [],
        );
    });

    refuses([
        ["a port that is none", { port: 65536 }, ["port"]],
        ["a sleep that ends before it begins", { preStopSeconds: -1 }, ["preStopSeconds"]],
        ["a sleep as a duration", { preStopSeconds: "25s" }, ["preStopSeconds"]],
        ["an image that is no string", { image: 6 }, ["image"]],
        ["a command in one string", { command: "./web" }, ["command"]],
        ["a number among the arguments", { args: ["--port", 80] }, ["args[1]"]],
        ["a number in the environment", { env: { A: "1", PORT: 80 } }, ["env.PORT"]],
        ["an environment as a list", { env: ["A=1"] }, ["env"]],
        ["a configuration that is known later", { config: pulumi.output({}) }, ["config"]],
        ["resources that are none", { resources: "1" }, ["resources"]],
        [
            "amounts as numbers",
            { resources: { requests: { cpu: 1 }, limits: { cpu: 2 } } },
            ["resources.requests.cpu", "resources.limits.cpu"],
        ],
        ["a number as a label", { podLabels: { version: 1 } }, ["podLabels.version"]],
        ["a truth as an annotation", { podAnnotations: { inject: true } }, ["podAnnotations.inject"]],
        ["a word for a truth", { mountServiceAccountToken: "yes" }, ["mountServiceAccountToken"]],
        ["a list for the pods", { podSpec: [] }, ["podSpec"]],
        [
            "volumes in both places",
            { files: [{ mountPath: "/a", secret: "a" }], podSpec: { volumes: [] } },
            ["podSpec.volumes"],
        ],
    ]);

    it("leaves the volumes to the pods' own where there are no files", () => {
        assert.deepEqual(lines({ podSpec: { volumes: [] } }), []);
    });

    it("refuses another name for the pods", () => {
        assert.deepEqual(lines({ podLabels: { app: "shop" } }), [
            'workload.podLabels.app: "shop" is the label by which Flagger and the mesh find the pods; with another value they ' +
                "would find none. Leave it out: it is the application's name.",
        ]);
    });

    describe("probes", () => {
        refuses([
            ["a short path that is none", { readinessPath: "readyz" }, ["readinessPath"]],
            ["a path that is none", { probes: { liveness: { path: 1 } } }, ["probes.liveness.path"]],
            ["no way", { probes: { liveness: { tcp: false } } }, ["probes.liveness"]],
            ["no command", { probes: { startup: { command: [] } } }, ["probes.startup.command"]],
            ["a command in one string", { probes: { startup: { command: "true" } } }, ["probes.startup.command"]],
            ["a number in a command", { probes: { startup: { command: ["a", 1] } } }, ["probes.startup.command[1]"]],
            ["a port for a command", { probes: { startup: { command: ["a"], port: 80 } } }, ["probes.startup.port"]],
            ["a port for a truth", { probes: { readiness: { grpc: 80 } } }, ["probes.readiness.grpc"]],
            [
                "times that are none",
                {
                    probes: {
                        readiness: {
                            port: 0,
                            periodSeconds: 0,
                            timeoutSeconds: 0.5,
                            failureThreshold: 0,
                            initialDelaySeconds: -1,
                        },
                    },
                },
                ["port", "periodSeconds", "timeoutSeconds", "failureThreshold", "initialDelaySeconds"].map(
                    (key) => `probes.readiness.${key}`,
                ),
            ],
            ["a probe that is none", { probes: { readiness: "/readyz" } }, ["probes.readiness"]],
            ["probes that are none", { probes: null }, ["probes"]],
        ]);

        it("refuses readiness in two ways", () => {
            assert.deepEqual(lines({ readinessPath: "/r", probes: { readiness: { path: "/r" } } }), [
                'workload.readinessPath: "/r" is short for probes.readiness, which is given too. Keep one of the two.',
            ]);
            assert.deepEqual(lines({ probes: { readiness: { path: "/r", tcp: true } } }), [
                'workload.probes.readiness: {"path":"/r","tcp":true} asks in 2 ways, and Kubernetes takes one alone. ' +
                    "Keep one of path, command, tcp, grpc.",
            ]);
        });
    });

    describe("security", () => {
        refuses([
            ["a user by name", { securityContext: { runAsUser: "app" } }, ["securityContext.runAsUser"]],
            [
                "words for truths",
                { securityContext: { runAsNonRoot: "true", readOnlyRootFilesystem: 1 } },
                ["securityContext.runAsNonRoot", "securityContext.readOnlyRootFilesystem"],
            ],
            ["what is no object", { securityContext: true }, ["securityContext"]],
        ]);

        it("refuses root unless it is allowed", () => {
            const root = (more: object) => lines({ securityContext: { runAsUser: 0, ...more } });
            const refused = [
                "workload.securityContext.runAsUser: 0 is root, which `runAsNonRoot` forbids: no pod would start and Flagger " +
                    "would roll back every version. Give another user, or set runAsNonRoot to false.",
            ];
            assert.deepEqual(root({}), refused);
            assert.deepEqual(root({ runAsNonRoot: true }), refused);
            assert.deepEqual(root({ runAsNonRoot: false }), []);
        });
    });

    describe("configuration", () => {
        refuses([
            ["a key that is no variable", { config: { "1A": "x", "A B": "x" } }, ["config.1A", "config.A B"]],
            ["a secret's key that is no variable", { secrets: { "a/b": "x" } }, ["secrets.a/b"]],
            ["a source of nothing", { envFrom: [{}] }, ["envFrom[0]"]],
            ["a source of both", { files: [{ mountPath: "/a", configMap: "a", secret: "b" }] }, ["files[0]"]],
            ["a source that is none", { envFrom: ["shared"] }, ["envFrom[0]"]],
            ["sources that are no list", { envFrom: { configMap: "a" }, files: "a" }, ["envFrom", "files"]],
            ["a name that is none", { envFrom: [{ secret: "My_Secret" }] }, ["envFrom[0].secret"]],
            ["a name that is known later", { envFrom: [{ secret: pulumi.output("a") }] }, ["envFrom[0].secret"]],
            ["a prefix that is none", { envFrom: [{ secret: "a", prefix: "=" }] }, ["envFrom[0].prefix"]],
            ["a word for a truth", { envFrom: [{ secret: "a", optional: "no" }] }, ["envFrom[0].optional"]],
            ["no folder", { files: [{ secret: "a" }] }, ["files[0].mountPath"]],
            ["a relative folder", { files: [{ secret: "a", mountPath: "etc" }] }, ["files[0].mountPath"]],
            [
                "a folder twice",
                {
                    files: [
                        { secret: "a", mountPath: "/a" },
                        { secret: "b", mountPath: "/a" },
                    ],
                },
                ["files[1].mountPath"],
            ],
        ]);

        it("leaves Flagger room for the name of its copy", () => {
            assert.deepEqual(lines({ envFrom: [{ secret: "a".repeat(245) }] }), []);
            assert.deepEqual(lines({ envFrom: [{ secret: "a".repeat(246) }] }), [
                `workload.envFrom[0].secret: "${"a".repeat(199)}... is not a Kubernetes name of at most 245 characters: with ` +
                    'Flagger\'s "-primary" it has to fit in 253. Use lower-case letters, digits, dots and dashes, beginning ' +
                    "and ending with a letter or digit.",
            ]);
        });

        it("refuses names that Flagger's copies take, of either kind for itself", () => {
            assert.deepEqual(
                lines({ envFrom: [{ configMap: "a-primary" }], files: [{ mountPath: "/a", configMap: "a" }] }),
                [
                    'workload.envFrom[0].configMap: "a-primary" is the name of the copy that Flagger makes of "a" for the ' +
                        "primary: Flagger would overwrite it at every promotion. Give one of the two another name.",
                ],
            );
            const secrets = { envFrom: [{ secret: "web-secrets-primary" }], secrets: { A: "x" } };
            assert.deepEqual(paths(secrets), ["workload.envFrom[0].secret"]);
            const config = { envFrom: [{ configMap: "web-config-primary" }], config: { A: "x" } };
            assert.deepEqual(paths(config), ["workload.envFrom[0].configMap"]);
            assert.deepEqual(lines({ envFrom: [{ configMap: "a-primary" }, { secret: "a" }] }), []);
            assert.deepEqual(lines({ envFrom: [{ configMap: "web-config-primary" }], config: {} }), []);
        });

        it("tells no secret", () => {
            const rule = "nothing given, but it has to be";
            assert.deepEqual(lines({ secrets: { PIN: 1234, TOKEN: { value: "hunter2" } } }), [
                `workload.secrets.PIN: ${rule} a string (what was given may be secret and is not shown). ` +
                    "Put it in quotes, or take it from a secret of the configuration.",
                `workload.secrets.TOKEN: ${rule} a string (what was given may be secret and is not shown). ` +
                    "Put it in quotes, or take it from a secret of the configuration.",
            ]);
            assert.deepEqual(lines({ secrets: "hunter2" }), [
                `workload.secrets: ${rule} an object of strings (what was given may be secret and is not shown). ` +
                    "Write it like { PASSWORD: … }.",
            ]);
        });
    });

    describe("autoscaling", () => {
        const hpa = (changes: object) => ({ autoscaling: { minReplicas: 1, maxReplicas: 2, ...changes } });
        refuses([
            [
                "numbers that are none",
                hpa({ minReplicas: 0, maxReplicas: 10_001, cpuUtilization: 0, memoryUtilization: 1001 }),
                ["minReplicas", "maxReplicas", "cpuUtilization", "memoryUtilization"].map(
                    (key) => `autoscaling.${key}`,
                ),
            ],
            ["no bounds", { autoscaling: {} }, ["autoscaling.minReplicas", "autoscaling.maxReplicas"]],
            ["what is no autoscaler", { autoscaling: 3 }, ["autoscaling"]],
            ["a behaviour that is none", hpa({ behavior: "fast" }), ["autoscaling.behavior"]],
            ["metrics that are no list", hpa({ metrics: {} }), ["autoscaling.metrics"]],
            ["a metric that is none", hpa({ metrics: ["cpu"] }), ["autoscaling.metrics[0]"]],
            [
                "shares of what is not requested",
                { ...hpa({ memoryUtilization: 50 }), resources: { requests: {}, limits: {} } },
                ["autoscaling.cpuUtilization", "autoscaling.memoryUtilization"],
            ],
        ]);

        it("refuses a greatest number of replicas below the least", () => {
            assert.deepEqual(lines(hpa({ minReplicas: 3, maxReplicas: 2 })), [
                "workload.autoscaling.maxReplicas: 2 is less than the least number of replicas, 3. Give at least 3.",
            ]);
        });

        it("takes a limit for a request, as Kubernetes does", () => {
            assert.deepEqual(
                lines({ ...hpa({}), resources: { requests: { memory: "1Gi" }, limits: { cpu: "1" } } }),
                [],
            );
            assert.deepEqual(lines({ ...hpa({}), resources: { requests: { memory: "1Gi" } } }), [
                "workload.autoscaling.cpuUtilization: 80 asks for a share of the cpu requested, and none is: the autoscaler " +
                    "would not scale. Add cpu to resources.requests.",
            ]);
        });
    });

    it("refuses two autoscalers", () => {
        const scaledObject = { minReplicas: 1, maxReplicas: 2, triggers: [{ type: "cron", metadata: {} }] };
        assert.deepEqual(lines({ scaledObject }), []);
        assert.deepEqual(paths({ scaledObject, autoscaling: { minReplicas: 1, maxReplicas: 2 } }), [
            "workload.scaledObject",
        ]);
    });

    it("reports instead of breaking, given anything at all", () => {
        const any = fc.oneof(
            fc.constantFrom<unknown>(
                null,
                undefined,
                true,
                "",
                "a",
                0,
                1.5,
                {},
                [],
                [null],
                [{}],
                { a: null },
                pulumi.output(1),
            ),
            fc.anything({ maxDepth: 3 }),
        );
        const keys = [
            ...["image", "port", "command", "args", "env", "config", "secrets", "envFrom", "files", "resources"],
            ...[
                "readinessPath",
                "probes",
                "securityContext",
                "mountServiceAccountToken",
                "podAnnotations",
                "podLabels",
            ],
            ...["podSpec", "autoscaling", "scaledObject"],
        ];
        const nested = fc.oneof(
            any,
            fc.dictionary(fc.constantFrom("readiness", "triggers", "metadata", "runAsUser"), any),
        );
        const args = fc.record(Object.fromEntries(keys.map((key) => [key, nested])), { requiredKeys: [] });
        fc.assert(
            fc.property(fc.oneof(any, args), (drawn) => {
                const found = pathsOf((p) => checkWorkload(p, "workload", drawn, "web"));
                assert.ok(found.every((path) => path.startsWith("workload")));
                // What is accepted has at least what a Deployment cannot do without.
                assert.ok(found.length > 0 || typeof (drawn as WorkloadArgs).port === "number");
            }),
            { numRuns: 1000 },
        );
    });
});

describe("workloadWarnings", () => {
    const warnings = (changes: Partial<WorkloadArgs>) => workloadWarnings({ ...good, ...changes }, "web");

    it("are none for what does what it seems to", () => {
        assert.deepEqual(warnings({}), []);
        const metrics = [{ type: "Pods" }, { type: "Resource" }, { type: "ContainerResource" }];
        assert.deepEqual(warnings({ podSpec: {}, autoscaling: { minReplicas: 1, maxReplicas: 2, metrics } }), []);
    });

    it("tell of a container that is replaced", () => {
        assert.deepEqual(warnings({ podSpec: { containers: [] } }), [
            "workload.podSpec.containers: it replaces the container that the component makes, with its image, port, " +
                "environment, probes and security context.",
        ]);
    });

    it("tell of metrics that are the same for canary and primary", () => {
        const metrics = [{ type: "Pods" }, { type: "Object" }, { type: "External" }];
        const warning = (index: number, type: string) =>
            `workload.autoscaling.metrics[${index}]: Flagger copies it as it is, so a metric of type ${type} scales canary ` +
            "and primary by the same number. Choose one that holds for both, or one of type Pods.";
        assert.deepEqual(warnings({ autoscaling: { minReplicas: 1, maxReplicas: 2, metrics } }), [
            warning(1, "Object"),
            warning(2, "External"),
        ]);
    });

    it("tell of KEDA's queries", () => {
        const triggers = [{ type: "prometheus", metadata: { query: "sum(other)" } }];
        assert.deepEqual(warnings({ scaledObject: { minReplicas: 1, maxReplicas: 2, triggers } }), [
            "workload.scaledObject.triggers[0].metadata.query: it does not name web, so Flagger gives the primary the same " +
                "query, and both are scaled by the same number. Give primaryQueries to say what the primary is scaled by.",
        ]);
    });
});
