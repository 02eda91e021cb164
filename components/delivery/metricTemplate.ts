import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { isObject, outline } from "../shape";
import { Problems } from "../validation";
import { checkMetricCredentials } from "./metricCredentials";
import { metricProviders } from "./metricProviders";
import { checkMetricServer } from "./metricServer";
import { checkQuery } from "./queryTemplate";

/** A query, and the server that answers it. */
export interface MetricTemplateArgs {
    /**
     * The kind of server: `prometheus`, `influxdb`, `datadog`, `externalmetrics`, `stackdriver`, `cloudwatch`,
     * `newrelic`, `graphite`, `dynatrace`, `keptn` or `splunk`.
     */
    provider: string;
    /**
     * The server's address, as a URL. Required for `prometheus`, `influxdb`, `graphite`, `dynatrace` and `splunk`.
     * @default - for `datadog`, `newrelic` and `externalmetrics` the one that Flagger knows; the others have none
     */
    address?: pulumi.Input<string>;
    /**
     * The query, in the server's language, answering with one number. Flagger fills in the Canary's `{{ name }}` and
     * `{{ namespace }}`, `{{ target }}`, `{{ service }}`, `{{ ingress }}`, `{{ route }}`, the metric's `{{ interval }}`
     * and `{{ variables.x }}`.
     */
    query: string;
    /**
     * What Flagger signs in with; it is kept in a Secret. `prometheus`: `token`, or `username` and `password`.
     * `influxdb`: `token` and `org`. `datadog`: `datadog_api_key` and `datadog_application_key`. `stackdriver`:
     * `project` and, if need be, `serviceAccountKey`. `newrelic`: `newrelic_account_id` and `newrelic_query_key`.
     * `graphite`: `username` and `password`. `dynatrace`: `dynatrace_token`. `splunk`: `sf_token_key`. The others take
     * none.
     * @default - none, or those in `secretRef`
     */
    credentials?: Record<string, pulumi.Input<string>>;
    /**
     * The name of a Secret that exists, in the template's namespace, and has the keys that `credentials` would have.
     * @default - none, or the one made from `credentials`
     */
    secretRef?: pulumi.Input<string>;
    /**
     * The AWS region, for `cloudwatch` alone, which needs it.
     * @default - none
     */
    region?: pulumi.Input<string>;
    /**
     * HTTP headers of each query, by name, for `prometheus` alone. They are no secrets.
     * @default - none
     */
    headers?: Record<string, string[]>;
    /**
     * Whether any certificate of the server is taken, for `prometheus` and `graphite` alone.
     * @default false
     */
    insecureSkipVerify?: boolean;
}

/** Checks a template for what Kubernetes would refuse, and for what would make Flagger fail every check. */
export function checkMetricTemplate(problems: Problems, path: string, template: MetricTemplateArgs | undefined): void {
    if (!isObject(template)) {
        problems.add({
            path,
            value: outline(template),
            rule: "is not a template",
            fix:
                `Write it like ` +
                `{ provider: "prometheus", address: "http://prometheus.monitoring:9090", query: "..." }.`,
        });
        return;
    }
    checkQuery(problems, `${path}.query`, template.query);
    const { provider: name } = template;
    const provider =
        typeof name === "string" && Object.hasOwn(metricProviders, name) ? metricProviders[name] : undefined;
    if (provider === undefined) {
        problems.add({
            path: `${path}.provider`,
            value: name,
            rule: "is not a provider that Flagger knows: Kubernetes would refuse the template",
            fix: `Use one of ${Object.keys(metricProviders).join(", ")}.`,
        });
        return;
    }
    checkMetricServer(problems, path, template, provider);
    checkMetricCredentials(problems, path, template, provider);
    if (name === "cloudwatch" && typeof template.query === "string" && template.query.trim() !== "") {
        // What Flagger fills in may stand anywhere, so only the beginning is sure.
        problems.require(/^\s*(\[|\{\{)/.test(template.query), {
            path: `${path}.query`,
            value: template.query,
            rule: "is not the JSON list of CloudWatch metric queries that Flagger reads: it would fail every check",
            fix: 'Write it like `[{ "Id": "errors", "MetricStat": { ... } }]`, the MetricDataQueries of GetMetricData.',
        });
    }
}

/**
 * Makes a MetricTemplate, and the Secret with its credentials where it has any. Names of children begin with
 * `childName`. The template is named `name`, the Secret `<name>-credentials`.
 */
export function metricTemplate(
    childName: string,
    name: string,
    namespace: string,
    args: MetricTemplateArgs,
    opts: pulumi.CustomResourceOptions,
): { ref: { name: string; namespace: string }; resource: pulumi.Resource } {
    const { provider, address, query, credentials, region, headers, insecureSkipVerify } = args;
    let secretRef = args.secretRef;
    let after = opts;
    if (credentials !== undefined) {
        const secretName = `${name}-credentials`;
        const secret = new Secret(
            `${childName}-credentials`,
            {
                metadata: { name: secretName, namespace },
                type: "Opaque",
                stringData: Object.fromEntries(
                    Object.entries(credentials).map(([key, value]) => [key, pulumi.secret(value)]),
                ),
            },
            opts,
        );
        secretRef = secretName;
        after = { ...opts, dependsOn: [secret] };
    }
    const resource = new CustomResource(
        childName,
        {
            apiVersion: "flagger.app/v1beta1",
            kind: "MetricTemplate",
            metadata: { name, namespace },
            spec: {
                provider: {
                    type: provider,
                    ...(address !== undefined && { address }),
                    ...(secretRef !== undefined && { secretRef: { name: secretRef } }),
                    ...(region !== undefined && { region }),
                    ...(headers !== undefined && { headers }),
                    ...(insecureSkipVerify !== undefined && { insecureSkipVerify }),
                },
                query,
            },
        },
        after,
    );
    return { ref: { name, namespace }, resource };
}
