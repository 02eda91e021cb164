import assert from "node:assert/strict";

import fc from "fast-check";

import { canDivide, formatCidr, parseCidr, sizeOf, subnetBlocks } from "../../../components/cluster/subnets";

const block = (text: string) => parseCidr(text)!;

describe("parseCidr", () => {
    it("reads what AWS writes", () => {
        assert.deepEqual(parseCidr("10.0.0.0/16"), { base: 10 * 2 ** 24, prefix: 16 });
        assert.deepEqual(parseCidr("255.255.255.255/32"), { base: 2 ** 32 - 1, prefix: 32 });
        assert.deepEqual(parseCidr("0.0.0.0/0"), { base: 0, prefix: 0 });
    });

    it("takes nothing else", () => {
        for (const text of [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0/16",
            "256.0.0.0/8",
            "10.1.0.0/8",
            "010.0.0.0/8",
            "10.0.0.0/08",
            " 10.0.0.0/8",
            "10.0.0.0/16\n",
            "fd00::/8",
        ]) {
            assert.equal(parseCidr(text), undefined, text);
        }
    });

    it("is the inverse of formatCidr", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 32 }), fc.nat(2 ** 32 - 1), (prefix, address) => {
                const found = { base: address - (address % sizeOf(prefix)), prefix };
                assert.deepEqual(parseCidr(formatCidr(found)), found);
            }),
        );
    });
});

describe("subnetBlocks", () => {
    it("gives the nodes three quarters of a network over three zones", () => {
        assert.deepEqual(subnetBlocks(block("10.0.0.0/16"), 3), {
            private: ["10.0.0.0/18", "10.0.64.0/18", "10.0.128.0/18"],
            public: ["10.0.192.0/20", "10.0.208.0/20", "10.0.224.0/20"],
        });
    });

    it("divides for two zones and for six", () => {
        assert.deepEqual(subnetBlocks(block("192.168.0.0/20"), 2), {
            private: ["192.168.0.0/22", "192.168.4.0/22"],
            public: ["192.168.8.0/23", "192.168.10.0/23"],
        });
        assert.equal(subnetBlocks(block("10.0.0.0/16"), 6).public[5], "10.0.212.0/22");
    });

    it("keeps blocks apart, within the network and large enough, wherever it says that it can", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 16, max: 24 }),
                fc.integer({ min: 2, max: 6 }),
                fc.nat(2 ** 32 - 1),
                (prefix, zones, address) => {
                    const network = { base: address - (address % sizeOf(prefix)), prefix };
                    fc.pre(canDivide(network, zones));
                    const made = subnetBlocks(network, zones);
                    assert.deepEqual([made.public.length, made.private.length], [zones, zones]);
                    const sorted = [...made.private, ...made.public].map(block).sort((a, b) => a.base - b.base);
                    let free = network.base;
                    for (const { base, prefix: size } of sorted) {
                        assert.ok(base >= free, "overlaps");
                        assert.ok(size <= 28, "too small");
                        free = base + sizeOf(size);
                    }
                    assert.ok(free <= network.base + sizeOf(prefix), "beyond the network");
                },
            ),
        );
    });

    it("says when a network is too small", () => {
        assert.equal(canDivide(block("10.0.0.0/24"), 3), true);
        assert.equal(canDivide(block("10.0.0.0/24"), 4), false);
        assert.equal(canDivide(block("10.0.0.0/22"), 6), true);
    });
});
