import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkList, checkSwitch, entryPath } from "../shape";
import { Problems, checkPlain } from "../validation";
import { AccessEntryArgs, checkAccessEntries } from "./accessEntries";
import { NamedInAws, checkAwsNames } from "./awsNames";
import { EncryptionArgs, checkEncryption } from "./encryption";
import { EndpointArgs, checkEndpoint, endpointWarnings } from "./endpoint";
import { IamArgs } from "./iam";
import { NetworkArgs, checkNetwork } from "./network";
import { NodeGroupArgs, NodesArgs, checkNodeGroups, checkScaling } from "./nodeGroupArgs";
import { nodeGroupWarnings } from "./nodeGroups";

/** The EKS cluster to build. */
export interface EksArgs {
    /**
     * Kubernetes version of the control plane and its nodes.
     * @default "1.34"
     */
    version?: string;
    /**
     * The VPC to build in.
     * @default - the region's default VPC, whose subnets are public. A cluster cannot be moved to another VPC, so this is for
     * clusters to try things in; for others give `network`, or your own VPC
     */
    vpcId?: pulumi.Input<string>;
    /**
     * Subnets of that VPC for the control plane and the nodes, in at least two zones.
     * @default - the subnets of the default VPC
     */
    subnetIds?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * A VPC to build for the cluster, with its nodes in private subnets; in place of `vpcId` and `subnetIds`.
     * @default - no VPC is built
     */
    network?: NetworkArgs;
    /**
     * The nodes.
     * @default - two m5.large
     */
    nodes?: NodesArgs;
    /**
     * Several groups of nodes by name, in place of `nodes`.
     * @default - the one group that `nodes` describes
     */
    nodeGroups?: Record<string, NodeGroupArgs>;
    /**
     * EKS Auto Mode, in place of `nodes` and `nodeGroups`: AWS adds and replaces nodes as pods need them, and charges for
     * that. Choose it when the cluster is made; EKS does not reliably leave it again.
     * @default false
     */
    autoMode?: boolean;
    /**
     * From where the API server is reached.
     * @default - from everywhere, and inside the VPC without leaving it
     */
    endpoint?: EndpointArgs;
    /**
     * Which logs of the control plane go to CloudWatch: some of `api`, `audit`, `authenticator`, `controllerManager`,
     * `scheduler`. AWS writes none by default, and who did what can then never be found out. `[]` is none. AWS makes the log
     * group, `/aws/eks/<cluster>/cluster`, keeps it for ever, and leaves it at destroy.
     * @default - all five
     */
    logs?: string[];
    /**
     * How Secrets are kept. AWS' own default is a key of AWS' alone.
     * @default - encrypted with a KMS key made for it
     */
    encryption?: EncryptionArgs;
    /**
     * Who else is let into the cluster, by a name of yours.
     * @default - whoever builds it, as administrator
     */
    accessEntries?: Record<string, AccessEntryArgs>;
    /**
     * What happens when the Kubernetes version is 14 months old: `STANDARD`, and AWS upgrades the cluster, or `EXTENDED`, and it
     * stays for another year at six times the price (AWS' own default). A cluster that is in extended support has to be upgraded
     * before it can have `STANDARD`.
     * @default "STANDARD"
     */
    supportType?: string;
    /**
     * Whether AWS refuses to delete the cluster, from the console as well as at `pulumi destroy` or a replacement. Set it where
     * users depend on the cluster; to destroy it, set it to false and run `pulumi up` first.
     * @default false
     */
    deletionProtection?: boolean;
}

/** The logs that a control plane can write. */
export const controlPlaneLogs = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const supportTypes = ["STANDARD", "EXTENDED"];

/** Checks the cluster's arguments. */
export function checkEks(problems: Problems, path: string, given: EksArgs | undefined): void {
    const args: EksArgs | undefined = checkFields(problems, path, given, 'Write it like { version: "1.34" }.');
    if (args === undefined) {
        return;
    }
    if (checkPlain(problems, `${path}.version`, args.version) && args.version !== undefined) {
        problems.require(/^1\.\d{2}$/.test(args.version), {
            path: `${path}.version`,
            value: args.version,
            rule: "is not a Kubernetes version as EKS names them",
            fix: `Write it like "1.34".`,
        });
    }
    checkWhere(problems, path, args);
    checkNodes(problems, path, args);
    checkEndpoint(problems, `${path}.endpoint`, args.endpoint);
    checkLogs(problems, `${path}.logs`, args.logs);
    checkEncryption(problems, `${path}.encryption`, args.encryption);
    checkAccessEntries(problems, `${path}.accessEntries`, args.accessEntries);
    problems.require(args.supportType === undefined || supportTypes.includes(args.supportType), {
        path: `${path}.supportType`,
        value: args.supportType,
        rule: "is not a kind of support that EKS has",
        fix: `Use one of ${supportTypes.join(", ")}.`,
    });
    checkSwitch(problems, `${path}.deletionProtection`, args.deletionProtection);
}

