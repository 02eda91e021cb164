import assert from "node:assert/strict";

import { AddonsArgs, ProgressiveMeshCluster } from "../../index";
import { Chart, charts } from "../../components/charts";
import { checkAddon } from "../../components/chartRelease";
import * as pulumi from "@pulumi/pulumi";
import { at, Graph, graph } from "./graph";
import { linesOf } from "./problems";

const eksCharts = "https://aws.github.io/eks-charts";

/** The add-ons of a platform on App Mesh, whose chart has its definitions in itself. */
type Addon = Exclude<keyof AddonsArgs, "meshDefinitions">;

/** Each add-on with its release: chart, version, repository, namespace. */
const releases: Record<Addon, [release: string, ...where: string[]]> = {
    meshController: ["appmesh-controller", "appmesh-controller", "1.13.3", eksCharts, "appmesh-system"],
    prometheus: ["appmesh-prometheus", "appmesh-prometheus", "1.0.3", eksCharts, "appmesh-system"],
    gateway: ["appmesh-gateway", "appmesh-gateway", "0.1.5", eksCharts, "appmesh-gateway"],
    flagger: ["flagger", "flagger", "1.44.0", "https://flagger.app", "flagger-system"],
    grafana: ["grafana", "grafana", "11.1.0", "https://grafana-community.github.io/helm-charts", "flagger-system"],
    metricsServer: [
        "metrics-server",
        "metrics-server",
        "3.13.0",
        "https://kubernetes-sigs.github.io/metrics-server",
        "kube-system",
    ],
};
const addonNames = Object.keys(releases) as Addon[];
const keyOf = (addon: Addon) => `Release dev-${releases[addon][0]}`;

const platform = (addons: AddonsArgs, mirror?: { chartRepository?: string; imageRegistry?: string }) =>
    graph(
        () =>
            new ProgressiveMeshCluster("dev", {
                mesh: { provider: "appmesh" },
                metricsServer: "http://metrics",
                addons,
                mirror,
            }),
    );

const flaggerValues = ({ node }: Graph<unknown>) => node("Release dev-flagger").props.values as Record<string, unknown>;

const whereabouts = ({ node }: Graph<unknown>, addon: Addon) => {
    const { chart, version, repositoryOpts, namespace } = node(keyOf(addon)).props;
    return [chart, version, (repositoryOpts as { repo: string }).repo, namespace] as string[];
};

