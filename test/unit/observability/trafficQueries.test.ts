import assert from "node:assert/strict";

import fc from "fast-check";

import { appMeshQueries } from "../../../components/mesh/appMeshQueries";
import { istioQueries } from "../../../components/mesh/istioQueries";
import { linkerdQueries } from "../../../components/mesh/linkerd/linkerdQueries";
import { TrafficQueries } from "../../../components/observability/trafficQueries";

/** What is told apart in a query of Flagger's own, as pkg/metrics/observers has it. */
const own: [string, TrafficQueries, string, string, string][] = [
    [
        "App Mesh",
        appMeshQueries,
        "envoy_cluster_upstream_rq",
        'kubernetes_namespace="apps",kubernetes_pod_name=~"podinfo-[0-9a-zA-Z]+-[0-9a-zA-Z]+"',
        'envoy_response_code!~"5.*"',
    ],
    [
        "Istio",
        istioQueries,
        "istio_requests_total",
        'reporter="destination",destination_workload_namespace="apps",destination_workload="podinfo"',
        'response_code!~"5.*"',
    ],
    [
        "Linkerd",
        linkerdQueries,
        "response_total",
        'direction="inbound",namespace="apps",deployment="podinfo"',
        'classification!="failure"',
    ],
];

describe("traffic queries", () => {
    for (const [mesh, queries, requests, selected, noError] of own) {
        it(`ask for ${mesh}'s success rate as Flagger does`, () => {
            assert.equal(
                queries.successRate("apps", "podinfo"),
                `100 * sum(rate(${requests}{${selected},${noError}}[1m])) / sum(rate(${requests}{${selected}}[1m]))`,
            );
        });

        it(`ask ${mesh} for everything of one workload in its own series`, () => {
            for (const query of [
                queries.total("apps", "podinfo"),
                queries.requests("apps", "podinfo"),
                queries.duration("apps", "podinfo", 0.9),
            ]) {
                assert.ok(query.includes(`{${selected}}[1m])`), query);
            }
        });

        it(`know ${mesh}'s applications by their workloads, the primary's too`, () => {
            const query = queries.successRates();
            const pattern = /"name", "\$1", "\w+", "([^"]+)"/.exec(query)![1]!;
            const pods = pattern.endsWith("+");
            const hash = fc.stringMatching(/^[0-9a-z]{1,10}$/);
            const name = fc
                .stringMatching(/^[a-z]{1,8}(-[a-z0-9]{1,8}){0,3}$/)
                .filter((text) => !text.endsWith("-primary"));
            fc.assert(
                fc.property(name, fc.constantFrom("", "-primary"), hash, hash, (application, which, set, pod) => {
                    const value = `${application}${which}${pods ? `-${set}-${pod}` : ""}`;
                    assert.equal(new RegExp(`^(?:${pattern})$`).exec(value)?.[1], application);
                }),
            );
        });
    }

    it("have a status for people, whatever the mesh calls it", () => {
        assert.match(appMeshQueries.requests("a", "b"), /, "status", "\$1", "envoy_response_code", "\(\.\*\)"\)$/);
        assert.match(istioQueries.requests("a", "b"), /, "status", "\$1", "response_code", "\(\.\*\)"\)$/);
        assert.match(linkerdQueries.requests("a", "b"), /, "status", "\$1", "status_code", "\(\.\*\)"\)$/);
    });
});
