import assert from "node:assert/strict";

import { canaryAppWarnings, checkCanaryApp, planOf } from "../../../../components/canaryAppCheck";
import { CanaryApp, CanaryAppArgs, PlatformConnection } from "../../../../index";
import { connection } from "../../devStack";
import { at, graph, plain } from "../../graph";
import { refusal } from "../../problems";

const on = (provider: string): PlatformConnection => ({
    ...connection,
    mesh: { provider },
    gateway: { address: "gateway.example", objectName: "dev", objectNamespace: "edge" },
});

const steps: CanaryAppArgs["analysis"] = { interval: "1m", threshold: 1, steps: { stepWeight: 50 } };
const own = { name: "own", query: "vector(1)", min: 1 };

const good = (provider: string): CanaryAppArgs => ({
    platform: on(provider),
    namespace: "apps",
    workload: { image: "podinfo:1", port: 80 },
    analysis: { ...steps, metrics: [own] },
    gateway: { path: "/" },
});

const refused = (changes: object, provider = "envoy-gateway") =>
    refusal(() => new CanaryApp("podinfo", { ...good(provider), ...changes }));

const paths = async (changes: object, provider?: string) =>
    (await refused(changes, provider)).map((line) => line.slice(0, line.indexOf(": ")));

const made = async (changes: object = {}, provider = "envoy-gateway") => {
    const { nodes, node } = await graph(() => new CanaryApp("podinfo", { ...good(provider), ...changes }));
    return { nodes, node, spec: plain(node("Canary podinfo").props.spec) };
};

const warnings = (args: CanaryAppArgs) => {
    const mesh = checkCanaryApp("podinfo", args);
    return canaryAppWarnings("podinfo", args, mesh, planOf("podinfo", args));
};

