import { PackageSchema } from "./packageSchema";

/** The only numbers that may have fractions. */
const fractional = new Set([
    "BurnRateArgs.confidence",
    "BurnRateArgs.objective",
    "CompareArgs.confidence",
    "CompareArgs.quantile",
    "MetricArgs.min",
    "MetricArgs.max",
    "RolloutPlan.requestsPerSecond",
    "TracingArgs.samplingRate",
]);

const isNumber = (value: unknown): value is { type: "number" } =>
    typeof value === "object" && value !== null && (value as { type?: unknown }).type === "number";

/**
 * The schema that other languages are given, made from the one that Pulumi infers, which is true for TypeScript alone:
 *
 * - Every argument takes an output too. The plugin waits for those that have to be plain (settle.ts), and a platform's `connection` is
 *   an output in every other language.
 * - Types are without the `Args` that each generator adds: `WorkloadArgs`, and not `WorkloadArgsArgs`. Where a component has that name,
 *   they keep it.
 * - A port is an integer. TypeScript knows only numbers.
 * - A generated SDK has all that its language needs of a package, as with `pulumi package add`: in Go a go.mod.
 */
export function servedSchema(schema: PackageSchema): PackageSchema {
    const names = new Map(Object.keys(schema.types).map((token) => [token, shortened(token, schema)]));
    const rewrite = (value: unknown, path: string): unknown => {
        if (Array.isArray(value)) {
            return value.map((item) => rewrite(item, path));
        }
        if (typeof value !== "object" || value === null) {
            return value;
        }
        const entries = Object.entries(value)
            .filter(([key, inner]) => !(key === "plain" && typeof inner === "boolean"))
            .map(([key, inner]) => [key, key === "$ref" ? reference(inner as string, names) : rewrite(inner, path)]);
        return {
            ...(Object.fromEntries(entries) as object),
            ...(isNumber(value) && !fractional.has(path) && { type: "integer" }),
        };
    };
    const members = (token: string, properties: object) =>
        Object.fromEntries(
            Object.entries(properties).map(([key, property]) => [
                key,
                rewrite(property, `${token.split(":").pop()}.${key}`),
            ]),
        );
    const object = ([token, { properties, inputProperties, ...rest }]: [string, PackageSchema["types"][string]]) => [
        names.get(token) ?? token,
        {
            ...rest,
            ...(inputProperties !== undefined && { inputProperties: members(token, inputProperties) }),
            properties: members(token, properties),
        },
    ];
    return {
        ...schema,
        meta: { supportPack: true },
        // Its generator puts `pulumi_` before the package's name, which begins with that already.
        language: {
            ...schema.language,
            python: { ...schema.language?.python, packageName: "pulumi_progressive_mesh" },
        },
        resources: Object.fromEntries(Object.entries(schema.resources).map(object)) as PackageSchema["resources"],
        types: Object.fromEntries(Object.entries(schema.types).map(object)) as PackageSchema["types"],
    };
}

function shortened(token: string, { types, resources }: PackageSchema): string {
    const short = token.replace(/Args$/, "");
    return short in types || short in resources ? token : short;
}

function reference(ref: string, names: Map<string, string>): string {
    const prefix = "#/types/";
    const name = ref.startsWith(prefix) ? names.get(ref.slice(prefix.length)) : undefined;
    return name === undefined ? ref : prefix + name;
}
