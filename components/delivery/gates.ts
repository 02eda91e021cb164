import { checkUrl } from "../http";
import { checkSwitch, isObject } from "../shape";
import { Problems, checkDuration } from "../validation";

/** Where a rollout waits until somebody approves. */
export interface GatesArgs {
    /**
     * Before the rollout begins.
     * @default - no gate
     */
    rollout?: GateArgs;
    /**
     * Before each step of the weight, the first included, and before the promotion. Only with `steps`: Flagger asks it in no
     * other strategy.
     * @default - no gate
     */
    trafficIncrease?: GateArgs;
    /**
     * After the analysis, before the primary gets the new version.
     * @default - no gate
     */
    promotion?: GateArgs;
    /**
     * At each interval: opening it rolls the release back.
     * @default - one in the load tester where another gate is there, so that a release can be rejected
     */
    rollback?: GateArgs;
}

/** A gate: whoever answers at its address decides. */
export interface GateArgs {
    /**
     * The address that Flagger asks: an answer of 200 to 202 opens the gate, any other keeps it shut.
     * @default - the load tester of the namespace, whose gate the component's `gateCommands` open and close
     */
    url?: string;
    /**
     * How long an answer may take: seconds or minutes.
     * @default "10s"
     */
    timeout?: string;
    /**
     * Sends no alert while the gate is waited at.
     * @default false
     */
    muteAlert?: boolean;
}

const types = {
    rollout: "confirm-rollout",
    trafficIncrease: "confirm-traffic-increase",
    promotion: "confirm-promotion",
    rollback: "rollback",
} as const;

type Gate = keyof typeof types;
const all = Object.keys(types) as Gate[];
const confirming: Gate[] = ["rollout", "trafficIncrease", "promotion"];

/** Checks the gates of a rollout. */
export function checkGates(
    problems: Problems,
    path: string,
    gates: GatesArgs | undefined,
    strategy: string | undefined,
): void {
    if (gates === undefined) {
        return;
    }
    if (
        !problems.require(isObject(gates), {
            path,
            value: gates,
            rule: "does not say where to wait",
            fix: "Write it like { promotion: {} }.",
        })
    ) {
        return;
    }
    for (const gate of all) {
        checkGate(problems, `${path}.${gate}`, gates[gate]);
    }
    for (const key of Object.keys(gates).filter((name) => !all.includes(name as Gate))) {
        problems.add({
            path: `${path}.${key}`,
            value: (gates as Record<string, unknown>)[key],
            rule: "is set under a name that no gate has: the release would not wait",
            fix: `Use ${all.join(", ")}.`,
        });
    }
    problems.require(gates.trafficIncrease === undefined || strategy === undefined || strategy === "steps", {
        path: `${path}.trafficIncrease`,
        value: gates.trafficIncrease,
        rule: `is never asked in ${strategy}: the release would go on without approval`,
        fix: "Use `promotion` or `rollout`, or release in `steps`.",
    });
    const shared = confirming.filter((gate) => isInLoadTester(gates[gate]));
    problems.require(!shared.includes("trafficIncrease") || shared.length === 1, {
        path: `${path}.trafficIncrease`,
        value: gates.trafficIncrease,
        rule: `shares the load tester's one switch with ${shared.filter((g) => g !== "trafficIncrease").join(" and ")}: opening it once would approve both`,
        fix: "Give one of them an address of its own with `url`, or keep one.",
    });
}

function checkGate(problems: Problems, path: string, gate: GateArgs | undefined): void {
    if (gate === undefined) {
        return;
    }
    if (
        !problems.require(isObject(gate), {
            path,
            value: gate,
            rule: "is not a gate",
            fix: "Write {} for the load tester's, or { url: ... }.",
        })
    ) {
        return;
    }
    checkUrl(problems, `${path}.url`, gate.url);
    checkDuration(problems, `${path}.timeout`, gate.timeout);
    checkSwitch(problems, `${path}.muteAlert`, gate.muteAlert);
}

function isInLoadTester(gate: GateArgs | undefined): boolean {
    return isObject(gate) && gate.url === undefined;
}

/** Whether anything is to be approved or rejected in the load tester. */
export function usesLoadTester(gates: GatesArgs | undefined): boolean {
    return all.some((gate) => isInLoadTester(gates?.[gate]));
}

/** The gates with what comes with them: whoever may approve may also reject. */
function complete(gates: GatesArgs): GatesArgs {
    const rejectable = isInLoadTester(gates.trafficIncrease) || isInLoadTester(gates.promotion);
    return gates.rollback === undefined && rejectable ? { ...gates, rollback: {} } : gates;
}

/**
 * The webhooks of a Canary that make its gates. The load tester has one switch for each Canary, and one to roll back. They
 * stay open until somebody closes them, also for the next release; so each release closes them behind itself, and those that
 * were opened while nothing was released when it begins. The switch that let it begin is closed before the analysis.
 */
export function gateWebhooks(loadTester: string, gates: GatesArgs | undefined): Record<string, unknown>[] {
    if (gates === undefined) {
        return [];
    }
    const whole = complete(gates);
    const close = (name: string, type: string, place: string) => ({
        name,
        type,
        url: `${loadTester}${place}`,
        timeout: "10s",
    });
    const asked = all.flatMap((gate) => {
        const args = whole[gate];
        const place = gate === "rollback" ? "rollback/check" : "gate/check";
        return args === undefined
            ? []
            : [
                  {
                      name: `${gate === "trafficIncrease" ? "traffic-increase" : gate}-gate`,
                      type: types[gate],
                      url: args.url ?? `${loadTester}${place}`,
                      timeout: args.timeout ?? "10s",
                      ...(args.muteAlert === true && { muteAlert: true }),
                  },
              ];
    });
    const mayBegin = isInLoadTester(whole.rollout);
    const mayGoOn = isInLoadTester(whole.trafficIncrease) || isInLoadTester(whole.promotion);
    const mayEnd = isInLoadTester(whole.rollback);
    return [
        // Called before anything else of a release, and content with any answer that is no refusal.
        ...(mayGoOn && !mayBegin ? [close("close-gate-at-start", types.rollout, "gate/close")] : []),
        ...(mayEnd ? [close("close-rollback-at-start", types.rollout, "rollback/close")] : []),
        ...asked,
        ...(mayBegin ? [close("close-gate-before-analysis", "pre-rollout", "gate/close")] : []),
        ...(mayBegin || mayGoOn ? [close("close-gate", "post-rollout", "gate/close")] : []),
        ...(mayEnd ? [close("close-rollback", "post-rollout", "rollback/close")] : []),
    ];
}

/** The commands that open and close the gates in the load tester, by what they do; none for gates elsewhere. */
export function gateCommands(
    gates: GatesArgs | undefined,
    namespace: string,
    canaryName: string,
    loadTester: string,
): Record<string, string> {
    const whole = gates === undefined ? {} : complete(gates);
    const body = JSON.stringify({ name: canaryName, namespace });
    const command = (place: string) =>
        `kubectl -n ${namespace} exec deploy/${loadTester} -- curl -sS -d '${body}' http://localhost:8080/${place}`;
    return {
        ...(confirming.some((gate) => isInLoadTester(whole[gate])) && {
            approve: command("gate/open"),
            hold: command("gate/close"),
        }),
        ...(isInLoadTester(whole.rollback) && { reject: command("rollback/open") }),
    };
}
