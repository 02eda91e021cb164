import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { PodIdentityAgent } from "../../../components/cluster/podIdentityAgent";
import {
    IdentitySource,
    identityMethod,
    podTrustPolicy,
    policyDocument,
    trustPolicy,
    workloadIdentity,
} from "../../../components/cluster/workloadIdentity";
import { connection } from "../devStack";
import { Graph, graph, secret, valueOf } from "../graph";

describe("policyDocument", () => {
    it("allows its statements and says no more of each than was given", () => {
        assert.deepEqual(
            JSON.parse(
                policyDocument([
                    { actions: ["a:B"], resources: ["*"] },
                    {
                        sid: "Second",
                        actions: ["c:D", "c:E"],
                        resources: ["arn:1", "arn:2"],
                        conditions: { StringLike: { key: "value" } },
                    },
                ]),
            ),
            {
                Version: "2012-10-17",
                Statement: [
                    { Effect: "Allow", Action: ["a:B"], Resource: ["*"] },
                    {
                        Sid: "Second",
                        Effect: "Allow",
                        Action: ["c:D", "c:E"],
                        Resource: ["arn:1", "arn:2"],
                        Condition: { StringLike: { key: "value" } },
                    },
                ],
            },
        );
    });
});

describe("trustPolicy", () => {
    const policy = (...names: string[]) =>
        JSON.parse(
            trustPolicy(
                "arn:aws:iam::1:oidc-provider/issuer",
                "issuer",
                names.map((name) => ({ namespace: "ns", name })),
            ),
        ) as unknown;
    const expected = (subject: unknown) => ({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Federated: "arn:aws:iam::1:oidc-provider/issuer" },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: { StringEquals: { "issuer:aud": "sts.amazonaws.com", "issuer:sub": subject } },
            },
        ],
    });

    it("trusts exactly the named service accounts, for AWS's token service alone", () => {
        assert.deepEqual(policy("one"), expected("system:serviceaccount:ns:one"));
        assert.deepEqual(
            policy("one", "two"),
            expected(["system:serviceaccount:ns:one", "system:serviceaccount:ns:two"]),
        );
    });

    it("trusts nobody where nobody is named", () => {
        assert.deepEqual(policy(), expected([]));
    });
});

describe("podTrustPolicy", () => {
    it("trusts one cluster's service accounts by the tags that EKS gives the session", () => {
        const arn = "arn:aws:eks:us-west-2:1:cluster/dev";
        const statement = (name: string) => ({
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
            Condition: {
                StringEquals: {
                    "aws:RequestTag/eks-cluster-arn": arn,
                    "aws:RequestTag/kubernetes-namespace": "ns",
                    "aws:RequestTag/kubernetes-service-account": name,
                },
            },
        });
        const accounts = ["one", "two"].map((name) => ({ namespace: "ns", name }));
        assert.deepEqual(JSON.parse(podTrustPolicy(arn, accounts)), {
            Version: "2012-10-17",
            Statement: [statement("one"), statement("two")],
        });
    });
});

describe("identityMethod", () => {
    const identity = connection.identity!;
    const named = { ...identity, clusterName: "dev" };

    it("is Pod Identity where the software and the cluster can", () => {
        assert.equal(identityMethod(named, true), "pod-identity");
        assert.equal(identityMethod({ ...named, method: "pod-identity" }, true), "pod-identity");
    });

    it("is IRSA where one of them cannot, or the user wants it", () => {
        assert.equal(identityMethod({ ...named, method: "pod-identity" }, false), "irsa");
        assert.equal(identityMethod({ ...named, method: "irsa" }, true), "irsa");
        assert.equal(identityMethod(identity, true), "irsa");
    });
});

