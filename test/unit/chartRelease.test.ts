import assert from "node:assert/strict";

import { AddonsArgs, ProgressiveMeshCluster } from "../../index";
import { charts } from "../../components/charts";
import { checkAddon } from "../../components/chartRelease";
import * as pulumi from "@pulumi/pulumi";
import { at, Graph, graph } from "./graph";
import { linesOf } from "./problems";

const eksCharts = "https://aws.github.io/eks-charts";

/** Each add-on with its release: chart, version, repository, namespace. */
const releases: Record<keyof AddonsArgs, [release: string, ...where: string[]]> = {
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
const addonNames = Object.keys(releases) as (keyof AddonsArgs)[];
const keyOf = (addon: keyof AddonsArgs) => `Release dev-${releases[addon][0]}`;

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

const whereabouts = ({ node }: Graph<unknown>, addon: keyof AddonsArgs) => {
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
        const { node } = await platform({
            flagger: { values: { clusterName: "mine", slack: { channel: "releases" } } },
        });
        assert.deepEqual(node("Release dev-flagger").props.values, {
            clusterName: "mine",
            meshProvider: "appmesh:v1beta2",
            metricsServer: "http://metrics",
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

    describe("checkAddon", () => {
        const check = (addon: unknown) => linesOf((problems) => checkAddon(problems, "a", addon as never));

        it("accepts the catalogue, and versions in the forms that charts have", () => {
            for (const version of [...Object.values(charts).map((c) => c.version), "v1.2.3", "1.2.3-rc.1", "1.2.3+b"]) {
                assert.deepEqual(check({ enabled: true, version, namespace: "n" }), [], version);
            }
            assert.deepEqual(check(undefined), []);
        });

        it("refuses what is known only at deployment, for each option that decides what is built", () => {
            for (const key of ["enabled", "version", "repository", "chart"]) {
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
