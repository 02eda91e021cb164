import assert from "node:assert/strict";

import type { V1Deployment } from "@kubernetes/client-node";

import { outcomeOf } from "../../../components/operate/outcome";
import { revisionOf } from "../../../components/operate/revision";
import { Known, Surroundings, wedgeOf } from "../../../components/operate/wedge";
import { CanaryObject } from "../../../components/operate/canary";
import { failureOf } from "../../../components/delivery/promotion/failure";
import { Moment } from "../../../components/delivery/promotion/moments";
import { phaseOf } from "../../../components/operate/phases";
import { rolloutOf } from "../../../components/page/rollout";

const now = Date.UTC(2026, 10, 27, 12, 0, 0);
const before = (seconds: number) => new Date(now - seconds * 1000);

/** A Canary that looks every ten seconds and is in this phase. */
function canary(phase: string, more: { metadata?: object; spec?: object; status?: object } = {}): CanaryObject {
    return {
        metadata: { name: "web", namespace: "shop", ...more.metadata },
        spec: { targetRef: { kind: "Deployment", name: "web" }, analysis: { interval: "10s" }, ...more.spec },
        status: { phase, ...more.status },
    };
}

/** A Deployment with this image that has rolled out; its fields were changed so many seconds ago, by these. */
function workload(image: string, changed = 1000, managers = ["pulumi"], status: object = {}): V1Deployment {
    return {
        metadata: {
            generation: 1,
            managedFields: managers.map((manager, index) => ({
                manager,
                fieldsV1: { "f:spec": { "f:template": {} } },
                time: before(changed - index),
            })),
        },
        spec: { replicas: 1, selector: {}, template: { spec: { containers: [{ name: "web", image }] } } },
        status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1, ...status },
    };
}

const failed = (seconds: number) => ({
    status: { conditions: [{ reason: "Failed", lastUpdateTime: before(seconds).toISOString() }] },
});

function known(one: CanaryObject, around: Surroundings = {}): Known {
    return { canary: one, phase: phaseOf(one, [], [], now), moments: [], problems: [], now, ...around };
}

const moment = (seconds: number, text: string, warning = false): Moment => ({
    ...{ first: now - seconds * 1000, last: now - seconds * 1000, text, warning, times: 1 },
});

const stateOf = (one: CanaryObject, around?: Surroundings) => wedgeOf(known(one, around))?.state;
const outcome = (one: CanaryObject, around: Surroundings) =>
    outcomeOf(one, known(one).phase, around.workloads, wedgeOf(known(one, around)));

const changed = (seconds: number, managers?: string[]): Surroundings => ({
    workloads: { target: workload("app:2", seconds, managers), primary: workload("app:1") },
});
const same: Surroundings = { workloads: { target: workload("app:1", 5), primary: workload("app:1") } };

