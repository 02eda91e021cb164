import assert from "node:assert/strict";

import { judgedOnly } from "../../../components/page/judged";
import { Check, Sample } from "../../../components/page/checks";

const moment = (second: number, text: string) => ({
    first: second * 1000,
    last: second * 1000,
    text,
    warning: false,
    times: 1,
});
const moments = [moment(10, "Starting canary analysis for web.shop"), moment(60, "Copying web.shop template spec")];
const samples = (...values: number[]): Sample[] => values.map((value, index) => ({ time: index * 10_000, value }));
const rate: Check = { name: "rate", unit: "%", min: 99, from: "metrics", failed: 0, samples: [] };
const time: Check = { name: "time", unit: "ms", max: 500, from: "metrics", failed: 0, samples: [] };
const canaryOf = (...metrics: object[]) => ({ spec: { analysis: { interval: "10s", metrics } } });
const both = canaryOf({ name: "rate" }, { name: "time" });
const kept = (checks: Check[]) => checks.map((check) => check.samples.map(({ time: at }) => at / 1000));

describe("the values that judged something", () => {
    it("are those of Flagger's looks: none before the first, and the last one once", () => {
        const all = samples(7, 7, 7, 7, 7, 7, 7, 7, 7);
        assert.deepEqual(kept(judgedOnly(both, [{ ...time, samples: all }], moments)), [[20, 30, 40, 50, 60]]);
        assert.deepEqual(kept(judgedOnly(both, [{ ...time, samples: all }], [])), [
            all.map(({ time: at }) => at / 1000),
        ]);
    });

    it("are none of a metric that Flagger did not come to, because one before it failed", () => {
        const checks = [
            { ...rate, samples: samples(100, 100, 100, 50, 50, 100) },
            { ...time, samples: samples(85, 85, 85, 85, 85, 85) },
        ];
        assert.deepEqual(kept(judgedOnly(both, checks, moments)), [
            [20, 30, 40, 50],
            [20, 50],
        ]);
    });

    it("are of Flagger's own metrics before those of templates", () => {
        const canary = canaryOf({ name: "time", templateRef: { name: "t" } }, { name: "rate" });
        const checks = [
            { ...time, samples: samples(0, 0, 900, 85) },
            { ...rate, samples: samples(0, 0, 100, 50) },
        ];
        assert.deepEqual(kept(judgedOnly(canary, checks, moments)), [[20], [20, 30]]);
    });

    it("are all that Flagger said failed", () => {
        const said: Check = { ...rate, from: "events", samples: [{ time: 12_345, value: 40 }] };
        assert.deepEqual(kept(judgedOnly(both, [said, { ...time, samples: samples(1, 1, 1) }], moments)), [
            [12.345],
            [20],
        ]);
    });
});
