import assert from "node:assert/strict";

import committed from "../../schema.json";
import { inferSchema } from "../../scripts/inferSchema";

describe("schema.json", () => {
    it("is what Pulumi infers from the components", function () {
        // The type checker reads all of the AWS provider for it.
        this.timeout(240_000);
        const inferred = JSON.parse(JSON.stringify(inferSchema())) as unknown;
        assert.deepEqual(inferred, committed, "the components' arguments have changed: run `npm run schema`");
    });

    it("says of every property what it is", () => {
        const properties = [
            ...Object.entries(committed.types).flatMap(([token, type]) => within(token, type.properties)),
            ...Object.entries(committed.resources).flatMap(([token, resource]) => [
                ...within(token, resource.inputProperties),
                ...within(token, resource.properties),
            ]),
        ];
        assert.ok(properties.length > 300, `only ${properties.length} properties`);
        assert.deepEqual(
            properties.filter(([, { description = "" }]) => description.trim() === "").map(([path]) => path),
            [],
        );
    });
});

function within(token: string, properties: object): [string, { description?: string }][] {
    return Object.entries(properties).map(([key, property]) => [
        `${token.split(":").pop()}.${key}`,
        property as { description?: string },
    ]);
}
