/** What Flagger reads of a template for one kind of server. */
export interface MetricProvider {
    address: "required" | "optional" | "unused";
    /** Whether Flagger puts its own path right behind the address. */
    appendsPath?: boolean;
    /** The ways to sign in, each with the keys it takes. */
    keys: string[][];
    optionalKeys?: string[];
    /** Whether Flagger cannot do without signing in. */
    needsCredentials?: boolean;
    reads?: ("region" | "headers" | "insecureSkipVerify")[];
}

/** The kinds of servers that Flagger knows, by name. */
export const metricProviders: Record<string, MetricProvider> = {
    prometheus: {
        address: "required",
        keys: [["token"], ["username", "password"]],
        reads: ["headers", "insecureSkipVerify"],
    },
    influxdb: { address: "required", keys: [["token", "org"]] },
    datadog: {
        address: "optional",
        appendsPath: true,
        keys: [["datadog_api_key", "datadog_application_key"]],
        needsCredentials: true,
    },
    // It reads a token and insecureSkipVerify too. But inside a cluster its Kubernetes client sends the token of
    // Flagger's own service account all the same, and refuses the other beside the cluster's certificate authority.
    externalmetrics: { address: "optional", keys: [] },
    // Without a Secret it does start, but asks for the metrics of no project.
    stackdriver: {
        address: "unused",
        keys: [["project"]],
        optionalKeys: ["serviceAccountKey"],
        needsCredentials: true,
    },
    cloudwatch: { address: "unused", keys: [], reads: ["region"] },
    newrelic: {
        address: "optional",
        appendsPath: true,
        keys: [["newrelic_account_id", "newrelic_query_key"]],
        needsCredentials: true,
    },
    graphite: { address: "required", keys: [["username", "password"]], reads: ["insecureSkipVerify"] },
    dynatrace: { address: "required", appendsPath: true, keys: [["dynatrace_token"]], needsCredentials: true },
    keptn: { address: "unused", keys: [] },
    splunk: { address: "required", appendsPath: true, keys: [["sf_token_key"]], needsCredentials: true },
};

/** The ways to sign in to a server, for people. */
export function waysOf({ keys, optionalKeys = [] }: MetricProvider): string {
    return [keys.map((way) => way.join(" and ")).join(", or "), ...optionalKeys.map((key) => `if need be ${key}`)].join(
        ", ",
    );
}
