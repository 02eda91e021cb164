import assert from "node:assert/strict";

import fc from "fast-check";

import { NamedInAws, checkAwsNames } from "../../../components/cluster/awsNames";
import { linesOf } from "../problems";

const check = (chosen: string, children: NamedInAws[]) =>
    linesOf((problems) => checkAwsNames(problems, "name", chosen, children));

describe("checkAwsNames", () => {
    it("accepts names up to the limit, with what Pulumi adds to them", () => {
        assert.deepEqual(check("dev", []), []);
        assert.deepEqual(check("dev", [{ kind: "role", childName: "a".repeat(56) }]), []);
        assert.deepEqual(check("dev", [{ kind: "cluster", childName: "a".repeat(92) }]), []);
        assert.deepEqual(check("dev", [{ kind: "nodeGroup", childName: "a".repeat(55) }]), []);
    });

    it("tells of the one that asks for the shortest name", () => {
        const name = "a".repeat(40);
        assert.deepEqual(
            check(name, [
                { kind: "role", childName: `${name}-eksRole-role` },
                { kind: "role", childName: `${name}-appmesh-controller` },
                { kind: "cluster", childName: `${name}-eksCluster` },
            ]),
            [
                `name: "${name}" makes the IAM role "${name}-appmesh-controller-0123abc", 3 more than the 64 characters that ` +
                    "AWS takes. Give at most 37 characters.",
            ],
        );
    });

    it("asks for a length that is then accepted", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 1, max: 150 }),
                fc.constantFrom("-nodes", "-appmesh-controller"),
                (length, end) => {
                    const roles = (name: string): NamedInAws[] => [{ kind: "role", childName: `${name}${end}` }];
                    const name = "a".repeat(length);
                    const [line] = check(name, roles(name));
                    const shorter = /at most (\d+) characters\.$/.exec(line ?? "")?.[1];
                    assert.equal(shorter === undefined, length + end.length + 8 <= 64);
                    const accepted = "a".repeat(Number(shorter ?? length));
                    assert.deepEqual(check(accepted, roles(accepted)), []);
                },
            ),
        );
    });

    it("knows which characters each service takes", () => {
        assert.deepEqual(check("shop.eu", [{ kind: "role", childName: "shop.eu-proxies" }]), []);
        assert.deepEqual(
            check("shop.eu", [
                { kind: "role", childName: "shop.eu-nodes" },
                { kind: "cluster", childName: "shop.eu-eksCluster" },
            ]),
            [
                'name: "shop.eu" is a part of the name of the EKS cluster, and AWS takes letters, digits, dashes and ' +
                    "underscores there. Use those, beginning with a letter or digit.",
            ],
        );
        assert.deepEqual(check("a b", [{ kind: "role", childName: "a b" }]), [
            'name: "a b" is a part of the name of the IAM role, and AWS takes letters, digits and any of _+=,.@- there. ' +
                "Use those, beginning with a letter or digit.",
        ]);
    });
});
