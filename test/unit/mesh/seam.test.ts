import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import {
    CanaryApp,
    CanaryAppArgs,
    PlatformConnection,
    ProgressiveMeshCluster,
    ProgressiveMeshClusterArgs,
} from "../../../index";
import { charts } from "../../../components/charts";
import { chartRelease } from "../../../components/chartRelease";
import { appMesh } from "../../../components/mesh/appMesh";
import { kubernetes } from "../../../components/mesh/kubernetes";
import { linkerd } from "../../../components/mesh/linkerd/linkerd";
import { Mesh } from "../../../components/mesh/mesh";
import { meshes } from "../../../components/mesh/meshes";
import { withBuiltinQueries } from "../../../components/delivery/builtinMetrics";
import { chartsOf, meshesOf, ownPrometheus, scrapeJobsOf } from "../../../components/platformMeshes";
import { leftMesh, onMesh } from "../../../components/platformCheck";
import { meshMatrix } from "../../../scripts/meshMatrix";
import { at, graph, kubeconfig, plain, valueOf } from "../graph";
import { refusal } from "../problems";

/** A mesh as its one file would have it: all that the seam asks, and nothing of any other. */
const toyMesh: Mesh = {
    title: "the toy mesh",
    flaggerProvider: "toy:v1",
    warning: "The toy mesh is a toy.",
    // The chart is any; what counts is that the mesh brings it.
    charts: { meshController: charts.metricsServer },
    reads: ["name"],
    capabilities: {
        ...kubernetes.capabilities,
        strategies: ["steps", "blueGreen"],
        appMetrics: false,
        ignored: { timeout: "toys take their time" },
        refused: { rewrite: "toys are read as written" },
    },
    queries: kubernetes.queries,
    builtinQueries: { "request-success-rate": "toy_good{}", "request-duration": "toy_slow{}" },
    ownPrometheus: false,
    scrapeJobs: { toys: { metrics_path: "/toys" } },
    needsIdentity: false,
    accounts: () => [],
    checkPlatform: (problems, args, _addons, { mesh }) => {
        problems.require(args.name !== "bad", { path: `${mesh}.name`, value: "bad", rule: "is bad", fix: "Be good." });
    },
    install({ name, args, addons, cluster, namespaces, parent }) {
        const controller = chartRelease(
            `${name}-toy`,
            { chart: charts.metricsServer, releaseName: "toy", namespace: "toys", addon: addons.meshController },
            { parent, provider: cluster.provider, dependsOn: namespaces.require("toys") },
        );
        return {
            connection: { provider: "toy", name: args.name },
            namespaceMembership: { labels: { toy: "in" } },
            gateway: { address: "toys.example" },
            required: [controller],
            ready: pulumi.output(true),
        };
    },
    namespaceMembership: () => ({ labels: { toy: "in" } }),
    podMembership: { labels: { "toy-pod": "in" }, annotations: { toy: "in" } },
    podAbsence: { labels: { "toy-pod": "out" } },
    prepareNamespace: () => [],
    admit: () => ({ "toy/identity": "bear" }),
    loadTesterValues: (services) => ({ toys: services }),
    canaryService: ({ name }, service, path) => ({ ...service, hosts: [`${name}${path ?? ""}.toys`] }),
};

const platformOf = (args: Partial<ProgressiveMeshClusterArgs>) =>
    new ProgressiveMeshCluster("dev", { mesh: { provider: "toy" }, existing: { kubeconfig }, ...args });

const metricsServer = "http://prometheus-server.flagger-system";
const both: PlatformConnection = {
    kubeconfig,
    mesh: { provider: "linkerd" },
    metricsServer,
    gateway: { address: "first.example" },
    secondMesh: { mesh: { provider: "toy" }, gateway: { address: "second.example" } },
};

const args = (more: Partial<CanaryAppArgs> = {}): CanaryAppArgs => ({
    platform: both,
    namespace: "apps",
    workload: { image: "a/b:1", port: 80 },
    analysis: { interval: "30s", threshold: 3, steps: { stepWeight: 10, maxWeight: 50 } },
    loadTester: { enabled: false },
    ...more,
});
const app = (more: Partial<CanaryAppArgs> = {}) => graph(() => new CanaryApp("podinfo", args(more)));

