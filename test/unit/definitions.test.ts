import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { AddonsArgs, ProgressiveMeshCluster } from "../../index";
import { Definitions } from "../../components/definitions";
import {
    TemplateOptions,
    Templates,
    awsOutputs,
    chartTemplates,
    graph,
    helmAnswers,
    kubeconfig,
    secret,
} from "./graph";

const program = (addons: AddonsArgs) => () =>
    new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, addons });
const platform = (addons: AddonsArgs = {}, templates?: Templates) =>
    graph(program(addons), awsOutputs, helmAnswers(templates));

const kind = "CustomResourceDefinition";
const flaggers = ["alertproviders", "canaries", "metrictemplates"].map((name) => `${kind} dev-${name}.flagger.app`);
const meshes = `${kind} dev-meshes.appmesh.k8s.aws`;

/** What Helm was asked for, each chart once. */
async function asked(addons: AddonsArgs): Promise<TemplateOptions[]> {
    const all: TemplateOptions[] = [];
    await platform(addons, (options) => {
        all.push(options);
        return chartTemplates(options);
    });
    return all.sort((a, b) => (a.chart < b.chart ? -1 : 1));
}

describe("the definitions of charts", () => {
    it("are there before the release that needs them", async () => {
        const { before } = await platform();
        for (const definition of flaggers) {
            assert.ok(before("Release dev-flagger").has(definition), definition);
        }
        assert.ok(before("Release dev-appmesh-controller").has(meshes));
        assert.ok(before("Release dev-flagger").has("Namespace dev-flagger-system"));
        assert.ok(before("Release dev-appmesh-controller").has("RolePolicy dev-appmesh-controller"));
        assert.ok(!before("Release dev-grafana").has(meshes));
    });

    it("are those of the release's chart, at its version", async () => {
        const addons: AddonsArgs = {
            flagger: { version: "1.43.0", repository: "https://mine" },
            meshController: { keyring: "keys.gpg" },
        };
        assert.deepEqual(await asked(addons), [
            {
                chart: "appmesh-controller",
                version: "1.13.3",
                release_name: "definitions",
                fetch_opts: { repo: "https://aws.github.io/eks-charts", verify: true, keyring: "keys.gpg" },
            },
            {
                chart: "flagger",
                version: "1.43.0",
                release_name: "definitions",
                fetch_opts: { repo: "https://mine" },
            },
        ]);
    });

    it("are looked for in an OCI registry by version, since Helm's template takes no digest", async () => {
        const [, flagger] = await asked({
            flagger: { repository: "oci://mine/charts", chartDigest: `sha256:${"0".repeat(64)}` },
        });
        assert.deepEqual(flagger, {
            chart: "oci://mine/charts/flagger",
            version: "1.44.0",
            release_name: "definitions",
            fetch_opts: {},
        });
    });

    it("take over what is there, by a provider of their own, and leave out what the API server sets", async () => {
        const { node } = await platform();
        const { props, provider } = node(meshes);
        assert.deepEqual(props.metadata, {
            name: "meshes.appmesh.k8s.aws",
            annotations: { "helm.sh/resource-policy": "keep", "pulumi.com/patchForce": "true" },
        });
        assert.deepEqual(props.spec, { group: "appmesh.k8s.aws" });
        assert.ok(!("status" in props));
        const { upsertExistingObjects, clusterIdentifier, kubeconfig: config } = node(provider).props;
        assert.equal(provider, "Provider dev-definitions");
        assert.equal(String(upsertExistingObjects), "true");
        assert.equal(clusterIdentifier, node("Provider dev-apps").props.clusterIdentifier);
        assert.equal(secret(config), kubeconfig);
        assert.ok(!("upsertExistingObjects" in node("Provider dev").props));
    });

    it("stay at destroy unless their user says otherwise, add-on by add-on", async () => {
        const { nodes } = await platform({ flagger: { deleteDefinitions: true } });
        assert.deepEqual(
            nodes.filter((n) => n.key.startsWith(kind)).map((n) => [n.key, n.retainOnDelete]),
            [...flaggers.map((key) => [key, false]), [meshes, true]].sort(([a], [b]) => (a! < b! ? -1 : 1)),
        );
    });

    it("are left to Helm where that is asked for, and a provider for none is not made", async () => {
        const { nodes } = await platform({
            flagger: { upgradeDefinitions: false },
            meshController: { upgradeDefinitions: false },
        });
        assert.deepEqual(
            nodes.filter((n) => n.key.startsWith(kind) || n.key === "Provider dev-definitions"),
            [],
        );
    });

    it("are not planned while the cluster is unknown, and everything else is", async () => {
        const known = (await platform()).nodes.map((n) => n.key);
        const unknown = (await platform({}, () => ({}))).nodes.map((n) => n.key);
        assert.deepEqual(
            unknown,
            known.filter((key) => !key.startsWith(kind)),
        );
    });

    it("say which chart could not be read", async () => {
        const source = { chart: "flagger", version: "1.44.0", repository: "https://flagger.app" };
        const read = () => {
            const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
            return new Definitions("dev", kubeconfig, "id", parent).of(source, false);
        };
        await assert.rejects(
            graph(read, awsOutputs, () => {
                // As the engine answers: the SDK reads this field alone.
                throw Object.assign(new Error(), { details: "no such host" });
            }),
            /^Error: The CustomResourceDefinitions of the chart flagger 1\.44\.0 of https:\/\/flagger\.app could not be read: .*no such host/,
        );
    });
});
