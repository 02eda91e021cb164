import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { checkEks } from "../../../components/cluster/eksArgs";
import { isGraviton } from "../../../components/cluster/nodeGroupArgs";
import { EksArgs } from "../../../index";
import { linesOf } from "../problems";

describe("checkEks", () => {
    const check = (args: unknown) => linesOf((problems) => checkEks(problems, "eks", args as EksArgs));

    it("accepts what can be built", () => {
        for (const args of [
            undefined,
            {},
            { version: "1.34", vpcId: "v", subnetIds: ["s"], nodes: { min: 0, max: 1, desired: 1 } },
            { subnetIds: ["s"] },
            { nodes: { min: 7 } },
            { network: {}, autoMode: true },
            { autoMode: false, nodes: {} },
            {
                nodeGroups: {
                    general: { min: 0, max: 1 },
                    arm: { architecture: "arm64", instanceTypes: ["t4g.small"] },
                },
            },
            { endpoint: { publicAccess: false } },
            {
                endpoint: { allowedCidrs: ["203.0.113.7/32", pulumi.output("later")] },
                logs: [],
                supportType: "EXTENDED",
            },
            { encryption: { keyArn: pulumi.output("later") }, deletionProtection: true },
            {
                accessEntries: {
                    team: { principalArn: "arn:aws-cn:iam::123456789012:user/path/me" },
                    later: {
                        principalArn: pulumi.output("later"),
                        accessPolicies: [{ policy: "AmazonEKSAdminPolicy" }],
                    },
                },
            },
        ]) {
            assert.deepEqual(check(args), []);
        }
    });

    const traps: [string, unknown, string[]][] = [
        [
            "a version in another form",
            { version: "v1.34" },
            ['eks.version: "v1.34" is not a Kubernetes version as EKS names them. Write it like "1.34".'],
        ],
        [
            "a version that is known too late",
            { version: pulumi.output("1.34") },
            [
                "eks.version: a value that is known only at deployment decides which resources exist, so it has to be known " +
                    "when the program runs. Give a plain value, for example from config.",
            ],
        ],
        [
            "a VPC without subnets",
            { vpcId: "vpc-1" },
            [
                "eks.subnetIds: nothing given, but it has to come with a VPC, or EKS would put nodes into subnets of another one. " +
                    "Name subnets of that VPC, in at least two zones.",
            ],
        ],
        [
            "numbers that are none",
            { nodes: { min: -1, max: 2.5, desired: 1001 } },
            [
                "eks.nodes.min: -1 is not a whole number from 0 to 1000 (nodes). Give a number in that range.",
                "eks.nodes.max: 2.5 is not a whole number from 1 to 1000 (nodes). Give a number in that range.",
                "eks.nodes.desired: 1001 is not a whole number from 0 to 1000 (nodes). Give a number in that range.",
                "eks.nodes.desired: 1001 is not between the least and the greatest number of nodes, -1 and 2.5. " +
                    "Give a number from -1 to 2.5, or leave it out.",
            ],
        ],
        [
            "a number that is known only later, and only that",
            { nodes: { min: pulumi.output(2), max: 4 } },
            [
                "eks.nodes.min: a value that is known only at deployment is not a whole number from 0 to 1000 (nodes). " +
                    "Give a number in that range.",
            ],
        ],
        [
            "a number that JavaScript's own arithmetic does not take",
            { nodes: { min: 2n } },
            ["eks.nodes.min: 2 is not a whole number from 0 to 1000 (nodes). Give a number in that range."],
        ],
        [
            "a greatest number below the least, and only that",
            { nodes: { min: 5, max: 3 } },
            ["eks.nodes.max: 3 is less than the least number of nodes, 5. Give at least 5."],
        ],
        [
            "a number to begin with that is out of bounds",
            { nodes: { min: 2, max: 4, desired: 5 } },
            [
                "eks.nodes.desired: 5 is not between the least and the greatest number of nodes, 2 and 4. " +
                    "Give a number from 2 to 4, or leave it out.",
            ],
        ],
        [
            "a network beside one that exists",
            { network: {}, vpcId: "v", subnetIds: ["s"] },
            [
                "eks.network: {} is a VPC to build, and one that exists is named too. " +
                    "Give `network`, or `vpcId` and `subnetIds`.",
            ],
        ],
        [
            "several ways to nodes",
            { nodes: {}, nodeGroups: { general: {} } },
            [
                'eks.nodeGroups: {"general":{}} is one of the ways to nodes, and nodes is given too. ' +
                    "Give one of nodes, nodeGroups, autoMode.",
            ],
        ],
        [
            "Auto Mode beside node groups",
            { autoMode: true, nodeGroups: { general: {} } },
            [
                "eks.autoMode: true is one of the ways to nodes, and nodeGroups is given too. " +
                    "Give one of nodes, nodeGroups, autoMode.",
            ],
        ],
        [
            "no group at all",
            { nodeGroups: {} },
            [
                "eks.nodeGroups: {} has no group, so nothing could run in the cluster. " +
                    "Name at least one group, or leave it out for two m5.large.",
            ],
        ],
        [
            "a group that cannot be",
            {
                nodeGroups: {
                    Odd_One: {
                        architecture: "riscv",
                        instanceTypes: ["large"],
                        diskSize: 8,
                        spot: "yes",
                        taints: [{ key: "", effect: "NO_SCHEDULE", value: 1 }],
                    },
                },
            },
            [
                'eks.nodeGroups.Odd_One: "Odd_One" is not a Kubernetes name of at most 63 characters. ' +
                    "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.",
                'eks.nodeGroups.Odd_One.spot: "yes" is neither true nor false. Give one of the two, without quotes.',
                "eks.nodeGroups.Odd_One.diskSize: 8 is not a whole number from 20 to 16384 (GiB). Give a number in that range.",
                'eks.nodeGroups.Odd_One.architecture: "riscv" is not a processor that nodes can have. Use one of x86_64, arm64.',
                'eks.nodeGroups.Odd_One.instanceTypes[0]: "large" is not an EC2 instance type. Write it like "m5.large".',
                'eks.nodeGroups.Odd_One.taints[0].key: "" is not the key of a taint. Give a text, like "gpu".',
                "eks.nodeGroups.Odd_One.taints[0].value: 1 is not a string, and Kubernetes takes nothing else here. " +
                    "Put it in quotes.",
                'eks.nodeGroups.Odd_One.taints[0].effect: "NO_SCHEDULE" is not what a taint can do. ' +
                    "Use one of NoSchedule, PreferNoSchedule, NoExecute.",
            ],
        ],
        [
            "instances with another processor",
            {
                nodeGroups: {
                    a: { instanceTypes: ["m5.large", "m7g.large"] },
                    b: { architecture: "arm64", instanceTypes: [] },
                },
            },
            [
                'eks.nodeGroups.a.instanceTypes[1]: "m7g.large" does not have the processor of the group, x86_64. ' +
                    "Give types of one processor, and its `architecture`.",
                "eks.nodeGroups.b.instanceTypes: [] names no instance type. Name one, or leave it out.",
            ],
        ],
        [
            "an API server that nobody reaches",
            { endpoint: { publicAccess: false, privateAccess: false } },
            [
                "eks.endpoint.privateAccess: false leaves nobody who reaches the API server. " +
                    "Leave one of publicAccess and privateAccess true.",
            ],
        ],
        [
            "addresses for an API server that is not public, and none for one that is",
            { endpoint: { publicAccess: false, allowedCidrs: [] } },
            [
                "eks.endpoint.allowedCidrs: [] allows addresses of the internet, from where the API server is not reached. " +
                    "Leave it out, or let publicAccess be true.",
                "eks.endpoint.allowedCidrs: [] does not have one to forty blocks, as EKS takes them; an empty list would be " +
                    "everyone. Give those that may reach it, or let publicAccess be false.",
            ],
        ],
        [
            "an address without its prefix",
            { endpoint: { allowedCidrs: ["203.0.113.7"] } },
            [
                'eks.endpoint.allowedCidrs[0]: "203.0.113.7" is not a block of IPv4 addresses. ' +
                    'Write it like "203.0.113.0/24", with zeros behind the prefix; one address is "203.0.113.7/32".',
            ],
        ],
        [
            "other logs and kinds of support",
            { logs: ["audit", "kubelet"], supportType: "standard", deletionProtection: "on" },
            [
                'eks.logs[1]: "kubelet" is not a log of the control plane. ' +
                    "Use some of api, audit, authenticator, controllerManager, scheduler.",
                'eks.supportType: "standard" is not a kind of support that EKS has. Use one of STANDARD, EXTENDED.',
                'eks.deletionProtection: "on" is neither true nor false. Give one of the two, without quotes.',
            ],
        ],
        [
            "a key that is an alias, or for nothing",
            { encryption: { enabled: false, keyArn: "alias/mine" } },
            [
                'eks.encryption.keyArn: "alias/mine" is not the ARN of a KMS key. ' +
                    'Write it like "arn:aws:kms:us-west-2:123456789012:key/...": the key\'s own ARN, not an alias.',
                'eks.encryption.keyArn: "alias/mine" names a key for an encryption that is switched off. ' +
                    "Leave out one of enabled and keyArn.",
            ],
        ],
        [
            "who cannot be let in",
            {
                accessEntries: {
                    none: {},
                    session: {
                        principalArn: "arn:aws:sts::123456789012:assumed-role/a/b",
                        kubernetesGroups: ["system:masters"],
                        accessPolicies: [{ policy: "AdministratorAccess", namespaces: [] }],
                    },
                    one: { principalArn: "arn:aws:iam::123456789012:role/a" },
                    again: {
                        principalArn: "arn:aws:iam::123456789012:role/a",
                        accessPolicies: [{ policy: "AmazonEKSViewPolicy" }, { policy: "AmazonEKSViewPolicy" }],
                    },
                },
            },
            [
                "eks.accessEntries.none.principalArn: nothing given, but it is required. " +
                    'Write it like { team: { principalArn: "arn:aws:iam::123456789012:role/team" } }.',
                'eks.accessEntries.session.principalArn: "arn:aws:sts::123456789012:assumed-role/a/b" is not the ARN of an IAM ' +
                    "user or role. Give the role's own ARN, not that of a session of it.",
                'eks.accessEntries.session.kubernetesGroups[0]: "system:masters" is not a group that EKS lets anyone into; ' +
                    "those of Kubernetes and AWS themselves are closed. Name a group of your own; for administrators use the " +
                    "policy AmazonEKSClusterAdminPolicy.",
                'eks.accessEntries.session.accessPolicies[0].policy: "AdministratorAccess" is not the name of a policy of EKS ' +
                    'for what may be done in a cluster. Give the name alone, like "AmazonEKSViewPolicy".',
                "eks.accessEntries.session.accessPolicies[0].namespaces: [] names no namespace. " +
                    "Name some, or leave it out for the whole cluster.",
                'eks.accessEntries.again.principalArn: "arn:aws:iam::123456789012:role/a" has an entry already, and EKS takes ' +
                    "one for each. Give it all its groups and policies in one entry.",
                'eks.accessEntries.again.accessPolicies[1].policy: "AmazonEKSViewPolicy" is named twice, and EKS takes one ' +
                    "scope for each. Name it once, with all its namespaces.",
            ],
        ],
    ];
    for (const [what, args, lines] of traps) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(check(args), lines);
        });
    }
});

describe("isGraviton", () => {
    it("knows AWS' own processor by the type's name", () => {
        for (const type of [
            "m7g.large",
            "c6gn.xlarge",
            "t4g.nano",
            "a1.large",
            "im4gn.large",
            "g5g.xlarge",
            "x2gd.metal",
        ]) {
            assert.equal(isGraviton(type), true, type);
        }
        for (const type of ["m5.large", "g5.xlarge", "g4dn.xlarge", "m7i-flex.large", "c7a.large", "trn1.2xlarge"]) {
            assert.equal(isGraviton(type), false, type);
        }
    });
});
