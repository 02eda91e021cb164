import { Moment } from "./moments";

/** A check that a version did not pass, as Flagger said it. */
export interface Failure {
    kind: "measured" | "unmeasured" | "webhook" | "pods" | "gate" | "other";
    /** The metric, the webhook or the gate that it is about. */
    name: string;
    /** The value against its bound, in Flagger's units. */
    value?: number;
    /** In words for people, without a full stop. */
    says: string;
    first: number;
    last: number;
    times: number;
}

/** The metrics that Flagger brings, by what it calls them in its events. */
const builtin: Record<string, string> = {
    "success rate": "request-success-rate",
    "request duration": "request-duration",
};

type Reading = Omit<Failure, "first" | "last" | "times">;

/** Flagger's sentences about a check that failed, and what each of them means. */
const sentences: [RegExp, (...groups: string[]) => Reading][] = [
    [
        /^Halt \S+ advancement waiting for (promotion |traffic increase )?approval (.*)$/,
        (which = "", name) => ({
            kind: "gate",
            name: name,
            says: `the gate ${name} is shut: it waits for somebody's approval ${purposes[which.trim()]}`,
        }),
    ],
    [
        /^Halt \S+ advancement (?:external check|pre-rollout check) (\S+) failed (.*)$/s,
        (name, said) => ({ kind: "webhook", name: name, says: `the check ${name} failed: ${said}` }),
    ],
    [
        /^Halt \S+ advancement (.+) ([-+\d.eE]+|NaN|[+-]Inf)(%|[a-zµ]+[\w.]*)? ([<>]) ([-+\d.eE]+)(%|[a-zµ]+[\w.]*)?$/,
        (metric, value, unit = "", sign, bound, boundUnit = "") => ({
            kind: "measured",
            name: builtin[metric] ?? metric,
            value: inBase(value, unit),
            says: `${metric} was ${spaced(value, unit)}, and has to be at ${sign === "<" ? "least" : "most"} ${spaced(bound, boundUnit)}`,
        }),
    ],
    [
        /^Halt advancement no values found for (?:custom metric: |metric: |\S+ metric )([^\s:]+)/,
        (name) => ({
            kind: "unmeasured",
            name: name,
            says: `there were no values for ${name}: most often the canary gets no requests, or nothing counts them`,
        }),
    ],
    [
        /^(Prometheus query failed|Metric query failed|Metric template|Error building Prometheus client)(.*)$/s,
        (what, rest) => ({
            kind: "unmeasured",
            name: what,
            says: `the metrics server gave no answer: ${what}${rest}`,
        }),
    ],
    [/not ready: (.*)$/s, (why) => ({ kind: "pods", name: "pods", says: `pods are not ready: ${why}` })],
];

const purposes: Record<string, string> = {
    "": "to begin",
    promotion: "to promote",
    "traffic increase": "to give the canary more traffic",
};

/** Reads what Flagger said; undefined for what is no failed check. */
export function failureOf(moment: Moment): Failure | undefined {
    if (!moment.warning || /^(Rolling back|Canary failed!)/.test(moment.text)) {
        return undefined;
    }
    const { first, last, times } = moment;
    for (const [sentence, read] of sentences) {
        const match = sentence.exec(moment.text);
        if (match !== null) {
            return { ...read(...match.slice(1)), first, last, times };
        }
    }
    return { kind: "other", name: moment.text, says: moment.text, first, last, times };
}

/** A duration as Go writes it, in milliseconds. */
function milliseconds(text: string): number {
    const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 1e-3, us: 1e-3, ns: 1e-6 };
    return [...text.matchAll(/([\d.]+)(h|ms|m|µs|us|ns|s)/g)].reduce(
        (sum, [, number, unit]) => sum + Number(number) * units[unit!]!,
        0,
    );
}

/** In the metric's own unit: milliseconds for times. */
function inBase(value: string, unit: string): number {
    return unit === "" || unit === "%" ? Number(value) : milliseconds(`${value}${unit}`);
}

function spaced(value: string, unit: string): string {
    // Go writes a minute and a half as 1m30s.
    return unit === "" || /\d/.test(unit) ? `${value}${unit}` : `${value} ${unit}`;
}
