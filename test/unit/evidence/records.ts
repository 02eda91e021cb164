import { RolloutRecord } from "../../../components/evidence/record";

/** A record of a rollout that was taken back, as one is kept. */
export function record(changes: Partial<RolloutRecord> = {}): RolloutRecord {
    return {
        version: 1,
        revision: "2230c306d0",
        outcome: "rolled-back",
        interval: 10,
        began: "2026-11-27T12:00:00Z",
        ended: "2026-11-27T12:01:10Z",
        image: "web:2",
        over: "web:1",
        says: "Success rate was 50.31 %, and has to be at least 99 %.",
        evidence: ["3 checks have failed; 3 roll it back."],
        weights: [
            [0, 0],
            [10, 30],
        ],
        looks: [
            { at: 10, phase: "Progressing", weight: 30, iterations: 0, failedChecks: 0 },
            { at: 20, phase: "Progressing", weight: 30, iterations: 0, failedChecks: 1 },
        ],
        checks: [
            {
                name: "request-success-rate",
                unit: "%",
                min: 99,
                from: "metrics",
                failed: 1,
                samples: [
                    [10, 100],
                    [20, 50.31],
                ],
            },
            { name: "request-duration", unit: "ms", max: 500, from: "metrics", failed: 0, samples: [[20, 14]] },
        ],
        said: [
            { at: 0, text: "New revision detected! Scaling up web.shop" },
            { at: 20, until: 40, times: 3, warning: true, text: "Halt web.shop advancement success rate 50.31% < 99%" },
            { at: 70, warning: true, text: "Rolling back web.shop failed checks threshold reached 3" },
        ],
        ...changes,
    };
}
