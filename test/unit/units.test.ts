import assert from "node:assert/strict";

import fc from "fast-check";

import { duration, size } from "../../components/units";

describe("duration", () => {
    it("says seconds as people do", () => {
        const table: [number, string][] = [
            [0, "0 s"],
            [0.04, "0 s"],
            [0.35, "0.4 s"],
            [2, "2 s"],
            [5.71, "5.7 s"],
            [9.94, "9.9 s"],
            [9.96, "10 s"],
            [12.3, "12 s"],
            [59, "59 s"],
            [59.6, "1 min"],
            [90, "1 min 30 s"],
            [195, "3 min 15 s"],
            [3599.7, "1 h"],
            [3601, "1 h 1 s"],
            [5400, "1 h 30 min"],
            [90_061, "25 h 1 min 1 s"],
        ];
        assert.deepEqual(
            table.map(([total]) => duration(total)),
            table.map(([, text]) => text),
        );
    });

    it("says whole seconds exactly, whatever they are", () => {
        const units: Record<string, number> = { h: 3600, min: 60, s: 1 };
        fc.assert(
            fc.property(fc.nat(200_000), (total) => {
                const said = [...duration(total).matchAll(/(\d+) (h|min|s)/g)];
                assert.equal(
                    said.reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!, 0),
                    total,
                );
            }),
        );
    });
});

describe("size", () => {
    it("says bytes as people do", () => {
        const table: [number, string][] = [
            [0, "0 bytes"],
            [999, "999 bytes"],
            [1000, "1 kB"],
            [1234, "1.2 kB"],
            [9_960, "10 kB"],
            [12_400_000, "12 MB"],
            [999_600, "1 MB"],
            [3e9, "3 GB"],
            [2e15, "2000 TB"],
        ];
        assert.deepEqual(
            table.map(([bytes]) => size(bytes)),
            table.map(([, text]) => text),
        );
    });
});
