import assert from "node:assert/strict";

import { NamedPolicy, PolicyKind, PolicyStatement, listOf } from "../../scripts/policies/document";
import { findings } from "../../scripts/policies/rules";
import { policiesOfPlatform, policyPlatforms } from "./policyPlatforms";

/** Who may take each role that has to do with pods, wherever it is made. */
const accounts: Record<string, string> = {
    "dev-appmesh-controller": "appmesh-system:appmesh-controller",
    "dev-appmesh-gateway": "appmesh-gateway:appmesh-gateway",
    "dev-lattice-controller": "aws-application-networking-system:gateway-api-controller",
    "on-appmesh-proxies": "on-appmesh:on-appmesh",
    "on-appmesh-loadtester": "on-appmesh:flagger-loadtester",
};
/** The services of AWS that take the others. */
const services: Record<string, string> = {
    "dev-nodes": "ec2.amazonaws.com",
    "dev-auto": "ec2.amazonaws.com",
    "dev-cluster": "eks.amazonaws.com",
};

/** `namespace:name` of the service account that a trust policy is for, or the host name of the service of AWS. */
function trusted({ Principal = {}, Condition = {} }: PolicyStatement): string {
    const exact = Condition.StringEquals ?? {};
    const subject = Object.entries(exact).find(([key]) => key.endsWith(":sub"))?.[1];
    if (Principal.Service === "pods.eks.amazonaws.com") {
        const [namespace, account] = ["namespace", "service-account"].map(
            (tag) => exact[`aws:RequestTag/kubernetes-${tag}`],
        );
        return `${String(namespace)}:${String(account)}`;
    }
    return subject === undefined ? String(Principal.Service) : String(subject).replace("system:serviceaccount:", "");
}

describe("the policies of IAM", () => {
    const seen = { method: new Set<string>(), roles: new Set<string>() };

    for (const [title, args] of Object.entries(policyPlatforms)) {
        it(`are as narrow as AWS lets them be on ${title}`, async () => {
            const policies = await policiesOfPlatform(args);
            const found = await Promise.all(policies.map((policy) => findings(policy)));
            assert.deepEqual(found.flat(), []);
            for (const { name, document } of policies.filter(({ kind }) => kind === "trust")) {
                const role = name.replace("Role ", "");
                assert.deepEqual(document.Statement.map(trusted), [accounts[role] ?? services[role]], role);
                seen.roles.add(role);
                document.Statement.flatMap(({ Action }) => listOf(Action)).forEach((action) => seen.method.add(action));
            }
        });
    }

    it("were all looked at: each role, by IRSA and by Pod Identity", () => {
        assert.deepEqual([...seen.roles].sort(), Object.keys({ ...accounts, ...services }).sort());
        assert.deepEqual([...seen.method].sort(), [
            "sts:AssumeRole",
            "sts:AssumeRoleWithWebIdentity",
            "sts:TagSession",
        ]);
    });
});

describe("findings", () => {
    const of = (kind: PolicyKind, statement: Partial<PolicyStatement>): Promise<string[]> => {
        const whole = { Effect: "Allow", ...statement } as PolicyStatement;
        const policy: NamedPolicy = {
            name: "p",
            kind,
            document: { Version: "2012-10-17", Statement: [whole] },
        };
        return findings(policy);
    };
    const mesh = "arn:aws:appmesh:us-west-2:123456789012:mesh/*";
    const grants: [string, string, string, Partial<PolicyStatement>?][] = [
        ["a wildcard for an action", "appmesh:*", mesh],
        ["a part of an action's name", "appmesh:Describe*", mesh],
        ["an action that AWS does not have", "appmesh:DescribeEverything", mesh],
        ["everything, where a resource can be named", "appmesh:DescribeMesh", "*"],
        ["a resource, where none can be named", "appmesh:ListMeshes", mesh],
        ["a resource of another kind", "servicediscovery:GetService", mesh],
        ["every region", "appmesh:DescribeMesh", "arn:aws:appmesh:*:123456789012:mesh/*"],
        ["every account", "appmesh:DescribeMesh", "arn:aws:appmesh:us-west-2:*:mesh/*"],
        ["every service", "appmesh:DescribeMesh", "arn:aws:*:us-west-2:123456789012:mesh/*"],
        ["every kind of resource", "appmesh:DescribeMesh", "arn:aws:appmesh:us-west-2:123456789012:*"],
        [
            "a condition that the action does not know",
            "appmesh:DescribeMesh",
            mesh,
            { Condition: { StringEquals: { "iam:AWSServiceName": "x" } } },
        ],
    ];
    for (const [title, Action, Resource, more] of grants) {
        it(`tell of ${title}`, async () => {
            assert.equal((await of("identity", { Action, Resource, ...more })).length > 0, true);
        });
    }

    it("tell of nothing where an action is bound as far as it can be", async () => {
        assert.deepEqual(await of("identity", { Action: "appmesh:DescribeMesh", Resource: mesh }), []);
        assert.deepEqual(await of("identity", { Action: "appmesh:ListMeshes", Resource: "*" }), []);
    });

    const issuer = "oidc.eks.us-west-2.amazonaws.com/id/0123";
    const federated = { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` };
    const irsa = (exact: Record<string, string>, operator = "StringEquals"): Partial<PolicyStatement> => ({
        Principal: federated,
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { [operator]: exact },
    });
    const aud = { [`${issuer}:aud`]: "sts.amazonaws.com" };
    const sub = { [`${issuer}:sub`]: "system:serviceaccount:apps:podinfo" };
    const pods = { Principal: { Service: "pods.eks.amazonaws.com" }, Action: ["sts:AssumeRole", "sts:TagSession"] };
    const tags = {
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:us-west-2:123456789012:cluster/dev",
        "aws:RequestTag/kubernetes-namespace": "apps",
        "aws:RequestTag/kubernetes-service-account": "podinfo",
    };
    const { "aws:RequestTag/eks-cluster-arn": _, ...ofAnyCluster } = tags;
    const trusts: [string, Partial<PolicyStatement>][] = [
        ["every service account", irsa(aud)],
        ["every audience", irsa(sub)],
        ["a pattern of service accounts", irsa({ ...aud, [`${issuer}:sub`]: "system:serviceaccount:apps:*" })],
        ["a comparison by pattern", irsa({ ...aud, ...sub }, "StringLike")],
        ["another issuer's names", irsa({ "other:aud": "sts.amazonaws.com", "other:sub": sub[`${issuer}:sub`] })],
        ["pods of every cluster", { ...pods, Condition: { StringEquals: ofAnyCluster } }],
        ["pods of the whole account", pods],
        ["an account", { Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" }],
        [
            "a service that is none of the cluster's",
            { Principal: { Service: "x.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
    ];
    for (const [title, statement] of trusts) {
        it(`tell of a role for ${title}`, async () => {
            assert.equal((await of("trust", statement)).length, 1);
        });
    }

    it("tell of nothing where a role is for one service account", async () => {
        assert.deepEqual(await of("trust", irsa({ ...aud, ...sub })), []);
        assert.deepEqual(await of("trust", { ...pods, Condition: { StringEquals: tags } }), []);
    });
});
