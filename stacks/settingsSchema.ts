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
