import { entryPath, checkFields, checkList, checkSwitch, checkTexts } from "../shape";
import { Problems, checkInteger, checkName, checkPlain } from "../validation";

/** How many nodes a group has. */
export interface ScalingArgs {
    /**
     * How many nodes to begin with. Changes made later by an autoscaler are left alone.
     * @default - the least number
     */
    desired?: number;
    /**
     * The least number of nodes.
     * @default 2
     */
    min?: number;
    /**
     * The greatest number of nodes.
     * @default - 4, or the least number where that is greater
     */
    max?: number;
}

/** The nodes of an EKS cluster: one managed node group. */
export interface NodesArgs extends ScalingArgs {
    /**
     * EC2 instance type.
     * @default "m5.large"
     */
    instanceType?: string;
}

/** One of several managed node groups. */
export interface NodeGroupArgs extends ScalingArgs {
    /**
     * EC2 instance types, the first the most wanted. Spot groups are interrupted less with several of the same size.
     * @default - ["m5.large"], or ["m7g.large"] for arm64
     */
    instanceTypes?: string[];
    /**
     * The processor: `x86_64` or `arm64`. It decides which Amazon Linux 2023 the nodes run.
     * @default "x86_64"
     */
    architecture?: string;
    /**
     * Whether the nodes are Spot capacity: cheaper, and taken back by AWS with two minutes' notice.
     * @default false
     */
    spot?: boolean;
    /**
     * Size of each node's disk, in GiB.
     * @default 20
     */
    diskSize?: number;
    /**
     * Kubernetes labels of the nodes.
     * @default - none but EKS' own
     */
    labels?: Record<string, string>;
    /**
     * What keeps pods that do not tolerate it off the nodes.
     * @default - none
     */
    taints?: TaintArgs[];
}

/** A Kubernetes taint. */
export interface TaintArgs {
    /** Its key, by which pods tolerate it. */
    key: string;
    /**
     * Its value.
     * @default - none
     */
    value?: string;
    /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
    effect: string;
}

/** EKS' words for the effects of a taint. */
export const taintEffects: Readonly<Record<string, string>> = {
    NoSchedule: "NO_SCHEDULE",
    PreferNoSchedule: "PREFER_NO_SCHEDULE",
    NoExecute: "NO_EXECUTE",
};

/** The image and the instance type for a processor. */
export const architectures: Readonly<Record<string, { amiType: string; instanceType: string }>> = {
    x86_64: { amiType: "AL2023_x86_64_STANDARD", instanceType: "m5.large" },
    arm64: { amiType: "AL2023_ARM_64_STANDARD", instanceType: "m7g.large" },
};

/** The numbers of a group, with what follows from those that are given. */
export function scalingOf(args: ScalingArgs = {}): Required<ScalingArgs> {
    const { min = 2, max = Math.max(4, min), desired = min } = args;
    return { min, max, desired };
}

/** Whether the instances have AWS' own processor, by the "g" that AWS puts behind the generation: m7g, c6gn, im4gn. */
export function isGraviton(instanceType: string): boolean {
    return /^a1\.|^[a-z]+\d+[a-z]*g[a-z]*[.-]/.test(instanceType);
}

/** Checks the numbers of a group. */
export function checkScaling(problems: Problems, path: string, args: ScalingArgs | undefined): void {
    checkInteger(problems, `${path}.min`, args?.min, 0, 1000, "nodes");
    checkInteger(problems, `${path}.max`, args?.max, 1, 1000, "nodes");
    checkInteger(problems, `${path}.desired`, args?.desired, 0, 1000, "nodes");
    // What is no number is told of already, and nothing can be held against it, nor follow from it.
    if (![args?.min, args?.max, args?.desired].every((value) => value === undefined || Number.isFinite(value))) {
        return;
    }
    const { min, max, desired } = scalingOf(args);
    problems.require(min <= max, {
        path: `${path}.max`,
        value: max,
        rule: `is less than the least number of nodes, ${min}`,
        fix: `Give at least ${min}.`,
    });
    problems.require(min > max || (desired >= min && desired <= max), {
        path: `${path}.desired`,
        value: desired,
        rule: `is not between the least and the greatest number of nodes, ${min} and ${max}`,
        fix: `Give a number from ${min} to ${max}, or leave it out.`,
    });
}

