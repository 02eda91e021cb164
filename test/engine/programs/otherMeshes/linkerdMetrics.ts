import * as pulumi from "@pulumi/pulumi";

import type { Custom } from ".";

const inbound = 'namespace="{{ namespace }}", deployment=~"{{ target }}", direction="inbound"';
const rate = (series: string, more = "") => `rate(${series}{${inbound}${more}}[{{ interval }}])`;

const queries = {
    "success-rate": `sum(${rate("response_total", ', classification!="failure"')}) / sum(${rate("response_total")}) * 100`,
    latency: `histogram_quantile(0.99, sum(${rate("response_latency_ms_bucket")}) by (le))`,
};
const ranges = { "success-rate": { min: 99 }, latency: { max: 20_000 } };

/** Flagger has no metrics of its own for Linkerd's routes: templates that ask for what Linkerd's proxies count. */
export function meteredByLinkerd(namespace: pulumi.Input<string>, custom: Custom, flagger: pulumi.Resource) {
    const address = "http://flagger-prometheus.flagger-system:9090";
    const made = Object.entries(queries).map(([name, query]) =>
        custom(
            name,
            "flagger.app/v1beta1",
            "MetricTemplate",
            namespace,
            { provider: { type: "prometheus", address }, query },
            [flagger],
        ),
    );
    const use = Object.entries(ranges).map(([name, thresholdRange]) => ({
        name,
        templateRef: { name },
        thresholdRange,
        interval: "30s",
    }));
    return { made, use };
}
