import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { checkExisting } from "../../../components/cluster/existingCluster";
import { CanaryApp, ExistingClusterArgs, ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../index";
import { connection } from "../devStack";
import {
    Answers,
    at,
    awsAnswers,
    awsOutputs,
    graph,
    issuer,
    kubeconfig,
    oidcProviderArn,
    plain,
    secret,
    valueOf,
} from "../graph";
import { linesOf, refusal } from "../problems";

const identity = connection.identity!;
const roles = {
    "appmesh-system/appmesh-controller": "arn:aws:iam::123456789012:role/controller",
    "appmesh-gateway/appmesh-gateway": "arn:aws:iam::123456789012:role/gateway",
};

const platform = (existing: ExistingClusterArgs, more: Partial<ProgressiveMeshClusterArgs> = {}, answers?: Answers) =>
    graph(
        () => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, existing, ...more }),
        awsOutputs,
        answers,
    );

describe("a cluster by its kubeconfig", () => {
    const bare = () => platform({ kubeconfig, clusterName: "kind" }, { iam: { roles } });

    it("makes nothing in AWS and asks it nothing", async () => {
        const { nodes } = await bare();
        assert.deepEqual(
            nodes.filter((n) => /^(aws|eks|pulumi:providers:aws)/.test(n.type)).map((n) => n.key),
            [],
        );
    });

    it("keeps the kubeconfig secret, and hands it on", async () => {
        const { node, result } = await bare();
        assert.equal(secret(node("Provider dev").props.kubeconfig), kubeconfig);
        assert.equal(secret(node("Provider dev-apps").props.kubeconfig), kubeconfig);
        assert.equal(await pulumi.isSecret(pulumi.output(result.connection.kubeconfig)), true);
        assert.equal(await valueOf(result.clusterName), "kind");
        assert.deepEqual(Object.keys(result.connection).sort(), [
            "clusterName",
            "gateway",
            "kubeconfig",
            "mesh",
            "metricsServer",
            "roles",
        ]);
    });

    it("names the context in what it hands on", async () => {
        const { node } = await platform({ kubeconfig, context: "other" }, { iam: { roles } });
        for (const name of ["dev", "dev-apps"]) {
            const text = secret(node(`Provider ${name}`).props.kubeconfig) as string;
            assert.equal((JSON.parse(text) as Record<string, string>)["current-context"], "other");
        }
    });

    it("has the roles that are brought, and no place in AWS to tell the controller", async () => {
        const { node } = await bare();
        assert.deepEqual(Object.keys(node("Release dev-appmesh-controller").props.values as object).sort(), [
            "serviceAccount",
            "sidecar",
            "tracing",
        ]);
        assert.deepEqual(at(node("Release dev-appmesh-gateway").props, "values", "serviceAccount", "annotations"), {
            "eks.amazonaws.com/role-arn": roles["appmesh-gateway/appmesh-gateway"],
        });
    });

    it("is known to people by the component's name unless told otherwise", async () => {
        const { result } = await platform({ kubeconfig }, { iam: { roles } });
        assert.equal(await valueOf(result.clusterName), "dev");
    });

    it("stays the same provider as long as its identifier does", async () => {
        const identifier = async (existing: ExistingClusterArgs) =>
            (await platform(existing, { iam: { roles } })).node("Provider dev").props.clusterIdentifier;
        assert.equal(await identifier({ kubeconfig }), undefined);
        assert.equal(await identifier({ kubeconfig, identity }), issuer);
        assert.equal(await identifier({ kubeconfig, identity, clusterIdentifier: "uid" }), "uid");
    });

    it("gives roles of its own to an EKS cluster's pods, bounded as the user says", async () => {
        const permissionsBoundary = "arn:aws:iam::123456789012:policy/bound";
        const { nodes, node, result } = await platform({ kubeconfig, identity }, { iam: { permissionsBoundary } });
        assert.deepEqual(
            nodes
                .filter((n) => n.type === "aws:iam/role:Role")
                .map(({ name, props }) => [name, props.permissionsBoundary]),
            [
                ["dev-appmesh-controller", permissionsBoundary],
                ["dev-appmesh-gateway", permissionsBoundary],
            ],
        );
        assert.equal(at(node("Release dev-appmesh-controller").props, "values", "region"), "us-west-2");
        assert.deepEqual(result.connection.identity, { ...identity, permissionsBoundary });
    });

    it("carries applications, with roles that are brought for them", async () => {
        const role = "arn:aws:iam::123456789012:role/podinfo";
        const { node, nodes } = await graph(() => {
            const { connection: made } = new ProgressiveMeshCluster("dev", {
                mesh: { provider: "appmesh" },
                existing: { kubeconfig },
                iam: { roles: { ...roles, "apps/podinfo": role } },
            });
            return new CanaryApp("podinfo", {
                platform: made,
                namespace: "apps",
                workload: { image: "ghcr.io/stefanprodan/podinfo:6.0.0", port: 9898 },
                analysis: { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } },
            });
        });
        assert.deepEqual(
            nodes.filter((n) => n.type.startsWith("aws:")),
            [],
        );
        assert.deepEqual(at(node("ServiceAccount podinfo").props, "metadata", "annotations"), {
            "eks.amazonaws.com/role-arn": role,
        });
        assert.deepEqual(at(node("ServiceAccount podinfo-loadtester").props, "metadata", "annotations"), {});
    });
});

