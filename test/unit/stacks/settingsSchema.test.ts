import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { Ajv } from "ajv";
import { parse } from "yaml";

import schema from "../../../schema.json";
import { settingsSchema, stackFileSchema } from "../../../stacks/settingsSchema";

interface JsonSchema {
    type?: string;
    $ref?: string;
    description?: string;
    properties?: Record<string, JsonSchema>;
    required?: string[];
    additionalProperties?: boolean | JsonSchema;
    items?: JsonSchema;
    $defs?: Record<string, JsonSchema>;
}

const made = settingsSchema() as JsonSchema;
const { platform, app } = made.properties!;
const components = schema.resources;

describe("settingsSchema", () => {
    it("is valid JSON schema without loose ends", () => {
        new Ajv({ strict: true }).compile(made);
        assert.deepEqual([made.type, made.required, made.additionalProperties], ["object", ["platform", "app"], false]);
    });

    it("has the inputs of both components, with a name in place of the platform", () => {
        const inputs = (token: keyof typeof components) => Object.keys(components[token].inputProperties);
        assert.deepEqual(
            Object.keys(platform!.properties!),
            inputs("pulumi-progressive-mesh:index:ProgressiveMeshCluster"),
        );
        assert.deepEqual(Object.keys(app!.properties!), [
            "name",
            ...inputs("pulumi-progressive-mesh:index:CanaryApp").filter((key) => key !== "platform"),
        ]);
        assert.deepEqual([platform!.required, app!.required], [["mesh"], ["name", "analysis", "namespace"]]);
    });

    it("closes every object of known keys and opens those of free ones", () => {
        for (const [name, type] of Object.entries(made.$defs!)) {
            assert.equal(type.additionalProperties, false, name);
        }
        assert.deepEqual(platform!.properties!.tags!.additionalProperties, { type: "string" });
    });

    it("defines each type once, under its plain name, and keeps what the docs say of a key", () => {
        assert.deepEqual(
            Object.keys(made.$defs!),
            Object.keys(schema.types).map((token) => token.replace("pulumi-progressive-mesh:index:", "")),
        );
        const { description } = schema.types["pulumi-progressive-mesh:index:StepsArgs"].properties.stepWeight;
        assert.deepEqual(made.$defs!.StepsArgs!.properties!.stepWeight, { type: "number", description });
        assert.equal(app!.properties!.analysis!.$ref, "#/$defs/AnalysisArgs");
        assert.equal(made.$defs!.AnalysisArgs!.properties!.metrics!.items!.$ref, "#/$defs/MetricArgs");
    });
});

describe("stackFileSchema", () => {
    const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(stackFileSchema());
    const file = (stack: string) => fs.readFileSync(path.join(__dirname, "../../..", `Pulumi.${stack}.yaml`), "utf8");

    for (const stack of ["dev", "local", "prod"]) {
        it(`takes Pulumi.${stack}.yaml`, () => {
            assert.equal(validate(parse(file(stack))), true, JSON.stringify(validate.errors));
        });
    }

    it("takes a text that is encrypted, and refuses a key that does not exist and a wrong type", () => {
        const encrypted = file("dev").replace("timeout: 15s", "timeout: { secure: v1:abc }");
        assert.equal(validate(parse(encrypted)), true, JSON.stringify(validate.errors));
        for (const [from, to] of [
            ["threshold: 5", "threshold: five"],
            ["analysis:", "analysys:"],
            ["timeout: 15s", "timeout: { secret: abc }"],
        ] as const) {
            assert.equal(validate(parse(file("dev").replace(from, to))), false, to);
        }
    });
});