/** Checks several groups; an absent value passes. */
export function checkNodeGroups(problems: Problems, path: string, groups: unknown): void {
    const fix = "Write it like { general: { min: 2, max: 4 } }.";
    if (groups === undefined || !checkPlain(problems, path, groups)) {
        return;
    }
    const named = Object.entries(checkFields(problems, path, groups, fix) ?? { "": undefined });
    problems.require(named.length > 0, {
        path,
        value: groups,
        rule: "has no group, so nothing could run in the cluster",
        fix: "Name at least one group, or leave it out for two m5.large.",
    });
    for (const [name, group] of named) {
        const at = entryPath(path, name);
        if (checkFields(problems, at, group, fix) !== undefined) {
            checkName(problems, at, name);
            checkNodeGroup(problems, at, group as NodeGroupArgs);
        }
    }
}

function checkNodeGroup(problems: Problems, path: string, group: NodeGroupArgs): void {
    checkScaling(problems, path, group);
    checkSwitch(problems, `${path}.spot`, group.spot);
    checkInteger(problems, `${path}.diskSize`, group.diskSize, 20, 16_384, "GiB");
    checkTexts(problems, `${path}.labels`, group.labels);
    const { architecture = "x86_64" } = group;
    const known = problems.require(Object.hasOwn(architectures, architecture), {
        path: `${path}.architecture`,
        value: architecture,
        rule: "is not a processor that nodes can have",
        fix: `Use one of ${Object.keys(architectures).join(", ")}.`,
    });
    const types = checkList(problems, `${path}.instanceTypes`, group.instanceTypes, 'Write it like ["m5.large"].');
    for (const [at, type] of types) {
        const sound = problems.require(typeof type === "string" && /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type), {
            path: at,
            value: type,
            rule: "is not an EC2 instance type",
            fix: 'Write it like "m5.large".',
        });
        problems.require(!sound || !known || isGraviton(type as string) === (architecture === "arm64"), {
            path: at,
            value: type,
            rule: `does not have the processor of the group, ${architecture}`,
            fix: "Give types of one processor, and its `architecture`.",
        });
    }
    problems.require(group.instanceTypes === undefined || types.length > 0 || !Array.isArray(group.instanceTypes), {
        path: `${path}.instanceTypes`,
        value: group.instanceTypes,
        rule: "names no instance type",
        fix: "Name one, or leave it out.",
    });
    for (const [at, taint] of checkList(problems, `${path}.taints`, group.taints, "Give a list of taints.")) {
        checkTaint(problems, at, taint);
    }
}

function checkTaint(problems: Problems, path: string, taint: unknown): void {
    const fields = checkFields(problems, path, taint, 'Write it like { key: "gpu", effect: "NoSchedule" }.');
    if (fields === undefined) {
        return;
    }
    problems.require(typeof fields.key === "string" && fields.key !== "", {
        path: `${path}.key`,
        value: fields.key,
        rule: "is not the key of a taint",
        fix: 'Give a text, like "gpu".',
    });
    problems.require(fields.value === undefined || typeof fields.value === "string", {
        path: `${path}.value`,
        value: fields.value,
        rule: "is not a string, and Kubernetes takes nothing else here",
        fix: "Put it in quotes.",
    });
    problems.require(typeof fields.effect === "string" && Object.hasOwn(taintEffects, fields.effect), {
        path: `${path}.effect`,
        value: fields.effect,
        rule: "is not what a taint can do",
        fix: `Use one of ${Object.keys(taintEffects).join(", ")}.`,
    });
}
