import schema from "../schema.json";

/** A type as Pulumi's package schema writes it. */
interface PackageType {
    type?: string;
    $ref?: string;
    items?: PackageType;
    additionalProperties?: PackageType;
    description?: string;
    properties?: Record<string, PackageType>;
    required?: string[];
}

const types = schema.types as Record<string, PackageType>;
const inputs = (component: keyof typeof schema.resources) =>
    schema.resources[component] as { inputProperties: Record<string, PackageType>; requiredInputs: string[] };

/**
 * The JSON schema of a stack's settings: `platform` holds the arguments of ProgressiveMeshCluster, `app` those of CanaryApp
 * with a name in place of the platform. It is made from the components' own schema, so that no setting is described twice.
 */
export function settingsSchema(): object {
    const platform = inputs("pulumi-progressive-mesh:index:ProgressiveMeshCluster");
    const app = inputs("pulumi-progressive-mesh:index:CanaryApp");
    const { platform: _platform, ...appProperties } = app.inputProperties;
    return {
        $defs: Object.fromEntries(Object.entries(types).map(([token, type]) => [nameOf(token), jsonType(type)])),
        ...object({
            platform: jsonType({ properties: platform.inputProperties, required: platform.requiredInputs }),
            app: jsonType({
                properties: { name: { type: "string", description: "The application's name." }, ...appProperties },
                required: ["name", ...app.requiredInputs.filter((input) => input !== "platform")],
            }),
        }),
    };
}

/**
 * The JSON schema of a stack's file, for editors: the settings under the names that they have there, each text also encrypted, as
 * `pulumi config set --secret` writes it.
 */
export function stackFileSchema(): object {
    const { $defs, properties } = encryptable(settingsSchema()) as {
        $defs: object;
        properties: Record<string, object>;
    };
    const config = Object.entries(properties).map(([name, schema]) => [`progressive-mesh:${name}`, schema]);
    return {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: "A stack of progressive-mesh",
        $defs,
        type: "object",
        properties: { config: { type: "object", properties: Object.fromEntries(config) as object } },
    };
}

/** A schema in which every text may be encrypted. */
function encryptable(schema: unknown): unknown {
    if (Array.isArray(schema)) {
        return schema.map(encryptable);
    }
    if (typeof schema !== "object" || schema === null) {
        return schema;
    }
    const { type, ...rest } = schema as { type?: unknown };
    if (type === "string") {
        return {
            ...rest,
            anyOf: [{ type }, { type: "object", properties: { secure: { type } }, required: ["secure"] }],
        };
    }
    const entries = Object.entries(schema).map(([key, value]) => [key, encryptable(value)]);
    return Object.fromEntries(entries) as object;
}

function nameOf(token: string): string {
    return token.split(":").pop()!;
}

function object(properties: Record<string, object>, required = Object.keys(properties)): object {
    return { type: "object", properties, required, additionalProperties: false };
}

function jsonType({ type, $ref, items, additionalProperties, description, properties, required }: PackageType): object {
    const described = description === undefined ? {} : { description };
    if ($ref !== undefined) {
        return $ref.startsWith("#/types/") ? { ...described, $ref: `#/$defs/${nameOf($ref)}` } : described;
    }
    if (properties !== undefined) {
        const entries = Object.entries(properties).map(([key, value]) => [key, jsonType(value)]);
        return { ...described, ...object(Object.fromEntries(entries) as Record<string, object>, required ?? []) };
    }
    return {
        ...described,
        type,
        ...(items !== undefined && { items: jsonType(items) }),
        ...(additionalProperties !== undefined && { additionalProperties: jsonType(additionalProperties) }),
    };
}
