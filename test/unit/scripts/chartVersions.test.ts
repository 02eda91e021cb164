import assert from "node:assert/strict";

import fc from "fast-check";

import { isExact, newest } from "../../../scripts/chartVersions";

const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20));

describe("the versions of charts", () => {
    it("are releases only where nothing is a preview", () => {
        for (const release of ["1.2.3", "v1.2.3", "10.0.0", "1.2.3+build.7"]) {
            assert.equal(isExact(release), true, release);
        }
        for (const other of ["1.2.3-rc.1", "1.2", "latest", "", "1.2.3.4"]) {
            assert.equal(isExact(other), false, other);
        }
    });

    it("are compared number by number", () => {
        assert.equal(newest(["1.9.0", "1.10.0", "v1.2.30"]), "1.10.0");
        assert.equal(newest(["1.0.0+a", "1.0.0"]), "1.0.0+a");
        assert.equal(newest([]), undefined);
    });

    it("have a newest that no other is after, wherever it stands", () => {
        fc.assert(
            fc.property(fc.array(version, { minLength: 1 }), (all) => {
                const greatest = [...all].sort(([a, b, c], [d, e, f]) => d - a || e - b || f - c)[0]!;
                assert.equal(newest(all.map((numbers) => numbers.join("."))), greatest.join("."));
            }),
        );
    });
});
