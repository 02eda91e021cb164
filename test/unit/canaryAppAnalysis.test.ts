import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { app, canarySpec, devArgs, inCluster, legible, places, top, warnings } from "./devApp";
import { at, secret, valueOf } from "./graph";

describe("CanaryApp's analysis", () => {
    describe("a metric with a template of its own", () => {
        const metrics = [
            { name: "request-success-rate", min: 99 },
            {
                name: "errors",
                max: 1,
                template: {
                    provider: "prometheus",
                    address: "http://prometheus.ops:9090",
                    query: "sum(errors)",
                    credentials: { token: "t0ken" },
                },
            },
            { name: "shared", max: 2, templateRef: { name: "shared", namespace: "ops" } },
            { name: "bills", max: 3, template: { provider: "cloudwatch", region: "eu-central-1", query: "[]" } },
        ];
        const measured = () => app({ appName: "web", analysis: { ...devArgs.analysis, metrics } });

        it("has it made, in the application's namespace and by its name", async () => {
            const { node, nodes } = await measured();
            const ours = nodes.filter((n) => n.name.startsWith("podinfo-metric-"));
            assert.deepEqual(places(ours), [
                ["kubernetes:flagger.app/v1beta1:MetricTemplate", "podinfo-metric-bills", top, inCluster],
                ["kubernetes:flagger.app/v1beta1:MetricTemplate", "podinfo-metric-errors", top, inCluster],
                ["kubernetes:core/v1:Secret", "podinfo-metric-errors-credentials", top, inCluster],
            ]);
            assert.deepEqual(node("MetricTemplate podinfo-metric-errors").props, {
                apiVersion: "flagger.app/v1beta1",
                kind: "MetricTemplate",
                metadata: { name: "web-errors", namespace: "apps" },
                spec: {
                    provider: {
                        type: "prometheus",
                        address: "http://prometheus.ops:9090",
                        secretRef: { name: "web-errors-credentials" },
                    },
                    query: "sum(errors)",
                },
            });
            assert.deepEqual(at(node("Secret podinfo-metric-errors-credentials").props, "metadata"), {
                name: "web-errors-credentials",
                namespace: "apps",
            });
            assert.deepEqual(at(node("MetricTemplate podinfo-metric-bills").props, "metadata"), {
                name: "web-bills",
                namespace: "apps",
            });
        });

        it("refers to it, and others to theirs", async () => {
            const { node } = await measured();
            assert.deepEqual(at(node("Canary podinfo").props, "spec", "analysis", "metrics"), [
                { name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } },
                {
                    name: "errors",
                    interval: "1m",
                    thresholdRange: { max: 1 },
                    templateRef: { name: "web-errors", namespace: "apps" },
                },
                {
                    name: "shared",
                    interval: "1m",
                    thresholdRange: { max: 2 },
                    templateRef: { name: "shared", namespace: "ops" },
                },
                {
                    name: "bills",
                    interval: "1m",
                    thresholdRange: { max: 3 },
                    templateRef: { name: "web-bills", namespace: "apps" },
                },
            ]);
        });

        it("is there between the namespace and the Canary", async () => {
            const { node, before } = await measured();
            assert.deepEqual(
                node("Canary podinfo").dependsOn.filter((key) => key.startsWith("MetricTemplate ")),
                ["MetricTemplate podinfo-metric-bills", "MetricTemplate podinfo-metric-errors"],
            );
            for (const key of ["MetricTemplate podinfo-metric-bills", "Secret podinfo-metric-errors-credentials"]) {
                assert.deepEqual(node(key).dependsOn, ["Namespace podinfo-apps"]);
            }
            assert.ok(before("MetricTemplate podinfo-metric-errors").has("Secret podinfo-metric-errors-credentials"));
            assert.ok(before("MetricTemplate podinfo-metric-errors").has("Namespace podinfo-apps"));
        });

        it("keeps its credentials", async () => {
            const { node, nodes } = await measured();
            assert.deepEqual(secret(node("Secret podinfo-metric-errors-credentials").props.stringData), {
                token: "t0ken",
            });
            assert.equal(legible(nodes).includes("t0ken"), false);
        });
    });

    describe("a metric that waits for requests", () => {
        const metrics = [{ name: "errors", compare: { of: "error-rate" }, max: 0.5, interval: "5m" }];
        const waiting = (gates?: object) =>
            app({ appName: "web", analysis: { ...devArgs.analysis, metrics, lowTraffic: { limit: "30m" } }, gates });

        it("is a template that the platform's Prometheus answers", async () => {
            const { node } = await waiting();
            const { provider, query } = at(node("MetricTemplate podinfo-metric-errors").props, "spec") as {
                provider: object;
                query: string;
            };
            assert.deepEqual(provider, { type: "prometheus", address: devArgs.platform.metricsServer });
            assert.match(query, /kubernetes_namespace="apps",kubernetes_pod_name=~"web-primary-/);
            assert.deepEqual(at(node("Canary podinfo").props, "spec", "analysis", "metrics"), [
                {
                    name: "errors",
                    interval: "5m",
                    thresholdRange: { max: 0.5 },
                    templateRef: { name: "web-errors", namespace: "apps" },
                },
            ]);
        });

        it("has the load tester asked before anybody who approves", async () => {
            const { node } = await waiting({ promotion: {} });
            const hooks = at(node("Canary podinfo").props, "spec", "analysis", "webhooks") as {
                name: string;
                type: string;
            }[];
            assert.deepEqual(
                hooks.filter(({ type }) => type.startsWith("confirm-")).map(({ name, type }) => [name, type]),
                [
                    ["minimum-samples", "confirm-traffic-increase"],
                    ["minimum-samples", "confirm-promotion"],
                    ["close-gate-at-start", "confirm-rollout"],
                    ["close-rollback-at-start", "confirm-rollout"],
                    ["promotion-gate", "confirm-promotion"],
                ],
            );
        });

        it("warns where there is no load tester to ask", async () => {
            const analysis = { ...devArgs.analysis, metrics };
            const { messages } = await app({ analysis, loadTester: { enabled: false } });
            assert.ok(
                warnings(messages).some((text) => /^analysis\.metrics: the namespace has no load tester/.test(text)),
            );
        });

        it("warns on App Mesh, which lets no pod out unless told to", async () => {
            assert.ok(warnings((await waiting()).messages).some((text) => text.includes("`mesh.allowEgress`")));
        });

        it("is not for blue/green of one check, which would wait for good", async () => {
            const analysis = { interval: "1m", threshold: 2, blueGreen: { iterations: 1 }, metrics };
            await assert.rejects(
                app({ analysis }),
                /analysis\.blueGreen\.iterations: 1 is too few where the promotion/,
            );
        });
    });

    describe("an alert with a provider of its own", () => {
        const alerts = [
            { name: "team", severity: "info", providerRef: { name: "shared", namespace: "ops" } },
            {
                name: "on-call",
                severity: "error",
                provider: { type: "slack", address: "https://hooks.example/T0", token: "xoxb-1", channel: "ops" },
            },
        ];
        const alerted = () => app({ appName: "web", analysis: { ...devArgs.analysis, alerts } });

        it("has it made, in the application's namespace and by its name", async () => {
            const { node, nodes } = await alerted();
            const ours = nodes.filter((n) => n.name.startsWith("podinfo-alert-"));
            assert.deepEqual(places(ours), [
                ["kubernetes:flagger.app/v1beta1:AlertProvider", "podinfo-alert-on-call", top, inCluster],
                ["kubernetes:core/v1:Secret", "podinfo-alert-on-call-webhook", top, inCluster],
            ]);
            assert.deepEqual(node("AlertProvider podinfo-alert-on-call").props, {
                apiVersion: "flagger.app/v1beta1",
                kind: "AlertProvider",
                metadata: { name: "web-on-call", namespace: "apps" },
                spec: { type: "slack", channel: "ops", secretRef: { name: "web-on-call-webhook" } },
            });
            assert.deepEqual(at(node("Secret podinfo-alert-on-call-webhook").props, "metadata"), {
                name: "web-on-call-webhook",
                namespace: "apps",
            });
        });

        it("refers to it, and others to theirs", async () => {
            const { node } = await alerted();
            assert.deepEqual(at(node("Canary podinfo").props, "spec", "analysis", "alerts"), [
                { name: "team", severity: "info", providerRef: { name: "shared", namespace: "ops" } },
                { name: "on-call", severity: "error", providerRef: { name: "web-on-call", namespace: "apps" } },
            ]);
        });

        it("is there between the namespace and the Canary", async () => {
            const { node, before } = await alerted();
            assert.ok(node("Canary podinfo").dependsOn.includes("AlertProvider podinfo-alert-on-call"));
            assert.deepEqual(node("Secret podinfo-alert-on-call-webhook").dependsOn, ["Namespace podinfo-apps"]);
            assert.ok(before("AlertProvider podinfo-alert-on-call").has("Secret podinfo-alert-on-call-webhook"));
            assert.ok(before("AlertProvider podinfo-alert-on-call").has("Namespace podinfo-apps"));
        });

        it("keeps its address and its token", async () => {
            const { node, nodes } = await alerted();
            assert.deepEqual(secret(node("Secret podinfo-alert-on-call-webhook").props.stringData), {
                address: "https://hooks.example/T0",
                token: "xoxb-1",
            });
            assert.equal(legible(nodes).includes("hooks.example"), false);
            assert.equal(legible(nodes).includes("xoxb-1"), false);
        });
    });

    describe("gates", () => {
        const tester = "http://flagger-loadtester.apps/";
        const curl = "kubectl -n apps exec deploy/flagger-loadtester -- curl -sS -d";

        it("stand in the Canary before its tests, and close behind each release", async () => {
            const { node } = await app({ gates: { promotion: {} } });
            assert.deepEqual(at(node("Canary podinfo").props, "spec", "analysis", "webhooks"), [
                { name: "close-gate-at-start", type: "confirm-rollout", url: `${tester}gate/close`, timeout: "10s" },
                {
                    name: "close-rollback-at-start",
                    type: "confirm-rollout",
                    url: `${tester}rollback/close`,
                    timeout: "10s",
                },
                { name: "promotion-gate", type: "confirm-promotion", url: `${tester}gate/check`, timeout: "10s" },
                { name: "rollback-gate", type: "rollback", url: `${tester}rollback/check`, timeout: "10s" },
                { name: "close-gate", type: "post-rollout", url: `${tester}gate/close`, timeout: "10s" },
                { name: "close-rollback", type: "post-rollout", url: `${tester}rollback/close`, timeout: "10s" },
                ...canarySpec.analysis.webhooks,
            ]);
        });

        it("in the load tester are opened and closed by commands", async () => {
            const { result } = await app({ appName: "web", gates: { promotion: {} } });
            const body = `'{"name":"web","namespace":"apps"}'`;
            assert.deepEqual(await valueOf(result.gateCommands), {
                approve: `${curl} ${body} http://localhost:8080/gate/open`,
                hold: `${curl} ${body} http://localhost:8080/gate/close`,
                reject: `${curl} ${body} http://localhost:8080/rollback/open`,
            });
        });

        it("elsewhere have no commands, nor has an application without any", async () => {
            const elsewhere = await app({ gates: { promotion: { url: "http://gate.ops/" } } });
            assert.deepEqual(await valueOf(elsewhere.result.gateCommands), {});
            assert.deepEqual(await valueOf((await app()).result.gateCommands), {});
        });
    });

    describe("webhooks of one's own", () => {
        it("come last, and a secret address stays one", async () => {
            const { node, nodes } = await app({
                webhooks: [{ name: "smoke", url: pulumi.secret("http://tests.ops/k3y"), metadata: { depth: "3" } }],
            });
            const { spec } = node("Canary podinfo").props as { spec: unknown };
            const webhooks = at(
                pulumi.runtime.isRpcSecret(spec) ? secret(spec) : spec,
                "analysis",
                "webhooks",
            ) as Record<string, unknown>[];
            assert.deepEqual(
                webhooks.map(({ name }) => name),
                ["acceptance-test", "load-test", "smoke"],
            );
            assert.equal(legible(nodes).includes("k3y"), false);
        });
    });

    describe("the plan", () => {
        it("is an output", async () => {
            const { result } = await app({
                analysis: { interval: "1m", threshold: 2, steps: { stepWeight: 20, maxWeight: 50 } },
            });
            assert.deepEqual(await valueOf(result.plan), {
                summary:
                    "podinfo: 20, 40, 60 % every 1 min; promoted after 6 min at the earliest; rolled back within 3 min of " +
                    "turning bad; its metrics need about 8.4 requests a second in all",
                weights: [20, 40, 60],
                iterations: 0,
                promotionSeconds: 360,
                rollbackSeconds: 180,
                deadlineSeconds: 120,
                requestsPerSecond: 8.4,
                warnings: [],
            });
        });

        it("is of Flagger's own deadline where none is given, and by the application's name", async () => {
            const { result } = await app({ appName: "web", progressDeadlineSeconds: undefined });
            const plan = await valueOf(result.plan);
            assert.equal(plan.deadlineSeconds, 615);
            assert.match(plan.summary, /^web: /);
        });
    });

    describe("warns", () => {
        const own = { workload: undefined, target: { name: "shop" }, service: { port: 80 } };

        it("of all that is allowed and not what it seems, at once", async () => {
            const { messages } = await app({
                skipAnalysis: true,
                service: { hosts: ["shop.example"] },
                workload: { image: "podinfo:1", port: 80, podSpec: { containers: [{ name: "a", image: "a:1" }] } },
                gates: { rollout: {} },
                loadTester: { enabled: false },
            });
            assert.deepEqual(messages.map((m) => [m.severity, m.about]).sort(), [
                ["info", top],
                ...Array<string[]>(4).fill(["warning", top]),
            ]);
            assert.deepEqual(warnings(messages), [
                "skipAnalysis: whatever starts is promoted, unmeasured. It stays so until it is taken out.",
                "service.hosts: ignored on AWS App Mesh: App Mesh's gateway leads by GatewayRoute; give `gateway`.",
                "workload.podSpec.containers: it replaces the container that the component makes, with its image, port, " +
                    "environment, probes and security context.",
                "gates: the namespace has no load tester, which would have to answer for them.",
            ]);
        });

        it("of a target that would be left without pods, until it is said what is meant", async () => {
            assert.deepEqual(warnings((await app(own)).messages), [
                "target: when this application is destroyed, shop is left scaled to zero, and nothing serves. Set " +
                    "`revertOnDeletion` to true to have its replicas given back, or to false to have it so.",
            ]);
            for (const revertOnDeletion of [true, false]) {
                assert.deepEqual(warnings((await app({ ...own, revertOnDeletion })).messages), []);
            }
        });

        it("of gates without a load tester only where there is none, and one is needed", async () => {
            const without = { loadTester: { enabled: false } };
            for (const changes of [
                { gates: { promotion: {} } },
                { ...without, createNamespace: false, gates: { promotion: {} } },
                { ...without, gates: { rollback: { url: "http://gate.ops/" } } },
            ]) {
                assert.deepEqual(warnings((await app(changes)).messages), []);
            }
        });
    });
});
