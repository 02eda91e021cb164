import assert from "node:assert/strict";

import { StateResource, criticalPath, longestChain, stepsOf } from "../../../lab/trace/criticalPath";
import { picture, shortName, verdict } from "../../../lab/trace/picture";
import { Span } from "../../../lab/trace/spans";

const urn = (name: string) =>
    `urn:pulumi:dev::shop::pulumi-progressive-mesh:index:CanaryApp$kubernetes:core/v1:Secret::${name}`;

const resource = (name: string, dependencies: string[] = [], more: Partial<StateResource> = {}): StateResource => ({
    urn: urn(name),
    custom: true,
    dependencies: dependencies.map(urn),
    ...more,
});

const spans = (given: Record<string, [number, number]>) =>
    new Map(Object.entries(given).map(([name, [start, end]]): [string, Span] => [urn(name), { start, end }]));

const names = (steps: { urn: string }[]) => steps.map(({ urn: of }) => of.split("::").pop());

// b and c need a; d needs both, and began a second after c, the last of them, was there.
const diamond = stepsOf(spans({ a: [0, 1], b: [1, 2], c: [1, 4], d: [5, 6], alone: [0, 3] }), [
    resource("a"),
    resource("b", ["a"]),
    resource("c", ["a"]),
    resource("d", ["b", "c"]),
    resource("alone"),
]);

describe("the trace of an update", () => {
    it("names what the update waited for, back from what ended last", () => {
        assert.deepEqual(names(criticalPath(diamond)), ["a", "c", "d"]);
    });

    it("adds up the longest chain without what nobody needed to wait for", () => {
        const { seconds, chain } = longestChain(diamond);
        assert.deepEqual(names(chain), ["a", "c", "d"]);
        assert.equal(seconds, 5);
        assert.match(verdict(diamond), /^6\.0 s, 1\.20 times the longest chain .* 5\.0 s: Secret a \(1\.0 s\), /);
    });

    it("is not misled by a chain that ended last and is the shorter one", () => {
        const steps = stepsOf(spans({ long: [0, 5], late: [6, 7] }), [resource("long"), resource("late")]);
        assert.deepEqual(names(criticalPath(steps)), ["late"]);
        assert.equal(longestChain(steps).seconds, 5);
    });

    it("counts a provider and a property's origin as needed, and leaves out components and what did not change", () => {
        const [provided] = stepsOf(spans({ x: [2, 3], p: [0, 1], from: [0, 2], component: [0, 0] }), [
            resource("component", [], { custom: false }),
            resource("old"),
            resource("p"),
            resource("from"),
            resource("x", ["component", "old"], {
                provider: `${urn("p")}::some-id`,
                propertyDependencies: { spec: [urn("from")], metadata: null },
            }),
        ]).filter((step) => step.urn === urn("x"));
        assert.deepEqual(names(provided!.needs.map((need) => ({ urn: need }))).sort(), ["from", "p"]);
    });

    it("is drawn with a bar for each resource, and text that stays text", () => {
        const drawn = picture("up <b>", diamond);
        assert.equal(drawn.match(/<rect\b/g)!.length, 1 + diamond.length + 3);
        assert.ok(drawn.includes("up &#60;b&#62;") && !drawn.includes("<b>"));
        assert.equal(shortName("urn:pulumi:dev::shop::pulumi:providers:kubernetes::dev"), "Provider dev");
    });
});
