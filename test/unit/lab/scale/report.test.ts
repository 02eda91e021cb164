import assert from "node:assert/strict";

import { sumOf } from "../../../../lab/scale/apiRequests";
import { Measurement } from "../../../../lab/scale/measurement";
import { allWell, tableOf } from "../../../../lab/scale/report";
import { ScaleSettings, environmentOf } from "../../../../lab/scale/settings";

const settings: ScaleSettings = {
    perNamespace: 10,
    interval: "10s",
    wait: true,
    release: true,
    skipCheckpoints: false,
    flagger: {},
};

const measurement = (wrong: string[]): Measurement => ({
    apps: 20,
    settings,
    steps: [
        {
            what: "up, create",
            seconds: 12.3,
            appliedAfter: 4.5,
            uses: {
                engine: { cpuSeconds: 1.25, peakBytes: 300e6, processes: 1 },
                "kubernetes provider": { cpuSeconds: 2, peakBytes: 12_400_000, processes: 3 },
            },
            requests: { pods: 7, all: 100, canaryLists: 2 },
            reads: 0,
            stateBytes: 1_049_000,
            wrong,
        },
    ],
});

describe("the lab's measurement of many applications", () => {
    it("is told in a line for each step", () => {
        const { head, rows } = tableOf([measurement([])]);
        assert.equal(head.length, rows[0]!.length);
        const cell = (name: string) => rows[0]![head.indexOf(name)];
        assert.deepEqual(
            ["apps", "step", "time", "applied", "requests of pods / all (lists of Canaries)", "state"].map(cell),
            ["20", "up, create", "12 s", "4.5 s", "7 / 100 (2)", "1 MB"],
        );
        assert.equal(cell("engine"), "1.3 s, 300 MB");
        assert.equal(cell("kubernetes provider"), "3: 2 s, 12 MB");
        assert.equal(cell("flagger"), "-");
        assert.equal(cell("wrong"), "0");
    });

    it("has failed where anything was lost", () => {
        assert.equal(allWell([measurement([]), measurement([])]), true);
        assert.equal(allWell([measurement([]), measurement(["team-0/app-1 is Failed"])]), false);
    });

    it("sums up a counter's series by their labels", () => {
        const metrics = [
            "# TYPE requests counter",
            'requests{flow="pods",level="low"} 3',
            'requests{flow="pods",level="high"} 4e+02',
            'requests{flow="others",level="low"} 5',
            'requests_total{flow="pods"} 1000',
        ].join("\n");
        assert.equal(sumOf(metrics, "requests", ['flow="pods"']), 403);
        assert.equal(sumOf(metrics, "requests"), 408);
        assert.equal(sumOf(metrics, "missing"), 0);
    });

    it("sets nothing that it was not asked for", () => {
        assert.deepEqual(environmentOf(settings), {});
        assert.deepEqual(environmentOf({ ...settings, skipCheckpoints: true, parallel: 4, providerQps: 50 }), {
            PULUMI_SKIP_CHECKPOINTS: "true",
            PULUMI_PARALLEL: "4",
            PULUMI_K8S_CLIENT_QPS: "50",
            PULUMI_K8S_CLIENT_BURST: "100",
        });
    });
});