describe("what Flagger stands still at for good", () => {
    it("is nothing where it may go on, and concludes nothing from what was not looked at", () => {
        for (const phase of ["Initialized", "Progressing", "Waiting", "Promoting", "Succeeded", "Failed"]) {
            assert.equal(stateOf(canary(phase)), undefined, phase);
            assert.equal(stateOf(canary(phase, failed(100)), same), undefined, phase);
        }
    });

    it("is a version that came after a rollback, once three looks have begun nothing", () => {
        assert.equal(stateOf(canary("Failed", failed(100)), changed(31)), "forgotten");
        assert.equal(stateOf(canary("Failed", failed(100)), changed(29)), undefined);
        // The version that failed is older than its failure.
        assert.equal(stateOf(canary("Failed", failed(100)), changed(101)), undefined);
        // A scaled-down target of Flagger's is no version of somebody's.
        assert.equal(stateOf(canary("Failed", failed(100)), changed(31, ["flagger"])), undefined);
    });

    it("is a version that nobody begins with while nothing has failed", () => {
        assert.equal(stateOf(canary("Succeeded"), changed(181)), "not-started");
        assert.equal(stateOf(canary("Succeeded"), changed(179)), undefined);
    });

    it("is a suspension only where a version waits", () => {
        const suspended = { spec: { suspend: true, targetRef: { kind: "Deployment", name: "web" } } };
        assert.equal(stateOf(canary("Succeeded", suspended), changed(1)), "suspended");
        assert.equal(stateOf(canary("Progressing", suspended)), "suspended");
        assert.equal(stateOf(canary("Succeeded", suspended), same), undefined);
    });

    it("is a target that is gone, or another Canary's too", () => {
        assert.equal(stateOf(canary("Succeeded"), { workloads: {} }), "target-missing");
        const other = canary("Succeeded", { metadata: { name: "other" } });
        assert.equal(stateOf(canary("Succeeded"), { neighbours: [other, canary("Succeeded")] }), "shared-target");
        const elsewhere = canary("Succeeded", { metadata: { name: "other", namespace: "apps" } });
        assert.equal(stateOf(canary("Succeeded"), { neighbours: [elsewhere] }), undefined);
    });

    it("is a gate that nobody can open, but not one that is shut", () => {
        assert.equal(stateOf(canary("Waiting"), { absentGates: ["shop/gone"] }), "gate-missing");
        assert.equal(stateOf(canary("Waiting"), { absentGates: [] }), undefined);
        assert.equal(stateOf(canary("Progressing"), { absentGates: ["shop/gone"] }), undefined);
    });

    it("is a Canary that is never set up", () => {
        const made = (seconds: number) => ({ metadata: { creationTimestamp: before(seconds) } });
        assert.equal(stateOf(canary("", made(181))), "never-initialised");
        assert.equal(stateOf(canary("", made(179))), undefined);
        assert.equal(stateOf(canary("Initializing", made(631))), "never-initialised");
        assert.equal(stateOf(canary("Initializing", made(629))), undefined);
    });

    it("is a Canary that Flagger began to set up and forgot, as where the answer to what it wrote is lost", () => {
        const begun = (seconds: number, workloads?: Surroundings["workloads"], moments: Moment[] = []) => {
            const status = { lastTransitionTime: before(seconds).toISOString() };
            return wedgeOf({ ...known(canary("Initializing", { status }), { workloads }), moments });
        };
        const target = workload("app:1");
        assert.equal(begun(181, { target })!.state, "never-initialised");
        assert.match(begun(181, { target })!.remedy, /restart it/);
        assert.equal(begun(179, { target }), undefined);
        assert.equal(begun(181, { target, primary: target }), undefined);
        assert.equal(begun(181, { target }, [moment(170, "all the metrics providers are available!")]), undefined);
        // A table has looked at Canaries alone.
        assert.equal(begun(181), undefined);
    });

    it("is a primary that does not come up, or all traffic on a canary", () => {
        const conditions = [{ type: "Progressing", reason: "ProgressDeadlineExceeded", message: "timed out" }];
        const primary = workload("app:1", 5, ["pulumi"], { availableReplicas: 0, conditions });
        const around = { workloads: { target: workload("app:1"), primary } };
        assert.equal(stateOf(canary("Succeeded"), around), "primary-stuck");
        assert.equal(stateOf(canary("Failed", { status: { canaryWeight: 100 } })), "failed-promotion");
    });

    it("is not a rollout that is further than what Flagger could say of it", () => {
        const said = (weight: number) => [
            {
                first: now - 200_000,
                last: now - 200_000,
                text: `Advance web.shop canary weight ${weight}`,
                warning: false,
                times: 1,
            },
        ];
        const standing = (weight: number, began = 300) => {
            const conditions = [{ reason: "Progressing", lastUpdateTime: before(began).toISOString() }];
            const status = { canaryWeight: weight, lastTransitionTime: before(5).toISOString(), conditions };
            return phaseOf(canary("Progressing", { status }), said(10), [], now).standing;
        };
        assert.equal(standing(10), "stuck");
        assert.equal(standing(38), undefined);
        // What was said is of the rollout before.
        assert.equal(standing(2), undefined);
        assert.equal(standing(10, 60), undefined);
    });

    describe("in the midst of a rollout", () => {
        const step: Moment = moment(2000, "Advance web.shop canary weight 10");
        const pods = (seconds: number, whose = "canary deployment web.shop") =>
            moment(
                seconds,
                `${whose} not ready: waiting for rollout to finish: 3 of 4 updated replicas are available`,
                true,
            );
        const gate = (seconds: number) =>
            moment(seconds, "Halt web.shop advancement waiting for traffic increase approval gate", true);
        /** As it is when the status was written last so many seconds ago. */
        const of = (said: Moment[], written: number, spec: object = {}) => {
            const status = { canaryWeight: 10, lastTransitionTime: before(written).toISOString() };
            const one = canary("Progressing", { status });
            one.spec = { ...one.spec, ...spec };
            const failures = said.map(failureOf).filter((failure) => failure !== undefined);
            return wedgeOf({ canary: one, phase: phaseOf(one, said, failures, now), moments: said, problems: [], now });
        };

        it("is one that waits for pods beyond the deadline that Flagger counts to where none is available", () => {
            const found = of([step, pods(5)], 2000);
            assert.equal(found?.state, "not-moving");
            assert.match(found.evidence.join(), /^canary deployment web\.shop not ready: .* 3 of 4 .*\.$/);
            assert.match(found.remedy, /the canary's pods .*`canaryReadyThreshold` .* Releasing the version before/);
            // Of the primary Flagger looks first, so no release helps.
            const primary = of([step, pods(5, "web-primary.shop")], 2000);
            assert.match(primary!.remedy, /the primary's pods .*`primaryReadyThreshold` says how many are enough\.$/);
            const patient = { progressDeadlineSeconds: 1990 };
            assert.equal(of([step, pods(5)], 2000, patient), undefined);
        });

        it("is Flagger's silence only where it had something to say: Kubernetes lets few warnings through", () => {
            const quick = { analysis: { interval: "10s", threshold: 20 }, progressDeadlineSeconds: 5000 };
            for (const warning of [pods, gate]) {
                assert.equal(of([step, warning(400)], 2000, quick), undefined);
                assert.equal(of([step, warning(420)], 2000, quick)?.state, "silent");
            }
            assert.equal(of([moment(120, step.text)], 120, quick)?.state, "silent");
            assert.equal(of([moment(100, step.text)], 100, quick), undefined);
        });

        it("is none at a gate, whichever of its sentences Kubernetes has let through, and is none of a gate that was passed", () => {
            const start = (seconds: number): Moment => ({
                ...moment(seconds, "Starting canary analysis for web.shop"),
                ...{ first: now - 2000_000, times: 99 },
            });
            const patient = { analysis: { interval: "10s", threshold: 20 } };
            const said = [gate(320), start(20)];
            const standing = (weight: number, written: number, moments: Moment[]) => {
                const status = { canaryWeight: weight, lastTransitionTime: before(written).toISOString() };
                const failures = moments.map(failureOf).filter((failure) => failure !== undefined);
                return phaseOf(canary("Progressing", { status, spec: patient }), moments, failures, now).standing;
            };
            assert.equal(standing(0, 2000, said), "approval");
            assert.equal(standing(0, 2000, [gate(320), start(320)]), "approval");
            assert.equal(standing(2, 100, said), undefined);
        });

        it("is known by the status where what was said of it has been dropped", () => {
            const early = moment(5000, "Advance web.shop canary weight 2");
            assert.equal(of([early, pods(5)], 2000)?.state, "not-moving");
            assert.equal(of([early, pods(5)], 300), undefined);
        });

        it("is not one whose steps Kubernetes has folded into one event", () => {
            const event = (message: string, first: number, last: number, count: number) => ({
                metadata: {},
                involvedObject: {},
                type: "Normal",
                message,
                count,
                firstTimestamp: before(first),
                lastTimestamp: before(last),
            });
            const events = [
                event("New revision detected! Scaling up web.shop", 400, 400, 1),
                event("Advance web.shop canary weight 2", 390, 390, 1),
                event("(combined from similar events): Advance web.shop canary weight 58", 280, 5, 28),
            ];
            const status = { canaryWeight: 58, lastTransitionTime: before(5).toISOString() };
            const one = canary("Progressing", { status });
            one.spec!.analysis = { interval: "10s", stepWeight: 2, maxWeight: 90 };
            const { phase, weights, moments } = rolloutOf(one, { events, now });
            assert.equal(phase.standing, undefined);
            // Nor had it this weight when the first of them was said.
            assert.deepEqual(
                weights.filter(({ value }) => value === 58).map(({ time }) => time),
                [now - 5000],
            );
            assert.equal(moments.at(-1)!.times, 1);
        });
    });

    it("is a Canary that goes", () => {
        const going = { metadata: { deletionTimestamp: before(5), finalizers: ["finalizer.flagger.app"] } };
        const wedge = wedgeOf(known(canary("Succeeded", going), same));
        assert.equal(wedge?.state, "being-deleted");
        assert.deepEqual(wedge?.evidence, ["Held by finalizer.flagger.app."]);
    });
});

describe("the outcome of what a target has now", () => {
    it("is judged by the primary, not by the word of the rollout before", () => {
        assert.equal(outcome(canary("Succeeded"), same), "promoted");
        assert.equal(outcome(canary("Succeeded"), changed(5)), "running");
        assert.equal(outcome(canary("Failed", failed(100)), changed(200)), "rolled-back");
        assert.equal(outcome(canary("Failed", failed(100)), changed(5)), "running");
        assert.equal(outcome(canary("Failed", failed(100)), changed(50)), "wedged");
        assert.equal(outcome(canary("Failed", failed(100)), same), "promoted");
    });

    it("is not promoted before the primary has rolled", () => {
        const primary = workload("app:1", 5, ["pulumi"], { availableReplicas: 0 });
        const around = { workloads: { target: workload("app:1"), primary } };
        assert.equal(outcome(canary("Succeeded"), around), "running");
    });
});

describe("a revision", () => {
    it("changes with the template and with the configuration that Flagger saw, and with nothing else", () => {
        const of = (target: V1Deployment, tracked?: object) =>
            revisionOf(canary("Succeeded", { status: { trackedConfigs: tracked } }), target);
        const one = of(workload("app:1"));
        assert.match(one!, /^[0-9a-f]{10}$/);
        assert.equal(of(workload("app:1", 1, ["kubectl"], { replicas: 0 })), one);
        assert.notEqual(of(workload("app:2")), one);
        assert.notEqual(of(workload("app:1"), { "configmap/web": "1" }), one);
    });
});
