import assert from "node:assert/strict";

import fc from "fast-check";

import { Course, Sight, isActive, judge } from "../../../../components/delivery/promotion/verdict";
import { duration } from "../../../../components/units";
import { promotedSight } from "./sights";

const active = ["Initializing", "Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising"];
const resting = ["", "Initialized", "Succeeded", "Failed", "Terminating", "Terminated"];

/** Two intervals and five seconds are 25 s. */
const course: Course = { now: 0, began: 0, intervalSeconds: 10, timeoutSeconds: 1800 };

/** So many seconds after the beginning. */
const at = (second: number, changes: Partial<Course> = {}): Course => ({ ...course, now: second * 1000, ...changes });

const waiting = { state: "waiting" };
const promoted = { state: "promoted" };
const failed = (what: string, remedy: string, explained = false) => ({ state: "failed", what, remedy, explained });

const superseded = failed(
    "somebody else changed it, so it is not this program's version that is being released",
    "See who did; that rollout goes on. Undo that change, or take the Deployment back with `PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh`.",
);
const rolledBack = {
    ...failed(
        "it was rolled back",
        "The primary still runs the version before and has all the traffic. Repair the version, or go back to the one " +
            "before, and run `pulumi up` again. To try the very same version once more, change `workload.podAnnotations` " +
            "(on a target of your own, an annotation of its pod template).",
        true,
    ),
    rolledBack: true,
};
const notUp = (weight: number) =>
    failed(
        `it passed its analysis, but the primary did not come up with it: ${weight} % of the traffic stays on the canary`,
        "See why the primary's pods are not ready, then release a version that is repaired.",
        true,
    );
const unavailable = (why: string) =>
    failed(
        `the primary has the new version, but its pods do not become available: ${why}`,
        "See the events of the primary's pods, then release a version that is repaired.",
    );
const notReady = failed(
    "the primary does not become ready with it",
    "See why the primary's pods are not ready, then release a version that is repaired.",
    true,
);
const suspended = failed(
    "its Canary is suspended, so nothing is released",
    "Take `suspend` out and run `pulumi up` again; the change itself is made and waits.",
);
const notBegun = (last: string) =>
    failed(
        `Flagger has not begun a rollout; its last word on this Canary is ${last}`,
        "See that Flagger runs and watches this namespace: its log says what it does with this Canary.",
        true,
    );
const noTarget = failed(
    "what it releases does not exist",
    "Create the target first, and let this component depend on it.",
    true,
);
const late = (timeout: number, where: string) => ({
    ...failed(
        `it was not promoted within ${duration(timeout)}; it is ${where}`,
        "The rollout goes on without this update. Run `pulumi up` again to go on waiting, or give it more time with " +
            "`waitForPromotion.timeout`.",
        true,
    ),
    timedOut: true,
});

const old: Partial<Sight> = { promoted: false };
const coming: Partial<Sight> = { primaryRolledOut: false };
const stuck: Partial<Sight> = { ...coming, primaryStuck: 'ReplicaSet "web-primary-1" has timed out progressing.' };

const cases: [string, Partial<Sight>, Course, object][] = [
    ["promoted, all at rest", {}, course, promoted],
    ["promoted at the first rollout", { phase: "Initialized" }, course, promoted],
    ["promoted by hand after a rollback", { phase: "Failed" }, at(0, { failedSince: 0 }), promoted],
    ["promoted by hand, and failed for long", { phase: "Failed" }, at(100, { failedSince: 0 }), promoted],
    ["promoted, but Flagger has not seen the Canary", { phase: "" }, at(10, { restingSince: 0 }), waiting],
    ["promoted while suspended", { suspended: true }, course, promoted],
    ["the primary's pods are coming", coming, at(100, { restingSince: 0 }), waiting],
    ["the primary's pods will not come", stuck, course, unavailable(stuck.primaryStuck!)],
    [
        "the primary's pods will not come, after a failure",
        { ...stuck, phase: "Failed" },
        course,
        unavailable(stuck.primaryStuck!),
    ],
    ["traffic stays on the canary", { ...coming, phase: "Failed", weight: 60 }, course, notUp(60)],
    [
        "traffic stays on the canary, and its pods will not come",
        { ...stuck, phase: "Failed", weight: 5 },
        course,
        notUp(5),
    ],
    ["a failure of the primary that may be over", { ...coming, phase: "Failed" }, at(25, { failedSince: 0 }), waiting],
    ["a failure of the primary", { ...coming, phase: "Failed" }, at(25.001, { failedSince: 0 }), notReady],

    ["superseded, before all else", { superseded: true }, course, superseded],
    ["superseded while it is rolled out", { ...old, superseded: true, phase: "Progressing" }, at(2000), superseded],

    ["suspended", { ...old, suspended: true }, course, suspended],
    ["suspended in the middle", { ...old, suspended: true, phase: "Progressing", weight: 10 }, course, suspended],
    [
        "suspended after a rollback",
        { ...old, suspended: true, phase: "Failed" },
        at(100, { failedSince: 0 }),
        suspended,
    ],

    ["a failure that may be the last rollout's", { ...old, phase: "Failed" }, at(25, { failedSince: 0 }), waiting],
    ["a failure since when nobody knows", { ...old, phase: "Failed" }, at(25.001), waiting],
    ["a failure", { ...old, phase: "Failed" }, at(25.001, { failedSince: 0 }), rolledBack],
    ["a failure a while after the beginning", { ...old, phase: "Failed" }, at(125, { failedSince: 100_000 }), waiting],

    ["not begun, and Flagger may just have many to see", old, at(180, { restingSince: 0 }), waiting],
    ["not begun after three minutes", old, at(180.001, { restingSince: 0 }), notBegun("Succeeded")],
    [
        "not begun for long, while Flagger begins with others",
        old,
        at(1180, { restingSince: 0, intakeMovedAt: 1_000_000 }),
        waiting,
    ],
    [
        "not begun three minutes after Flagger began with another",
        old,
        at(1180.001, { restingSince: 0, intakeMovedAt: 1_000_000 }),
        notBegun("Succeeded"),
    ],
    ["not seen by Flagger yet", { ...old, phase: "" }, at(180, { restingSince: 0 }), waiting],
    ["never seen by Flagger", { ...old, phase: "" }, at(180.001, { restingSince: 0 }), notBegun("none")],
    [
        "not begun, where two intervals are longer than three minutes",
        old,
        at(205, { restingSince: 0, intervalSeconds: 100 }),
        waiting,
    ],
    [
        "not begun after two long intervals",
        old,
        at(205.001, { restingSince: 0, intervalSeconds: 100 }),
        notBegun("Succeeded"),
    ],
    ["no target", { ...old, targetExists: false }, at(60.001, { restingSince: 0 }), noTarget],
    ["no target yet", { ...old, targetExists: false }, at(60, { restingSince: 0 }), waiting],

    ...active.map((phase): [string, Partial<Sight>, Course, object] => [
        `at work: ${phase}`,
        { ...old, phase },
        at(1800),
        waiting,
    ]),
    ["what looks promoted while it is at work", { phase: "Progressing" }, at(1800), waiting],
    [
        "out of time",
        { ...old, phase: "Progressing", weight: 20, failedChecks: 1 },
        at(1800.001),
        late(1800, "under way, weight 20 %, 1 failed check"),
    ],
    [
        "out of time, counted from the beginning",
        { ...old, phase: "Waiting" },
        at(31, { began: 1000, timeoutSeconds: 30 }),
        waiting,
    ],
    [
        "out of time with the primary's pods coming",
        coming,
        at(1801, { restingSince: 0 }),
        late(1800, "promoted, but not all of the primary's pods are ready"),
    ],
    ["out of time, but promoted", {}, at(5000), promoted],
];

