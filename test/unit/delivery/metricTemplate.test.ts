import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { MetricTemplateArgs, checkMetricTemplate, metricTemplate } from "../../../components/delivery/metricTemplate";
import { graph, secret } from "../graph";
import { linesOf, pathsOf } from "../problems";

const good: MetricTemplateArgs = { provider: "prometheus", address: "http://prometheus:9090", query: "up" };

const check = (template: unknown) => (p: Parameters<typeof checkMetricTemplate>[0]) =>
    checkMetricTemplate(p, "template", template as MetricTemplateArgs);
const lines = (changes: object) => linesOf(check({ ...good, ...changes }));
const paths = (template: unknown) => pathsOf(check(template));

const keys = (...names: string[]) => Object.fromEntries(names.map((name) => [name, "x"]));

describe("checkMetricTemplate", () => {
    /** The least that each provider of the CRD takes, and what is missed when each part of it is left out. */
    const least: [MetricTemplateArgs, string[]][] = [
        [good, ["address"]],
        [{ provider: "influxdb", address: "http://influx:8086", query: "x" }, ["address"]],
        [
            { provider: "datadog", query: "x", credentials: keys("datadog_api_key", "datadog_application_key") },
            ["credentials", "credentials.datadog_api_key", "credentials.datadog_application_key"],
        ],
        [{ provider: "externalmetrics", query: "x" }, []],
        [{ provider: "stackdriver", query: "x", credentials: keys("project") }, ["credentials", "credentials.project"]],
        [{ provider: "cloudwatch", region: "eu-central-1", query: "[]" }, ["region"]],
        [
            { provider: "newrelic", query: "x", credentials: keys("newrelic_account_id", "newrelic_query_key") },
            ["credentials", "credentials.newrelic_account_id", "credentials.newrelic_query_key"],
        ],
        [{ provider: "graphite", address: "http://graphite", query: "target=x" }, ["address"]],
        [
            {
                provider: "dynatrace",
                address: "https://a.live.dynatrace.com",
                query: "x",
                credentials: keys("dynatrace_token"),
            },
            ["address", "credentials", "credentials.dynatrace_token"],
        ],
        [{ provider: "keptn", query: "keptnmetric/shop/errors" }, []],
        [
            {
                provider: "splunk",
                address: "https://api.us1.signalfx.com",
                query: "x",
                credentials: keys("sf_token_key"),
            },
            ["address", "credentials", "credentials.sf_token_key"],
        ],
    ];

    for (const [template, needed] of least) {
        it(`takes ${template.provider} with the least it needs, and no less`, () => {
            assert.deepEqual(paths(template), []);
            const { address, region, credentials, ...rest } = template;
            const missed = [
                ...(address === undefined ? [] : paths({ ...template, address: undefined })),
                ...(region === undefined ? [] : paths({ ...template, region: undefined })),
                ...(credentials === undefined ? [] : paths({ ...rest, address, region })),
                ...Object.keys(credentials ?? {}).flatMap((key) => {
                    const others = Object.entries(credentials!).filter(([other]) => other !== key);
                    return paths({ ...template, credentials: Object.fromEntries(others) });
                }),
            ];
            assert.deepEqual(
                missed,
                needed.map((path) => `template.${path}`),
            );
            assert.deepEqual(paths({ ...template, query: undefined }), ["template.query"]);
        });
    }

    it("says of each provider whether it takes an address, credentials, a region, headers and any certificate", () => {
        const table = least.map(([{ provider, query }]) => {
            const with_ = (changes: object) =>
                paths({ provider, query, ...changes }).includes(`template.${Object.keys(changes)[0]}`) ? "-" : "+";
            return [
                provider,
                with_({ address: "http://server" }) +
                    with_({ secretRef: "signed-in" }) +
                    with_({ region: "eu-central-1" }) +
                    with_({ headers: { "X-Team": ["a"] } }) +
                    with_({ insecureSkipVerify: true }),
            ];
        });
        assert.deepEqual(table, [
            ["prometheus", "++-++"],
            ["influxdb", "++---"],
            ["datadog", "++---"],
            ["externalmetrics", "+----"],
            ["stackdriver", "-+---"],
            ["cloudwatch", "--+--"],
            ["newrelic", "++---"],
            ["graphite", "++--+"],
            ["dynatrace", "++---"],
            ["keptn", "-----"],
            ["splunk", "++---"],
        ]);
    });

    const of = (provider: string) => least.find(([template]) => template.provider === provider)![0];
    const later = pulumi.output("later");

    const accepted: [string, object][] = [
        ["a token", { ...good, credentials: keys("token") }],
        ["a name and password", { ...good, credentials: keys("username", "password") }],
        ["credentials known only at deployment", { ...good, credentials: { token: later } }],
        ["a Secret that exists", { ...good, secretRef: "prometheus.credentials" }],
        ["an address and a Secret known only at deployment", { ...good, address: later, secretRef: later }],
        ["a slash where Flagger joins paths", { ...good, address: "http://prometheus:9090/" }],
        ["headers", { ...good, headers: { "X-Scope-OrgID": ["a", "b"] } }],
        [
            "headers beside a name and password",
            { ...good, headers: { A: ["b"] }, credentials: keys("username", "password") },
        ],
        ["any certificate", { ...good, insecureSkipVerify: true }],
        ["good certificates alone, of any provider", { ...of("influxdb"), insecureSkipVerify: false }],
        ["InfluxDB with its keys", { ...of("influxdb"), credentials: keys("token", "org") }],
        ["Graphite with its keys", { ...of("graphite"), credentials: keys("username", "password") }],
        ["a key that may be left out", { ...of("stackdriver"), credentials: keys("project", "serviceAccountKey") }],
        ["the stream of Splunk", { ...of("splunk"), address: "wss://stream.us1.signalfx.com" }],
        ["a region known only at deployment", { ...of("cloudwatch"), region: later }],
        ["a region with a long name", { ...of("cloudwatch"), region: "us-gov-west-1" }],
        ["CloudWatch's queries filled in whole", { ...of("cloudwatch"), query: " {{ variables.queries }}" }],
    ];
    for (const [what, template] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(linesOf(check(template)), []);
        });
    }

    const refused: [string, object, string[]][] = [
        ["a provider that is none", { ...good, provider: "toString" }, ["provider"]],
        ["a provider in a list", { ...good, provider: ["prometheus"] }, ["provider"]],
        ["an address without scheme", { ...good, address: "prometheus:9090" }, ["address"]],
        ["an address with another scheme", { ...good, address: "ftp://prometheus" }, ["address"]],
        ["an address with a line break", { ...good, address: "http://prometheus\n" }, ["address"]],
        ["an address without host", { ...good, address: "http://" }, ["address"]],
        ["an empty address", { ...good, address: "" }, ["address"]],
        ["a number for an address", { ...good, address: 9090 }, ["address"]],
        ["credentials in the address", { ...good, address: "http://user:pass@prometheus" }, ["address"]],
        ["a slash where Flagger puts one", { ...of("datadog"), address: "https://api.datadoghq.eu/" }, ["address"]],
        ["a stream of any but Splunk", { ...good, address: "wss://prometheus" }, ["address"]],
        ["credentials twice", { ...good, credentials: keys("token"), secretRef: "token" }, ["secretRef"]],
        ["credentials that are none", { ...good, credentials: {} }, ["credentials.token"]],
        ["credentials that are a text", { ...good, credentials: "token" }, ["credentials"]],
        ["a name without password", { ...good, credentials: keys("username") }, ["credentials.password"]],
        ["a name beside a token", { ...good, credentials: keys("username", "token") }, ["credentials"]],
        ["half of InfluxDB's keys", { ...of("influxdb"), credentials: keys("token") }, ["credentials.org"]],
        ["a misspelt key", { ...good, credentials: keys("tokn") }, ["credentials.token", "credentials"]],
        ["an empty token", { ...good, credentials: { token: "" } }, ["credentials.token"]],
        ["a number for a token", { ...good, credentials: { token: 1 } }, ["credentials.token"]],
        ["a token that is undefined", { ...good, credentials: { token: undefined } }, ["credentials.token"]],
        ["a Secret's name that is none", { ...good, secretRef: "Prometheus" }, ["secretRef"]],
        ["credentials where none are read", { ...of("keptn"), credentials: keys("token") }, ["credentials"]],
        ["a region that is none", { ...of("cloudwatch"), region: "frankfurt" }, ["region"]],
        ["CloudWatch's queries in another form", { ...of("cloudwatch"), query: "SELECT 1" }, ["query"]],
        ["headers beside a token", { ...good, headers: { A: ["b"] }, credentials: keys("token") }, ["headers"]],
        ["headers in a list", { ...good, headers: ["A: b"] }, ["headers"]],
        ["a header's name that is none", { ...good, headers: { "A b": ["c"] } }, ['headers["A b"]']],
        ["credentials in a header", { ...good, headers: { authorization: ["Bearer x"] } }, ["headers"]],
        ["a header without a list", { ...good, headers: { A: "b" } }, ["headers.A"]],
        ["a header without values", { ...good, headers: { A: [] } }, ["headers.A"]],
        ["a header with a line break", { ...good, headers: { A: ["b\nC: d"] } }, ["headers.A"]],
        ["neither true nor false", { ...good, insecureSkipVerify: "yes" }, ["insecureSkipVerify"]],
        ["a query of blanks", { ...good, query: " " }, ["query"]],
        ["a query known only at deployment", { ...good, query: later }, ["query"]],
        [
            "all at once",
            { provider: "dynatrace", query: "", region: "x" },
            ["query", "address", "region", "credentials"],
        ],
    ];
    for (const [what, template, expected] of refused) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths(template),
                expected.map((path) => `template.${path}`),
            );
        });
    }

    it("says what is wrong, why and what to write instead", () => {
        assert.deepEqual(linesOf(check({ provider: "datadog", query: "{{ cluster }}", secretRef: undefined })), [
            'template.query: "{{ cluster }}" is nothing that Flagger can fill in: it would fail every check. ' +
                "Flagger fills in " +
                "{{ name }}, {{ namespace }}, {{ target }}, {{ service }}, {{ ingress }}, {{ route }}, " +
                "{{ interval }}, " +
                "{{ variables.x }}.",
            "template.credentials: nothing given, but it is required for datadog: Flagger would fail every " +
                "check. Give " +
                "datadog_api_key and datadog_application_key, or name a Secret that has them as `secretRef`.",
        ]);
        assert.deepEqual(linesOf(check({ ...good, address: undefined, credentials: keys("token", "username") })), [
            "template.address: nothing given, but it is required for prometheus: Flagger would fail every check. " +
                "Give a URL, " +
                'like "http://prometheus.monitoring".',
            'template.credentials: "username" is not a key that Flagger reads for prometheus beside token. Give ' +
                "token, or " +
                "username and password.",
        ]);
        assert.deepEqual(
            linesOf(check({ ...of("externalmetrics"), credentials: keys("token"), insecureSkipVerify: true })),
            [
                "template.insecureSkipVerify: true is refused by Flagger's client beside the cluster's certificates: " +
                    "it would fail every check. Leave it out.",
                'template.credentials: ["token"] is of no use for externalmetrics: Flagger asks as its own service ' +
                    "account. Leave it out.",
            ],
        );
        assert.deepEqual(linesOf(check(["x"])), [
            'template: "a list" is not a template. ' +
                'Write it like { provider: "prometheus", address: "http://prometheus.monitoring:9090", query: "..." }.',
        ]);
    });

    it("says of a secret that it is one, not that it is missing", () => {
        assert.deepEqual(lines({ headers: { "X-Key": "x" }, credentials: { username: "", password: 1 } }), [
            'template.headers["X-Key"]: the value given (a secret, not shown) is not a list of texts without line ' +
                'breaks. Write it like ["team-a"].',
            ...["username", "password"].map(
                (key) =>
                    `template.credentials.${key}: the value given (a secret, not shown) is empty or no text. ` +
                    "Give it as a secret, for example from `config.requireSecret`.",
            ),
        ]);
        assert.deepEqual(lines({ credentials: "token" }), [
            "template.credentials: the value given (a secret, not shown) is not an object of keys and values. " +
                "Give token, or username and password.",
        ]);
    });

    it("never shows a secret", () => {
        const wrong: object[] = [
            { address: "http://hunter2@prometheus" },
            { address: "http://prometheus:hunter2@prometheus" },
            { address: "//user:hunter2@prometheus" },
            { address: "prometheus?key=hunter2" },
            { provider: "keptn", address: "http://user:hunter2@prometheus", credentials: { token: "hunter2" } },
            { credentials: "hunter2" },
            { credentials: ["hunter2"] },
            { credentials: { token: ["hunter2"], other: "hunter2" } },
            { credentials: { token: "hunter2" }, secretRef: "Both" },
            { headers: { Authorization: ["hunter2"], "X-Key": "hunter2" } },
            { headers: "hunter2" },
            { headers: { "X-Key": ["hunter2"] }, credentials: { token: "hunter2" } },
            { provider: "graphite", headers: { "X-Key": ["hunter2"] } },
        ];
        for (const changes of wrong) {
            const found = lines(changes);
            assert.notDeepEqual(found, []);
            assert.doesNotMatch(found.join("\n"), /hunter2/);
        }
        assert.doesNotMatch(linesOf(check("hunter2")).join(), /hunter2/);
    });

    it("reports instead of breaking, whatever it is given", () => {
        const any = fc.anything({ withNullPrototype: true });
        const fields = {
            provider: fc.oneof(any, fc.constantFrom(...least.map(([{ provider }]) => provider))),
            address: any,
            query: any,
            credentials: fc.oneof(any, fc.dictionary(fc.constantFrom("token", "username", "project"), any)),
            secretRef: any,
            region: any,
            headers: fc.oneof(any, fc.dictionary(fc.string(), any)),
            insecureSkipVerify: any,
        };
        fc.assert(
            fc.property(fc.oneof(any, fc.record(fields, { requiredKeys: [] })), (template) => {
                const found = paths(template);
                assert.ok(found.every((path) => path.startsWith("template")));
                assert.ok(found.length > 0 || typeof (template as MetricTemplateArgs).query === "string");
            }),
            { numRuns: 1000 },
        );
    });
});

