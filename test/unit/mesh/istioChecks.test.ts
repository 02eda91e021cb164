import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { AnalysisArgs, ServiceArgs } from "../../../index";
import { istio } from "../../../components/mesh/istio";
import { AppRequest } from "../../../components/mesh/mesh";
import { checkAbTest } from "../../../components/delivery/abTest";
import { checkRetries } from "../../../components/delivery/service/retries";
import { linesOf } from "../problems";

const paced = { interval: "1m", threshold: 5 };
const steps = { ...paced, steps: { stepWeight: 10, maxWeight: 50 } };
const request = (service: ServiceArgs, analysis: Partial<AnalysisArgs> = steps, exposed = false): AppRequest => ({
    service,
    analysis: { ...paced, ...analysis },
    path: exposed ? "/" : undefined,
});
const found = (...args: Parameters<typeof request>) =>
    linesOf((problems) => istio.checkApp!(problems, request(...args)));
const standsStill = "Istio's webhook would refuse the route and Flagger would stand still";

describe("Istio's rules for a Canary", () => {
    it("have nothing against what Flagger's own examples have", () => {
        const match = [
            { headers: { "user-agent": { regex: "^(?i:.*firefox).*$" } } },
            { cookies: { type: "insider" } },
        ];
        const service: ServiceArgs = {
            port: 9898,
            hosts: ["app.example.com", "podinfo", pulumi.output("other.example.com")],
            gateways: ["istio-ingress/public", "mesh"],
            match: [{ prefix: "/" }, { uri: { regex: "/v[0-9]+/.*" }, method: { exact: "GET" } }],
            headers: {
                request: { set: { "x-from": "%DOWNSTREAM_REMOTE_ADDRESS%", host: "b" }, remove: ["x-old"] },
                response: { add: { "x-share": "100%%" } },
            },
            cors: { allowOrigins: [{ exact: "https://a" }], allowMethods: ["GET"], allowHeaders: ["*"], maxAge: "24h" },
        };
        assert.deepEqual(found(service, { abTest: { iterations: 12, match } }, true), []);
        assert.deepEqual(found({ delegation: true }), []);
    });

    it("want hosts that a route in the mesh can have", () => {
        const line =
            'service.hosts[0]: "*" stands for all hosts, which no route may that holds inside the mesh too: ' +
            `${standsStill}. Name the hosts, or the gateways without "mesh" in \`service.gateways\`.`;
        assert.deepEqual(found({ hosts: ["*"] }), [line]);
        assert.deepEqual(found({ hosts: ["*"], gateways: ["a/b", "mesh"] }), [line]);
        assert.deepEqual(found({ hosts: ["*"] }, steps, true), [line]);
        assert.deepEqual(found({ hosts: ["*"], gateways: ["a/b"] }), []);
    });

    it("want hosts that have nothing in common", () => {
        const line = (host: string, other: string) =>
            `service.hosts[1]: "${host}" and "${other}" say the same of some hosts: ${standsStill}. Leave one of them out.`;
        assert.deepEqual(found({ hosts: ["a.example.com", "*.example.com"] }), [
            line("*.example.com", "a.example.com"),
        ]);
        assert.deepEqual(found({ hosts: ["*.example.com", "a.example.com"] }), [
            line("a.example.com", "*.example.com"),
        ]);
        assert.deepEqual(found({ hosts: ["a", "a"] }), [line("a", "a")]);
        assert.deepEqual(found({ hosts: ["example.com", "*.example.com"] }), []);
    });

    it("want gateways by names without dots", () => {
        const line = (path: string) =>
            `${path}: "a/b.c" names a gateway as Istio takes none, with something other than letters, digits and dashes: ` +
            `${standsStill}. Write it like "istio-ingress/public".`;
        assert.deepEqual(found({ gateways: ["mesh", "a/b.c"], match: [{ prefix: "/", gateways: ["a/b.c"] }] }), [
            line("service.gateways[1]"),
            line("service.match[0].gateways[0]"),
        ]);
    });

    it("want regular expressions that RE2 takes", () => {
        for (const regex of ["(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>"]) {
            assert.deepEqual(found({ match: [{ uri: { regex } }] }), [
                `service.match[0].uri.regex: ${JSON.stringify(regex)} looks around or back, which RE2 cannot: ${standsStill}. ` +
                    "Write it without.",
            ]);
        }
        const match = [{ headers: { "x-a": { regex: "a".repeat(1025) } } }];
        assert.deepEqual(found({}, { abTest: { iterations: 1, match } }), [
            `analysis.abTest.match[0].headers["x-a"].regex: "${"a".repeat(199)}... is longer than 1024 characters: ` +
                `${standsStill}. Write it shorter, or as several matches.`,
        ]);
    });

    it("want headers by names of letters, digits, dashes and underscores", () => {
        const line = (path: string) =>
            `${path}: "x.a" is not the name of a header that Istio takes, of letters, digits, dashes and underscores: ` +
            `${standsStill}. Write it like "x-user".`;
        const headers = { "x.a": { exact: "b" } };
        assert.deepEqual(
            found(
                {
                    match: [{ headers, withoutHeaders: headers, queryParams: headers }],
                    headers: { request: { set: { "x.a": "b" } }, response: { remove: ["x.a"] } },
                    cors: { allowHeaders: ["x.a"] },
                },
                { abTest: { iterations: 1, match: [{ headers }] } },
            ),
            [
                'service.match[0].headers["x.a"]',
                'service.match[0].withoutHeaders["x.a"]',
                'analysis.abTest.match[0].headers["x.a"]',
                'service.headers.request.set["x.a"]',
                "service.headers.response.remove",
                "service.cors.allowHeaders[0]",
            ].map(line),
        );
    });

    it("let nobody change the host but by a rewrite, or write half a variable", () => {
        assert.deepEqual(
            found({ headers: { response: { set: { Host: "a" } }, request: { add: { "x-share": "100%" } } } }),
            [
                'service.headers.request.add["x-share"]: "100%" has a percent sign, which begins a variable of the proxy\'s: ' +
                    `${standsStill}. Write it twice.`,
                `service.headers.response.set.Host: "Host" is no header that a route can change there: ${standsStill}. ` +
                    "Change it with `rewrite.authority`.",
            ],
        );
    });

    it("want methods and seconds of CORS", () => {
        assert.deepEqual(found({ cors: { allowMethods: ["GET", "PURGE"], maxAge: "500ms" } }), [
            `service.cors.allowMethods[1]: "PURGE" is not a method that Istio takes: ${standsStill}. ` +
                "Use some of GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS, TRACE.",
            `service.cors.maxAge: "500ms" is not of whole seconds: ${standsStill}. Write it like "30s" or "24h".`,
        ]);
    });

    it("want a route that others delegate to without a place and without regular expressions", () => {
        const service = { delegation: true, match: [{ uri: { regex: "/a.*" } }] };
        const regex = (path: string, value: string) =>
            `${path}: ${value} takes a regular expression, which a route that others delegate to may not have: ${standsStill}. ` +
            "Use headers, with exact or prefix.";
        const abTest = { iterations: 1, match: [{ headers: { a: { prefix: "b" } } }, { cookies: { a: "b" } }] };
        assert.deepEqual(found(service, { abTest }, true), [
            'gateway.path: "/" cannot stand beside service.delegation: the VirtualService that delegates says where ' +
                "the application answers. Leave one of the two out.",
            regex("service.match[0].uri.regex", '"/a.*"'),
            regex("analysis.abTest.match[1].cookies", '{"a":"b"}'),
        ]);
        assert.deepEqual(found({ delegation: true }, { ...steps, sessionAffinity: { cookieName: "a" } }), [
            'analysis.sessionAffinity: {"cookieName":"a"} looks for its cookie by a regular expression, which a route that others ' +
                `delegate to may not have: ${standsStill}. Leave it out, or service.delegation.`,
        ]);
    });

    describe("for TCP", () => {
        const tcp = { appProtocol: "TCP" };
        const fix = "Leave it out, or give the port another `service.appProtocol`.";
        const metrics = [{ name: "connections", min: 1, query: "vector(1)" }];

        it("are content with weights and metrics of one's own", () => {
            assert.deepEqual(found(tcp, { ...steps, metrics }), []);
        });

        it("leave out all that looks at requests", () => {
            const mirrored = { stepWeight: 10, maxWeight: 50, mirror: true };
            const sessionAffinity = { cookieName: "a" };
            assert.deepEqual(found(tcp, { steps: mirrored, sessionAffinity, metrics }, true), [
                `gateway.path: "/" leads HTTP to applications, and this one is asked for by TCP. ${fix}`,
                "analysis.steps.mirror: true copies requests, which nobody sees in TCP: Flagger would never get past its first " +
                    `step. ${fix}`,
                `analysis.sessionAffinity: {"cookieName":"a"} sets cookies, which TCP has none of. ${fix}`,
            ]);
            const abTest = { iterations: 1, match: [{ headers: { a: { exact: "b" } } }] };
            assert.deepEqual(
                found(tcp, { abTest, blueGreen: { iterations: 1, mirror: true }, metrics }).map(
                    (line) => line.split(":")[0],
                ),
                ["analysis.abTest", "analysis.blueGreen.mirror"],
            );
            assert.deepEqual(found({ ...tcp, delegation: true }, { ...steps, metrics }), [
                `service.delegation: true cannot be had for TCP: ${standsStill}. Leave it out.`,
            ]);
        });

        it("leave out metrics of requests", () => {
            const line = (path: string, name: string) =>
                `${path}: "${name}" counts requests, which nobody sees in TCP: without a value every rollout would be rolled ` +
                "back. Give metrics of your own, such as a query for istio_tcp_connections_opened_total.";
            assert.deepEqual(found(tcp), [
                line("analysis.metrics", "request-success-rate"),
                line("analysis.metrics", "request-duration"),
            ]);
            assert.deepEqual(found(tcp, { ...steps, metrics: [...metrics, { name: "request-duration", max: 500 }] }), [
                line("analysis.metrics[1]", "request-duration"),
            ]);
        });
    });

    it("have no suffix: Istio would drop it and give the canary to everybody", () => {
        const match = [{ headers: { "x-a": { suffix: "b" } } }];
        assert.deepEqual(
            linesOf((problems) => checkAbTest(problems, "analysis.abTest", { iterations: 1, match }, istio)),
            [
                'analysis.abTest.match[0].headers["x-a"].suffix: "b" is a way to match that Istio does not have; Flagger would ' +
                    "leave the condition out, and all users would get the canary. Use exact or prefix or regex.",
            ],
        );
    });

    it("know reasons to try again, by name or by status", () => {
        const wrong = (retryOn: string[]) =>
            linesOf((problems) => checkRetries(problems, "retries", { attempts: 1, retryOn }, istio)).map(
                (line) => line.split(":")[0],
            );
        assert.deepEqual(wrong(["5xx", "connect-failure", "503", "unavailable"]), []);
        assert.deepEqual(wrong(["server-error", "499", "constructor"]), [
            "retries.retryOn[0]",
            "retries.retryOn[1]",
            "retries.retryOn[2]",
        ]);
    });

    it("warn of conditions on headers that Flagger puts its own in the place of", () => {
        const match = [{ prefix: "/" }, { headers: { "x-a": { exact: "b" } } }];
        const warnings = (analysis: Partial<AnalysisArgs>) => istio.appWarnings!(request({ match }, analysis));
        const line = (other: string) =>
            `service.match[1].headers: ignored for requests that ${other} sends to one version: Flagger puts its own condition on ` +
            "headers in the place of this one.";
        assert.deepEqual(warnings(steps), []);
        assert.deepEqual(warnings({ abTest: { iterations: 1, match: [] } }), [line("the A/B test")]);
        assert.deepEqual(warnings({ ...steps, sessionAffinity: { cookieName: "a" } }), [line("session affinity")]);
    });

    it("look past what is no argument at all", () => {
        const nonsense: unknown[] = [null, 1, "x", [null], [1], { a: null }];
        for (const value of nonsense) {
            const service = {
                hosts: value,
                gateways: value,
                match: value,
                headers: value,
                cors: value,
                delegation: value,
            };
            const analysis = { abTest: { match: value }, steps: value, blueGreen: value, metrics: value };
            assert.doesNotThrow(() => found(service as never, analysis as never, true));
            assert.doesNotThrow(() => istio.appWarnings!(request(service as never, analysis as never)));
        }
    });
});