describe("chartRelease", () => {
    it("installs each add-on at its place in the catalogue", async () => {
        const made = await platform({});
        for (const addon of addonNames) {
            assert.deepEqual(whereabouts(made, addon), releases[addon].slice(1), addon);
        }
    });

    it("names each release, and takes a failed first install away again", async () => {
        const { node } = await platform({});
        for (const addon of addonNames) {
            const { name, atomic, cleanupOnFail, skipAwait, timeout } = node(keyOf(addon)).props;
            assert.deepEqual(
                { name, atomic, cleanupOnFail, skipAwait, timeout },
                { name: releases[addon][0], atomic: true, cleanupOnFail: true, skipAwait: false, timeout: 600 },
            );
        }
    });

    it("leaves out what is switched off, and nothing else of the releases", async () => {
        for (const addon of addonNames.filter((a) => a !== "meshController")) {
            const { nodes } = await platform({ [addon]: { enabled: false } });
            assert.deepEqual(
                nodes.filter((n) => n.key.startsWith("Release ")).map((n) => n.key),
                addonNames
                    .filter((other) => other !== addon)
                    .map(keyOf)
                    .sort(),
                addon,
            );
        }
    });

    it("takes version, repository, chart and namespace from the user", async () => {
        const mine = { chart: "my-chart", version: "9.8.7", repository: "https://mine", namespace: "my-namespace" };
        for (const addon of addonNames) {
            const made = await platform({ [addon]: mine });
            assert.deepEqual(whereabouts(made, addon), ["my-chart", "9.8.7", "https://mine", "my-namespace"], addon);
            assert.ok(made.before(keyOf(addon)).has("Namespace dev-my-namespace"), addon);
        }
    });

    it("lets the user's values win, key by key", async () => {
        const made = await platform({
            flagger: { values: { clusterName: "mine", slack: { channel: "releases" } } },
        });
        assert.deepEqual(flaggerValues(made), {
            clusterName: "mine",
            kubeconfigQPS: 500,
            kubeconfigBurst: 1000,
            meshProvider: "appmesh:v1beta2",
            metricsServer: "http://metrics",
            securityContext: at(flaggerValues(made), "securityContext"),
            slack: { channel: "releases" },
        });
    });

    it("takes every chart and every image from a mirror", async () => {
        const made = await platform({}, { chartRepository: "http://charts", imageRegistry: "registry:5000/m" });
        const images = Object.fromEntries(
            addonNames.map((addon) => {
                const { image, sidecar, init, xray, global } = made.node(keyOf(addon)).props.values as Record<
                    string,
                    unknown
                >;
                assert.equal(whereabouts(made, addon)[2], "http://charts", addon);
                // Through JSON, which drops what a chart does not have.
                return [addon, JSON.parse(JSON.stringify({ image, sidecar, init, xray, global })) as unknown];
            }),
        );
        assert.deepEqual(images, {
            meshController: {
                image: { repository: "registry:5000/m/amazon/appmesh-controller" },
                sidecar: {
                    image: { repository: "registry:5000/m/aws-appmesh-envoy" },
                    lifecycleHooks: { preStopDelay: 1 },
                },
                init: { image: { repository: "registry:5000/m/aws-appmesh-proxy-route-manager" } },
                xray: { image: { repository: "registry:5000/m/xray/aws-xray-daemon" } },
            },
            prometheus: { image: { repository: "registry:5000/m/prom/prometheus" } },
            gateway: { image: { repository: "registry:5000/m/aws-appmesh-envoy" } },
            flagger: { image: { repository: "registry:5000/m/fluxcd/flagger" } },
            grafana: { global: { imageRegistry: "registry:5000/m" } },
            metricsServer: { image: { repository: "registry:5000/m/metrics-server/metrics-server" } },
        });
    });

    it("prefers an add-on's own repository and image to the mirror's", async () => {
        const made = await platform(
            { flagger: { repository: "https://mine", values: { image: { repository: "my/flagger", tag: "1" } } } },
            { chartRepository: "http://charts", imageRegistry: "registry" },
        );
        assert.equal(whereabouts(made, "flagger")[2], "https://mine");
        assert.deepEqual(at(made.node("Release dev-flagger").props, "values", "image"), {
            repository: "my/flagger",
            tag: "1",
        });
    });

    describe("pods", () => {
        const pods = {
            replicas: 2,
            resources: { requests: { cpu: "50m" }, limits: { memory: "1Gi" } },
            nodeSelector: { pool: "platform" },
            tolerations: [{ key: "dedicated", value: "platform", effect: "NoSchedule" }],
        };
        const { replicas, ...placement } = pods;

        it("are asked for in each chart's own words", async () => {
            const made = await platform({
                ...Object.fromEntries(addonNames.map((addon) => [addon, pods])),
                flagger: { ...pods, priorityClassName: "high" },
                grafana: { ...pods, priorityClassName: "high" },
                metricsServer: { ...pods, priorityClassName: "high" },
            });
            const asked: Record<Addon, object> = {
                meshController: { replicaCount: replicas },
                prometheus: { replicaCount: replicas },
                gateway: {},
                flagger: {
                    leaderElection: { enabled: true, replicaCount: replicas },
                    podPriorityClassName: "high",
                },
                grafana: { replicas, priorityClassName: "high" },
                metricsServer: { replicas, priorityClassName: "high" },
            };
            const before = await platform({});
            for (const addon of addonNames) {
                assert.deepEqual(
                    made.node(keyOf(addon)).props.values,
                    { ...(before.node(keyOf(addon)).props.values as object), ...placement, ...asked[addon] },
                    addon,
                );
            }
        });

        it("have the user's values before what is asked for", async () => {
            const made = await platform({ flagger: { replicas: 2, values: { leaderElection: { replicaCount: 3 } } } });
            assert.deepEqual(flaggerValues(made).leaderElection, { enabled: true, replicaCount: 3 });
        });

        it("are held by an autoscaler where the chart leaves their number open, and only there", async () => {
            const made = await platform(Object.fromEntries(addonNames.map((addon) => [addon, { replicas: 3 }])));
            const autoscalers = made.nodes.filter((n) => n.type.endsWith(":HorizontalPodAutoscaler"));
            assert.deepEqual(
                autoscalers.map(({ key, provider, dependsOn, props }) => ({
                    key,
                    provider,
                    dependsOn,
                    metadata: props.metadata,
                    spec: props.spec,
                })),
                [
                    {
                        key: "HorizontalPodAutoscaler dev-appmesh-gateway-replicas",
                        provider: "Provider dev",
                        dependsOn: ["Release dev-appmesh-gateway"],
                        metadata: { name: "appmesh-gateway", namespace: "appmesh-gateway" },
                        spec: {
                            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "appmesh-gateway" },
                            minReplicas: 3,
                            maxReplicas: 3,
                        },
                    },
                ],
            );
        });

        it("have a disruption budget of the library's own, whatever the chart", async () => {
            const made = await platform(
                Object.fromEntries(addonNames.map((addon) => [addon, { disruptionBudget: { maxUnavailable: "1" } }])),
            );
            const budgets = made.nodes.filter((n) => n.type.endsWith(":PodDisruptionBudget"));
            assert.deepEqual(
                budgets.map(({ name, provider, dependsOn, props }) => [
                    name,
                    provider,
                    dependsOn,
                    props.metadata,
                    props.spec,
                ]),
                addonNames
                    .map((addon) => releases[addon])
                    .sort(([a], [b]) => (a < b ? -1 : 1))
                    .map(([release, chart, , , namespace]) => [
                        `dev-${release}-disruption-budget`,
                        "Provider dev",
                        [`Release dev-${release}`],
                        { name: `${release}-disruption-budget`, namespace },
                        { maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": chart } } },
                    ]),
            );
        });

        it("are warned about where more of them, or a budget, do harm", async () => {
            const { messages } = await platform({
                grafana: { replicas: 2 },
                metricsServer: { disruptionBudget: { minAvailable: "1" } },
                prometheus: { enabled: false, replicas: 2 },
            });
            assert.deepEqual(
                messages.map(({ severity, text }) => [severity, text.split(":")[0]]),
                [
                    ["warning", "AWS App Mesh ended on 2026-09-30"],
                    ["warning", "addons.grafana.replicas"],
                    ["warning", "addons.metricsServer.disruptionBudget"],
                    ["warning", "eks.endpoint"],
                ],
            );
        });
    });

    describe("the source of a chart", () => {
        const digest = `sha256:${"0".repeat(64)}`;
        const sourceOf = async (addon: object, mirror?: { chartRepository: string }) => {
            const made = await platform({ flagger: addon }, mirror);
            const { chart, version, repositoryOpts, verify, keyring } = made.node("Release dev-flagger").props;
            return { chart, version, repositoryOpts, verify, keyring };
        };
        const plain = { version: "1.44.0", repositoryOpts: undefined, verify: undefined, keyring: undefined };

        it("is an address in an OCI registry, a mirror's too", async () => {
            const repository = "oci://ghcr.io/fluxcd/charts";
            const expected = { ...plain, chart: "oci://ghcr.io/fluxcd/charts/flagger" };
            assert.deepEqual(await sourceOf({ repository }), expected);
            assert.deepEqual(await sourceOf({}, { chartRepository: `${repository}/` }), expected);
            assert.deepEqual(await sourceOf({ chart: `${repository}/flagger` }), expected);
        });

        it("can be one digest", async () => {
            const repository = "oci://ghcr.io/fluxcd/charts";
            assert.deepEqual(await sourceOf({ repository, chartDigest: digest }), {
                ...plain,
                chart: `oci://ghcr.io/fluxcd/charts/flagger@${digest}`,
            });
        });

        it("is held against those who may sign it", async () => {
            const { verify, keyring, chart } = await sourceOf({ keyring: "keys/flagger.gpg" });
            assert.deepEqual([verify, keyring, chart], [true, "keys/flagger.gpg", "flagger"]);
        });
    });

    describe("checkAddon", () => {
        const check = (addon: unknown, chart: Chart = charts.flagger) =>
            linesOf((problems) => checkAddon(problems, "a", addon as never, { chart }));

        it("accepts the catalogue, and versions in the forms that charts have", () => {
            for (const version of [...Object.values(charts).map((c) => c.version), "v1.2.3", "1.2.3-rc.1", "1.2.3+b"]) {
                assert.deepEqual(check({ enabled: true, version, namespace: "n" }), [], version);
            }
            assert.deepEqual(check(undefined), []);
        });

        it("refuses what the chart cannot do, and says which chart", () => {
            assert.deepEqual(check({ priorityClassName: "high" }, charts.appmeshGateway), [
                'a.priorityClassName: "high" is asked for, and the values of the chart appmesh-gateway have nothing for it. ' +
                    "Leave it out, or name a chart of your own that has it, with `a.chart` and `a.values`.",
            ]);
            assert.deepEqual(check({ replicas: 2 }, charts.appmeshGateway), []);
            for (const key of ["upgradeDefinitions", "deleteDefinitions"]) {
                assert.deepEqual(check({ [key]: true }, charts.grafana), [
                    `a.${key}: true is of no use: the chart grafana brings no CustomResourceDefinitions that Helm leaves alone. ` +
                        "Leave it out.",
                ]);
                assert.deepEqual(check({ [key]: true }), []);
            }
        });

        it("refuses to delete definitions that are Helm's", () => {
            assert.deepEqual(check({ upgradeDefinitions: false, deleteDefinitions: true }), [
                "a.deleteDefinitions: true cannot be done: with `upgradeDefinitions: false` the definitions are Helm's, which " +
                    "never deletes them. Leave one of the two out.",
            ]);
        });

        it("refuses a digest that is none, or that nothing is held against", () => {
            const digest = `sha256:${"a".repeat(64)}`;
            assert.deepEqual(check({ chartDigest: digest }), [
                `a.chartDigest: "${digest}" cannot be held against a chart that comes from no OCI registry: Helm takes what the ` +
                    "repository sends. Name an `oci://` repository as `a.repository`, or check who signed the chart with " +
                    "`a.keyring`.",
            ]);
            assert.deepEqual(check({ chartDigest: "sha256:abc", repository: "oci://r/charts" }), [
                'a.chartDigest: "sha256:abc" is not a digest. Write it as `helm pull` prints it: "sha256:" and 64 digits of ' +
                    "hexadecimal.",
            ]);
            assert.deepEqual(check({ chartDigest: digest, repository: "oci://r/charts" }), []);
        });

        it("refuses what is known only at deployment, for each option that decides what is built", () => {
            for (const key of ["enabled", "version", "repository", "chart", "chartDigest", "keyring", "replicas"]) {
                assert.deepEqual(check({ [key]: pulumi.output("1.2.3") }), [
                    `a.${key}: a value that is known only at deployment decides which resources exist, so it has to be known ` +
                        "when the program runs. Give a plain value, for example from config.",
                ]);
            }
            assert.deepEqual(check({ enabled: Promise.resolve(true) }).length, 1);
        });

        it("refuses a namespace that Kubernetes would", () => {
            assert.deepEqual(check({ namespace: "My_Namespace" }), [
                'a.namespace: "My_Namespace" is not a Kubernetes name of at most 63 characters. ' +
                    "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
            ]);
        });
    });
});
