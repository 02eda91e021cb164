import { Chart, PodOption } from "./charts";
import type { ResourcesArgs } from "./delivery/workloadArgs";
import { blocksEviction, checkBudget } from "./disruptionBudget";
import { checkObjectName } from "./objectNames";
import { Fields, checkFields, checkList, checkObject, checkPattern, checkTexts } from "./shape";
import { Problems, checkInteger, checkPlain } from "./validation";
import { Values, setAt } from "./values";

/** How many pods an add-on has, what they may use and where they run. */
export interface AddonPodsArgs {
    /**
     * How many pods.
     * @default - as the chart has it: one
     */
    replicas?: number;
    /**
     * What a pod of the add-on asks for and may use at most. What is left out stays as the chart has it.
     * @default - the chart's
     */
    resources?: ResourcesArgs;
    /**
     * Labels that a node has to have for the pods.
     * @default - any node
     */
    nodeSelector?: Record<string, string>;
    /**
     * Taints of nodes that the pods may run on nevertheless.
     * @default - none
     */
    tolerations?: TolerationArgs[];
    /**
     * The PriorityClass of the pods, which has to exist.
     * @default - the chart's, or else the cluster's
     */
    priorityClassName?: string;
    /**
     * How many pods have to stay while nodes are drained: a PodDisruptionBudget.
     * @default - none
     */
    disruptionBudget?: DisruptionBudgetArgs;
}

/** Taints that are tolerated, in the words of Kubernetes. */
export interface TolerationArgs {
    /**
     * The key of the taint.
     * @default - every taint, which takes the operator `Exists`
     */
    key?: string;
    /**
     * `Equal`: the taint has this value. `Exists`: whatever value it has.
     * @default "Equal"
     */
    operator?: string;
    /**
     * The value of the taint.
     * @default - the empty value
     */
    value?: string;
    /**
     * What the taint does: `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
     * @default - any of them
     */
    effect?: string;
    /**
     * How long a pod stays on a node that gets such a taint, in seconds; for `NoExecute` alone.
     * @default - for ever
     */
    tolerationSeconds?: number;
}

/** How many pods have to stay: one of the two. */
export interface DisruptionBudgetArgs {
    /**
     * How many pods have to be there: a number or a share of them, `"1"` or `"50%"`.
     * @default - by `maxUnavailable`
     */
    minAvailable?: string;
    /**
     * How many pods may be missing: a number or a share of them, `"1"` or `"50%"`.
     * @default - by `minAvailable`
     */
    maxUnavailable?: string;
}

const options: PodOption[] = ["replicas", "resources", "nodeSelector", "tolerations", "priorityClassName"];
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const refused = "Kubernetes would refuse the pods";

/** Whether the chart, or something that the library adds to it, can do what is asked for. */
function isPossible(chart: Chart, option: PodOption): boolean {
    return chart.podValues[option] !== undefined || (option === "replicas" && chart.openReplicas === true);
}

/** Checks what is asked for an add-on's pods, and that its chart can do it. */
export function checkPods(problems: Problems, path: string, addon: AddonPodsArgs, chart: Chart | undefined): void {
    for (const option of options) {
        problems.require(addon[option] === undefined || chart === undefined || isPossible(chart, option), {
            path: `${path}.${option}`,
            value: addon[option],
            rule: `is asked for, and the values of the chart ${chart?.chart} have nothing for it`,
            fix: `Leave it out, or name a chart of your own that has it, with \`${path}.chart\` and \`${path}.values\`.`,
        });
    }
    if (checkPlain(problems, `${path}.replicas`, addon.replicas)) {
        checkInteger(problems, `${path}.replicas`, addon.replicas, 1, 100, "pods");
    }
    const { resources } = addon;
    if (resources !== undefined && checkObject(problems, `${path}.resources`, resources, "Give { requests: {} }.")) {
        checkTexts(problems, `${path}.resources.requests`, resources.requests);
        checkTexts(problems, `${path}.resources.limits`, resources.limits);
    }
    checkTexts(problems, `${path}.nodeSelector`, addon.nodeSelector);
    const fix = 'Write it like [{ key: "dedicated", value: "platform", effect: "NoSchedule" }].';
    for (const [at, toleration] of checkList(problems, `${path}.tolerations`, addon.tolerations, fix)) {
        const fields = checkFields(problems, at, toleration, 'Write it like { key: "dedicated", operator: "Exists" }.');
        if (fields !== undefined) {
            checkToleration(problems, at, fields);
        }
    }
    checkObjectName(problems, `${path}.priorityClassName`, addon.priorityClassName);
    checkBudget(problems, `${path}.disruptionBudget`, addon.disruptionBudget);
}

