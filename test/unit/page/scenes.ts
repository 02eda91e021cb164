import type { CoreV1Event } from "@kubernetes/client-node";

import { Kept } from "../../../components/evidence/configMap";
import { CanaryObject, keyOf } from "../../../components/operate/canary";
import { Sample } from "../../../components/page/checks";
import { Measured } from "../../../components/page/rollout";
import { Sight, Source } from "../../../components/page/source";

/** When the rollouts of the scenes began. */
export const start = Date.UTC(2026, 10, 27, 12, 0, 0);

/** What Flagger said, as docs/recordings has it: seconds after the start, and the words. A warning begins with "!". */
type Said = [seconds: number, text: string, more?: { count?: number; from?: number }];

export interface Scene {
    canary: CanaryObject;
    events: CoreV1Event[];
    values?: Map<string, Sample[]>;
    images: { target?: string; primary?: string };
    /** What is kept of its rollouts. */
    kept?: Kept;
    /** Seconds after the start at which it is looked at. */
    now: number;
}

export const metrics = [
    { name: "request-success-rate", interval: "1m", thresholdRange: { min: 99 } },
    { name: "request-duration", interval: "1m", thresholdRange: { max: 500 } },
];

const image = (tag: string) => `ghcr.io/stefanprodan/podinfo:${tag}`;
const at = (seconds: number) => new Date(start + seconds * 1000);
const samples = (from: number, ...values: number[]): Sample[] =>
    values.map((value, index) => ({ time: start + (from + 10 * index) * 1000, value }));

export function event(name: string, [seconds, text, { count = 1, from = seconds } = {}]: Said): CoreV1Event {
    return {
        metadata: { namespace: "apps" },
        involvedObject: { kind: "Canary", namespace: "apps", name },
        type: text.startsWith("!") ? "Warning" : "Normal",
        message: text.replace(/^!/, "").replaceAll("podinfo", name),
        count,
        firstTimestamp: at(from),
        lastTimestamp: at(seconds),
    };
}

/** A scene of a Canary in this phase; `analysis` changes what stands in its spec. */
export function scene(
    name: string,
    status: CanaryObject["status"],
    said: Said[],
    more: Partial<Scene> & { analysis?: object; spec?: object } = {},
): Scene {
    const { analysis, spec, ...rest } = more;
    return {
        canary: {
            metadata: { namespace: "apps", name },
            spec: {
                targetRef: { kind: "Deployment", name },
                progressDeadlineSeconds: 60,
                ...spec,
                analysis: { interval: "10s", threshold: 5, stepWeight: 10, maxWeight: 50, metrics, ...analysis },
            },
            status,
        },
        events: said.map((one) => event(name, one)),
        images: { target: image("6.0.1"), primary: image("6.0.0") },
        now: (said.at(-1)?.[0] ?? 0) + 5,
        ...rest,
    };
}

const beginning: Said[] = [
    [0, "New revision detected! Scaling up podinfo.apps"],
    [10, "Starting canary analysis for podinfo.apps"],
    [10, "Pre-rollout check acceptance-test passed"],
    [10, "Advance podinfo.apps canary weight 10"],
];
const weights = (...to: number[]): Said[] =>
    to.map((weight, index) => [20 + 10 * index, `Advance podinfo.apps canary weight ${weight}`]);

const noValues =
    "!Halt advancement no values found for appmesh:v1beta2 metric request-success-rate probably podinfo.apps is not receiving traffic: running query failed: no values found";

