import assert from "node:assert/strict";

import { V1Pod } from "@kubernetes/client-node";

import { isReady, readinessPatch } from "../../../lab/kubelet/podStatus";

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