describe("the seam", () => {
    // The one line of the registry, for as long as these tests run.
    const registry = meshes as Record<string, Mesh>;
    before(() => {
        registry.toy = toyMesh;
    });
    after(() => {
        delete registry.toy;
    });

    describe("with a mesh that the library does not know", () => {
        it("builds a platform on it", async () => {
            const {
                nodes,
                node,
                messages,
                result,
                before: first,
            } = await graph(() => platformOf({ mesh: { provider: "toy", name: "box" } }));
            assert.deepEqual(
                nodes.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release").map(({ name }) => name),
                ["dev-flagger", "dev-grafana", "dev-prometheus", "dev-toy"],
            );
            assert.deepEqual(
                messages.map(({ text }) => text),
                ["The toy mesh is a toy."],
            );
            assert.equal(at(node("Release dev-flagger").props, "values", "meshProvider"), "toy:v1");
            assert.deepEqual(at(node("Release dev-prometheus").props, "values", "scrapeConfigs", "toys"), {
                metrics_path: "/toys",
            });
            assert.ok(first("Release dev-toy").has("Namespace dev-toys"));
            assert.deepEqual(await valueOf(result.connection.mesh), { provider: "toy", name: "box" });
            assert.equal(await valueOf(result.gatewayAddress), "toys.example");
        });

        it("builds an application on it", async () => {
            const platform: PlatformConnection = {
                kubeconfig,
                mesh: { provider: "toy" },
                metricsServer,
                gateway: { address: "toys.example" },
            };
            const { node, result } = await app({ platform, gateway: { path: "/a" }, loadTester: {} });
            assert.deepEqual(at(node("Namespace podinfo-apps").props, "metadata", "labels"), { toy: "in" });
            const pod = at(node("Deployment podinfo").props, "spec", "template", "metadata");
            assert.deepEqual(at(pod, "labels"), { app: "podinfo", "toy-pod": "in" });
            assert.equal(at(pod, "annotations", "toy"), "in");
            assert.deepEqual(at(node("ServiceAccount podinfo").props, "metadata", "annotations"), {
                "toy/identity": "bear",
            });
            assert.deepEqual(at(node("Release podinfo-loadtester").props, "values", "toys"), [
                "podinfo",
                "podinfo-canary",
            ]);
            const canary = plain(node("Canary podinfo").props) as object;
            assert.equal(at(canary, "spec", "provider"), "toy:v1");
            assert.deepEqual(at(canary, "spec", "service", "hosts"), ["podinfo/a.toys"]);
            assert.equal(
                at(plain(node("MetricTemplate podinfo-metric-mesh-request-duration").props), "spec", "query"),
                "toy_slow{}",
            );
            assert.equal(await valueOf(result.url), "http://toys.example/a");
        });

        it("holds applications against what it can do", async () => {
            const platform: PlatformConnection = { kubeconfig, mesh: { provider: "toy" }, metricsServer };
            const match = [{ headers: { a: { exact: "b" } } }];
            const lines = await refusal(
                () =>
                    new CanaryApp(
                        "podinfo",
                        args({
                            platform,
                            service: { rewrite: { uri: "/" } },
                            analysis: { interval: "30s", threshold: 3, abTest: { iterations: 2, match } },
                        }),
                    ),
            );
            assert.deepEqual(
                lines.map((line) => line.replace(/: .* (is|cannot) /, ": $1 ")),
                [
                    "service.rewrite: cannot be had on the toy mesh: toys are read as written. Leave it out.",
                    "analysis.abTest: is more than the toy mesh can do. Use steps or blueGreen, or choose a mesh that can.",
                ],
            );
            const { messages } = await app({ platform, service: { timeout: "5s" } });
            assert.ok(
                messages.some(({ text }) => text === "service.timeout: ignored on the toy mesh: toys take their time."),
            );
        });

        it("is told of in the table, and named where a mesh has to be", async () => {
            assert.match(meshMatrix(meshes).split("\n")[2]!, /\| the toy mesh /);
            const [line] = await refusal(() => platformOf({ mesh: { provider: "tin" } }));
            assert.match(line!, /^mesh\.provider: "tin" is not a mesh that this version knows\. Use one of .*, toy\.$/);
        });
    });

    describe("with two meshes on a platform", () => {
        it("installs both, with what is for both once", async () => {
            const { nodes, node, result } = await graph(() =>
                platformOf({
                    mesh: { provider: "linkerd" },
                    secondMesh: { provider: "toy", name: "box", addons: { meshController: { replicas: 2 } } },
                }),
            );
            assert.deepEqual(
                nodes.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release").map(({ name }) => name),
                [
                    "dev-flagger",
                    "dev-grafana",
                    "dev-linkerd-control-plane",
                    "dev-linkerd-crds",
                    "dev-prometheus",
                    "dev-toy",
                ],
            );
            // Whose own provider an application's Canary names.
            assert.equal(at(node("Release dev-flagger").props, "values", "meshProvider"), "gatewayapi:v1beta1");
            assert.equal(at(node("Release dev-toy").props, "values", "replicas"), 2);
            const jobs = at(node("Release dev-prometheus").props, "values", "scrapeConfigs") as object;
            assert.ok("toys" in jobs && "linkerd-proxy" in jobs);
            assert.deepEqual(Object.keys(node("ConfigMap dev-grafana-dashboards").props.data as object).sort(), [
                "canary-second-mesh.json",
                "canary.json",
                "fleet-second-mesh.json",
                "fleet.json",
            ]);
            assert.deepEqual(await valueOf(result.connection.secondMesh), {
                mesh: { provider: "toy", name: "box" },
                gateway: { address: "toys.example" },
            });
            assert.equal(result.connection.gateway, undefined);
        });

        it("lets applications wait for both", async () => {
            const { before: first } = await graph(() => {
                const platform = platformOf({ mesh: { provider: "linkerd" }, secondMesh: { provider: "toy" } });
                return new CanaryApp("podinfo", args({ platform: platform.connection }));
            });
            const earlier = first("Canary podinfo");
            assert.ok(earlier.has("Release dev-toy") && earlier.has("Release dev-linkerd-control-plane"));
        });

        it("refuses two of a kind, and a mesh that nobody knows", async () => {
            const lines = (secondMesh: unknown) => refusal(() => platformOf({ secondMesh } as never));
            assert.deepEqual(await lines({ provider: "toy" }), [
                'secondMesh.provider: "toy" is the platform\'s first mesh too: two of a kind would make the same objects. ' +
                    "Name another mesh, or leave the second one out.",
            ]);
            const known = Object.keys(meshes).join(", ");
            assert.deepEqual(await lines({ provider: "tin" }), [
                `secondMesh.provider: "tin" is not a mesh that this version knows. Use one of ${known}.`,
            ]);
            assert.deepEqual(await lines({}), [
                `secondMesh.provider: nothing given, but it is required. Use one of ${known}.`,
            ]);
            assert.deepEqual(await lines("linkerd"), [
                'secondMesh: "a string" is not an object. Write it like { provider: "istio" }.',
            ]);
        });

        it("refuses, by its path, what either of them does not have or read", async () => {
            const lines = await refusal(() =>
                platformOf({
                    mesh: { provider: "toy", name: "bad", allowEgress: true },
                    addons: { meshDefinitions: {}, gateway: { enabled: false } },
                    secondMesh: { provider: "kubernetes", name: "n", addons: { meshController: {}, gateway: {} } },
                }),
            );
            assert.deepEqual(lines, [
                "mesh.allowEgress: true is nothing that the toy mesh reads. Leave it out, or choose the mesh that has it.",
                'mesh.name: "bad" is bad. Be good.',
                'secondMesh.name: "n" is nothing that plain Kubernetes reads. Leave it out, or choose the mesh that has it.',
                "addons.meshDefinitions: [] is nothing that the toy mesh has. Leave it out.",
                "secondMesh.addons.meshController: [] is nothing that plain Kubernetes has. Leave it out.",
                "secondMesh.addons.gateway: [] is nothing that plain Kubernetes has. Leave it out.",
            ]);
        });
    });

    describe("with an application on one of two meshes", () => {
        const podOf = ({ node }: Awaited<ReturnType<typeof app>>) =>
            at(node("Deployment podinfo").props, "spec", "template", "metadata");

        it("joins the first by its namespace, and the second by its pods, which stay out of the first", async () => {
            const first = await app();
            assert.deepEqual(at(podOf(first), "labels"), { app: "podinfo" });
            assert.equal(at(podOf(first), "annotations", "linkerd.io/inject"), "enabled");
            assert.deepEqual(at(first.node("Namespace podinfo-apps").props, "metadata"), {
                name: "apps",
                annotations: { "linkerd.io/inject": "enabled" },
            });

            const second = await app({ mesh: "toy" });
            assert.deepEqual(at(podOf(second), "labels"), { app: "podinfo", "toy-pod": "in" });
            assert.equal(at(podOf(second), "annotations", "linkerd.io/inject"), "disabled");
            assert.equal(at(podOf(second), "annotations", "toy"), "in");
            // Others of the namespace may still be on the first mesh.
            assert.deepEqual(at(second.node("Namespace podinfo-apps").props, "metadata"), {
                name: "apps",
                annotations: { "linkerd.io/inject": "enabled" },
            });
        });

        it("gets the provider and the gateway of its own", async () => {
            const provider = async (mesh?: string) =>
                at(plain((await app({ mesh })).node("Canary podinfo").props), "spec", "provider");
            assert.equal(await provider(), "gatewayapi:v1beta1");
            assert.equal(await provider("linkerd"), "gatewayapi:v1beta1");
            assert.equal(await provider("toy"), "toy:v1");
            const { result } = await app({ mesh: "toy", gateway: { path: "/" } });
            assert.equal(await valueOf(result.url), "http://second.example/");
        });

        it("cannot ask for a mesh that the platform does not have, nor for its gateway", async () => {
            assert.deepEqual(await refusal(() => new CanaryApp("podinfo", args({ mesh: "appmesh" }))), [
                'mesh: "appmesh" is no mesh of the platform. Use one of linkerd, toy, or leave it out to be on the platform\'s ' +
                    "first mesh.",
            ]);
            const platform = { ...both, secondMesh: { mesh: { provider: "toy" } } };
            const [line, ...more] = await refusal(
                () => new CanaryApp("podinfo", args({ platform, mesh: "toy", gateway: { path: "/" } })),
            );
            assert.match(line!, /^gateway: .* asks for a place at a gateway that the platform does not have\./);
            assert.deepEqual(more, []);
            const unknown = { ...both, secondMesh: { mesh: { provider: "tin" } } };
            const [problem] = await refusal(() => new CanaryApp("podinfo", args({ platform: unknown, mesh: "tin" })));
            assert.match(
                problem!,
                /^platform\.secondMesh\.mesh\.provider: "tin" is not a mesh that this version knows/,
            );
        });
    });

    describe("by its parts", () => {
        it("shows an application the platform as if it had one mesh", () => {
            const { secondMesh, ...first } = both;
            const { gateway: _, ...shared } = first;
            assert.deepEqual(onMesh(both, undefined), first);
            assert.deepEqual(onMesh(both, "linkerd"), first);
            assert.deepEqual(onMesh(both, "toy"), { ...shared, ...secondMesh });
            const without = { ...both, secondMesh: { mesh: { provider: "toy" } } };
            assert.deepEqual(onMesh(without, "toy"), { ...shared, mesh: { provider: "toy" } });
        });

        it("knows which mesh an application may have left: the first, by asking for the second", () => {
            assert.equal(leftMesh(both, undefined), undefined);
            assert.equal(leftMesh(both, both.mesh.provider), undefined);
            assert.equal(leftMesh(both, "toy"), linkerd);
            const unknown = { ...both, mesh: { provider: "tin" } };
            assert.equal(leftMesh(unknown, "toy"), undefined);
        });

        it("finds the charts of both meshes by the paths of their add-ons", () => {
            const found = meshesOf({ mesh: { provider: "appmesh" }, secondMesh: { provider: "linkerd" } });
            assert.deepEqual(chartsOf(found, {}), {
                "addons.meshController": charts.appmeshController,
                "addons.prometheus": charts.prometheus,
                "addons.gateway": charts.appmeshGateway,
                "secondMesh.addons.meshDefinitions": charts.linkerdCrds,
                "secondMesh.addons.meshController": charts.linkerdControlPlane,
                "addons.flagger": charts.flagger,
                "addons.grafana": charts.grafana,
                "addons.metricsServer": charts.metricsServer,
            });
            assert.equal(
                chartsOf(meshesOf({ mesh: { provider: "appmesh" } }), {})["addons.prometheus"],
                charts.appmeshPrometheus,
            );
        });

        it("leaves out a mesh that it does not know", () => {
            assert.deepEqual(
                meshesOf({ mesh: { provider: "tin" }, secondMesh: { provider: "toy" } }).map(({ mesh }) => mesh),
                [toyMesh],
            );
            assert.deepEqual(meshesOf({ mesh: "toy" as never }), []);
        });

        it("takes a mesh's own Prometheus where that mesh is alone", () => {
            const of = (...providers: string[]) =>
                ownPrometheus(
                    meshesOf({
                        mesh: { provider: providers[0]! },
                        ...(providers[1] !== undefined && { secondMesh: { provider: providers[1] } }),
                    }),
                );
            assert.deepEqual(of("appmesh"), { title: appMesh.title, ownPrometheus: true });
            assert.deepEqual(of("toy"), { title: "the toy mesh", ownPrometheus: false });
            assert.deepEqual(of("appmesh", "toy"), {
                title: "AWS App Mesh beside the toy mesh",
                ownPrometheus: false,
            });
        });

        it("scrapes for both, and no proxy twice", () => {
            const jobs = scrapeJobsOf(meshesOf({ mesh: { provider: "appmesh" }, secondMesh: { provider: "linkerd" } }));
            assert.deepEqual(Object.keys(jobs), ["appmesh-envoy", "annotated-pods", "linkerd-proxy"]);
            const rules = jobs["annotated-pods"]!.relabel_configs as { action?: string; regex?: string }[];
            assert.deepEqual(
                rules.filter(({ action }) => action === "drop").map(({ regex }) => regex),
                [".+:9901", ".+:4191"],
            );
            // The rest is there once.
            assert.equal(rules.length, (appMesh.scrapeJobs["annotated-pods"]!.relabel_configs as object[]).length + 1);
            assert.equal(jobs["appmesh-envoy"], appMesh.scrapeJobs["appmesh-envoy"]);
        });

        it("asks for built-in metrics by the mesh's queries, and for others as they are", () => {
            const queries = toyMesh.builtinQueries!;
            const template = (query: string) => ({ provider: "prometheus", address: metricsServer, query });
            const own = { name: "mine", max: 1, query: "up" };
            assert.deepEqual(withBuiltinQueries(undefined, queries, metricsServer), [
                { name: "mesh-request-success-rate", min: 99, template: template("toy_good{}") },
                { name: "mesh-request-duration", max: 500, template: template("toy_slow{}") },
            ]);
            assert.deepEqual(withBuiltinQueries([own, { name: "request-duration", max: 9 }], queries, metricsServer), [
                own,
                { name: "mesh-request-duration", max: 9, template: template("toy_slow{}") },
            ]);
            assert.equal(withBuiltinQueries(undefined, undefined, metricsServer), undefined);
            assert.deepEqual(withBuiltinQueries([own], undefined, metricsServer), [own]);
            // A name that every object has is none of the queries.
            const odd = { name: "constructor", max: 1, query: "up" };
            assert.deepEqual(withBuiltinQueries([odd], queries, metricsServer), [odd]);
        });
    });
});
