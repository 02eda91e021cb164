import assert from "node:assert/strict";

import { packageSchema } from "../../../plugin/packageSchema";
import { servedSchema } from "../../../plugin/servedSchema";

const served = servedSchema(packageSchema);
const text = JSON.stringify(served);
const named = (name: string) => served.types[`pulumi-progressive-mesh:index:${name}`];

describe("the schema for other languages", () => {
    it("asks no language for plain values, so that the connection of a platform can be given", () => {
        assert.match(JSON.stringify(packageSchema), /"plain":true/);
        assert.doesNotMatch(text, /"plain":/);
    });

    it("names types without the Args that generators add, unless a component has the name", () => {
        assert.ok(named("Workload") && named("Steps") && !named("WorkloadArgs"));
        assert.ok(named("AlertProviderArgs") && named("MetricTemplateArgs"));
        assert.equal(Object.keys(served.types).length, Object.keys(packageSchema.types).length);
    });

    it("refers to no type that it has not", () => {
        const refs = [...text.matchAll(/"\$ref":"#\/types\/([^"]+)"/g)].map((match) => match[1]!);
        assert.ok(refs.length > 100);
        assert.deepEqual(
            refs.filter((token) => !(token in served.types)),
            [],
        );
    });

    it("has integers, and fractions only where they mean something", () => {
        const numbers = Object.entries(served.types).flatMap(([token, { properties }]) =>
            Object.entries(properties)
                .filter(([, { type }]) => type === "number")
                .map(([key]) => `${token.split(":").pop()}.${key}`),
        );
        assert.deepEqual(numbers.sort(), [
            "BurnRate.confidence",
            "BurnRate.objective",
            "Compare.confidence",
            "Compare.quantile",
            "Metric.max",
            "Metric.min",
            "RolloutPlan.requestsPerSecond",
            "Tracing.samplingRate",
        ]);
        assert.equal(named("Workload")!.properties.port!.type, "integer");
        assert.equal(named("Steps")!.properties.stepWeights!.items!.type, "integer");
    });

    it("leaves out no argument", () => {
        for (const [token, { inputProperties, properties }] of Object.entries(packageSchema.resources)) {
            const resource = served.resources[token]!;
            assert.deepEqual(Object.keys(resource.inputProperties!), Object.keys(inputProperties!));
            assert.deepEqual(Object.keys(resource.properties), Object.keys(properties));
        }
    });
});