describe("a cluster by its name in EKS", () => {
    it("is found, with its issuer", async () => {
        const { node, result, nodes } = await platform({ eksClusterName: "shop" }, {}, awsAnswers);
        assert.deepEqual(await valueOf(result.connection.identity as never), {
            providerArn: oidcProviderArn,
            issuer,
            partition: "aws-cn",
            region: "cn-north-1",
            accountId: "42",
            clusterName: "shop",
        });
        const text = secret(node("Provider dev").props.kubeconfig) as string;
        const args = at(JSON.parse(text), "users", 0, "user", "exec", "args") as string[];
        assert.deepEqual(args.slice(0, 6), ["--region", "cn-north-1", "eks", "get-token", "--cluster-name", "shop"]);
        assert.equal(node("Provider dev").props.clusterIdentifier, issuer);
        assert.equal(await valueOf(result.clusterName), "shop");
        assert.deepEqual(
            nodes.filter((n) => n.type.startsWith("aws:")).map((n) => n.key),
            [
                "Role dev-appmesh-controller",
                "Role dev-appmesh-gateway",
                "RolePolicy dev-appmesh-controller",
                "RolePolicy dev-appmesh-gateway",
            ],
        );
        assert.match(plain(node("Role dev-appmesh-gateway").props.assumeRolePolicy) as string, /:sub":"system:serv/);
    });

    it("needs no provider in IAM when its identity is given", async () => {
        const asked: string[] = [];
        const answers: Answers = (call) => (asked.push(call.token), awsAnswers(call));
        const { result } = await platform({ eksClusterName: "shop", identity }, {}, answers);
        assert.deepEqual(
            asked.filter((token) => token.startsWith("aws:")),
            ["aws:eks/getCluster:getCluster"],
        );
        assert.deepEqual(await valueOf(result.connection.identity as never), { ...identity, clusterName: "shop" });
    });
});

