import assert from "node:assert/strict";

import committed from "../../schema.json";

describe("schema.json", () => {
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
