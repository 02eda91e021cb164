import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";

import type { CanaryAppArgs } from "../../../index";
import { FlaggerBench } from "./flaggerBench";
import { meshSpecOf } from "../objects";
import { History } from "./history";

/** The namespace of every Canary on the bench. */
export const namespace = "traps";

/** A mistake that Flagger and the API server accept. */
export interface Trap {
    /** The Canary's name. */
    name: string;
    /** What is written, and what Flagger does with it. */
    title: string;
    /** The Canary's `analysis`, beyond an interval of 10 s, a threshold of 3 and no metrics. */
    analysis: object;
    /** More of the Canary's spec. */
    spec?: object;
    /** More objects, made before the Canary. */
    objects?: KubernetesObject[];
    /** What the new version has, beside its image. */
    version?: object;
    /** What Flagger did; throws unless it is what the title says. */
    saw: (history: History, bench: FlaggerBench) => void | Promise<void>;
    /** The same mistake, made with this library. */
    args: Partial<CanaryAppArgs>;
    /** The path of the error at preview. */
    refused?: string;
    /** The warning at preview. */
    warned?: RegExp;
}

const steps = { stepWeight: 50, maxWeight: 50 };
const with10s = { interval: "10s", threshold: 3 };
const noMetric = (name: string) => ({ templateRef: { name, namespace } });

/** A MetricTemplate whose query Prometheus always answers. */
function template(name: string, query: string): KubernetesObject {
    return {
        apiVersion: "flagger.app/v1beta1",
        kind: "MetricTemplate",
        metadata: { name, namespace },
        spec: { provider: { type: "prometheus", address: FlaggerBench.metricsServer }, query },
    } as KubernetesObject;
}

/** Pods that no node takes never become ready. */
const nowhere = { nodeSelector: { nowhere: "true" } };

const router = (bench: FlaggerBench, name: string) => meshSpecOf(bench.lab, "virtualrouters", namespace, name);