function checkWhere(problems: Problems, path: string, args: EksArgs): void {
    const { network, vpcId, subnetIds } = args;
    problems.require(vpcId === undefined || subnetIds !== undefined, {
        path: `${path}.subnetIds`,
        rule: "has to come with a VPC, or EKS would put nodes into subnets of another one",
        fix: "Name subnets of that VPC, in at least two zones.",
    });
    problems.require(network === undefined || (vpcId === undefined && subnetIds === undefined), {
        path: `${path}.network`,
        value: network,
        rule: "is a VPC to build, and one that exists is named too",
        fix: "Give `network`, or `vpcId` and `subnetIds`.",
    });
    if (checkPlain(problems, `${path}.network`, network)) {
        checkNetwork(problems, `${path}.network`, network);
    }
}

function checkNodes(problems: Problems, path: string, { nodes, nodeGroups, autoMode }: EksArgs): void {
    if (checkPlain(problems, `${path}.autoMode`, autoMode)) {
        checkSwitch(problems, `${path}.autoMode`, autoMode);
    }
    const ways = { nodes, nodeGroups, autoMode: autoMode === true ? autoMode : undefined };
    const given = Object.entries(ways).flatMap(([way, value]) => (value === undefined ? [] : [way]));
    problems.require(given.length <= 1, {
        path: `${path}.${given.at(-1)}`,
        value: ways[given.at(-1) as keyof typeof ways],
        rule: `is one of the ways to nodes, and ${given[0]} is given too`,
        fix: "Give one of nodes, nodeGroups, autoMode.",
    });
    checkScaling(
        problems,
        `${path}.nodes`,
        checkFields(problems, `${path}.nodes`, nodes, "Write it like { min: 2, max: 4 }."),
    );
    checkNodeGroups(problems, `${path}.nodeGroups`, nodeGroups);
}

function checkLogs(problems: Problems, path: string, logs: string[] | undefined): void {
    if (!checkPlain(problems, path, logs)) {
        return;
    }
    for (const [at, log] of checkList(problems, path, logs, 'Write it like ["audit"]; [] is none.')) {
        problems.require(controlPlaneLogs.includes(log as string), {
            path: at,
            value: log,
            rule: "is not a log of the control plane",
            fix: `Use some of ${controlPlaneLogs.join(", ")}.`,
        });
    }
}

/**
 * Checks that AWS takes the names of the cluster, of its parts and of whatever else is named after the platform. The other
 * arguments have to be sound.
 */
export function checkEksNames(
    problems: Problems,
    name: string,
    args: EksArgs = {},
    iam: IamArgs = {},
    others: readonly NamedInAws[] = [],
): void {
    const ownRoles = iam.permissionsBoundary !== undefined || iam.rolePath !== undefined;
    const role = (childName: string): NamedInAws => ({ kind: "role", childName: `${name}-${childName}` });
    const groups = Object.keys(args.nodeGroups ?? {});
    checkAwsNames(problems, "name", name, [
        { kind: "cluster", childName: `${name}-eksCluster` },
        role(ownRoles ? "cluster" : "eksRole-role"),
        args.autoMode === true ? role(ownRoles ? "auto" : "nodeRole-role") : role("nodes"),
        ...others,
    ]);
    for (const group of groups) {
        checkAwsNames(problems, entryPath("eks.nodeGroups", group), group, [
            { kind: "nodeGroup", childName: `${name}-nodes-${group}` },
        ]);
    }
}

/** What a user should know of a cluster whose arguments are sound. */
export function eksWarnings(args: EksArgs = {}): string[] {
    return [...endpointWarnings(args.endpoint), ...nodeGroupWarnings(args.nodeGroups)];
}
