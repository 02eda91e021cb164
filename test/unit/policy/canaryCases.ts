import { later } from "./unknown";
import { Case, canary, deployment, object, release, sound } from "./cases";

const flaggerWith = (values: object) => release("flagger", "flagger", { meshProvider: "istio", ...values });
const { metrics: _metrics, alerts: _alerts, ...bare } = sound;

export const canaryCases: Case[] = [
    {
        rule: "canary-metrics",
        title: "a bound for each metric, old names too",
        given: [
            canary("range", sound),
            canary("old", { ...sound, metrics: [{ name: "request-duration", threshold: 500, interval: "1m" }] }),
            canary("own", {
                ...sound,
                metrics: [
                    { name: "errors", templateRef: { name: "errors" }, thresholdRange: { max: 1 }, interval: "1m" },
                ],
            }),
        ],
        says: [],
    },
    {
        rule: "canary-metrics",
        title: "none, an unknown one, and one without a bound",
        given: [
            canary("none", { ...sound, metrics: undefined }),
            canary("unknown", { ...sound, metrics: [{ name: "errors", thresholdRange: { max: 1 }, interval: "1m" }] }),
            canary("boundless", { ...sound, metrics: [{ name: "request-success-rate", interval: "1m" }] }),
        ],
        says: [
            'none spec.analysis.metrics: nothing given, but it is needed: without metrics every version that starts is promoted. Name at least one: { name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }.',
            'unknown spec.analysis.metrics[0].name: "errors" is not a metric that Flagger brings, and nothing says how to measure it: every check would fail. Use request-success-rate or request-duration, or give one of query, template, templateRef, compare, burnRate, expression.',
            "boundless spec.analysis.metrics[0].min: nothing given, but it is needed: without it every success rate passes. Give a number of percent.",
        ],
    },
    {
        rule: "canary-metrics",
        title: "the metrics that the configuration asks for",
        given: [canary("app", sound)],
        config: { "canary-metrics": { required: ["request-success-rate", "request-duration"] } },
        says: [
            'app spec.analysis.metrics: ["request-success-rate"] has no request-duration, which the policy pack\'s configuration asks for. Add it.',
        ],
    },
    {
        rule: "canary-analysis",
        title: "steps, iterations, and what Kubernetes alone needs none of",
        given: [
            canary("steps", sound),
            canary("weights", { ...bare, stepWeight: undefined, maxWeight: undefined, stepWeights: [1, 5, 50] }),
            canary("blue-green", { interval: "30s", threshold: 5, iterations: 10 }),
            canary("kubernetes", { interval: "30s", threshold: 5 }, { provider: "kubernetes" }),
            canary("later", { ...bare, stepWeight: later, maxWeight: later }),
        ],
        says: [],
    },
    {
        rule: "canary-analysis",
        title: "weights that never grow, no strategy, two, none at all",
        given: [
            canary("still", { ...bare, stepWeight: 0 }),
            canary("back", { ...bare, stepWeight: undefined, maxWeight: undefined, stepWeights: [10, 10] }),
            canary("aimless", { interval: "30s", threshold: 5 }),
            canary("both", { ...bare, iterations: 3 }),
            canary("quick", { ...bare, interval: "5s", threshold: undefined }),
            canary("headless", { ...bare, match: [{ headers: { "x-canary": { exact: "insider" } } }] }),
            canary("nothing", undefined),
        ],
        says: [
            "still spec.analysis.stepWeight: 0 is not a whole number from 1 to 100 (percent; with 0 Flagger would never move on). Give a number in that range.",
            "back spec.analysis.stepWeights[1]: 10 is not greater than the weight before it, 10: Flagger would stay at it for good. Let every weight be greater than the last.",
            "aimless spec.analysis: {} has to say the weights in exactly one way. Keep stepWeight (with maxWeight) or stepWeights, not both and not neither.",
            "both spec.analysis.stepWeight: 10 is read over beside iterations: the canary gets no share of the traffic before it gets all. Keep one of the two.",
            'quick spec.analysis.interval: "5s" is shorter than Flagger\'s shortest interval, 10 seconds, which it would use without saying so. Give "10s" or more.',
            "quick spec.analysis.threshold: nothing given, but it is required. Give the number of failed checks that roll back.",
            "headless spec.analysis.iterations: nothing given, but it is needed beside match: without it Flagger runs no A/B test. Give the number of checks.",
            'nothing spec.analysis: nothing given, but it is needed: Flagger cannot judge a rollout without an analysis. Give at least { interval: "1m", threshold: 5, stepWeight: 10, maxWeight: 50 } and metrics.',
        ],
    },
    {
        rule: "canary-analysis",
        title: "the former name of the analysis",
        given: [canary("old", undefined, { canaryAnalysis: { ...bare, maxWeight: 200 } })],
        says: [
            "old spec.canaryAnalysis.maxWeight: 200 is not a whole number from 1 to 100 (percent). Give a number in that range.",
        ],
    },
    {
        rule: "canary-analysis-runs",
        title: "switches that are off",
        given: [canary("app", sound, { skipAnalysis: false })],
        says: [],
    },
    {
        rule: "canary-analysis-runs",
        title: "switches that are on",
        given: [canary("skipping", sound, { skipAnalysis: true }), canary("waiting", sound, { suspend: true })],
        says: [
            "skipping spec.skipAnalysis: true promotes every version unseen. Leave it out once the version that needed it is there.",
            "waiting spec.suspend: true leaves a new version in the pods that it finds, unanalysed, and stops every rollback. Leave it out. A gate (`gates` of CanaryApp) is what holds a rollout safely.",
        ],
    },
    { rule: "canary-alerts", title: "alerts of its own", given: [canary("app", sound)], says: [] },
    {
        rule: "canary-alerts",
        title: "alerts that Flagger was installed with",
        given: [canary("app", bare), flaggerWith({ env: [{ name: "SLACK_URL", valueFrom: { secretKeyRef: {} } }] })],
        says: [],
    },
    {
        rule: "canary-alerts",
        title: "alerts of another stack, where it is said that they are there",
        given: [canary("app", bare)],
        config: { "canary-alerts": { globalAlerts: true } },
        says: [],
    },
    {
        rule: "canary-alerts",
        title: "nobody told",
        given: [canary("app", { ...bare, alerts: [] }), flaggerWith({ slack: { url: "", channel: "releases" } })],
        says: [
            "app spec.analysis.alerts: [] is needed, for nothing here installs Flagger with alerts for all: a rollback would go unnoticed. Give an alert with a severity. With this library: `analysis.alerts`, or `addons.flagger.alerts` for all applications. If Flagger has them from another stack, set this rule's `globalAlerts`.",
        ],
    },
    {
        rule: "canary-alert-severity",
        title: "a severity and a provider, or no alert",
        given: [canary("app", sound), canary("none", bare)],
        says: [],
    },
    {
        rule: "canary-alert-severity",
        title: "no severity, a wrong one, and nowhere to go",
        given: [
            canary("silent", { ...bare, alerts: [{ name: "on-call", providerRef: { name: "slack" } }] }),
            canary("loud", { ...bare, alerts: [{ name: "on-call", severity: "fatal" }] }),
        ],
        says: [
            "silent spec.analysis.alerts[0].severity: nothing given, but it is required: Flagger sends nothing of an alert without one, whatever its documentation says of a default. Use one of info, warn, error.",
            'loud spec.analysis.alerts[0].severity: "fatal" is not a severity that Flagger knows: it would never alert. Use one of info, warn, error.',
            "loud spec.analysis.alerts[0].provider: nothing given, but it is one of two ways to say where the alert goes; exactly one has to be given. Give `provider` to have one made, or `providerRef` to name one that exists.",
        ],
    },
];

