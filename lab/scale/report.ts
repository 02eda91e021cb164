import { duration, size } from "../../components/units";
import { Measurement, Step } from "./measurement";

const used = (step: Step, kind: string) => {
    const use = step.uses[kind];
    if (use === undefined) {
        return "-";
    }
    const count = kind === "kubernetes provider" && use.processes > 1 ? `${use.processes}: ` : "";
    return `${count}${duration(use.cpuSeconds)}, ${size(use.peakBytes)}`;
};

/** The programs that have a column. */
const columns = [
    "engine",
    "program",
    "kubernetes provider",
    "API server",
    "etcd",
    "flagger",
    "prometheus",
    "controllers",
    "lab and nodes",
];

/** The table of what was measured: a line for each step, and for each program its processor time and the most memory. */
export function tableOf(measurements: Measurement[]): { head: string[]; rows: string[][] } {
    return {
        head: [
            "apps",
            "step",
            "time",
            "applied",
            "requests of pods / all (lists of Canaries)",
            "state",
            ...columns,
            "wrong",
        ],
        rows: measurements.flatMap(({ apps, steps }) =>
            steps.map((step) => [
                String(apps),
                step.what,
                duration(step.seconds),
                step.appliedAfter === undefined ? "" : duration(step.appliedAfter),
                `${step.requests.pods} / ${step.requests.all} (${step.requests.canaryLists})`,
                size(step.stateBytes),
                ...columns.map((kind) => used(step, kind)),
                String(step.wrong.length),
            ]),
        ),
    };
}

/** Whether nothing was lost. */
export function allWell(measurements: Measurement[]): boolean {
    return measurements.every(({ steps }) => steps.every(({ wrong }) => wrong.length === 0));
}
