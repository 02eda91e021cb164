import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { AlertProviderArgs, alertProvider, checkAlertProvider } from "../../../components/delivery/alertProvider";
import { AlertArgs, alertsSpec, checkAlerts } from "../../../components/delivery/alerts";
import { graph, secret, valueOf } from "../graph";
import { linesOf, pathsOf } from "../problems";

const address = "https://hooks.slack.com/services/hunter2";
const slack: AlertProviderArgs = { type: "slack", address };

const lines = (...alerts: object[]) => linesOf((p) => checkAlerts(p, "alerts", alerts as AlertArgs[]));
const paths = (alerts: unknown) => pathsOf((p) => checkAlerts(p, "alerts", alerts as AlertArgs[]));

describe("checkAlerts", () => {
    it("accepts none", () => {
        assert.deepEqual(paths(undefined), []);
        assert.deepEqual(paths([]), []);
    });

    const later = pulumi.output("later");
    const providerRef = { name: "slack" };
    const accepted: [string, object][] = [
        ["a provider that exists", { name: "On call", providerRef }],
        ["one in another namespace", { name: "x", providerRef: { name: "slack", namespace: "monitoring" } }],
        ["one known only at deployment", { name: "x", providerRef: { name: later, namespace: later } }],
        ["a provider of its own", { name: "on-call", provider: slack }],
        ["all news", { name: "x", severity: "info", providerRef }],
        ["warnings", { name: "x", severity: "warn", providerRef }],
        ["errors", { name: "x", severity: "error", providerRef }],
    ];
    for (const [what, alert] of accepted) {
        it(`accepts ${what}`, () => {
            assert.deepEqual(lines(alert), []);
        });
    }

    const refused: [string, object, string[]][] = [
        ["no provider", { name: "x" }, ["provider"]],
        ["two providers", { name: "x", provider: slack, providerRef }, ["providerRef"]],
        ["an alert without name", { providerRef }, ["name"]],
        ["an alert with an empty name", { name: " ", providerRef }, ["name"]],
        ["a name that no provider can have", { name: "On call", provider: slack }, ["name"]],
        ["another severity", { name: "x", severity: "warning", providerRef }, ["severity"]],
        ["an empty severity", { name: "x", severity: "", providerRef }, ["severity"]],
        ["a reference to nothing", { name: "x", providerRef: {} }, ["providerRef.name"]],
        [
            "a namespace that is none",
            { name: "x", providerRef: { name: "a", namespace: "B" } },
            ["providerRef.namespace"],
        ],
        ["a reference that is a text", { name: "x", providerRef: "slack" }, ["providerRef"]],
        ["a provider that is a text", { name: "x", provider: address }, ["provider"]],
        ["a wrong provider", { name: "x", provider: { ...slack, type: "irc" } }, ["provider.type"]],
    ];
    for (const [what, alert, expected] of refused) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths([alert]),
                expected.map((path) => `alerts[0].${path}`),
            );
        });
    }

    it("refuses one name for two providers, but not for two alerts", () => {
        const [own, other] = [
            { name: "x", provider: slack },
            { name: "x", providerRef },
        ];
        assert.deepEqual(paths([other, other, own]), []);
        assert.deepEqual(lines(own, other, own), [
            'alerts[2].name: "x" is the name of alerts[0] too, and the providers of both would be named after it. ' +
                "Give each alert a name of its own.",
        ]);
    });

    it("says what is wrong, why and what to write instead", () => {
        assert.deepEqual(lines({ name: "x", severity: "critical" }), [
            'alerts[0].severity: "critical" is not a severity that Flagger knows: it would never alert. ' +
                "Use one of info, warn, error.",
            "alerts[0].provider: nothing given, but it is one of two ways to say where the alert goes; exactly " +
                "one has to be " +
                "given. Give `provider` to have one made, or `providerRef` to name one that exists.",
        ]);
    });

    it("never shows a secret, wherever it was put", () => {
        const wrong: unknown[] = [
            address,
            { name: "x", provider: slack },
            [address],
            [{ name: "x", provider: address }],
            [{ name: "x", provider: [address] }],
            [{ name: "x", providerRef: address }],
            [{ name: "x", providerRef: slack, provider: slack }],
            [{ name: "x", provider: { ...slack, type: "irc" } }],
            [{ name: "x", provider: { type: "slack", address: address.slice(8) } }],
            [{ name: "x", provider: { ...slack, type: "discord", token: "hunter2" } }],
            [{ name: "x", provider: { ...slack, token: ["hunter2"] } }],
            [{ name: "x", provider: { ...slack, proxy: "http://user:hunter2@proxy" } }],
        ];
        for (const alerts of wrong) {
            const found = linesOf((p) => checkAlerts(p, "alerts", alerts as AlertArgs[]));
            assert.notDeepEqual(found, []);
            assert.doesNotMatch(found.join("\n"), /hunter2/);
        }
    });

    it("reports instead of breaking, and accepts only what Flagger sends", () => {
        const any = fc.anything({ withNullPrototype: true });
        const provider = fc.record(
            {
                type: fc.oneof(any, fc.constantFrom("slack", "gchat")),
                address: fc.oneof(any, fc.constant(address)),
                token: any,
                channel: any,
                username: any,
                proxy: any,
            },
            { requiredKeys: [] },
        );
        const alert = fc.record(
            {
                name: fc.oneof(any, fc.constantFrom("a", "b")),
                severity: fc.oneof(any, fc.constantFrom("info", "warn", "error")),
                providerRef: fc.oneof(any, fc.record({ name: fc.constant("slack") })),
                provider: fc.oneof(any, provider),
            },
            { requiredKeys: [] },
        );
        fc.assert(
            fc.property(fc.oneof(any, fc.array(fc.oneof({ arbitrary: alert, weight: 9 }, any))), (alerts) => {
                const found = paths(alerts);
                assert.ok(found.every((path) => path.startsWith("alerts")));
                if (found.length === 0) {
                    for (const { severity } of alertsSpec(alerts as AlertArgs[] | undefined, new Map())) {
                        assert.match(severity as string, /^(info|warn|error)$/);
                    }
                }
            }),
            { numRuns: 2000 },
        );
    });
});