describe("refuses before anything is registered", () => {
    const refused = (args: Partial<ProgressiveMeshClusterArgs>, name = "dev") =>
        refusal(() => new ProgressiveMeshCluster(name, { mesh: { provider: "appmesh" }, ...args }));

    it("a mesh that acts in AWS on a cluster without a place there, until all its roles are brought", async () => {
        const fix =
            "Give the cluster's OpenID Connect provider, or a role for each of them in `iam.roles`, or `eksClusterName` in " +
            "place of the kubeconfig.";
        const needs = "existing.identity: nothing given, but it is needed by AWS App Mesh, which acts in AWS as";
        assert.deepEqual(await refused({ existing: { kubeconfig } }), [
            `${needs} appmesh-system/appmesh-controller and appmesh-gateway/appmesh-gateway. ${fix}`,
        ]);
        const [first] = Object.entries(roles);
        assert.deepEqual(await refused({ existing: { kubeconfig }, iam: { roles: Object.fromEntries([first!]) } }), [
            `${needs} appmesh-gateway/appmesh-gateway. ${fix}`,
        ]);
        const addons = { gateway: { enabled: false } };
        const one = { roles: Object.fromEntries([first!]) };
        assert.ok(await platform({ kubeconfig }, { addons, iam: one }));
    });

    it("a cluster to build and one that exists", async () => {
        assert.deepEqual(await refused({ eks: {}, existing: { kubeconfig, identity } }), [
            'existing: ["kubeconfig","identity"] is a cluster that exists, and `eks` is one to build. Give one of the two.',
        ]);
    });

    it("names that AWS would not take", async () => {
        const long = "a".repeat(44);
        const [line] = await refused({}, long);
        assert.match(line!, /^name: "a{44}" makes the IAM role "a{44}-appmesh-controller-0123abc", 7 more than the 64/);
        const [brought] = await refused({ iam: { roles } }, long);
        assert.match(brought!, /"a{44}-eksRole-role-0123abc", 1 more than the 64 .* Give at most 43 characters/);
        const nodeGroups = { ["g".repeat(52)]: {} };
        assert.match(
            (await refused({ eks: { nodeGroups } }))[0]!,
            /^eks\.nodeGroups\.g+: .* node group "dev-nodes-g+-0123abc"/,
        );
        const [existing] = await refused({ existing: { kubeconfig, identity } }, long);
        assert.match(existing!, /appmesh-controller-0123abc/);
    });
});

describe("checkExisting", () => {
    const check = (args: unknown) => linesOf((problems) => checkExisting(problems, "existing", args as never));

    it("accepts what can be reached", () => {
        for (const args of [
            undefined,
            { kubeconfig },
            { kubeconfig: pulumi.secret("later"), context: "a", clusterIdentifier: "b" },
            { eksClusterName: pulumi.output("later") },
            { eksClusterName: "shop", clusterName: "Shop" },
            { kubeconfig, identity: { ...identity, method: "pod-identity", clusterName: "shop" } },
        ]) {
            assert.deepEqual(check(args), []);
        }
    });

    const traps: [string, unknown, string[]][] = [
        [
            "two ways at once, and shows no secret",
            { kubeconfig, eksClusterName: "shop" },
            [
                'existing: {"kubeconfig":"given","eksClusterName":"shop"} has to say in exactly one way what it means. ' +
                    "Give one of kubeconfig, eksClusterName.",
            ],
        ],
        [
            "no way at all",
            {},
            ["existing: {} has to say in exactly one way what it means. Give one of kubeconfig, eksClusterName."],
        ],
        [
            "the path of a kubeconfig",
            { kubeconfig: "~/.kube/config" },
            [
                "existing.kubeconfig: the value given (a secret, not shown) is not the text of a kubeconfig. " +
                    'Give the content of the file, not its path: `fs.readFileSync(path, "utf8")`.',
            ],
        ],
        [
            "an ARN for a name",
            { eksClusterName: "arn:aws:eks:us-west-2:1:cluster/shop" },
            [
                'existing.eksClusterName: "arn:aws:eks:us-west-2:1:cluster/shop" is not the name of an EKS cluster. ' +
                    "Give the name alone; `aws eks list-clusters` lists them.",
            ],
        ],
        [
            "a context without a kubeconfig",
            { eksClusterName: "shop", context: "a" },
            ['existing.context: "a" chooses in a kubeconfig, and none is given. Leave it out.'],
        ],
        [
            "an issuer as a URL",
            { kubeconfig, identity: { ...identity, issuer: "https://issuer" } },
            [
                'existing.identity.issuer: "https://issuer" begins with a scheme, which trust policies do not have. ' +
                    "Leave out https://.",
            ],
        ],
        [
            "an identity with holes",
            { kubeconfig, identity: { ...identity, region: undefined, method: "magic" } },
            [
                "existing.identity.region: nothing given, but it is required. docs/existing-clusters.md says where to find it.",
                'existing.identity.method: "magic" is not a way by which pods come by roles. Use one of pod-identity, irsa.',
            ],
        ],
        [
            "Pod Identity without the cluster's name",
            { kubeconfig, identity: { ...identity, method: "pod-identity" } },
            [
                "existing.identity.clusterName: nothing given, but it is required for Pod Identity: its associations are " +
                    "with a cluster of EKS, by name. Give it, or leave out `method`.",
            ],
        ],
    ];
    for (const [what, args, lines] of traps) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(check(args), lines);
        });
    }
});
