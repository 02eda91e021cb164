import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { IamArgs, checkIam, withIam } from "../../../components/cluster/iam";
import { connection } from "../devStack";
import { linesOf } from "../problems";

const check = (args: unknown) => linesOf((problems) => checkIam(problems, "iam", args as IamArgs));

describe("checkIam", () => {
    it("accepts what AWS takes", () => {
        for (const args of [
            undefined,
            {},
            {
                workloadIdentity: "irsa",
                roles: {
                    "apps/podinfo": "arn:aws-us-gov:iam::123456789012:role/path/podinfo",
                    "a/b": pulumi.output("later"),
                },
                permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
                rolePath: "/",
            },
            { rolePath: "/team/one/", permissionsBoundary: pulumi.output("later") },
        ]) {
            assert.deepEqual(check(args), []);
        }
    });

    it("refuses what it does not", () => {
        const fix = 'Write it like { "namespace/service-account": "arn:aws:iam::123456789012:role/name" }.';
        assert.deepEqual(
            check({
                workloadIdentity: "IRSA",
                roles: { podinfo: "arn:aws:iam::123456789012:role/podinfo", "apps/podinfo": "podinfo" },
                permissionsBoundary: "boundary",
                rolePath: "team",
            }),
            [
                'iam.workloadIdentity: "IRSA" is not a way by which pods come by roles. Use one of pod-identity, irsa.',
                `iam.roles.podinfo: "podinfo" does not name a service account with its namespace. ${fix}`,
                `iam.roles["apps/podinfo"]: "podinfo" is not the ARN of an IAM role. ${fix}`,
                'iam.permissionsBoundary: "boundary" is not the ARN of an IAM policy. ' +
                    'Write it like "arn:aws:iam::123456789012:policy/boundary".',
                'iam.rolePath: "team" is not a path of IAM roles. Begin and end it with a slash, like "/platform/".',
            ],
        );
    });

    it("asks for roles whose service accounts are known", () => {
        assert.deepEqual(check({ roles: pulumi.output({}) }), [
            "iam.roles: a value that is known only at deployment decides which resources exist, so it has to be known when " +
                "the program runs. Give a plain value, for example from config.",
        ]);
    });
});

describe("withIam", () => {
    it("adds what is said and nothing else", () => {
        const identity = connection.identity!;
        assert.deepEqual(withIam(identity), identity);
        assert.deepEqual(withIam(identity, { roles: {} }), identity);
        assert.deepEqual(withIam(identity, { workloadIdentity: "irsa", rolePath: "/a/" }), {
            ...identity,
            method: "irsa",
            rolePath: "/a/",
        });
    });
});