describe("checkAlertProvider", () => {
    const found = (changes: object) => pathsOf((p) => checkAlertProvider(p, "provider", { ...slack, ...changes }));

    it("says of each chat whether it takes a token, a channel and a name", () => {
        const table = ["slack", "msteams", "discord", "rocket", "gchat"].map((type) => {
            assert.deepEqual(found({ type }), []);
            const mark = (changes: object) => (found({ type, ...changes }).length === 0 ? "+" : "-");
            return [type, mark({ token: "x" }) + mark({ channel: "x" }) + mark({ username: "x" })];
        });
        assert.deepEqual(table, [
            ["slack", "+++"],
            ["msteams", "---"],
            ["discord", "-++"],
            ["rocket", "-++"],
            ["gchat", "---"],
        ]);
    });

    it("accepts what is known only at deployment", () => {
        const later = pulumi.secret("later");
        assert.deepEqual(found({ address: later, token: later, channel: later, username: later, proxy: later }), []);
    });

    it("accepts a proxy", () => {
        for (const proxy of ["http://proxy:3128", "https://proxy", "socks5://proxy:1080"]) {
            assert.deepEqual(found({ proxy }), []);
        }
    });

    const refused: [object, string[]][] = [
        [{ type: "toString" }, ["type"]],
        [{ type: ["slack"] }, ["type"]],
        [{ type: "teams", token: "x" }, ["type"]],
        [{ type: "rocket", token: "x" }, ["type"]],
        [{ address: undefined }, ["address"]],
        [{ address: "" }, ["address"]],
        [{ address: "hooks.slack.com/services" }, ["address"]],
        [{ address: "/services" }, ["address"]],
        [{ address: `${address}\n` }, ["address"]],
        [{ address: "ftp://hooks.slack.com" }, ["address"]],
        [{ address: 1 }, ["address"]],
        [{ token: "" }, ["token"]],
        [{ token: 1 }, ["token"]],
        [{ channel: "" }, ["channel"]],
        [{ username: 1 }, ["username"]],
        [{ type: "msteams", channel: "x", username: "y" }, ["channel", "username"]],
        [{ proxy: "proxy:3128" }, ["proxy"]],
        [{ proxy: "ftp://proxy" }, ["proxy"]],
        [{ proxy: "http://user@proxy" }, ["proxy"]],
        [{ proxy: 3128 }, ["proxy"]],
    ];
    for (const [changes, expected] of refused) {
        it(`refuses ${JSON.stringify(changes)}`, () => {
            assert.deepEqual(
                found(changes),
                expected.map((path) => `provider.${path}`),
            );
        });
    }

    it("says what is wrong, why and what to write instead", () => {
        const wrong = { type: "gchat", address: "x", token: "y", channel: "z", proxy: "proxy:3128" };
        assert.deepEqual(
            linesOf((p) => checkAlertProvider(p, "provider", wrong)),
            [
                "provider.address: the value given (a secret, not shown) is not a URL that begins with https:// or " +
                    'http://: Flagger would send no alert. Write it like "https://server.example".',
                'provider.proxy: "proxy:3128" is not a URL that begins with http:// or https:// or socks5://: ' +
                    "Flagger would " +
                    'send no alert. Write it like "http://server.example".',
                'provider.type: "gchat" takes no token: Flagger sends one to Slack alone. Leave `token` out.',
                'provider.channel: "z" is not sent to gchat, whose webhook decides it. Leave it out.',
            ],
        );
        assert.deepEqual(
            linesOf((p) => checkAlertProvider(p, "provider", { type: "slack", token: "" } as AlertProviderArgs)),
            [
                "provider.address: nothing given, but it is required. " +
                    "Give the whole URL as the chat shows it, as a secret.",
                "provider.token: the value given (a secret, not shown) is empty or no text. " +
                    "Give it as a secret, for example from `config.requireSecret`.",
            ],
        );
    });
});

