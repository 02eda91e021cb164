import assert from "node:assert/strict";

import { V1Pod } from "@kubernetes/client-node";

import { endPatch, isReady, readinessPatch, staysEnded } from "../../../lab/kubelet/podStatus";

const now = new Date("2026-01-01T00:00:00Z");

function pod(containers: Record<string, boolean>, ready: boolean): V1Pod {
    const status = ready ? "True" : "False";
    return {
        status: {
            conditions: [
                { type: "Initialized", status: "True" },
                { type: "Ready", status },
                { type: "ContainersReady", status },
            ],
            containerStatuses: Object.entries(containers).map(([name, containerReady]) => ({
                name,
                ready: containerReady,
                image: `${name}:1`,
                imageID: "",
                restartCount: 0,
            })),
        },
    };
}

const statuses = (containers: Record<string, boolean>) => pod(containers, true).status!.containerStatuses;
const condition = (type: string, status: string, reason: string | null) => ({
    type,
    status,
    lastTransitionTime: "2026-01-01T00:00:00.000Z",
    reason,
});

describe("a pod's status", () => {
    it("says whether the pod is ready", () => {
        assert.equal(isReady(pod({ app: true }, true)), true);
        assert.equal(isReady(pod({ app: true }, false)), false);
        assert.equal(isReady({}), false);
    });

    it("is left alone where it is right", () => {
        assert.equal(readinessPatch(pod({ app: true, envoy: true }, true), new Map([["app", true]]), now), undefined);
        assert.equal(readinessPatch(pod({ app: false }, false), new Map([["app", false]]), now), undefined);
    });

    it("becomes ready when all containers are, also those that nobody knows", () => {
        assert.deepEqual(readinessPatch(pod({ app: false, envoy: false }, false), new Map([["app", true]]), now), {
            status: {
                conditions: [condition("Ready", "True", null), condition("ContainersReady", "True", null)],
                containerStatuses: statuses({ app: true, envoy: true }),
            },
        });
    });

    it("is not ready when one container is not", () => {
        assert.deepEqual(readinessPatch(pod({ app: true, envoy: true }, true), new Map([["app", false]]), now), {
            status: {
                conditions: [
                    condition("Ready", "False", "ContainersNotReady"),
                    condition("ContainersReady", "False", "ContainersNotReady"),
                ],
                containerStatuses: statuses({ app: false, envoy: true }),
            },
        });
    });

    it("keeps the time of its last change where only a container changes", () => {
        const ready = new Map([
            ["app", false],
            ["envoy", true],
        ]);
        assert.deepEqual(readinessPatch(pod({ app: false, envoy: false }, false), ready, now), {
            status: { conditions: [], containerStatuses: statuses({ app: false, envoy: true }) },
        });
    });
});

describe("a pod that is to end", () => {
    const job = (restartPolicy: string, containers = ["app"]): V1Pod => ({
        ...pod(Object.fromEntries(containers.map((name) => [name, true])), true),
        spec: { containers: [], restartPolicy },
    });
    const ended = (made: V1Pod, codes: Record<string, number | undefined>) =>
        endPatch(made, new Map(Object.entries(codes)), now) as { status: V1Pod["status"] } | undefined;

    it("has a program that stays ended by its restart policy", () => {
        const stays = (policy: string | undefined) =>
            [0, 1].map((code) => staysEnded({ spec: { containers: [], restartPolicy: policy } }, code));
        assert.deepEqual(stays("Always"), [false, false]);
        assert.deepEqual(stays(undefined), [false, false]);
        assert.deepEqual(stays("OnFailure"), [true, false]);
        assert.deepEqual(stays("Never"), [true, true]);
    });

    it("goes on while a program of it runs, and for ever where it is to run always", () => {
        assert.equal(ended(job("Never", ["app", "other"]), { app: 0, other: undefined }), undefined);
        assert.equal(ended(job("OnFailure"), { app: 1 }), undefined);
        assert.equal(ended(job("Always"), {}), undefined);
        assert.equal(ended(job("Never", []), {}), undefined);
    });

    it("has succeeded when all its programs ended well, and those that nobody runs", () => {
        const { status } = ended(job("Never", ["app", "nobody"]), { app: 0 })!;
        assert.equal(status?.phase, "Succeeded");
        assert.deepEqual(
            status?.conditions?.map(({ type, status: value, reason }) => [type, value, reason]),
            [
                ["Ready", "False", "PodCompleted"],
                ["ContainersReady", "False", "PodCompleted"],
            ],
        );
        assert.deepEqual(
            status?.containerStatuses?.map(({ ready, state }) => [ready, state?.terminated?.exitCode]),
            [
                [false, 0],
                [false, 0],
            ],
        );
    });

    it("has failed when one of its programs did", () => {
        const { status } = ended(job("Never", ["app", "other"]), { app: 0, other: 3 })!;
        assert.equal(status?.phase, "Failed");
        assert.deepEqual(
            status?.containerStatuses?.map(({ state }) => [state?.terminated?.exitCode, state?.terminated?.reason]),
            [
                [0, "Completed"],
                [3, "Error"],
            ],
        );
    });
});