export const scenes = {
    promoted: () =>
        scene(
            "promoted",
            { phase: "Succeeded" },
            [
                ...beginning,
                [20, noValues],
                [30, "Advance podinfo.apps canary weight 20"],
                [40, "Advance podinfo.apps canary weight 30"],
                [50, "Advance podinfo.apps canary weight 40"],
                [60, "Advance podinfo.apps canary weight 50"],
                [70, "Copying podinfo.apps template spec to podinfo-primary.apps"],
                [80, "Routing all traffic to primary"],
                [90, "Promotion completed! Scaling down podinfo.apps"],
            ],
            {
                images: { target: image("6.0.1"), primary: image("6.0.1") },
                values: new Map([
                    ["request-success-rate", samples(30, 100, 99.9, 100, 100, 99.8, 100)],
                    ["request-duration", samples(30, 14, 25, 27, 18, 12, 12)],
                ]),
            },
        ),
    rolledBack: () =>
        scene(
            "rolled-back",
            // At the end Flagger sets the counts to 0.
            { phase: "Failed", canaryWeight: 0, failedChecks: 0 },
            [
                // The release before, of which these two are folded together.
                [-300, "!Halt podinfo.apps advancement request duration 815ms > 500ms"],
                [0, "New revision detected! Scaling up podinfo.apps", { count: 2, from: -400 }],
                [
                    5,
                    "!canary deployment podinfo.apps not ready: waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
                ],
                ...beginning.slice(1),
                [20, "!Halt podinfo.apps advancement success rate 54.55% < 99%"],
                [30, "!Halt podinfo.apps advancement success rate 50.75% < 99%"],
                [40, "!Halt podinfo.apps advancement success rate 50.52% < 99%"],
                [50, "!Halt podinfo.apps advancement success rate 50.39% < 99%"],
                [60, "!Halt podinfo.apps advancement success rate 50.31% < 99%"],
                [70, "!Rolling back podinfo.apps failed checks threshold reached 5"],
                [70, "!Canary failed! Scaling down podinfo.apps"],
            ],
            {
                images: { target: image("6.0.2-errors50"), primary: image("6.0.1") },
                values: new Map([
                    ["request-success-rate", samples(20, 54.55, 50.75, 50.52, 50.39, 50.31)],
                    ["request-duration", samples(20, 14, 12, 11, 8, 63)],
                ]),
            },
        ),
    underWay: () =>
        scene("under-way", { phase: "Progressing", canaryWeight: 30 }, [...beginning, ...weights(20, 30)], {
            values: new Map([
                ["request-success-rate", samples(20, 100, 100)],
                ["request-duration", samples(20, 14, 22)],
            ]),
        }),
    halted: () =>
        scene("halted", { phase: "Progressing", canaryWeight: 20, failedChecks: 2 }, [
            ...beginning,
            ...weights(20),
            [30, "!Halt podinfo.apps advancement request duration 815ms > 500ms"],
            [40, "!Halt podinfo.apps advancement request duration 1.204s > 500ms"],
        ]),
    waiting: () =>
        scene(
            "waiting",
            // Flagger takes the weight out of the status, not out of the routes.
            { phase: "WaitingPromotion", canaryWeight: 0 },
            [
                ...beginning,
                ...weights(20, 30, 40, 50),
                [70, "!Halt podinfo.apps advancement waiting for promotion approval promotion-gate"],
            ],
            {
                now: 7200,
                analysis: { webhooks: [{ name: "promotion-gate", type: "confirm-promotion" }] },
                values: new Map([["request-success-rate", samples(20, 100, 100, 100, 100)]]),
            },
        ),
    waitingToBegin: () =>
        scene(
            "waiting-to-begin",
            { phase: "Waiting" },
            [
                [-500, "New revision detected! Scaling up podinfo.apps"],
                [-400, "Promotion completed! Scaling down podinfo.apps"],
                [0, "!Halt podinfo.apps advancement waiting for approval rollout-gate"],
            ],
            { now: 3600 },
        ),
    wedged: () =>
        scene(
            "wedged",
            { phase: "Progressing", canaryWeight: 30, lastTransitionTime: at(880).toISOString() },
            [...beginning.slice(0, 3), [880, "Advance podinfo.apps canary weight 30", { count: 88, from: 10 }]],
            { analysis: { stepWeight: undefined, maxWeight: undefined, stepWeights: [30, 20] } },
        ),
    silent: () =>
        scene(
            "silent",
            { phase: "Progressing", canaryWeight: 10, lastTransitionTime: at(10).toISOString() },
            beginning,
            {
                now: 1200,
            },
        ),
    promotionFailed: () =>
        scene("promotion-failed", { phase: "Failed", canaryWeight: 100 }, [
            ...beginning,
            ...weights(20, 30, 40, 50),
            [70, "Copying podinfo.apps template spec to podinfo-primary.apps"],
            [
                140,
                "!Promotion of podinfo.apps failed, primary not ready: podinfo-primary.apps not ready: progress deadline exceeded",
            ],
        ]),
    unready: () =>
        scene("unready", { phase: "Failed" }, [
            [0, "New revision detected! Scaling up podinfo.apps"],
            [
                10,
                "!canary deployment podinfo.apps not ready: waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
            ],
            [
                70,
                "!canary deployment podinfo.apps not ready with retryable false: canary deployment podinfo.apps not ready: deployment exceeded its progress deadline",
            ],
            [
                70,
                "!Rolling back podinfo.apps progress deadline exceeded canary deployment podinfo.apps not ready with retryable false: deployment exceeded its progress deadline",
            ],
            [70, "!Canary failed! Scaling down podinfo.apps"],
        ]),
    unmeasured: () =>
        scene("unmeasured", { phase: "Failed" }, [
            ...beginning,
            ...[20, 30, 40, 50, 60].map((seconds): Said => [seconds, noValues]),
            [70, "!Rolling back podinfo.apps failed checks threshold reached 5"],
            [70, "!Canary failed! Scaling down podinfo.apps"],
        ]),
    initialized: () => scene("initialized", { phase: "Initialized" }, [[0, "Initialization done! podinfo.apps"]]),
};

/** A source that says what the scenes hold. */
export function sourceOf(shown: Scene[], problems: string[] = []): Source {
    const sight: Sight = {
        canaries: shown.map(({ canary }) => canary),
        events: new Map(shown.map(({ canary, events }) => [keyOf(canary), events])),
        problems,
    };
    const sceneOf = (canary: CanaryObject) => shown.find((one) => one.canary === canary)!;
    return {
        cluster: "recorded",
        look: () => Promise.resolve(sight),
        around: (canary) => Promise.resolve({ images: sceneOf(canary).images, around: {} }),
        kept: (canary) => Promise.resolve(sceneOf(canary).kept),
        measured: (canary): Promise<Measured> => {
            const { values } = sceneOf(canary);
            return Promise.resolve(
                values === undefined
                    ? { why: "The metrics server could not be asked: service unavailable." }
                    : { values },
            );
        },
    };
}