describe("metricTemplate", () => {
    const made = (args: MetricTemplateArgs) =>
        graph(() => {
            const provider = new k8s.Provider("cluster");
            const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
            const namespace = new k8s.core.v1.Namespace("ground", { metadata: { name: "apps" } }, { provider });
            return metricTemplate("app-errors", "errors", "apps", args, { parent, provider, dependsOn: [namespace] });
        });

    it("makes the template and a Secret of its credentials, each in its place", async () => {
        const { nodes, node, result } = await made({
            ...good,
            address: pulumi.output("http://prometheus:9090"),
            credentials: { username: "flagger", password: pulumi.output("hunter2") },
            headers: { "X-Team": ["a"] },
            insecureSkipVerify: true,
        });
        assert.deepEqual(
            nodes
                .slice(0, 1)
                .concat(nodes.filter((n) => n.type.startsWith("kubernetes:core/v1:Secret")))
                .map((n) => [n.type, n.name, n.parent, n.provider, n.dependsOn]),
            [
                [
                    "kubernetes:flagger.app/v1beta1:MetricTemplate",
                    "app-errors",
                    "Parent parent",
                    "Provider cluster",
                    ["Secret app-errors-credentials"],
                ],
                [
                    "kubernetes:core/v1:Secret",
                    "app-errors-credentials",
                    "Parent parent",
                    "Provider cluster",
                    ["Namespace ground"],
                ],
            ],
        );
        assert.deepEqual(nodes.length, 5);
        assert.deepEqual(node("MetricTemplate app-errors").props, {
            apiVersion: "flagger.app/v1beta1",
            kind: "MetricTemplate",
            metadata: { name: "errors", namespace: "apps" },
            spec: {
                provider: {
                    type: "prometheus",
                    address: "http://prometheus:9090",
                    secretRef: { name: "errors-credentials" },
                    headers: { "X-Team": ["a"] },
                    insecureSkipVerify: true,
                },
                query: "up",
            },
        });
        const { stringData, ...rest } = node("Secret app-errors-credentials").props;
        assert.deepEqual(rest, {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "errors-credentials", namespace: "apps" },
            type: "Opaque",
        });
        assert.deepEqual(secret(stringData), { username: "flagger", password: "hunter2" });
        assert.deepEqual(result.ref, { name: "errors", namespace: "apps" });
    });

    it("makes the template alone where it signs in by a Secret that exists, or not at all", async () => {
        const bySecret = await made({ ...good, secretRef: "signed-in" });
        assert.deepEqual(bySecret.nodes.map((n) => n.key).sort(), [
            "MetricTemplate app-errors",
            "Namespace ground",
            "Parent parent",
            "Provider cluster",
        ]);
        assert.deepEqual(bySecret.node("MetricTemplate app-errors").props.spec, {
            provider: { type: "prometheus", address: "http://prometheus:9090", secretRef: { name: "signed-in" } },
            query: "up",
        });
        assert.deepEqual(bySecret.node("MetricTemplate app-errors").dependsOn, ["Namespace ground"]);

        const { node } = await made({ provider: "cloudwatch", region: "eu-central-1", query: "[]" });
        assert.deepEqual(node("MetricTemplate app-errors").props.spec, {
            provider: { type: "cloudwatch", region: "eu-central-1" },
            query: "[]",
        });
    });
});
