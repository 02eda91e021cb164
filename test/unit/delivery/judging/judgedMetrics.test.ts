import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { judgedMetrics, minimums } from "../../../../components/delivery/judging/judgedMetrics";
import { HeldRollout, holdQueries, holdWebhooks } from "../../../../components/delivery/judging/lowTraffic";
import { MetricArgs } from "../../../../components/delivery/metricArgs";
import { Mesh } from "../../../../components/mesh/mesh";
import { meshes } from "../../../../components/mesh/meshes";
import { CountedVersion } from "../../../../components/observability/trafficQueries";

const app = { namespace: "apps", target: "shop", service: "storefront" };
const rollout: HeldRollout = { namespace: "apps", target: "shop", weighted: true };

function compiled(mesh: Mesh, metrics: MetricArgs[], changes: Partial<HeldRollout> = {}) {
    const version = (of: CountedVersion["version"]) => mesh.queries.counters({ ...app, version: of });
    return judgedMetrics(metrics, {
        versions: { canary: version("canary"), primary: version("primary") },
        rollout: { ...rollout, ...changes },
        metricsServer: "http://prometheus:9090",
    });
}
const istio = meshes.istio!;
const queryOf = (metrics: MetricArgs[], changes: Partial<HeldRollout> = {}) =>
    compiled(istio, metrics, changes).metrics!.at(-1)!.template!.query;

/** The selectors of a query. */
const selectors = (query: string) => new Set(query.match(/\w+\{[^}]*\}/g));

const errors: MetricArgs = { name: "errors", compare: { of: "error-rate" }, max: 0.5, interval: "5m" };
const latency: MetricArgs = { name: "latency", compare: { of: "latency" }, max: 1.2 };
const success: MetricArgs = { name: "request-success-rate", min: 99, minimumSamples: 50 };

/** What counts a canary and its primary: requests, errors and durations. */
const counters: [mesh: string, canary: string[], primary: string][] = [
    [
        "istio",
        [
            'istio_requests_total{reporter="destination",destination_workload_namespace="apps",destination_workload="shop"}',
            'istio_requests_total{reporter="destination",destination_workload_namespace="apps",destination_workload="shop",response_code=~"5.*"}',
            'istio_request_duration_milliseconds_bucket{reporter="destination",destination_workload_namespace="apps",destination_workload="shop"}',
        ],
        'istio_requests_total{reporter="destination",destination_workload_namespace="apps",destination_workload="shop-primary"}',
    ],
    [
        "linkerd",
        [
            'response_total{direction="inbound",namespace="apps",deployment="shop"}',
            'response_total{direction="inbound",namespace="apps",deployment="shop",classification="failure"}',
            'response_latency_ms_bucket{direction="inbound",namespace="apps",deployment="shop"}',
        ],
        'response_total{direction="inbound",namespace="apps",deployment="shop-primary"}',
    ],
    [
        "appmesh",
        [
            'envoy_cluster_upstream_rq{kubernetes_namespace="apps",kubernetes_pod_name=~"shop-[0-9a-zA-Z]+-[0-9a-zA-Z]+"}',
            'envoy_cluster_upstream_rq{kubernetes_namespace="apps",kubernetes_pod_name=~"shop-[0-9a-zA-Z]+-[0-9a-zA-Z]+",envoy_response_code=~"5.*"}',
            'envoy_cluster_upstream_rq_time_bucket{kubernetes_namespace="apps",kubernetes_pod_name=~"shop-[0-9a-zA-Z]+-[0-9a-zA-Z]+"}',
        ],
        'envoy_cluster_upstream_rq{kubernetes_namespace="apps",kubernetes_pod_name=~"shop-primary-[0-9a-zA-Z]+-[0-9a-zA-Z]+"}',
    ],
    [
        "envoy-gateway",
        [
            'envoy_cluster_upstream_rq{envoy_cluster_name=~"httproute/apps/storefront/rule/[0-9]+(/backend/1|-mirror-[0-9]+)"}',
            'envoy_cluster_upstream_rq{envoy_cluster_name=~"httproute/apps/storefront/rule/[0-9]+(/backend/1|-mirror-[0-9]+)",envoy_response_code=~"5.*"}',
            'envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name=~"httproute/apps/storefront/rule/[0-9]+(/backend/1|-mirror-[0-9]+)"}',
        ],
        'envoy_cluster_upstream_rq{envoy_cluster_name=~"httproute/apps/storefront/rule/[0-9]+/backend/0"}',
    ],
    ...["kubernetes", "gateway-api", "vpc-lattice"].map((mesh): [string, string[], string] => [
        mesh,
        ["count{#}", 'count{#,status=~"5.*"}', "bucket{#}"].map((selector) =>
            `http_request_duration_seconds_${selector}`.replace(
                "#",
                'kubernetes_namespace="apps",kubernetes_pod_name=~"shop-[0-9a-zA-Z]+-[0-9a-zA-Z]+"',
            ),
        ),
        'http_request_duration_seconds_count{kubernetes_namespace="apps",kubernetes_pod_name=~"shop-primary-[0-9a-zA-Z]+-[0-9a-zA-Z]+"}',
    ]),
];