function checkToleration(problems: Problems, path: string, toleration: Fields): void {
    const { key, operator = "Equal", value, effect, tolerationSeconds } = toleration;
    checkPattern(problems, `${path}.key`, key, /\S/, `is no text: ${refused}`, "Name the taint's key.");
    problems.require(operator === "Equal" || operator === "Exists", {
        path: `${path}.operator`,
        value: operator,
        rule: `is not an operator of a toleration: ${refused}`,
        fix: "Use Equal or Exists.",
    });
    problems.require(key !== undefined || operator !== "Equal", {
        path: `${path}.key`,
        rule: `is required with the operator Equal: ${refused}`,
        fix: `Name the taint's key, or tolerate every taint by \`operator: "Exists"\`.`,
    });
    problems.require(value === undefined || typeof value === "string", {
        path: `${path}.value`,
        value,
        rule: "is not a string, and Kubernetes takes nothing else here",
        fix: "Put it in quotes.",
    });
    problems.require(operator !== "Exists" || value === undefined || value === "", {
        path: `${path}.value`,
        value,
        rule: `is given beside the operator Exists, which asks for none: ${refused}`,
        fix: "Keep one of the two.",
    });
    problems.require(effect === undefined || effects.includes(effect as string), {
        path: `${path}.effect`,
        value: effect,
        rule: `is not an effect of a taint: ${refused}`,
        fix: `Use one of ${effects.join(", ")}.`,
    });
    checkInteger(problems, `${path}.tolerationSeconds`, tolerationSeconds, 0, 31_536_000, "seconds");
    problems.require(tolerationSeconds === undefined || effect === "NoExecute", {
        path: `${path}.tolerationSeconds`,
        value: tolerationSeconds,
        rule: `is for the effect NoExecute alone: ${refused}`,
        fix: "Leave it out, or name the effect.",
    });
}

/** The chart's values for what is asked of its pods. */
export function podValues(chart: Chart, addon: AddonPodsArgs | undefined): Values {
    const values: Values = {};
    for (const option of options) {
        const key = chart.podValues[option];
        if (addon?.[option] !== undefined && key !== undefined) {
            setAt(values, key, addon[option]);
        }
    }
    return values;
}

/** What is allowed for an add-on's pods, and yet not what one hopes for. */
export function podWarnings(path: string, addon: AddonPodsArgs, chart: Chart): string[] {
    const { replicas = 1, disruptionBudget: budget } = addon;
    const warnings: string[] = [];
    if (replicas > 1 && chart.alone !== undefined) {
        warnings.push(`${path}.replicas: of ${replicas} pods ${chart.alone}.`);
    }
    if (budget !== undefined && blocksEviction(budget, replicas)) {
        const pods = replicas === 1 ? "the one pod" : `any of the ${replicas} pods`;
        warnings.push(
            `${path}.disruptionBudget: ${JSON.stringify(budget)} never lets ${pods} be evicted, so that draining its node ` +
                "waits for ever, and with it every upgrade of nodes. Allow one pod to be missing, or have more of them.",
        );
    }
    return warnings;
}
