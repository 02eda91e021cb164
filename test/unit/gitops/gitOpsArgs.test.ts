import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { checkGitOps } from "../../../components/gitops/gitOpsArgs";
import { ProgressiveMeshCluster } from "../../../index";
import { linesOf, pathsOf, refusal } from "../problems";

const repository = { url: "https://git.example/apps" };
const kustomizations = { apps: { path: "./" } };
const scope = { taken: ["flagger-system"] };
const check = (args: object) =>
    linesOf((problems) => checkGitOps(problems, "g", { repository, kustomizations, ...args }, scope));
const paths = (args: object) =>
    pathsOf((problems) => checkGitOps(problems, "g", { repository, kustomizations, ...args }, scope));
const ofRepository = (args: object) => check({ repository: { ...repository, ...args } });
const ofApps = (args: object) => check({ kustomizations: { apps: { path: "./", ...args } } });

describe("checkGitOps", () => {
    it("accepts what Flux does", () => {
        assert.deepEqual(
            linesOf((problems) => checkGitOps(problems, "g", undefined, scope)),
            [],
        );
        for (const given of [
            {},
            { branch: "main" },
            { tag: "v1", token: pulumi.secret("t") },
            { url: "ssh://git@git.example:22/a", semver: ">=1", secretRef: "key", interval: "1h30m" },
            { url: "oci://registry.example/a", tag: "v1" },
        ]) {
            assert.deepEqual(ofRepository(given), [], JSON.stringify(given));
        }
        assert.deepEqual(check({ flux: { enabled: false, namespace: "flagger-system" } }), []);
        const healthChecks = [{ apiVersion: "flagger.app/v1beta1", kind: "Canary", name: "a", namespace: "b" }];
        assert.deepEqual(ofApps({ path: "apps/a..b", healthChecks, targetNamespace: "b", prune: false }), []);
    });

    it("refuses what is no object, and what is missing", () => {
        assert.deepEqual(
            pathsOf((problems) => checkGitOps(problems, "g", "https://git.example", scope)),
            ["g"],
        );
        assert.deepEqual(paths({ repository: undefined, kustomizations: {} }), ["g.repository", "g.kustomizations"]);
        assert.deepEqual(paths({ repository: {}, kustomizations: { a: {}, b: "./" } }), [
            "g.repository.url",
            "g.kustomizations.a.path",
            "g.kustomizations.b",
        ]);
        assert.deepEqual(check({ kustomizations: pulumi.output({}) }), [
            "g.kustomizations: a value that is known only at deployment has to name a folder of the repository, or Flux " +
                'applies nothing. Write it like { shop: { path: "./apps/shop" } }.',
        ]);
    });

    it("refuses addresses that Flux does not read, and never shows what is in them", () => {
        assert.deepEqual(ofRepository({ url: "git@git.example:org/apps.git" }), [
            'g.repository.url: "...@git.example:org/apps.git" is not a URL that begins with https:// or ssh:// or http:// ' +
                'or oci://: Flux could not read it. Write it like "https://server.example".',
        ]);
        assert.deepEqual(ofRepository({ url: "https://git:t0ken@git.example/apps" }), [
            'g.repository.url: "https://...@git.example/apps" holds credentials, which everybody who may read the object ' +
                "would see. Give them as `token`, or in a Secret that `secretRef` names.",
        ]);
        assert.deepEqual(ofRepository({ url: pulumi.output("https://a") }), [
            "g.repository.url: a value that is known only at deployment decides which resources exist, so it has to be " +
                "known when the program runs. Give a plain value, for example from config.",
        ]);
    });

    it("refuses more than one thing to follow, and branches of a registry", () => {
        assert.deepEqual(ofRepository({ branch: "main", tag: "v1" }), [
            'g.repository: ["branch","tag"] names more than one thing to follow, and Flux would follow one of them alone. ' +
                "Keep one of branch, tag, semver.",
        ]);
        assert.deepEqual(ofRepository({ url: "oci://registry.example/a", branch: "main" }), [
            'g.repository.branch: "main" is for a Git repository: an artifact in a registry has no branches. ' +
                "Give `tag` or `semver`.",
        ]);
    });

    it("refuses credentials that would not be read, would be seen, or are missing", () => {
        assert.deepEqual(ofRepository({ token: "t", secretRef: "s" }), [
            'g.repository.secretRef: "s" is given beside `token`, and Flux reads one Secret alone. Keep one of the two.',
        ]);
        for (const url of ["http://git.example/a", "oci://registry.example/a"]) {
            assert.deepEqual(ofRepository({ url, token: "t0ken" }), [
                "g.repository.token: the value given (a secret, not shown) is for an address that begins with https://: " +
                    "others take no token, or would show it to the network. Name a Secret that lets Flux in as `secretRef`.",
            ]);
        }
        assert.deepEqual(ofRepository({ url: "ssh://git@git.example/a" }), [
            "g.repository.secretRef: nothing given, but it is required for ssh://: Flux needs a key, and the host keys " +
                "that it trusts. Name a Secret with `identity` and `known_hosts`.",
        ]);
        assert.deepEqual(paths({ repository: { ...repository, token: "" } }), ["g.repository.token"]);
    });

    it("refuses what is of the wrong form", () => {
        assert.deepEqual(ofRepository({ interval: "0s" }), [
            'g.repository.interval: "0s" is not a duration that Flux takes. Write it like "30s", "5m" or "1h30m".',
        ]);
        assert.deepEqual(paths({ repository: { ...repository, branch: "", secretRef: "A b", interval: 60 } }), [
            "g.repository.branch",
            "g.repository.interval",
            "g.repository.secretRef",
        ]);
        const apps = {
            path: "../other",
            interval: "1d",
            timeout: "5",
            prune: "yes",
            targetNamespace: "A",
            dependsOn: "b",
        };
        assert.deepEqual(paths({ kustomizations: { apps, "not a name": { path: "./" } } }), [
            ...["path", "interval", "timeout", "prune", "targetNamespace", "dependsOn"].map(
                (key) => `g.kustomizations.apps.${key}`,
            ),
            'g.kustomizations["not a name"]',
        ]);
        assert.deepEqual(
            paths({ kustomizations: { apps: { path: "./", healthChecks: [{ kind: "deployment" }, 1] } } }),
            [
                "g.kustomizations.apps.healthChecks[0].apiVersion",
                "g.kustomizations.apps.healthChecks[0].kind",
                "g.kustomizations.apps.healthChecks[0].name",
                "g.kustomizations.apps.healthChecks[0].namespace",
                "g.kustomizations.apps.healthChecks[1]",
            ],
        );
    });

    it("refuses to wait for what never comes", () => {
        assert.deepEqual(ofApps({ dependsOn: ["shared"] }), [
            'g.kustomizations.apps.dependsOn[0]: "shared" is no Kustomization of this platform, so Flux would wait for ' +
                "ever. Use one of apps.",
        ]);
        const path = "./";
        const circle = { a: { path, dependsOn: ["b"] }, b: { path, dependsOn: ["a"] }, c: { path, dependsOn: ["a"] } };
        assert.deepEqual(check({ kustomizations: circle }), [
            'g.kustomizations: ["a","b"] wait for each other by `dependsOn`, so Flux would apply none of them. ' +
                "Take one of them out of another's `dependsOn`.",
        ]);
    });

    it("refuses a namespace that is not Flux's alone, and what its chart cannot do", () => {
        assert.deepEqual(check({ flux: { namespace: "flagger-system" } }), [
            "g.flux.namespace: \"flagger-system\" is not Flux's alone: its chart's network policies would keep others from " +
                "all pods in it. Give Flux a namespace of its own.",
        ]);
        assert.deepEqual(check({ flux: { disruptionBudget: { maxUnavailable: "1" } } }), [
            'g.flux.disruptionBudget: {"maxUnavailable":"1"} would hold none of Flux\'s pods: each of its controllers has ' +
                "labels of its own. Leave it out: a controller that is away for a moment goes on where it was.",
        ]);
        assert.deepEqual(paths({ flux: { version: "latest", replicas: 2 } }), ["g.flux.version", "g.flux.replicas"]);
        assert.deepEqual(paths({ flux: "off" }), ["g.flux"]);
    });

    it("is a part of the platform's own check, which knows where the add-ons are", async () => {
        const lines = await refusal(
            () =>
                new ProgressiveMeshCluster("dev", {
                    mesh: { provider: "appmesh" },
                    addons: { grafana: { namespace: "watch" }, metricsServer: { enabled: false, namespace: "free" } },
                    gitOps: { repository, kustomizations: {}, flux: { namespace: "watch" } },
                }),
        );
        assert.deepEqual(
            lines.map((line) => line.split(": ")[0]),
            ["gitOps.kustomizations", "gitOps.flux.namespace"],
        );
    });
});