describe("judge", () => {
    for (const [what, changes, when, verdict] of cases) {
        it(`${what}: ${JSON.stringify(verdict).slice(10, 60)}`, () => {
            assert.deepEqual(judge({ ...promotedSight, ...changes }, when), verdict);
        });
    }

    const anySight: fc.Arbitrary<Sight> = fc.record(
        {
            phase: fc.constantFrom(...active, ...resting),
            weight: fc.integer({ min: 0, max: 100 }),
            iterations: fc.nat(20),
            failedChecks: fc.nat(20),
            suspended: fc.boolean(),
            targetExists: fc.boolean(),
            superseded: fc.boolean(),
            promoted: fc.boolean(),
            primaryRolledOut: fc.boolean(),
            primaryStuck: fc.constant("stuck"),
        },
        {
            requiredKeys: [
                "phase",
                "weight",
                "iterations",
                "failedChecks",
                "suspended",
                "targetExists",
                "superseded",
                "promoted",
                "primaryRolledOut",
            ],
        },
    );
    const anyCourse: fc.Arbitrary<Course> = fc.record(
        {
            now: fc.nat(10_000_000),
            began: fc.nat(1_000_000),
            restingSince: fc.nat(1_000_000),
            failedSince: fc.nat(1_000_000),
            intervalSeconds: fc.integer({ min: 10, max: 600 }),
            timeoutSeconds: fc.integer({ min: 1, max: 10_000 }),
        },
        { requiredKeys: ["now", "began", "intervalSeconds", "timeoutSeconds"] },
    );

    it("never calls promoted what the primary does not run, has not rolled out, or Flagger is still at", () => {
        fc.assert(
            fc.property(anySight, anyCourse, (s, c) => {
                const is = judge(s, c).state === "promoted";
                return !is || (s.promoted && s.primaryRolledOut && !s.superseded && !active.includes(s.phase));
            }),
            { numRuns: 5000 },
        );
    });

    it("says of every failure what happened and what to do, and of nothing else", () => {
        fc.assert(
            fc.property(anySight, anyCourse, (s, c) => {
                const { state, what, remedy, explained } = judge(s, c);
                return state === "failed"
                    ? [what, remedy].every((text) => text !== undefined && text !== "") && explained !== undefined
                    : [what, remedy, explained].every((text) => text === undefined);
            }),
            { numRuns: 5000 },
        );
    });

    it("waits for nothing any longer than it was given, unless the end is there", () => {
        fc.assert(
            fc.property(anySight, anyCourse, (s, c) => {
                const over = c.now - c.began > c.timeoutSeconds * 1000;
                return !over || judge(s, c).state !== "waiting";
            }),
            { numRuns: 2000 },
        );
    });
});

describe("isActive", () => {
    it("knows every phase of Flagger's", () => {
        assert.deepEqual([...active, ...resting].filter(isActive), active);
    });
});

describe("a version that came after a rollback", () => {
    const unseen: Sight = { ...promotedSight, phase: "Failed", promoted: false, changedSinceFailure: true };
    const wedge = { headline: "A version waits.", remedy: "Retry." };

    it("is not what was rolled back", () => {
        assert.deepEqual(judge({ ...unseen, changedSinceFailure: false }, at(26, { failedSince: 0 })), rolledBack);
        assert.deepEqual(judge(unseen, at(26, { failedSince: 0 })), waiting);
    });

    it("fails as soon as it is sure that Flagger has forgotten it", () => {
        const said = "The primary still runs the version before and has all the traffic. Retry.";
        assert.deepEqual(judge({ ...unseen, wedge }, at(31, { failedSince: 0 })), failed("a version waits", said));
        assert.deepEqual(judge({ ...promotedSight, wedge }, at(31)), promoted);
    });
});