/** Every mistake that the bench reproduces. */
export const traps: Trap[] = [
    {
        name: "repeated-weight",
        title: "stepWeights [10, 10, 20]: stays at 10",
        analysis: { stepWeights: [10, 10, 20] },
        saw: (history) => history.standsStillAt(10),
        args: { analysis: { ...with10s, steps: { stepWeights: [10, 10, 20] } } },
        refused: "analysis.steps.stepWeights[1]",
    },
    {
        name: "falling-weights",
        title: "stepWeights [30, 20]: stays at 30",
        analysis: { stepWeights: [30, 20] },
        saw: (history) => history.standsStillAt(30),
        args: { analysis: { ...with10s, steps: { stepWeights: [30, 20] } } },
        refused: "analysis.steps.stepWeights[1]",
    },
    {
        name: "first-weight-zero",
        title: "stepWeights [0, 20, 40]: stays at 0",
        analysis: { stepWeights: [0, 20, 40] },
        saw: (history) => history.standsStillAt(0),
        args: { analysis: { ...with10s, steps: { stepWeights: [0, 20, 40] } } },
        refused: "analysis.steps.stepWeights[0]",
    },
    {
        name: "step-zero",
        title: "stepWeight 0: stays at 0",
        analysis: { stepWeight: 0, maxWeight: 50 },
        saw: (history) => history.standsStillAt(0),
        args: { analysis: { ...with10s, steps: { stepWeight: 0, maxWeight: 50 } } },
        refused: "analysis.steps.stepWeight",
    },
    {
        name: "mirrored-weights",
        title: "mirror with weights, which App Mesh cannot: stays at 0",
        analysis: { ...steps, mirror: true },
        saw: (history) => history.standsStillAt(0),
        args: { analysis: { ...with10s, steps: { ...steps, mirror: true } } },
        refused: "analysis.steps.mirror",
    },
    {
        name: "weight-beyond-all",
        title: "maxWeight 200: all traffic on a canary that is never promoted",
        analysis: { stepWeight: 60, maxWeight: 200 },
        saw: (history) => history.standsStillAt(100),
        args: { analysis: { ...with10s, steps: { stepWeight: 60, maxWeight: 200 } } },
        refused: "analysis.steps.maxWeight",
    },
    {
        name: "overshoot",
        title: "stepWeight 20 to maxWeight 50: goes on to 60",
        analysis: { stepWeight: 20, maxWeight: 50 },
        saw: (history) => {
            assert.deepEqual(history.weights, [20, 40, 60], "weights");
            history.ended("Succeeded");
        },
        args: { analysis: { ...with10s, steps: { stepWeight: 20, maxWeight: 50 } } },
        warned: /steps of 20 do not meet 50: Flagger's last weight before promotion will be 60 percent/,
    },
    {
        name: "short-interval",
        title: 'interval "500ms": is taken for 10 s',
        analysis: { ...steps, interval: "500ms" },
        saw: (history) => {
            history.ended("Succeeded");
            if (history.secondsFrom("Progressing", "Succeeded") < 25) {
                throw new Error("it was quicker than looks every 10 s can be");
            }
        },
        args: { analysis: { ...with10s, interval: "500ms", steps } },
        refused: "analysis.interval",
    },
    {
        name: "written-out-interval",
        title: 'interval "1minute": is not understood, and 60 s by chance',
        analysis: { stepWeight: 10, maxWeight: 50, interval: "1minute" },
        saw: (history) => {
            if (history.weights.length > 2) {
                throw new Error(`weights ${history.weights.join(", ")} in two minutes`);
            }
        },
        args: { analysis: { ...with10s, interval: "1minute", steps } },
        refused: "analysis.interval",
    },
    {
        name: "threshold-zero",
        title: "threshold 0: is taken for 1, one failed check rolls back",
        analysis: {
            ...steps,
            threshold: 0,
            metrics: [{ name: "half", interval: "1m", thresholdRange: { max: 0.1 }, ...noMetric("half") }],
        },
        objects: [template("half", "vector(0.5)")],
        saw: (history) => {
            history.ended("Failed");
            assert.deepEqual(history.mostFailedChecks, 1, "failed checks");
        },
        args: { analysis: { ...with10s, threshold: 0, steps } },
        refused: "analysis.threshold",
    },
    {
        name: "negative-promotion-step",
        title: "stepWeightPromotion -10: is promoted for ever",
        analysis: { ...steps, stepWeightPromotion: -10 },
        saw: (history) => history.standsIn("Promoting"),
        args: { analysis: { ...with10s, steps: { ...steps, stepWeightPromotion: -10 } } },
        refused: "analysis.steps.stepWeightPromotion",
    },
    {
        name: "no-iterations",
        title: "iterations 0: is taken for weights, of which there are none, and stays at 0",
        analysis: { iterations: 0 },
        saw: (history) => history.standsStillAt(0),
        args: { analysis: { ...with10s, blueGreen: { iterations: 0 } } },
        refused: "analysis.blueGreen.iterations",
    },
    {
        name: "a-b-for-nobody",
        title: "an A/B test that names no users: is a blue/green release, all users at once",
        analysis: { iterations: 2, match: [] },
        saw: (history) => {
            history.ended("Succeeded");
            history.said(/^Routing all traffic to canary$/);
        },
        args: { analysis: { ...with10s, abTest: { iterations: 2, match: [] } } },
        refused: "analysis.abTest.match",
    },
    {
        name: "a-b-alternatives",
        title: "two alternatives of an A/B test: App Mesh asks for both at once",
        analysis: {
            iterations: 2,
            match: [{ headers: { "x-a": { exact: "1" } } }, { headers: { "x-b": { exact: "1" } } }],
        },
        saw: async (_, bench) => {
            const { routes } = await router(bench, "a-b-alternatives");
            const names = routes[0]!.httpRoute!.match.headers!.map((h) => h.name);
            assert.deepEqual(names.sort(), ["x-a", "x-b"], "headers of the one route to the canary");
        },
        args: {
            analysis: {
                ...with10s,
                abTest: {
                    iterations: 2,
                    match: [{ headers: { "x-a": { exact: "1" } } }, { headers: { "x-b": { exact: "1" } } }],
                },
            },
        },
        refused: "analysis.abTest.match",
    },
    {
        name: "a-b-empty-value",
        title: "an A/B test with an empty value: the condition is lost",
        analysis: { iterations: 2, match: [{ headers: { "x-a": { exact: "" } } }] },
        saw: async (_, bench) => {
            const { routes } = await router(bench, "a-b-empty-value");
            assert.deepEqual(routes[0]!.httpRoute!.match.headers, [{ name: "x-a", match: {} }], "headers");
        },
        args: {
            analysis: { ...with10s, abTest: { iterations: 2, match: [{ headers: { "x-a": { exact: "" } } }] } },
        },
        refused: 'analysis.abTest.match[0].headers["x-a"].exact',
    },
    {
        name: "unasked-gate",
        title: "a gate for traffic in a blue/green release: is never asked",
        analysis: {
            iterations: 2,
            webhooks: [
                { name: "gate", type: "confirm-traffic-increase", url: `${FlaggerBench.alertAddress}/refuse/gate` },
            ],
        },
        saw: (history, bench) => {
            history.ended("Succeeded");
            assert.deepEqual(bench.alerts.get("/refuse/gate"), undefined, "calls of the gate");
        },
        args: { analysis: { ...with10s, blueGreen: { iterations: 2 } }, gates: { trafficIncrease: {} } },
        refused: "gates.trafficIncrease",
    },
    {
        name: "one-switch",
        title: "two gates in the load tester: one approval opens both",
        analysis: {
            ...steps,
            webhooks: [
                { name: "increase", type: "confirm-traffic-increase", url: `${FlaggerBench.loadTester}/gate/check` },
                { name: "promote", type: "confirm-promotion", url: `${FlaggerBench.loadTester}/gate/check` },
            ],
        },
        saw: (history) => {
            history.ended("Succeeded");
            history.said(/^Confirm-traffic-increase check increase passed$/);
            history.said(/^Confirm-promotion check promote passed$/);
        },
        args: { analysis: { ...with10s, steps }, gates: { trafficIncrease: {}, promotion: {} } },
        refused: "gates.trafficIncrease",
    },
    {
        name: "retry-on-5xx",
        title: "retries on something App Mesh does not know: is never initialised",
        analysis: steps,
        spec: { service: { port: 80, retries: { attempts: 3, perTryTimeout: "1s", retryOn: "5xx" } } },
        saw: (history) => {
            history.neverInitialised();
            history.said(/VirtualRouter .* create error/);
        },
        args: { service: { port: 80, retries: { attempts: 3, perTryTimeout: "1s", retryOn: ["5xx"] } } },
        refused: "service.retries.retryOn[0]",
    },
    {
        name: "template-without-range",
        title: "a metric of one's own without a threshold: every value above 0 fails",
        analysis: { ...steps, metrics: [{ name: "small", interval: "1m", ...noMetric("small") }] },
        objects: [template("small", "vector(0.01)")],
        saw: (history) => {
            history.ended("Failed");
            history.said(/advancement small 0\.01 > 0/);
        },
        args: { analysis: { ...with10s, steps, metrics: [{ name: "small", templateRef: { name: "small" } }] } },
        refused: "analysis.metrics[0]",
    },
    {
        name: "duration-without-range",
        title: "request-duration without a threshold: fails for 20 ms",
        analysis: { ...steps, metrics: [{ name: "request-duration", interval: "1m" }] },
        saw: (history) => {
            history.ended("Failed");
            history.said(/advancement request duration \d+.*s > 0s/);
        },
        args: { analysis: { ...with10s, steps, metrics: [{ name: "request-duration" }] } },
        refused: "analysis.metrics[0].max",
    },
    {
        name: "success-without-range",
        title: "request-success-rate without a threshold: promotes a version of which half the answers fail",
        analysis: { ...steps, metrics: [{ name: "request-success-rate", interval: "1m" }] },
        saw: (history) => history.ended("Succeeded"),
        args: { analysis: { ...with10s, steps, metrics: [{ name: "request-success-rate" }] } },
        refused: "analysis.metrics[0].min",
    },
    {
        name: "no-metrics",
        title: "no metrics: promotes a version of which half the answers fail",
        analysis: { ...steps, metrics: [] },
        saw: (history) => history.ended("Succeeded"),
        args: { analysis: { ...with10s, steps, metrics: [] } },
        refused: "analysis.metrics",
    },
    {
        name: "unknown-metric",
        title: "a metric that nobody defines: every check fails",
        analysis: { ...steps, metrics: [{ name: "request-sucess-rate", interval: "1m", thresholdRange: { min: 99 } }] },
        saw: (history) => {
            history.ended("Failed");
            history.said(/no usable metrics template and query were configured/);
        },
        args: { analysis: { ...with10s, steps, metrics: [{ name: "request-sucess-rate", min: 99 }] } },
        refused: "analysis.metrics[0].name",
    },
    {
        name: "unset-variable",
        title: "a variable of a query that is not given: every check fails",
        analysis: {
            ...steps,
            metrics: [
                { name: "share", interval: "1m", thresholdRange: { max: 1 }, query: "vector({{ variables.share }})" },
            ],
        },
        saw: (history) => history.ended("Failed"),
        args: {
            analysis: {
                ...with10s,
                steps,
                metrics: [{ name: "share", max: 1, query: "vector({{ variables.share }})" }],
            },
        },
        refused: "analysis.metrics[0].query",
    },
    {
        name: "one-cookie",
        title: "one cookie for both versions: Flagger refuses the Canary in its log and never looks at it",
        analysis: { ...steps, sessionAffinity: { cookieName: "version", primaryCookieName: "version" } },
        saw: (history) => assert.deepEqual(history.phases, [""], "phases"),
        args: {
            analysis: {
                ...with10s,
                steps,
                sessionAffinity: { cookieName: "version", primaryCookieName: "version" },
            },
        },
        refused: "analysis.sessionAffinity",
    },
    {
        name: "service-target",
        title: "a Service as the target on App Mesh: is never initialised",
        analysis: steps,
        spec: { targetRef: { apiVersion: "v1", kind: "Service", name: "service-target" } },
        objects: [
            {
                apiVersion: "v1",
                kind: "Service",
                metadata: { name: "service-target", namespace },
                spec: { selector: { app: "service-target" }, ports: [{ port: 80 }] },
            } as KubernetesObject,
        ],
        saw: (history) => history.neverInitialised(),
        args: { workload: undefined, target: { name: "service-target", kind: "Service" }, service: { port: 80 } },
        refused: "target.kind",
    },
    {
        name: "nobody-ready",
        title: "canaryReadyThreshold 0: promotes a version of which no pod is ready",
        analysis: { ...steps, canaryReadyThreshold: 0 },
        version: nowhere,
        saw: (history) => history.said(/^Copying nobody-ready\.traps template spec to nobody-ready-primary\.traps$/),
        args: { analysis: { ...with10s, steps, canaryReadyThreshold: 0 } },
        refused: "analysis.canaryReadyThreshold",
    },
    {
        name: "ignored-fields",
        title: "rewrite, headers, cors, a second match: App Mesh's routes have nothing of them",
        analysis: steps,
        spec: {
            service: {
                port: 80,
                match: [{ uri: { prefix: "/a" } }, { uri: { prefix: "/b" } }],
                rewrite: { uri: "/" },
                headers: { request: { add: { "x-a": "1" } } },
                corsPolicy: { allowMethods: ["GET"] },
            },
        },
        saw: async (_, bench) => {
            const { routes } = await router(bench, "ignored-fields");
            assert.deepEqual(routes.length, 1, "routes");
            assert.deepEqual(Object.keys(routes[0]!.httpRoute!).sort(), ["action", "match"], "the route");
            assert.deepEqual(routes[0]!.httpRoute!.match, { prefix: "/a" }, "its match");
        },
        args: {
            service: {
                port: 80,
                match: [{ prefix: "/a" }, { prefix: "/b" }],
                rewrite: { uri: "/" },
                headers: { request: { add: { "x-a": "1" } } },
                cors: { allowMethods: ["GET"] },
            },
        },
        warned: /service\.rewrite: .*\n(.*\n)*.*service\.headers: .*\n(.*\n)*.*service\.cors: /,
    },
    {
        name: "grpc-port",
        title: "a port called grpc: App Mesh gets a gRPC listener with HTTP routes",
        analysis: steps,
        spec: { service: { port: 80, portName: "grpc" } },
        saw: async (_, bench) => {
            const { routes, listeners } = await router(bench, "grpc-port");
            assert.deepEqual(listeners[0]!.portMapping.protocol, "grpc", "the listener's protocol");
            assert.deepEqual(Object.keys(routes[0]!).sort(), ["httpRoute", "name"], "the route");
        },
        args: { service: { port: 80, portName: "grpc" } },
        warned: /service\.portName: /,
    },
    {
        name: "blue-green-unused",
        title: "a blue/green release that nobody uses: the metrics have no values, every check fails",
        analysis: {
            iterations: 2,
            metrics: [{ name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } }],
        },
        saw: (history) => {
            history.ended("Failed");
            history.said(/^Halt advancement no values found for .* metric request-success-rate/);
        },
        args: { analysis: { ...with10s, blueGreen: { iterations: 2 } }, loadTest: undefined },
        warned: /nobody uses the canary while it is checked/,
    },
    {
        name: "skipped-analysis",
        title: "skipAnalysis: promotes a version of which half the answers fail",
        analysis: {
            ...steps,
            metrics: [{ name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } }],
        },
        spec: { skipAnalysis: true },
        saw: (history) => history.ended("Succeeded"),
        args: { analysis: { ...with10s, steps }, skipAnalysis: true },
        warned: /skipAnalysis: whatever starts is promoted/,
    },
];