describe("judgedMetrics", () => {
    it("has every mesh counted", () => {
        assert.deepEqual(counters.map(([mesh]) => mesh).sort(), Object.keys(meshes).sort());
    });

    for (const [name, [requests, failed, durations], primary] of counters) {
        it(`asks ${name} for its own series`, () => {
            const queries = compiled(meshes[name]!, [errors, latency]).metrics!.map(({ template }) => template!.query);
            const asked = new Set(queries.flatMap((query) => [...selectors(query)]));
            for (const selector of [requests!, failed!, durations!, primary]) {
                assert.ok(asked.has(selector), `${selector}\nis not among\n${[...asked].join("\n")}`);
            }
            // Requests, errors and durations of both.
            assert.equal(asked.size, 6);
        });
    }

    it("counts the durations of an application in milliseconds", () => {
        const slow: MetricArgs = { name: "request-duration", max: 500, minimumSamples: 10 };
        assert.match(
            compiled(meshes.kubernetes!, [slow]).metrics![0]!.template!.query,
            /1000 \* histogram_quantile\(0\.99/,
        );
        assert.doesNotMatch(compiled(istio, [slow]).metrics![0]!.template!.query, /1000 \*/);
    });

    it("leaves alone what Flagger measures", () => {
        const metrics: MetricArgs[] = [
            { name: "request-success-rate", min: 99 },
            { name: "x", query: "x", max: 1 },
        ];
        assert.deepEqual(compiled(istio, metrics), { metrics, enough: [] });
        assert.deepEqual(compiled(istio, undefined as never).metrics, undefined);
    });

    it("gives Flagger's metrics another name, under which it does not measure them as well", () => {
        const { name, min, template } = compiled(istio, [success]).metrics![0]!;
        assert.deepEqual([name, min, template!.address], ["mesh-request-success-rate", 99, "http://prometheus:9090"]);
    });

    it("waits for the canary, and where versions are compared for both", () => {
        const counts = (workload: string) => new RegExp(`destination_workload="${workload}"\\}.* >= `);
        const one = compiled(istio, [success]).enough;
        assert.equal(one.length, 1);
        assert.match(one[0]!, counts("shop"));
        assert.match(one[0]!, /offset 1m .* >= 50$/);
        const both = compiled(istio, [errors]).enough;
        assert.equal(both.length, 2);
        assert.match(both[1]!, counts("shop-primary"));
        assert.match(both[1]!, /offset 5m .* >= 100$/);
    });

    it("does not wait for what is in dry run, unless a condition names it", () => {
        const dry = [errors, latency].map((metric) => ({ ...metric, dryRun: true }));
        assert.deepEqual(compiled(istio, dry).enough, []);
        const either = { name: "either", expression: "errors < 1 or latency < 2" };
        assert.equal(compiled(istio, [...dry, either]).enough.length, 4);
        assert.deepEqual(minimums([...dry, either]), [
            { samples: 100, window: "5m" },
            { samples: 103, window: "1m" },
        ]);
    });

    it("passes by its bound until there is enough, and fails beyond it after a limit", () => {
        assert.match(queryOf([errors]), /vector\(0\.5\)\) unless on\(\)/);
        assert.doesNotMatch(queryOf([errors]), /vector\(1\.5\)/);
        assert.match(queryOf([errors], { lowTraffic: { limit: "30m" } }), /vector\(1\.5\) and on\(\) .*offset 30m/);
        assert.doesNotMatch(queryOf([errors], { lowTraffic: { limit: "30m", then: "pass" } }), /vector\(1\.5\)/);
        assert.match(queryOf([success], { lowTraffic: { limit: "30m" } }), /vector\(98\) and on\(\)/);
    });

    it("keeps the metric's own window in a condition with another", () => {
        const parts: MetricArgs[] = [{ name: "q", query: "sum(rate(x[{{ interval }}]))", max: 1, interval: "7m" }];
        const query = queryOf([...parts, { name: "c", expression: "q < 1", interval: "2m" }]);
        assert.equal(query, "((max(sum(rate(x[7m])))) < bool 1)");
    });

    it("puts dry run around the query of a template, with its server and credentials", () => {
        const template = {
            provider: "prometheus",
            address: "http://other:9090",
            query: "x",
            credentials: { token: "t" },
        };
        const { metrics } = compiled(istio, [{ name: "x", template, dryRun: true }]);
        assert.deepEqual(metrics![0], {
            name: "x",
            min: -1e300,
            template: { ...template, query: "((max(x)) > -Inf) or on() vector(-1)" },
        });
    });
});

