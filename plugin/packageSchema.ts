import schema from "../schema.json";

/** A type as Pulumi's package schema writes it. */
export interface SchemaType {
    type?: string;
    $ref?: string;
    /** Whether the value has to be known when the component is built. */
    plain?: boolean;
    items?: SchemaType;
    additionalProperties?: SchemaType;
    description?: string;
}

/** A component, or a type of its arguments. */
export interface SchemaObject {
    properties: Record<string, SchemaType>;
    inputProperties?: Record<string, SchemaType>;
}

/** What the plugin needs of a package schema. */
export interface PackageSchema {
    name: string;
    version: string;
    meta?: { supportPack: boolean };
    language?: Record<string, object>;
    resources: Record<string, SchemaObject>;
    types: Record<string, SchemaObject>;
}

/** The schema as Pulumi infers it from the components, which says what has to be plain. */
export const packageSchema = schema as unknown as PackageSchema;

/** The properties of the type that a reference leads to; nothing for what is no object of this package. */
export function propertiesOf({ $ref = "" }: SchemaType): Record<string, SchemaType> | undefined {
    return packageSchema.types[$ref.replace("#/types/", "")]?.properties;
}
