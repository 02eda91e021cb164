import schema from "../../schema.json";

/** A type as Pulumi's package schema writes it. */
export interface SchemaType {
    type?: string;
    $ref?: string;
    items?: SchemaType;
    additionalProperties?: SchemaType;
    properties?: Record<string, SchemaType>;
    required?: string[];
}

/** A place among the arguments of a component, and what the schema says stands there. */
export interface Place {
    keys: (string | number)[];
    type: SchemaType;
}

export const inputsOf = (component: string): Record<string, SchemaType> =>
    (schema.resources as unknown as Record<string, { inputProperties: Record<string, SchemaType> }>)[
        `pulumi-progressive-mesh:index:${component}`
    ]!.inputProperties;

/** The names of all components that users can make. */
export const components = Object.keys(schema.resources).map((token) => token.split(":").pop()!);

/** The type behind a reference. */
export function resolved(type: SchemaType): SchemaType {
    const token = type.$ref?.replace("#/types/", "");
    return (token !== undefined && (schema.types as Record<string, SchemaType>)[token]) || type;
}

/** An entry of a map, by a key of a user's own. */
const anyKey = "a/key";

/**
 * Every place below some properties, down through objects, the first two elements of each list and one entry of each map. A type
 * that holds itself is entered twice.
 */
export function placesOf(properties: Record<string, SchemaType>): Place[] {
    const places: Place[] = [];
    const visit = (type: SchemaType, keys: Place["keys"], above: string[]) => {
        places.push({ keys, type });
        const ref = type.$ref ?? "";
        if (ref !== "" && above.filter((one) => one === ref).length === 2) {
            return;
        }
        const inner = resolved(type);
        const within = [...above, ref];
        for (const [key, property] of Object.entries(inner.properties ?? {})) {
            visit(property, [...keys, key], within);
        }
        if (inner.items !== undefined) {
            visit(inner.items, [...keys, 0], within);
            visit(inner.items, [...keys, 1], within);
        }
        if (inner.additionalProperties !== undefined) {
            visit(inner.additionalProperties, [...keys, anyKey], within);
        }
    };
    for (const [key, type] of Object.entries(properties)) {
        visit(type, [key], []);
    }
    return places;
}
