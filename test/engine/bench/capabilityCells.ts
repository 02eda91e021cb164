import type { CanaryAppArgs } from "../../../index";

/** Something that a Canary may ask of its mesh, and how the mesh's route shows that it has it. */
export interface Cell {
    title: string;
    asks: Partial<CanaryAppArgs>;
    /** Where the library would warn that it is ignored, or refuse it. */
    path: string;
    /** Whether a route, in some moment of the rollout, has what was asked for. */
    shows: (route: unknown, name: string) => boolean;
}

const pace = { interval: "10s", threshold: 3, metrics: [{ name: "always", query: "vector(1)", max: 1 }] };
const steps = { stepWeight: 50, maxWeight: 50 };
const weighted = { ...pace, steps };
const tested = (match: object) => ({ ...pace, abTest: { iterations: 2, match: [{ headers: { "x-user": match } }] } });

/** All values below a key, at any depth and however the key is written. */
function below(tree: unknown, key: string): unknown[] {
    if (typeof tree !== "object" || tree === null) {
        return [];
    }
    return Object.entries(tree as Record<string, unknown>).flatMap(([name, value]) => [
        ...(name.toLowerCase() === key.toLowerCase() ? [value] : []),
        ...below(value, key),
    ]);
}

const has =
    (...keys: string[]) =>
    (route: unknown) =>
        keys.some((key) => below(route, key).length > 0);
const says =
    (...words: string[]) =>
    (route: unknown) =>
        words.some((word) => JSON.stringify(route).includes(word));

/** The weights that a route gives to the canary. */
function canaryWeights(route: unknown, name: string): number[] {
    const targets = [
        ...below(route, "route"),
        ...below(route, "weightedTargets"),
        ...below(route, "backendRefs"),
    ].flat();
    return targets
        .filter((target) => JSON.stringify(target).includes(`"${name}-canary"`))
        .map((target) => Number((target as { weight?: number }).weight ?? 0));
}

/** A header's condition, as each API writes it: `exact: value`, or `type: Exact` beside a value. */
const matches = (kind: string, type: string, value: string) => (route: unknown) => {
    const text = JSON.stringify(route).toLowerCase();
    const conditions = JSON.stringify(below(route, "headers")).toLowerCase();
    const either = conditions.includes(`"${kind}":`) || conditions.includes(`"type":"${type.toLowerCase()}"`);
    return text.includes("x-user") && either && conditions.includes(value.toLowerCase());
};

const uri = (match: object) => ({ service: { match: [{ uri: match }] } });

/** The cells of the capability table, all of which every mesh is asked for. */
export const cells: readonly Cell[] = [
    {
        title: "steps",
        asks: { analysis: weighted },
        path: "analysis.steps",
        shows: (route, name) => canaryWeights(route, name).some((weight) => weight > 0 && weight < 100),
    },
    {
        title: "an A/B test by an exact header",
        asks: { analysis: tested({ exact: "insider" }) },
        path: "analysis.abTest",
        shows: matches("exact", "Exact", "insider"),
    },
    {
        title: "an A/B test by the beginning of a header",
        asks: { analysis: tested({ prefix: "ins" }) },
        path: "analysis.abTest",
        shows: matches("prefix", "-", "ins"),
    },
    {
        title: "an A/B test by the end of a header",
        asks: { analysis: tested({ suffix: "der" }) },
        path: "analysis.abTest",
        shows: matches("suffix", "-", "der"),
    },
    {
        title: "an A/B test by a pattern",
        asks: { analysis: tested({ regex: "ins.*" }) },
        path: "analysis.abTest",
        shows: matches("regex", "RegularExpression", "ins.*"),
    },
    {
        title: "an A/B test with alternatives",
        asks: {
            analysis: {
                ...pace,
                abTest: {
                    iterations: 2,
                    match: [{ headers: { "x-user": { exact: "one" } } }, { headers: { "x-user": { exact: "two" } } }],
                },
            },
        },
        path: "analysis.abTest",
        shows: (route) => says('"one"')(route) && says('"two"')(route),
    },
    {
        title: "copies of requests beside steps",
        asks: { analysis: { ...pace, steps: { ...steps, mirror: true } } },
        path: "analysis.steps",
        shows: (route) => has("mirror")(route) || says("RequestMirror")(route),
    },
    {
        title: "copies of requests in blue/green",
        asks: { analysis: { ...pace, blueGreen: { iterations: 2, mirror: true } } },
        path: "analysis.blueGreen",
        shows: (route) => has("mirror")(route) || says("RequestMirror")(route),
    },
    {
        title: "session affinity",
        asks: { analysis: { ...weighted, sessionAffinity: { cookieName: "version" } } },
        path: "analysis.sessionAffinity",
        shows: says("Set-Cookie"),
    },
    {
        title: "a time-out",
        asks: { service: { timeout: "7s" } },
        path: "service.timeout",
        shows: has("timeout", "timeouts"),
    },
    {
        title: "retries",
        asks: { service: { retries: { attempts: 2, perTryTimeout: "1s", retryOn: ["gateway-error"] } } },
        path: "service.retries",
        shows: has("retries", "retryPolicy", "retry"),
    },
    { title: "a path's beginning", asks: uri({ prefix: "/some" }), path: "service.match", shows: says("/some") },
    { title: "a whole path", asks: uri({ exact: "/some" }), path: "service.match", shows: says("/some") },
    { title: "a path's pattern", asks: uri({ regex: "/so.e" }), path: "service.match", shows: says("/so.e") },
    {
        title: "a method",
        asks: { service: { match: [{ prefix: "/", method: { exact: "GET" } }] } },
        path: "service.match",
        shows: (route) => JSON.stringify(below(route, "method")).includes("GET"),
    },
    {
        title: "a header of the service's",
        asks: { service: { match: [{ prefix: "/", headers: { "x-user": { exact: "some" } } }] } },
        path: "service.match",
        shows: matches("exact", "Exact", "some"),
    },
    {
        title: "a parameter of the query",
        asks: { service: { match: [{ prefix: "/", queryParams: { beta: { exact: "1" } } }] } },
        path: "service.match",
        shows: has("queryParams"),
    },
    {
        title: "another path behind the route",
        asks: { service: { match: [{ prefix: "/some" }], rewrite: { uri: "/" } } },
        path: "service.rewrite",
        shows: (route) => has("rewrite", "urlRewrite")(route),
    },
    {
        title: "a header that is added",
        asks: { service: { headers: { request: { add: { "x-added": "yes" } } } } },
        path: "service.headers",
        shows: says("x-added"),
    },
    {
        title: "pages of other origins",
        asks: { service: { cors: { allowOrigin: ["https://example.com"], allowMethods: ["GET"] } } },
        path: "service.cors",
        shows: says("https://example.com"),
    },
    {
        title: "pages of origins by their beginning",
        asks: { service: { cors: { allowOrigins: [{ prefix: "https://example" }], allowMethods: ["GET"] } } },
        path: "service.cors",
        shows: says("https://example"),
    },
    {
        title: "host names",
        asks: { service: { hosts: ["shop.example.com"] } },
        path: "service.hosts",
        shows: says("shop.example.com"),
    },
];

/** The analysis of a cell that asks for nothing of it. */
export const plainAnalysis = weighted;