describe("holdWebhooks", () => {
    const hooks = (changes: Partial<HeldRollout> = {}, server = "http://prometheus:9090/") =>
        new Promise<{ type: string; metadata: { cmd: string } }[]>((resolve) =>
            pulumi
                .output(
                    holdWebhooks(
                        holdQueries({ ...rollout, ...changes }, ["enough"]),
                        "http://flagger-loadtester.apps/",
                        server,
                    ),
                )
                .apply((made) => resolve(made as never)),
        );

    it("has none where nothing is waited for", () => {
        assert.deepEqual(holdWebhooks(holdQueries(rollout, []), "", ""), []);
    });

    it("asks before each weight and before the promotion, and alerts nobody", async () => {
        assert.deepEqual(await hooks(), [
            {
                name: "minimum-samples",
                type: "confirm-traffic-increase",
                url: "http://flagger-loadtester.apps/",
                timeout: "10s",
                muteAlert: true,
                metadata: {
                    type: "bash",
                    cmd:
                        "curl -fsS --max-time 8 -G --data-urlencode 'query=((enough)) or on() " +
                        '(max(flagger_canary_weight{namespace="apps",workload="shop"}) == 0) or on() ' +
                        `absent(flagger_canary_weight{namespace="apps",workload="shop"})' 'http://prometheus:9090/api/v1/query' | ` +
                        `grep -q '"value":\\['`,
                },
            },
            {
                name: "minimum-samples",
                type: "confirm-promotion",
                url: "http://flagger-loadtester.apps/",
                timeout: "10s",
                muteAlert: true,
                metadata: {
                    type: "bash",
                    cmd:
                        "curl -fsS --max-time 8 -G --data-urlencode 'query=(enough)' 'http://prometheus:9090/api/v1/query' | " +
                        `grep -q '"value":\\['`,
                },
            },
        ]);
    });

    it("asks before the promotion alone where there are no weights", async () => {
        assert.deepEqual(
            (await hooks({ weighted: false })).map(({ type }) => type),
            ["confirm-promotion"],
        );
    });

    it("goes on after a limit only if it is told to", async () => {
        const asked = async (then: string) => (await hooks({ lowTraffic: { limit: "9m", then } }))[1]!.metadata.cmd;
        assert.match(await asked("pass"), /offset 9m\) > 0 and max\(changes\(.*\[9m\]\)\) == 0/);
        assert.doesNotMatch(await asked("fail"), /9m/);
        const unweighted = await hooks({ weighted: false, lowTraffic: { limit: "9m", then: "pass" } });
        assert.match(
            unweighted[0]!.metadata.cmd,
            /min_over_time\(flagger_canary_status\{namespace="apps",name="shop"\}\[9m\]/,
        );
    });

    it("quotes an address for the shell", async () => {
        assert.match((await hooks({}, "http://p/it's"))[1]!.metadata.cmd, /'http:\/\/p\/it'\\''s\/api\/v1\/query'/);
    });
});