describe("alertsSpec", () => {
    it("is empty where there is no alert", () => {
        assert.deepEqual(alertsSpec(undefined, new Map()), []);
    });

    it("always says the severity, and where the provider is", async () => {
        const alerts: AlertArgs[] = [
            { name: "all", providerRef: { name: "slack" } },
            { name: "own", severity: "warn", provider: slack },
            { name: "far", severity: "error", providerRef: { name: pulumi.output("slack"), namespace: "monitoring" } },
        ];
        const spec = alertsSpec(alerts, new Map([[1, { name: "app-own", namespace: "apps" }]]));
        assert.deepEqual(await valueOf(pulumi.output(spec)), [
            { name: "all", severity: "info", providerRef: { name: "slack" } },
            { name: "own", severity: "warn", providerRef: { name: "app-own", namespace: "apps" } },
            { name: "far", severity: "error", providerRef: { name: "slack", namespace: "monitoring" } },
        ]);
    });
});

describe("alertProvider", () => {
    const made = (args: AlertProviderArgs) =>
        graph(() => {
            const provider = new k8s.Provider("cluster");
            const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
            const namespace = new k8s.core.v1.Namespace("ground", { metadata: { name: "apps" } }, { provider });
            return alertProvider("app-on-call", "on-call", "apps", args, { parent, provider, dependsOn: [namespace] });
        });

    it("makes the provider and a Secret of its address, each in its place", async () => {
        const { nodes, node, result } = await made({
            type: "slack",
            address: pulumi.output(address),
            token: "xoxb",
            channel: "ops",
            username: "canaries",
            proxy: "http://proxy:3128",
        });
        assert.deepEqual(
            nodes.map((n) => [n.type, n.name, n.parent, n.provider, n.dependsOn]),
            [
                [
                    "kubernetes:flagger.app/v1beta1:AlertProvider",
                    "app-on-call",
                    "Parent parent",
                    "Provider cluster",
                    ["Secret app-on-call-webhook"],
                ],
                ["kubernetes:core/v1:Namespace", "ground", "", "Provider cluster", []],
                ["test:index:Parent", "parent", "", "", []],
                ["pulumi:providers:kubernetes", "cluster", "", "", []],
                [
                    "kubernetes:core/v1:Secret",
                    "app-on-call-webhook",
                    "Parent parent",
                    "Provider cluster",
                    ["Namespace ground"],
                ],
            ],
        );
        assert.deepEqual(node("AlertProvider app-on-call").props, {
            apiVersion: "flagger.app/v1beta1",
            kind: "AlertProvider",
            metadata: { name: "on-call", namespace: "apps" },
            spec: {
                type: "slack",
                channel: "ops",
                username: "canaries",
                proxy: "http://proxy:3128",
                secretRef: { name: "on-call-webhook" },
            },
        });
        const { stringData, ...rest } = node("Secret app-on-call-webhook").props;
        assert.deepEqual(rest, {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { name: "on-call-webhook", namespace: "apps" },
            type: "Opaque",
        });
        assert.deepEqual(secret(stringData), { address, token: "xoxb" });
        assert.deepEqual(result.ref, { name: "on-call", namespace: "apps" });
    });

    it("says no more than was given", async () => {
        const { node } = await made({ type: "msteams", address });
        assert.deepEqual(node("AlertProvider app-on-call").props.spec, {
            type: "msteams",
            secretRef: { name: "on-call-webhook" },
        });
        assert.deepEqual(secret(node("Secret app-on-call-webhook").props.stringData), { address });
    });
});
