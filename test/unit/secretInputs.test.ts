import assert from "node:assert/strict";

import schema from "../../schema.json";
import { givenAsSecrets, noSecrets, secretInputs } from "../secretInputs";

interface Property {
    type?: string;
    $ref?: string;
    items?: Property;
    additionalProperties?: Property;
    description?: string;
}

/** An argument at the end of a path: a text or a number, with the type that has it. */
interface Leaf {
    path: string;
    /** `Type.property`. */
    property: string;
    description: string;
}

const types = schema.types as Record<string, { properties: Record<string, Property> }>;
const prefix = "#/types/";

/** Everything that a component can be given, at any depth. */
function leavesOf(properties: Record<string, Property>, at: string, owner: string, within: string[] = []): Leaf[] {
    return Object.entries(properties).flatMap(([key, property]) => {
        const { description = "" } = property;
        const follow = (inner: Property, path: string): Leaf[] => {
            if (inner.$ref?.startsWith(prefix)) {
                const token = decodeURIComponent(inner.$ref.slice(prefix.length));
                const name = token.split(":").pop()!;
                return within.includes(token) ? [] : leavesOf(types[token]!.properties, path, name, [...within, token]);
            }
            if (inner.items !== undefined) {
                return follow(inner.items, `${path}[]`);
            }
            if (inner.additionalProperties !== undefined) {
                return follow(inner.additionalProperties, `${path}.*`);
            }
            return inner.type === "string" ? [{ path, property: `${owner}.${key}`, description }] : [];
        };
        return follow(property, `${at}.${key}`);
    });
}

const leaves = Object.entries(schema.resources).flatMap(([token, { inputProperties }]) => {
    const name = token.split(":").pop()!;
    return leavesOf(inputProperties, name, name);
});

/** What sounds like a secret, by its name or by what is said of it. */
const suspicious = ({ property, description }: Leaf) =>
    /token|password|secret|key|credential|kubeconfig|url|address|proxy|user|pem$/i.test(property.split(".")[1]!) ||
    /secret|token|password|credential/i.test(description);

const planted = { ...secretInputs, ...givenAsSecrets };

describe("the arguments that take a secret", () => {
    it("are there", () => {
        assert.ok(leaves.length > 500, `only ${leaves.length} arguments`);
        const known = new Set(leaves.map(({ path }) => path));
        assert.deepEqual(
            Object.keys(planted).filter((path) => !known.has(path)),
            [],
        );
    });

    it("are all in test/secretInputs.ts, or said to hold none", () => {
        const open = leaves.filter((leaf) => suspicious(leaf) && !Object.hasOwn(planted, leaf.path));
        const unknown = open.filter(({ property }) => !Object.hasOwn(noSecrets, property));
        assert.deepEqual([...new Set(unknown.map(({ property }) => property))].sort(), []);
    });

    it("are said to hold none only where somebody would ask", () => {
        const asked = new Set(leaves.filter(suspicious).map(({ property }) => property));
        assert.deepEqual(
            Object.keys(noSecrets).filter((property) => !asked.has(property)),
            [],
        );
    });
});
