import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";

import { GitOpsArgs, ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../index";
import { root } from "../docs";
import { at, graph, plain, secret } from "../graph";

const mesh = { provider: "appmesh" };
const small: GitOpsArgs = {
    repository: { url: "https://git.example/org/apps" },
    kustomizations: { apps: { path: "./apps" } },
};

const platform = (gitOps?: GitOpsArgs, more: Partial<ProgressiveMeshClusterArgs> = {}) =>
    graph(() => new ProgressiveMeshCluster("dev", { mesh, gitOps, ...more }));

describe("GitOps", () => {
    it("adds exactly these resources, and changes none of the others", async () => {
        // Grafana's password is another one each time.
        const addons = { grafana: { enabled: false } };
        const [without, { nodes }] = [await platform(undefined, { addons }), await platform(small, { addons })];
        const others = new Set(without.nodes.map((n) => n.key));
        const own = nodes.filter((n) => !others.has(n.key));
        assert.deepEqual(
            nodes.filter((n) => others.has(n.key)),
            without.nodes,
        );
        const [top, inCluster] = ["ProgressiveMeshCluster dev", "Provider dev"];
        assert.deepEqual(
            own.map(({ type, name, parent, provider }) => [type, name, parent, provider]),
            [
                ["kubernetes:core/v1:ConfigMap", "dev-platform", top, inCluster],
                ["kubernetes:source.toolkit.fluxcd.io/v1:GitRepository", "dev-repository", top, inCluster],
                ["kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", "dev-apps", top, inCluster],
                ["kubernetes:core/v1:Namespace", "dev-flux-system", top, inCluster],
                ["kubernetes:helm.sh/v3:Release", "dev-flux", top, inCluster],
            ],
        );
    });

    it("installs the two controllers that a repository needs, and keeps the definitions", async () => {
        const { node } = await platform(small);
        const { name, namespace, chart, values } = node("Release dev-flux").props;
        assert.deepEqual([name, namespace, chart], ["flux2", "flux-system", "flux2"]);
        assert.deepEqual(values, {
            helmController: { create: false },
            imageAutomationController: { create: false },
            imageReflectionController: { create: false },
            notificationController: { create: false },
            crds: { annotations: { "helm.sh/resource-policy": "keep" } },
        });
    });

    it("tells applications of the platform", async () => {
        const { node } = await platform(small);
        const { metadata, data } = node("ConfigMap dev-platform").props;
        assert.deepEqual(metadata, {
            name: "platform",
            namespace: "flux-system",
            labels: { "reconcile.fluxcd.io/watch": "Enabled" },
        });
        assert.deepEqual(data, {
            meshProvider: "appmesh:v1beta2",
            meshName: "dev",
            meshNamespaceAnnotations: "{}",
            meshNamespaceLabels: '{"mesh":"dev","appmesh.k8s.aws/sidecarInjectorWebhook":"enabled"}',
            metricsServer: "http://appmesh-prometheus.appmesh-system:9090",
            clusterName: "dev",
            gatewayAddress: "gateway.example",
        });
    });

    it("tells them what the page's files ask for, in a form that fits there", async () => {
        const page = fs.readFileSync(path.join(root, "docs/gitops.md"), "utf8");
        const [, text] = /```yaml\n([^]*?)```/.exec(page)!;
        const { node } = await platform(small);
        const data = node("ConfigMap dev-platform").props.data as Record<string, string>;
        const rows = [...page.matchAll(/^\| `(\w+)` +\| `[^`]+` +\| [^|]*\|$/gm)].map((match) => match[1]!);
        assert.deepEqual(rows.sort(), Object.keys(data).sort());
        const filled = text!.replace(/\$\{(\w+)\}/g, (_, key: string) => {
            assert.ok(key in data, key);
            return data[key]!;
        });
        const [namespace, canary] = parseAllDocuments(filled).map((document) => document.toJS() as unknown);
        assert.deepEqual(at(namespace, "metadata", "labels"), JSON.parse(data.meshNamespaceLabels!));
        assert.equal(at(canary, "spec", "provider"), data.meshProvider);
        // Before the variables are filled in it is YAML too: kustomize reads it first.
        assert.ok(parseAllDocuments(text!).every((document) => "errors" in document && document.errors.length === 0));
    });

    it("names no mesh and no labels where each application has a mesh of its own", async () => {
        const { node } = await platform(small, { addons: { gateway: { enabled: false } } });
        const { data } = node("ConfigMap dev-platform").props;
        const { meshName, meshNamespaceLabels, gatewayAddress } = data as Record<string, string>;
        assert.deepEqual([meshName, meshNamespaceLabels, gatewayAddress], ["", "{}", ""]);
    });

    it("follows the branch main, and applies a folder with the defaults", async () => {
        const { node } = await platform(small);
        const { metadata, spec } = node("GitRepository dev-repository").props;
        assert.deepEqual(metadata, { name: "apps", namespace: "flux-system" });
        assert.deepEqual(spec, { url: "https://git.example/org/apps", interval: "1m", ref: { branch: "main" } });
        assert.deepEqual(node("Kustomization dev-apps").props.metadata, { name: "apps", namespace: "flux-system" });
        assert.deepEqual(node("Kustomization dev-apps").props.spec, {
            sourceRef: { kind: "GitRepository", name: "apps" },
            path: "./apps",
            interval: "10m",
            prune: true,
            timeout: "5m",
            deletionPolicy: "WaitForTermination",
            postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "platform" }] },
        });
    });

    it("hands on everything that is asked for", async () => {
        const healthChecks = [{ apiVersion: "apps/v1", kind: "Deployment", name: "shop-primary", namespace: "shop" }];
        const { node } = await platform({
            repository: { url: "ssh://git@git.example/apps", tag: "v1", interval: "30s", secretRef: "key" },
            kustomizations: {
                shop: {
                    path: "./shop",
                    interval: "1h30m",
                    prune: false,
                    timeout: "90s",
                    dependsOn: ["shared"],
                    healthChecks,
                    targetNamespace: "shop",
                },
                shared: { path: "./shared" },
            },
        });
        assert.deepEqual(node("GitRepository dev-repository").props.spec, {
            url: "ssh://git@git.example/apps",
            interval: "30s",
            ref: { tag: "v1" },
            secretRef: { name: "key" },
        });
        assert.deepEqual(node("Kustomization dev-shop").props.spec, {
            sourceRef: { kind: "GitRepository", name: "apps" },
            path: "./shop",
            interval: "1h30m",
            prune: false,
            timeout: "90s",
            dependsOn: [{ name: "shared" }],
            healthChecks,
            targetNamespace: "shop",
            postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "platform" }] },
        });
    });

    it("reads an artifact of a registry just as well", async () => {
        for (const [given, ref] of [
            [{}, { tag: "latest" }],
            [{ semver: ">=1.0.0" }, { semver: ">=1.0.0" }],
        ]) {
            const { node } = await platform({ ...small, repository: { url: "oci://registry.example/apps", ...given } });
            assert.deepEqual(node("OCIRepository dev-repository").props.spec, {
                url: "oci://registry.example/apps",
                interval: "1m",
                ref,
            });
            const source = at(node("Kustomization dev-apps").props, "spec", "sourceRef");
            assert.deepEqual(source, { kind: "OCIRepository", name: "apps" });
        }
    });

    it("keeps a token in a Secret and nowhere else", async () => {
        for (const token of ["t0ken", pulumi.output("t0ken")]) {
            const { node, nodes } = await platform({ ...small, repository: { ...small.repository, token } });
            const { metadata, stringData } = node("Secret dev-repository").props;
            assert.deepEqual(metadata, { name: "apps", namespace: "flux-system" });
            assert.deepEqual(secret(stringData), { username: "git", password: "t0ken" });
            assert.deepEqual(
                nodes.filter((n) => JSON.stringify(plain(n.props)).includes("t0ken")).map((n) => n.key),
                ["Secret dev-repository"],
            );
            const repository = node("GitRepository dev-repository");
            assert.deepEqual(at(repository.props, "spec", "secretRef"), { name: "apps" });
            assert.ok(repository.dependsOn.includes("Secret dev-repository"));
        }
    });

    it("comes after all that an application needs, and goes before it", async () => {
        const { node, before } = await platform({
            ...small,
            kustomizations: { first: { path: "./a", dependsOn: ["last"] }, last: { path: "./b" } },
        });
        const platformsOwn = [
            "Release dev-flagger",
            "Release dev-appmesh-controller",
            "Release dev-appmesh-gateway",
            "Mesh dev-mesh",
            "CustomResourceDefinition dev-canaries.flagger.app",
        ];
        for (const key of [...platformsOwn, "Namespace dev-flux-system"]) {
            assert.ok(before("Release dev-flux").has(key), key);
        }
        assert.ok(node("GitRepository dev-repository").dependsOn.includes("Release dev-flux"));
        assert.deepEqual(node("Kustomization dev-last").dependsOn, [
            "ConfigMap dev-platform",
            "GitRepository dev-repository",
        ]);
        assert.deepEqual(node("Kustomization dev-first").dependsOn, [
            "ConfigMap dev-platform",
            "GitRepository dev-repository",
            "Kustomization dev-last",
        ]);
    });

    it("leaves a Flux that is there where it is, and still comes last", async () => {
        const { nodes, before } = await platform({ ...small, flux: { enabled: false, namespace: "gitops" } });
        const keys = nodes.map((n) => n.key);
        assert.ok(!keys.includes("Release dev-flux") && !keys.includes("Namespace dev-gitops"));
        for (const { key, props } of nodes.filter((n) => /^(ConfigMap dev-platform|Git|Kust)/.test(n.key))) {
            assert.equal(at(props, "metadata", "namespace"), "gitops", key);
        }
        assert.ok(before("Kustomization dev-apps").has("Release dev-flagger"));
    });
});