describe("a CanaryApp on a Gateway API", () => {
    it("joins the platform's Gateway under its path", async () => {
        const { spec } = await made({ gateway: { path: "/shop" } });
        assert.equal(at(spec, "provider"), "gatewayapi:v1");
        assert.deepEqual(at(spec, "service", "gatewayRefs"), [{ name: "dev", namespace: "edge" }]);
        assert.deepEqual(at(spec, "service", "match"), [{ uri: { prefix: "/shop" } }]);
    });

    it("leaves to its user what that says of Gateways and paths", async () => {
        const service = {
            gatewayRefs: [{ name: "mine" }],
            match: [{ uri: { exact: "/a" } }, { headers: { "x-a": { exact: "b" } } }],
        };
        const { spec } = await made({ service, gateway: { path: "/shop" } });
        assert.deepEqual(at(spec, "service", "gatewayRefs"), [{ name: "mine" }]);
        assert.deepEqual(at(spec, "service", "match"), [
            { uri: { exact: "/a" } },
            { headers: { "x-a": { exact: "b" } }, uri: { prefix: "/shop" } },
        ]);
    });

    it("has no proxies: neither its namespace nor its pods carry anything, and nothing needs a role", async () => {
        const { nodes, node } = await made();
        assert.deepEqual(node("Namespace podinfo-apps").props.metadata, { name: "apps" });
        assert.deepEqual(
            nodes.filter(({ type }) => type.startsWith("aws:")),
            [],
        );
    });

    it("measures at Envoy Gateway's clusters, by templates of its own", async () => {
        const { node, spec } = await made({ analysis: steps });
        assert.deepEqual(
            (at(spec, "analysis", "metrics") as { templateRef: object }[]).map(({ templateRef }) => templateRef),
            [
                { name: "podinfo-mesh-request-success-rate", namespace: "apps" },
                { name: "podinfo-mesh-request-duration", namespace: "apps" },
            ],
        );
        const cluster =
            'envoy_cluster_name=~"httproute/{{ namespace }}/{{ service }}/rule/[0-9]+(/backend/1|-mirror-[0-9]+)"';
        const rate = (more: string) => `sum(rate(envoy_cluster_upstream_rq{${cluster}${more}}[{{ interval }}]))`;
        assert.equal(
            at(node("MetricTemplate podinfo-metric-mesh-request-success-rate").props, "spec", "query"),
            `100 * ${rate(',envoy_response_code!~"5.*"')} / ${rate("")}`,
        );
        assert.equal(
            at(node("MetricTemplate podinfo-metric-mesh-request-duration").props, "spec", "query"),
            "histogram_quantile(0.99, sum by (le) (rate(envoy_cluster_upstream_rq_time_bucket{" +
                `${cluster}}[{{ interval }}])))`,
        );
    });

    it("is refused without a Gateway: Flagger would make no route", async () => {
        assert.deepEqual(await refused({ gateway: undefined }), [
            "service.gatewayRefs: nothing given, but it is needed: a route has to join a Gateway, and without one Flagger " +
                "would stand still. Ask for a place at the platform's Gateway with `gateway: { path }`, or name a Gateway " +
                "of your own.",
        ]);
        const unnamed = { ...on("envoy-gateway"), gateway: { address: "gateway.example" } };
        assert.deepEqual(await paths({ platform: unnamed }), ["service.gatewayRefs"]);
        await made({ gateway: undefined, service: { gatewayRefs: [{ name: "mine" }] } });
    });

    it("is refused with matches that Flagger or the cluster would not take", async () => {
        const match = [
            { prefix: "/a//b" },
            { uri: { exact: "/a?b" } },
            { method: { regex: "GET|POST" } },
            { method: { exact: "PURGE" } },
            { headers: { "x-a": { prefix: "b" } } },
            { queryParams: { q: { prefix: "b" } } },
        ];
        assert.deepEqual(await paths({ service: { match } }), [
            "service.match[0].prefix",
            "service.match[1].uri.exact",
            "service.match[2].method.regex",
            "service.match[3].method.exact",
            'service.match[4].headers["x-a"].prefix',
            "service.match[5].queryParams.q.prefix",
        ]);
        assert.deepEqual(await paths({ gateway: { path: "/a/../b" } }), ["gateway.path"]);
        const many = Array.from({ length: 9 }, (_, index) => ({ prefix: `/${index}` }));
        const users = Array.from({ length: 8 }, (_, index) => ({ headers: { "x-a": { exact: `${index}` } } }));
        const abTest = { iterations: 1, match: users };
        const analysis = { interval: "1m", threshold: 1, abTest, metrics: [own] };
        assert.deepEqual(await refused({ service: { match: many }, analysis }), [
            "analysis.abTest.match: 72 matches are more than the 64 that a rule can have on Envoy Gateway: Flagger would " +
                "stand still. Name fewer, each alternative of an A/B test counted once for each match of the service.",
        ]);
    });

    it("is refused with users whom Flagger would not tell apart, so that all got the canary", async () => {
        const abTest = { iterations: 1, match: [{ headers: { "x-a": { prefix: "b" } } }] };
        const analysis = { interval: "1m", threshold: 1, abTest, metrics: [own] };
        assert.deepEqual(await paths({ analysis }), ['analysis.abTest.match[0].headers["x-a"].prefix']);
    });

    it("is refused with hosts, rewrites and origins that a route does not take", async () => {
        assert.deepEqual(await paths({ service: { hosts: ["*", "10.0.0.1", "*.example.com"] } }), [
            "service.hosts[0]",
            "service.hosts[1]",
        ]);
        const rewrite = { uri: "/", type: "ReplacePrefixMatch", authority: "a.example:80" };
        assert.deepEqual(await paths({ service: { rewrite, match: [{ prefix: "/a" }, { prefix: "/b" }] } }), [
            "service.rewrite.type",
            "service.rewrite.authority",
        ]);
        await made({ service: { rewrite: { ...rewrite, authority: "a.example" } } });
        const cors = {
            allowOrigins: [{ exact: "https://a.example" }],
            allowOrigin: ["a.example"],
            allowMethods: ["*", "GET"],
        };
        assert.deepEqual(await paths({ service: { cors } }), [
            "service.cors.allowOrigins",
            "service.cors.allowOrigin[0]",
            "service.cors.allowMethods",
        ]);
    });

    it("mirrors in a blue/green release, and never with weights", async () => {
        const mirrored = { ...steps, steps: { stepWeight: 50, mirror: true }, metrics: [own] };
        assert.deepEqual(await paths({ analysis: mirrored }), ["analysis.steps.mirror"]);
        const blueGreen = { interval: "1m", threshold: 1, blueGreen: { iterations: 2, mirror: true } };
        const { spec } = await made({ analysis: blueGreen });
        assert.equal(at(spec, "analysis", "mirror"), true);
    });

    it("says how long browsers keep an answer to a preflight request: Flagger would never get past the API server's default", async () => {
        const cors = { allowOrigin: ["https://example.com"] };
        const aged = async (more: object) =>
            at((await made({ service: { cors: { ...cors, ...more } } })).spec, "service", "corsPolicy", "maxAge");
        assert.equal(await aged({}), "5s");
        assert.equal(await aged({ maxAge: "10m" }), "10m");
    });

    it("is refused what Envoy Gateway could not measure", async () => {
        const blueGreen = { interval: "1m", threshold: 1, blueGreen: { iterations: 2 } };
        assert.deepEqual(await paths({ analysis: blueGreen }), ["analysis.blueGreen.mirror"]);
        const metrics = [{ name: "errors", compare: { of: "error-rate" }, max: 1 }];
        assert.deepEqual(await paths({ analysis: { ...blueGreen, metrics } }), ["analysis.blueGreen.mirror"]);
        await made({ analysis: { ...blueGreen, metrics: [own] } });
        const service = { mirror: [{ backendRef: { name: "shadow", port: 80 } }] };
        assert.deepEqual(await paths({ analysis: steps, service }), ["service.mirror"]);
        await made({ service });
    });

    for (const provider of ["gateway-api", "vpc-lattice"]) {
        it(`is judged on ${provider} by what it exports itself, where nothing else counts requests, and warned of it`, async () => {
            const metrics = [{ name: "request-success-rate", min: 99 }, own];
            const { spec } = await made({ analysis: { ...steps, metrics } }, provider);
            assert.deepEqual(at(spec, "analysis", "metrics", 0), {
                name: "request-success-rate",
                interval: "1m",
                thresholdRange: { min: 99 },
            });
            const [warning, ...more] = warnings({ ...good(provider), analysis: { ...steps, metrics } });
            assert.match(
                warning!,
                /^workload\.podAnnotations: on .+ Flagger's built-in metrics are what the application itself exports/,
            );
            assert.deepEqual(more, []);
        });
    }

    it("is refused on VPC Lattice what its controller would refuse", async () => {
        const refusedThere = (changes: object) => paths(changes, "vpc-lattice");
        assert.deepEqual(await refusedThere({ service: { match: [{ prefix: "/a" }, { prefix: "/b" }] } }), [
            "service.match",
        ]);
        const match = [
            {
                uri: { regex: "/.*" },
                headers: { a: { regex: "b" }, b: { exact: "1" } },
                queryParams: { q: { exact: "1" } },
            },
        ];
        assert.deepEqual(await refusedThere({ service: { match } }), [
            "service.match[0].uri.regex",
            "service.match[0].headers.a.regex",
            "service.match[0].queryParams",
        ]);
        const ab = (users: object[]) => ({
            analysis: { interval: "1m", threshold: 1, abTest: { iterations: 1, match: users }, metrics: [own] },
        });
        assert.deepEqual(await refusedThere(ab([{ cookies: { a: "b" } }])), ["analysis.abTest.match[0].cookies"]);
        const insider = { headers: { "x-a": { exact: "b" } } };
        assert.deepEqual(await refusedThere(ab([insider, insider])), [
            "analysis.abTest.match",
            "analysis.abTest.match",
        ]);
        const filters = { rewrite: { uri: "/" }, headers: { request: { remove: ["a"] } } };
        assert.deepEqual(await refusedThere({ service: filters }), ["service.rewrite", "service.headers"]);
        const blueGreen = { interval: "1m", threshold: 1, blueGreen: { iterations: 1, mirror: true }, metrics: [own] };
        assert.deepEqual(await refusedThere({ analysis: blueGreen }), ["analysis.blueGreen.mirror"]);
        const affinity = { ...steps, metrics: [own], sessionAffinity: { cookieName: "a" } };
        assert.deepEqual(await refusedThere({ analysis: affinity }), ["analysis.sessionAffinity"]);
        await made(ab([insider]), "vpc-lattice");
    });

    it("has no address at a gateway that has none", async () => {
        const platform = { ...on("vpc-lattice"), gateway: { address: "", objectName: "dev" } };
        const { result } = await graph(() => new CanaryApp("podinfo", { ...good("vpc-lattice"), platform }));
        assert.equal(await new Promise((resolve) => result.url.apply(resolve)), "");
    });
});
