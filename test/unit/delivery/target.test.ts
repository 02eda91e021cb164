import assert from "node:assert/strict";

import fc from "fast-check";

import { autoscalerSpec, checkTarget, targetRefSpec } from "../../../components/delivery/workload";
import { appMesh } from "../../../components/mesh/appMesh";
import { Mesh } from "../../../components/mesh/mesh";
import { linesOf, pathsOf } from "../problems";

const anyMesh: Mesh = {
    ...appMesh,
    title: "Any",
    capabilities: { ...appMesh.capabilities, targets: ["Deployment", "DaemonSet", "Service"] },
};

const lines = (args: unknown, mesh = appMesh) => linesOf((p) => checkTarget(p, "target", args, mesh));
const paths = (args: unknown, mesh = appMesh) => pathsOf((p) => checkTarget(p, "target", args, mesh));

describe("checkTarget", () => {
    it("accepts what Flagger can release on the mesh", () => {
        assert.deepEqual(lines({ name: "a" }), []);
        assert.deepEqual(lines({ name: "a", kind: "Deployment" }), []);
        assert.deepEqual(lines({ name: "a", kind: "DaemonSet" }), []);
        assert.deepEqual(lines({ name: "a", kind: "Service" }, anyMesh), []);
    });

    it("refuses what it cannot", () => {
        assert.deepEqual(lines({ name: "a", kind: "StatefulSet" }), [
            'target.kind: "StatefulSet" is not a kind that Flagger can release on AWS App Mesh. ' +
                "Use Deployment or DaemonSet.",
        ]);
        assert.deepEqual(lines({ name: "a", kind: "Service" }), [
            'target.kind: "Service" is not a kind that Flagger can release on AWS App Mesh: Flagger knows no pod label of a ' +
                "Service for the mesh to select by, and would never initialise the Canary. Use Deployment or DaemonSet.",
        ]);
    });

    it("accepts both autoscalers of a Deployment", () => {
        assert.deepEqual(lines({ name: "a", autoscaler: { name: "a" } }), []);
        assert.deepEqual(
            lines({
                name: "a",
                autoscaler: {
                    kind: "ScaledObject",
                    name: "a",
                    primaryQueries: { load: "a-primary" },
                    primaryReplicas: { minReplicas: 2, maxReplicas: 2 },
                },
            }),
            [],
        );
    });

    it("refuses an autoscaler of what has no replicas", () => {
        assert.deepEqual(lines({ name: "a", kind: "DaemonSet", autoscaler: { name: "a" } }), [
            'target.autoscaler: {"name":"a"} cannot scale a DaemonSet: Flagger would wait for an autoscaler, or make a copy ' +
                "that scales nothing. Leave it out.",
        ]);
        assert.deepEqual(paths({ name: "a", kind: "Service", autoscaler: { name: "a" } }, anyMesh), [
            "target.autoscaler",
        ]);
    });

    const traps: [string, unknown, string[]][] = [
        ["its name alone", "a", [""]],
        ["no name", {}, [".name"]],
        ["a name too long for its copy", { name: "a".repeat(246) }, [".name"]],
        ["a kind that Flagger cannot copy", { kind: "VerticalPodAutoscaler", name: "a" }, [".kind"]],
        ["queries for what has none", { name: "a", primaryQueries: { b: "x" } }, [".primaryQueries"]],
        ["queries that are none", { kind: "ScaledObject", name: "a", primaryQueries: { b: 1 } }, [".primaryQueries.b"]],
        ["no queries", { kind: "ScaledObject", name: "a", primaryQueries: {} }, [".primaryQueries"]],
        ["bounds that are none", { name: "a", primaryReplicas: 2 }, [".primaryReplicas"]],
        [
            "bounds out of bounds",
            { name: "a", primaryReplicas: { minReplicas: 0, maxReplicas: 0 } },
            [".primaryReplicas.minReplicas", ".primaryReplicas.maxReplicas"],
        ],
        [
            "bounds that exclude each other",
            { name: "a", primaryReplicas: { minReplicas: 3, maxReplicas: 2 } },
            [".primaryReplicas"],
        ],
    ];
    for (const [what, autoscaler, expected] of traps) {
        it(`refuses for an autoscaler ${what}`, () => {
            assert.deepEqual(
                paths({ name: "a", autoscaler }),
                expected.map((path) => `target.autoscaler${path}`),
            );
        });
    }

    it("reports instead of breaking, given anything at all", () => {
        const any = fc.anything({ maxDepth: 3 });
        const fields = {
            kind: any,
            autoscaler: fc.oneof(any, fc.record({ kind: any, name: any, primaryQueries: any })),
        };
        fc.assert(
            fc.property(fc.oneof(any, fc.record(fields)), (drawn) => {
                const found = paths(drawn);
                assert.ok(found.every((path) => path.startsWith("target")));
                const { kind } = (drawn ?? {}) as { kind?: unknown };
                assert.ok(
                    found.length > 0 || kind === undefined || appMesh.capabilities.targets.includes(kind as string),
                );
            }),
            { numRuns: 500 },
        );
    });
});

describe("targetRefSpec", () => {
    it("is in the group of its kind", () => {
        assert.deepEqual(targetRefSpec(undefined, "a"), { apiVersion: "apps/v1", kind: "Deployment", name: "a" });
        assert.deepEqual(targetRefSpec("DaemonSet", "a"), { apiVersion: "apps/v1", kind: "DaemonSet", name: "a" });
        assert.deepEqual(targetRefSpec("Service", "a"), { apiVersion: "v1", kind: "Service", name: "a" });
    });
});

describe("autoscalerSpec", () => {
    it("is a HorizontalPodAutoscaler unless told", () => {
        assert.deepEqual(autoscalerSpec({ name: "a" }), {
            apiVersion: "autoscaling/v2",
            kind: "HorizontalPodAutoscaler",
            name: "a",
        });
    });

    it("has the primary's queries and bounds where given", () => {
        assert.deepEqual(
            autoscalerSpec({
                kind: "ScaledObject",
                name: "a",
                primaryQueries: { load: "a-primary" },
                primaryReplicas: { maxReplicas: 5 },
            }),
            {
                apiVersion: "keda.sh/v1alpha1",
                kind: "ScaledObject",
                name: "a",
                primaryScalerQueries: { load: "a-primary" },
                primaryScalerReplicas: { maxReplicas: 5 },
            },
        );
    });
});
