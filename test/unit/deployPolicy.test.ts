import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { PolicyDocument, listOf } from "../../scripts/policies/document";
import { deployPolicy } from "../../scripts/policies/deploy/deployPolicy";
import { findings } from "../../scripts/policies/rules";
import { stackPolicies } from "./stackPolicies";

const place = { account: "123456789012", region: "us-west-2", partition: "aws" };

describe("the policy of whoever deploys", () => {
    let policies: Record<string, PolicyDocument>;

    before(async () => {
        policies = await stackPolicies();
    });

    it("is what docs/deploy-policy shows of the stacks", () => {
        for (const [stack, policy] of Object.entries(policies)) {
            const file = path.join(__dirname, "../../docs/deploy-policy", `${stack}.json`);
            assert.deepEqual(
                JSON.parse(fs.readFileSync(file, "utf8")),
                policy,
                "what the stack makes in AWS, or what that takes, has changed: run `npm run deploy-policy`",
            );
        }
    });

    it("is as narrow as AWS lets it be, and an inline policy holds it", async () => {
        for (const [name, document] of Object.entries(policies)) {
            assert.deepEqual(await findings({ name, kind: "identity", document }), []);
            assert.ok(JSON.stringify(document).length <= 10_240, name);
        }
    });

    it("covers what a program makes, and no more", async () => {
        const role = { type: "aws:iam/role:Role", name: "dev-controller", inputs: { path: "/platform/" } };
        const document = await deployPolicy([role], place);
        const actions = document.Statement.flatMap(({ Action }) => listOf(Action));
        assert.ok(actions.includes("iam:CreateRole"));
        assert.ok(!actions.some((action) => /^(ec2|kms):|eks:Create/.test(action)), actions.join());
        const made = document.Statement.find(({ Sid }) => Sid === "MakeRoles")!;
        assert.deepEqual(made.Resource, ["arn:aws:iam::123456789012:role/platform/dev-controller-*"]);
    });

    it("lets roles be made only with the boundary, where there is one", async () => {
        const permissionsBoundary = "arn:aws:iam::123456789012:policy/boundary";
        const role = { type: "aws:iam/role:Role", name: "dev-controller", inputs: { permissionsBoundary } };
        const { Statement } = await deployPolicy([role], place);
        const making = Statement.filter(({ Action }) => listOf(Action).includes("iam:CreateRole"));
        assert.deepEqual(
            making.map(({ Condition }) => Condition),
            [{ StringEquals: { "iam:PermissionsBoundary": permissionsBoundary } }],
        );
    });

    it("is refused for a resource of AWS that the table does not know", async () => {
        await assert.rejects(
            deployPolicy([{ type: "aws:s3/bucket:Bucket", name: "b", inputs: {} }], place),
            /needs\.ts/,
        );
    });
});
