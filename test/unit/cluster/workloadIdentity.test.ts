import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { policyDocument, trustPolicy, workloadIdentity } from "../../../components/cluster/workloadIdentity";
import { connection } from "../devStack";
import { graph, secret } from "../graph";

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

describe("workloadIdentity", () => {
    it("is a role with its one policy, which know where they are and keep a secret ARN secret", async () => {
        const { node, nodes } = await graph(() =>
            workloadIdentity(
                "mine",
                {
                    identity: { ...connection.identity!, accountId: pulumi.secret("42") },
                    serviceAccounts: [{ namespace: "ns", name: "sa" }],
                    description: "For a test.",
                    statements: ({ partition, region, accountId }) => [
                        { actions: ["s3:GetObject"], resources: [`${partition}/${region}/${accountId}`] },
                    ],
                    tags: { a: "b" },
                },
                {},
            ),
        );
        assert.deepEqual(
            nodes.map((n) => n.key),
            ["Role mine", "RolePolicy mine"],
        );
        const { description, tags } = node("Role mine").props;
        assert.deepEqual([description, tags], ["For a test.", { a: "b" }]);
        const { role, policy } = node("RolePolicy mine").props;
        assert.equal(role, "mine-in-aws");
        assert.deepEqual((JSON.parse(secret(policy) as string) as { Statement: unknown }).Statement, [
            { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["aws/us-west-2/42"] },
        ]);
    });
});