const namespace = (name: string, metadata: object, provider = "") =>
    object("Namespace", name, { metadata: { name, ...metadata } }, provider);
const target = { targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "app" } };
const toService = { provider: "gatewayapi:v1", service: { gatewayRefs: [{ kind: "Service", name: "app" }] } };
const appMeshLabels = { mesh: "dev", "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled" };

export const namespaceCases: Case[] = [
    {
        rule: "mesh-namespaces",
        title: "each mesh by its own mark, and no mark where there is no mesh",
        given: [
            canary("istio", sound, {}, "a"),
            namespace("a", { labels: { "istio-injection": "enabled" } }),
            canary("revision", sound, {}, "b"),
            namespace("b", { labels: { "istio.io/rev": "1-27" } }),
            canary("appmesh", sound, { provider: "appmesh:v1beta2" }, "c"),
            namespace("c", { labels: appMeshLabels }),
            canary("linkerd", sound, { provider: "linkerd" }, "d"),
            namespace("d", { annotations: { "linkerd.io/inject": "enabled" } }),
            canary("kubernetes", sound, { provider: "kubernetes" }, "e"),
            namespace("e", {}),
            canary(
                "gateway",
                sound,
                { provider: "gatewayapi:v1", service: { gatewayRefs: [{ name: "public" }] } },
                "f",
            ),
            namespace("f", {}),
            canary("elsewhere", sound, {}, "not-of-this-stack"),
        ],
        says: [],
    },
    {
        rule: "mesh-namespaces",
        title: "a pod that joins by itself",
        given: [
            canary("app", sound, target),
            namespace("apps", {}),
            deployment("app", [], {}, { labels: { "sidecar.istio.io/inject": "true" } }),
        ],
        says: [],
    },
    {
        rule: "mesh-namespaces",
        title: "another cluster's namespace of the same name",
        given: [
            { ...canary("app", sound), provider: "west" },
            namespace("apps", {}, "east"),
            namespace("apps", { labels: { "istio-injection": "enabled" } }, "west"),
        ],
        says: [],
    },
    {
        rule: "mesh-namespaces",
        title: "labels that are known later",
        given: [canary("app", sound), namespace("apps", { labels: later })],
        says: [],
    },
    {
        rule: "mesh-namespaces",
        title: "a mark that is missing, or another mesh's",
        given: [
            canary("istio", sound, {}, "a"),
            namespace("a", {}),
            canary("appmesh", sound, { provider: "appmesh:v1beta2" }, "b"),
            namespace("b", { labels: { mesh: "dev" } }),
            canary("linkerd", sound, toService, "c"),
            namespace("c", { labels: appMeshLabels }),
            canary("of-flagger", sound, { provider: undefined }, "d"),
            namespace("d", {}),
            flaggerWith({ meshProvider: "linkerd" }),
        ],
        says: [
            "a metadata: {} does not let its pods join Istio, which the Canary istio in it is for: Flagger would shift traffic that no proxy routes. Give it the label istio-injection=enabled.",
            'b metadata: {"mesh":"dev"} does not let its pods join App Mesh, which the Canary appmesh in it is for: Flagger would shift traffic that no proxy routes. Give it the label mesh and the label appmesh.k8s.aws/sidecarInjectorWebhook=enabled.',
            "c metadata: {} does not let its pods join Linkerd or Istio, which the Canary linkerd in it is for: Flagger would shift traffic that no proxy routes. Give it the annotation linkerd.io/inject=enabled or the label istio-injection=enabled.",
            "d metadata: {} does not let its pods join Linkerd, which the Canary of-flagger in it is for: Flagger would shift traffic that no proxy routes. Give it the annotation linkerd.io/inject=enabled.",
        ],
    },
];
