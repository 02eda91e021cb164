import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { checkMetricsServer } from "../../../components/observability/metricsAuth";
import { proxyConfig } from "../../../components/observability/metricsProxyConfig";
import { ProgressiveMeshCluster, MetricsServerAuthArgs } from "../../../index";
import { at, graph, secret, valueOf } from "../graph";
import { linesOf } from "../problems";

const platform = (metricsServerAuth: MetricsServerAuthArgs, metricsServer = "https://metrics.example/prom/") =>
    graph(
        () =>
            new ProgressiveMeshCluster("dev", {
                mesh: { provider: "appmesh" },
                addons: { prometheus: { enabled: false } },
                metricsServer,
                metricsServerAuth,
            }),
    );

const header = (data: unknown) =>
    at(
        JSON.parse((data as Record<string, string>)["credential.json"]!),
        "resources",
        0,
        "generic_secret",
        "secret",
        "inline_string",
    );

describe("a metrics server with credentials", () => {
    it("is asked by way of a proxy, by everybody", async () => {
        const { node, result } = await platform({ token: "t0ken" });
        const address = "http://metrics-proxy.flagger-system:9090/prom";
        assert.equal(at(node("Release dev-flagger").props, "values", "metricsServer"), address);
        assert.equal(
            at(node("Release dev-grafana").props, "values", "datasources", "datasources.yaml", "datasources", 0, "url"),
            address,
        );
        assert.equal(await valueOf(result.connection.metricsServer), address);
        assert.ok(node("Provider dev-apps").propDeps.kubeconfig!.includes("Service dev-metrics-proxy"));
    });

    it("gets a token, or a name and password, out of a Secret and from nowhere else", async () => {
        const { node, nodes } = await platform({ token: pulumi.secret("t0ken") });
        const stringData = secret(node("Secret dev-metrics-proxy").props.stringData);
        assert.equal(header(stringData), "Bearer t0ken");
        assert.deepEqual(
            nodes.filter((n) => JSON.stringify(n.props).includes("t0ken")).map((n) => n.key),
            ["Secret dev-metrics-proxy"],
        );
        const basic = await platform({ username: "flagger", password: "p:w" });
        assert.equal(
            header(secret(basic.node("Secret dev-metrics-proxy").props.stringData)),
            `Basic ${Buffer.from("flagger:p:w").toString("base64")}`,
        );
    });

    it("makes the proxy's pods anew when its configuration changes, and not for new credentials", async () => {
        const checksum = async (auth: MetricsServerAuthArgs, server?: string) =>
            at(
                (await platform(auth, server)).node("Deployment dev-metrics-proxy").props,
                ...["spec", "template", "metadata", "annotations", "checksum/config"],
            );
        const first = await checksum({ token: "a" });
        assert.equal(await checksum({ token: "b" }), first);
        assert.notEqual(await checksum({ token: "a" }, "https://other.example"), first);
    });

    it("comes up and goes down in order: what pods mount first, the Service last", async () => {
        const { node } = await platform({ token: "a" });
        assert.deepEqual(node("Deployment dev-metrics-proxy").dependsOn, [
            "ConfigMap dev-metrics-proxy",
            "Secret dev-metrics-proxy",
        ]);
        assert.deepEqual(node("Service dev-metrics-proxy").dependsOn, ["Deployment dev-metrics-proxy"]);
        assert.deepEqual(node("Secret dev-metrics-proxy").dependsOn, ["Namespace dev-flagger-system"]);
    });

    it("makes no proxy without credentials", async () => {
        const { nodes } = await graph(
            () =>
                new ProgressiveMeshCluster("dev", {
                    mesh: { provider: "appmesh" },
                    metricsServer: "https://metrics.example",
                }),
        );
        assert.deepEqual(
            nodes.filter((n) => n.key.includes("metrics-proxy")),
            [],
        );
    });
});

