import assert from "node:assert/strict";

import { appQueries } from "../../../../components/mesh/gatewayApi/appQueries";
import { envoyQueries } from "../../../../components/mesh/gatewayApi/envoyQueries";

const primary = 'envoy_cluster_name=~"httproute/apps/podinfo/rule/[0-9]+/backend/0"';
const canary = 'envoy_cluster_name=~"httproute/apps/podinfo/rule/[0-9]+(/backend/1|-mirror-[0-9]+)"';

describe("the queries of Envoy Gateway", () => {
    it("tell the primary from the canary by the place of the backend", () => {
        assert.equal(
            envoyQueries.total("apps", "podinfo-primary"),
            `sum(rate(envoy_cluster_upstream_rq{${primary}}[1m]))`,
        );
        assert.equal(envoyQueries.total("apps", "podinfo"), `sum(rate(envoy_cluster_upstream_rq{${canary}}[1m]))`);
        // As a dashboard asks.
        assert.ok(
            envoyQueries.total("$namespace", "$canary-primary").includes("/$namespace/$canary/rule/[0-9]+/backend/0"),
        );
    });

    it("count by status, without errors, and by time", () => {
        assert.equal(
            envoyQueries.requests("apps", "podinfo"),
            `label_replace(sum by (envoy_response_code) (rate(envoy_cluster_upstream_rq{${canary}}[1m])), ` +
                '"status", "$1", "envoy_response_code", "(.*)")',
        );
        assert.equal(
            envoyQueries.successRate("apps", "podinfo"),
            `100 * sum(rate(envoy_cluster_upstream_rq{${canary},envoy_response_code!~"5.*"}[1m])) ` +
                `/ sum(rate(envoy_cluster_upstream_rq{${canary}}[1m]))`,
        );
        assert.equal(
            envoyQueries.duration("apps", "podinfo", 0.99),
            `histogram_quantile(0.99, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{${canary}}[1m])))`,
        );
    });

    it("find every application by its route", () => {
        const by = (more: string) =>
            "sum by (namespace, name) (label_replace(label_replace(rate(envoy_cluster_upstream_rq{" +
            `envoy_cluster_name=~"httproute/.+"${more}}[1m]), "name", "$1", "envoy_cluster_name", ` +
            '"httproute/[^/]+/([^/]+)/.+"), "namespace", "$1", "envoy_cluster_name", "httproute/([^/]+)/.+"))';
        assert.equal(envoyQueries.successRates(), `100 * ${by(',envoy_response_code!~"5.*"')} / ${by("")}`);
    });
});

describe("the queries of an application's own series", () => {
    it("make milliseconds of seconds", () => {
        assert.match(appQueries.duration("apps", "podinfo", 0.5), /^1000 \* histogram_quantile\(0\.5, .+_bucket\{/);
    });
});