describe("workloadIdentity", () => {
    const identity = { ...connection.identity!, clusterName: "dev" };
    const account = { namespace: "ns", name: "sa" };
    const make = (name: string, source: IdentitySource, supportsPodIdentity: boolean) =>
        workloadIdentity(
            name,
            {
                source,
                serviceAccount: account,
                supportsPodIdentity,
                description: "For a test.",
                statements: ({ partition, region, accountId }) => [
                    { actions: ["s3:GetObject"], resources: [`${partition}/${region}/${accountId}`] },
                ],
                tags: { a: "b" },
            },
            {},
        );
    const arn = "arn:aws:iam::123456789012:role/mine";
    const keys = ({ nodes }: Graph<unknown>) => nodes.map((n) => n.key);

    it("is a role with its one policy, which know where they are and keep a secret ARN secret", async () => {
        const made = await graph(() =>
            make("mine", { identity: { ...identity, accountId: pulumi.secret("42") } }, false),
        );
        assert.deepEqual(keys(made), ["Role mine", "RolePolicy mine"]);
        const { description, tags } = made.node("Role mine").props;
        assert.deepEqual([description, tags], ["For a test.", { a: "b" }]);
        const { role, policy } = made.node("RolePolicy mine").props;
        assert.equal(role, "mine-in-aws");
        assert.deepEqual((JSON.parse(secret(policy) as string) as { Statement: unknown }).Statement, [
            { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["aws/us-west-2/42"] },
        ]);
        const { annotations, required } = made.result;
        assert.equal(await valueOf(annotations["eks.amazonaws.com/role-arn"]), arn);
        assert.equal(required.length, 1);
    });

    it("by Pod Identity is an association after the policy and the agent, and no annotation", async () => {
        const made = await graph(() => {
            const agent = new PodIdentityAgent("dev", "dev", { a: "b" }, {});
            make("other", { identity, podIdentityAgent: agent }, true);
            return make("mine", { identity, podIdentityAgent: agent }, true);
        });
        assert.deepEqual(keys(made), [
            "Addon dev-pod-identity-agent",
            "PodIdentityAssociation mine",
            "PodIdentityAssociation other",
            "Role mine",
            "Role other",
            "RolePolicy mine",
            "RolePolicy other",
        ]);
        assert.deepEqual(made.node("Addon dev-pod-identity-agent").props, {
            clusterName: "dev",
            addonName: "eks-pod-identity-agent",
            tags: { a: "b" },
        });
        const association = made.node("PodIdentityAssociation mine");
        assert.deepEqual(association.props, {
            clusterName: "dev",
            namespace: "ns",
            serviceAccount: "sa",
            roleArn: arn,
            tags: { a: "b" },
        });
        assert.deepEqual(association.dependsOn, ["Addon dev-pod-identity-agent", "Role mine", "RolePolicy mine"]);
        assert.equal(
            made.node("Role mine").props.assumeRolePolicy,
            podTrustPolicy("arn:aws:eks:us-west-2:123456789012:cluster/dev", [account]),
        );
        assert.deepEqual(made.result.annotations, {});
    });

    it("makes no role where one is brought, by either way or by the annotation alone", async () => {
        const roles = { "ns/sa": "arn:aws:iam::1:role/brought", "ns/other": "arn:aws:iam::1:role/other" };
        const annotations = { "eks.amazonaws.com/role-arn": roles["ns/sa"] };
        for (const source of [{ identity, roles }, { roles }]) {
            const made = await graph(() => make("mine", source, false));
            assert.deepEqual(keys(made), []);
            assert.deepEqual(made.result, { annotations, required: [] });
        }
        const associated = await graph(() => make("mine", { identity, roles }, true));
        assert.deepEqual(keys(associated), ["PodIdentityAssociation mine"]);
        assert.equal(associated.node("PodIdentityAssociation mine").props.roleArn, roles["ns/sa"]);
    });

    it("makes roles within their boundary and at their path", async () => {
        const bounds = { permissionsBoundary: "arn:aws:iam::1:policy/bound", rolePath: "/team/" };
        const { node } = await graph(() => make("mine", { identity: { ...identity, ...bounds } }, true));
        const { permissionsBoundary, path } = node("Role mine").props;
        assert.deepEqual({ permissionsBoundary, rolePath: path }, bounds);
    });

    it("is nothing where there is neither a place in AWS nor a role", async () => {
        const made = await graph(() => make("mine", { roles: { "ns/other": arn } }, true));
        assert.deepEqual([keys(made), made.result], [[], { annotations: {}, required: [] }]);
    });
});