describe("the proxy's configuration", () => {
    const route = (url: string) =>
        at(
            JSON.parse(proxyConfig(url)),
            ...["static_resources", "listeners", 0, "filter_chains", 0, "filters", 0, "typed_config"],
            ...["route_config", "virtual_hosts", 0, "routes", 0],
        ) as { match: { safe_regex: { regex: string } }; route: { host_rewrite_literal: string } };
    const cluster = (url: string) => at(JSON.parse(proxyConfig(url)), "static_resources", "clusters", 0);
    const address = (url: string) =>
        at(
            cluster(url),
            ...["load_assignment", "endpoints", 0, "lb_endpoints", 0, "endpoint", "address", "socket_address"],
        );

    it("leads to the server by its name, with TLS where it is asked for", () => {
        assert.deepEqual(address("http://mine:9090/prom"), { address: "mine", port_value: 9090 });
        assert.deepEqual(address("http://mine"), { address: "mine", port_value: 80 });
        assert.deepEqual(address("https://mine"), { address: "mine", port_value: 443 });
        assert.equal(route("http://mine:9090").route.host_rewrite_literal, "mine:9090");
        assert.deepEqual(Object.keys(cluster("http://mine") as object), ["name", "type", "load_assignment"]);
        const tls = (url: string) => at(cluster(url), "transport_socket", "typed_config") as { sni?: string };
        const names = (url: string) =>
            at(tls(url), "common_tls_context", "validation_context", "match_typed_subject_alt_names");
        assert.equal(tls("https://mine").sni, "mine");
        assert.deepEqual(names("https://mine"), [{ san_type: "DNS", matcher: { exact: "mine" } }]);
        assert.equal(tls("https://10.0.0.1").sni, undefined);
        assert.deepEqual(names("https://10.0.0.1"), [{ san_type: "IP_ADDRESS", matcher: { exact: "10.0.0.1" } }]);
    });

    it("lets through what reads metrics, and nothing that writes or deletes", () => {
        const through = new RegExp(`^(?:${route("http://mine").match.safe_regex.regex})$`);
        const answered = ["query", "query_range", "series", "labels", "label/name/values", "metadata"];
        for (const path of answered) {
            assert.match(`/api/v1/${path}`, through);
            assert.match(`/prom/api/v1/${path}`, through);
        }
        for (const path of ["/api/v1/admin/tsdb/delete_series", "/api/v1/write", "/-/quit", "/", "/federate"]) {
            assert.doesNotMatch(path, through);
        }
    });
});

describe("checkMetricsServer", () => {
    const lines = (address?: unknown, auth?: unknown) =>
        linesOf((problems) => checkMetricsServer(problems, address, auth));

    it("takes an address, with or without credentials", () => {
        assert.deepEqual(lines(), []);
        assert.deepEqual(lines("http://mine:9090"), []);
        assert.deepEqual(lines(pulumi.output("x"), { username: pulumi.secret("u"), password: "p" }), []);
    });

    it("refuses what is no URL, and credentials where Flagger would tell them", () => {
        assert.deepEqual(lines("mine:9090"), [
            'metricsServer: "mine:9090" is not a URL that begins with http:// or https://: Flagger could not ask it. ' +
                'Write it like "http://server.example".',
        ]);
        assert.deepEqual(lines("https://me:pw@mine"), [
            'metricsServer: "https://...@mine" holds credentials, which Flagger writes to its log when it starts. ' +
                "Give them as `metricsServerAuth`.",
        ]);
    });

    it("refuses credentials for nobody, or in no way or two, and never shows one", () => {
        const which =
            "metricsServerAuth: the value given (a secret, not shown) has to say in exactly one way who asks. " +
            "Give a token, or both of username and password.";
        for (const auth of [{}, { username: "u" }, { password: "p" }, { token: "t", password: "p" }]) {
            assert.deepEqual(lines("http://mine", auth), [which]);
        }
        assert.deepEqual(lines(undefined, { token: "t" }), [
            "metricsServerAuth: the value given (a secret, not shown) is for a metrics server that you have, and none is " +
                "named. Give its address as `metricsServer`.",
        ]);
        assert.deepEqual(lines("http://mine", { token: "" }), [
            "metricsServerAuth.token: the value given (a secret, not shown) is empty or no text. " +
                "Give it as a secret, for example from `config.requireSecret`.",
        ]);
    });
});
