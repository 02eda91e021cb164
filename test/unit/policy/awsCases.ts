import { Registered } from "../../../policy/check";
import { Case, aws, object } from "./cases";
import { later } from "./unknown";

const component = (name: string, props: object): Registered => ({ type: "eks:index:Cluster", name, props });
const cluster = (name: string, props: object) => aws("eks/cluster:Cluster", name, props);
const key = "arn:aws:kms:us-west-2:123456789012:key/0";
const policy = (name: string, ...statements: object[]) =>
    aws("iam/rolePolicy:RolePolicy", name, { policy: JSON.stringify({ Statement: statements }) });
const openFix = "Name the ranges that Pulumi and people come from, or switch the public endpoint off.";
const written = "has to be true: otherwise what is written there can be read off the disk. Set it to true.";
const more = "allows more than it names, and all that AWS will ever add. Name the actions that are needed.";

export const awsCases: Case[] = [
    {
        rule: "eks-endpoint",
        title: "named ranges and endpoints inside the VPC",
        given: [
            component("ranges", { publicAccessCidrs: ["203.0.113.0/24"] }),
            component("inside", { endpointPublicAccess: false }),
            cluster("of-aws", { vpcConfig: { publicAccessCidrs: ["203.0.113.0/24"] } }),
            cluster("later", { vpcConfig: { publicAccessCidrs: later } }),
        ],
        says: [],
    },
    {
        rule: "eks-endpoint",
        title: "an API server for everybody",
        given: [
            component("default", {}),
            cluster("said", { vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["0.0.0.0/0"] } }),
        ],
        says: [
            `default publicAccessCidrs: nothing given, but it is needed: without it everybody on the internet can reach the API server. ${openFix}`,
            `said vpcConfig.publicAccessCidrs: ["0.0.0.0/0"] lets everybody on the internet reach the API server. ${openFix}`,
        ],
    },
    {
        rule: "eks-secrets-encryption",
        title: "a key, also one that is made with the cluster",
        given: [
            component("key", { encryptionConfigKeyArn: key }),
            component("made", { encryptionConfigKeyArn: later }),
            cluster("of-aws", { encryptionConfig: { provider: { keyArn: key } } }),
        ],
        says: [],
    },
    {
        rule: "eks-secrets-encryption",
        title: "no key",
        given: [component("component", {}), cluster("of-aws", {})],
        says: [
            "component encryptionConfigKeyArn: nothing given, but it is needed: without it no key of yours stands before the cluster's Secrets, and none can be taken away. Give the ARN of a KMS key. With this library, leave `eks.encryption` to its default.",
            "of-aws encryptionConfig.provider.keyArn: nothing given, but it is needed: without it no key of yours stands before the cluster's Secrets, and none can be taken away. Give the ARN of a KMS key. With this library, leave `eks.encryption` to its default.",
        ],
    },
    {
        rule: "deletion-protection",
        title: "a protected cluster",
        given: [component("component", { deletionProtection: true }), cluster("of-aws", { deletionProtection: true })],
        says: [],
    },
    {
        rule: "deletion-protection",
        title: "one that any destroy takes",
        given: [component("component", { deletionProtection: false })],
        says: [
            "component deletionProtection: false has to be true: otherwise one wrong destroy takes the cluster and all that runs on it. Set it to true; with this library, `eks.deletionProtection`.",
        ],
    },
    {
        rule: "volume-encryption",
        title: "what says that it is encrypted, or leaves it to the account",
        given: [
            aws("ebs/volume:Volume", "volume", { encrypted: true }),
            aws("ec2/launchTemplate:LaunchTemplate", "template", {
                blockDeviceMappings: [
                    { deviceName: "/dev/xvda", ebs: { encrypted: "true" } },
                    { deviceName: "/dev/xvdb" },
                ],
            }),
            aws("ebs/encryptionByDefault:EncryptionByDefault", "account", {}),
            object("StorageClass", "gp3", { provisioner: "ebs.csi.aws.com", parameters: { encrypted: "true" } }),
            object("StorageClass", "local", { provisioner: "rancher.io/local-path" }),
        ],
        says: [],
    },
    {
        rule: "volume-encryption",
        title: "what does not",
        given: [
            aws("ebs/volume:Volume", "volume", {}),
            aws("ec2/launchTemplate:LaunchTemplate", "template", {
                blockDeviceMappings: [{ ebs: { volumeSize: 20 } }],
            }),
            aws("ebs/encryptionByDefault:EncryptionByDefault", "account", { enabled: false }),
            aws("rds/instance:Instance", "database", { storageEncrypted: false }),
            object("StorageClass", "gp3", { provisioner: "ebs.csi.aws.com" }),
        ],
        says: [
            `volume encrypted: nothing given, but it ${written}`,
            `template blockDeviceMappings[0].ebs.encrypted: nothing given, but it ${written}`,
            `account enabled: false ${written}`,
            `database storageEncrypted: false ${written}`,
            `gp3 parameters.encrypted: nothing given, but it ${written}`,
        ],
    },
    {
        rule: "node-disk-encryption",
        title: "a launch template, or the account's default",
        given: [aws("eks/nodeGroup:NodeGroup", "own", { launchTemplate: { id: "lt-0", version: "1" } })],
        says: [],
    },
    {
        rule: "node-disk-encryption",
        title: "the account's default, which the stack switches on",
        given: [
            aws("eks/nodeGroup:NodeGroup", "nodes", {}),
            aws("ebs/encryptionByDefault:EncryptionByDefault", "account", {}),
        ],
        says: [],
    },
    {
        rule: "node-disk-encryption",
        title: "neither, but for what is excepted",
        given: [aws("eks/nodeGroup:NodeGroup", "nodes", {}), aws("eks/nodeGroup:NodeGroup", "others", {})],
        config: { "node-disk-encryption": { except: ["others"] } },
        says: [
            "nodes launchTemplate: nothing given, but it is needed to encrypt the nodes' disks, unless the account does it by its default for EBS in this region. Switch that on (aws.ebs.EncryptionByDefault); if it is on already, name the node group in `except`.",
        ],
    },
    {
        rule: "iam-wildcards",
        title: "actions one by one, and denials of all kinds",
        given: [
            policy("reader", { Effect: "Allow", Action: ["s3:GetObject"], Resource: "*" }),
            policy("denial", { Effect: "Deny", NotAction: "s3:*" }, { Effect: "Deny", Action: "*" }),
            aws("iam/policy:Policy", "later", { policy: later }),
            aws("iam/rolePolicyAttachment:RolePolicyAttachment", "nodes", {
                policyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
            }),
        ],
        says: [],
    },
    {
        rule: "iam-wildcards",
        title: "wildcards and full access, wherever they are granted",
        given: [
            policy("all", { Effect: "Allow", Action: "*" }),
            policy("most", { Effect: "Allow", Action: ["s3:GetObject"] }, { Effect: "Allow", Action: ["s3:Get*"] }),
            policy("rest", { Effect: "Allow", NotAction: ["iam:PassRole"] }),
            aws("iam/role:Role", "role", {
                inlinePolicies: [{ name: "own", policy: { Statement: { Effect: "Allow", Action: "ec2:*" } } }],
                managedPolicyArns: ["arn:aws-cn:iam::aws:policy/AmazonS3FullAccess"],
            }),
            aws("iam/userPolicyAttachment:UserPolicyAttachment", "admin", {
                policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
            }),
        ],
        says: [
            `all policy: Statement[0].Action: "*" ${more}`,
            `most policy: Statement[1].Action: "s3:Get*" ${more}`,
            'rest policy: Statement[0].NotAction: ["iam:PassRole"] allows every action but these, and all that AWS will ever add. Name the actions that are needed.',
            `role inlinePolicies[0].policy: Statement[0].Action: "ec2:*" ${more}`,
            'role managedPolicyArns[0]: "arn:aws-cn:iam::aws:policy/AmazonS3FullAccess" grants everything, or everything of a service. Write a policy with the actions that are needed.',
            'admin policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" grants everything, or everything of a service. Write a policy with the actions that are needed.',
        ],
    },
    {
        rule: "iam-wildcards",
        title: "a wildcard that the configuration allows",
        given: [policy("reader", { Effect: "Allow", Action: ["s3:Get*"] })],
        config: { "iam-wildcards": { allowedActions: ["s3:Get*"] } },
        says: [],
    },
];
