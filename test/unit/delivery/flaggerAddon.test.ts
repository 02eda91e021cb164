import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { FlaggerAddonArgs, ProgressiveMeshCluster } from "../../../index";
import { checkFlagger } from "../../../components/delivery/flaggerAddon";
import { at, graph, plain, secret } from "../graph";
import { linesOf, pathsOf } from "../problems";

const check = (addon: unknown) => linesOf((problems) => checkFlagger(problems, "f", addon as never));
const paths = (addon: unknown) => pathsOf((problems) => checkFlagger(problems, "f", addon as never));

const platform = (flagger: FlaggerAddonArgs) =>
    graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, addons: { flagger } }));

const slack = { url: "https://hooks.slack.example/T0/secret", channel: "releases" };

describe("Flagger", () => {
    it("has one pod that leads and others that stand by", async () => {
        const values = async (flagger: FlaggerAddonArgs) =>
            (await platform(flagger)).node("Release dev-flagger").props.values as Record<string, unknown>;
        assert.deepEqual((await values({ replicas: 2 })).leaderElection, { enabled: true, replicaCount: 2 });
        assert.deepEqual((await values({ replicas: 1 })).leaderElection, { replicaCount: 1 });
        assert.deepEqual((await values({ leaderElection: true })).leaderElection, { enabled: true });
        assert.ok(!("leaderElection" in (await values({}))));
    });

    it("takes its other options", async () => {
        const { node } = await platform({
            podMonitor: true,
            threadiness: 4,
            kubernetesQps: 200,
            kubernetesBurst: 400,
        });
        const { podMonitor, threadiness, kubeconfigQPS, kubeconfigBurst } = node("Release dev-flagger").props
            .values as Record<string, unknown>;
        assert.deepEqual(
            { podMonitor, threadiness, kubeconfigQPS, kubeconfigBurst },
            { podMonitor: { enabled: true }, threadiness: 4, kubeconfigQPS: 200, kubeconfigBurst: 400 },
        );
    });

    describe("alerts", () => {
        const alerts = {
            slack: { ...slack, user: "flagger-dev", proxy: "http://proxy:3128" },
            eventWebhook: { url: pulumi.secret("https://events.example/secret") },
        };

        it("have their addresses in a Secret that Flagger waits for", async () => {
            const { node, before } = await platform({ alerts });
            const made = node("Secret dev-flagger-alerts");
            assert.deepEqual(made.props.metadata, { name: "flagger-alerts", namespace: "flagger-system" });
            assert.deepEqual(plain(secret(made.props.stringData)), {
                SLACK_URL: slack.url,
                SLACK_PROXY_URL: "http://proxy:3128",
                EVENT_WEBHOOK_URL: "https://events.example/secret",
            });
            assert.deepEqual(made.dependsOn, ["Namespace dev-flagger-system"]);
            assert.ok(before("Release dev-flagger").has("Secret dev-flagger-alerts"));
            assert.ok(before("Release dev-flagger").has("CustomResourceDefinition dev-canaries.flagger.app"));
        });

        it("are named to the chart, and never written in its values", async () => {
            const { node } = await platform({ alerts });
            const values = node("Release dev-flagger").props.values as Record<string, unknown>;
            const fromSecret = (key: string) => ({
                name: key,
                valueFrom: { secretKeyRef: { name: "flagger-alerts", key } },
            });
            assert.deepEqual(values.env, ["SLACK_URL", "SLACK_PROXY_URL", "EVENT_WEBHOOK_URL"].map(fromSecret));
            assert.deepEqual(values.slack, { channel: "releases", user: "flagger-dev" });
            for (const hidden of ["slack.example", "proxy:3128", "events.example"]) {
                assert.ok(!JSON.stringify(plain(values)).includes(hidden), hidden);
            }
        });

        it("restart Flagger when an address changes, and only then", async () => {
            const checksum = async (url: string) =>
                secret(
                    at(
                        (await platform({ alerts: { slack: { ...slack, url } } })).node("Release dev-flagger").props,
                        "values",
                        "podAnnotations",
                        "progressive-mesh/alerts-checksum",
                    ),
                );
            const first = await checksum("https://a.example");
            assert.match(String(first), /^[0-9a-f]{16}$/);
            assert.equal(await checksum("https://a.example"), first);
            assert.notEqual(await checksum("https://b.example"), first);
        });

        it("go to Teams", async () => {
            const { node } = await platform({
                alerts: { teams: { url: "https://teams.example", proxy: "socks5://p:1" } },
            });
            assert.deepEqual(Object.keys(plain(node("Secret dev-flagger-alerts").props.stringData) as object), [
                "MSTEAMS_PROXY_URL",
                "MSTEAMS_URL",
            ]);
        });

        it("are nothing when none are asked for", async () => {
            const { nodes, node } = await platform({ alerts: {} });
            assert.ok(!nodes.some((n) => n.key === "Secret dev-flagger-alerts"));
            assert.ok(!("env" in (node("Release dev-flagger").props.values as object)));
        });
    });
});

describe("checkFlagger", () => {
    it("accepts what Flagger does", () => {
        for (const addon of [undefined, {}, { leaderElection: false }, { leaderElection: true, replicas: 3 }]) {
            assert.deepEqual(check(addon), []);
        }
        assert.deepEqual(check({ alerts: { slack, eventWebhook: { url: pulumi.output("later") } } }), []);
    });

    it("refuses two pods that both drive", () => {
        assert.deepEqual(check({ replicas: 2, leaderElection: false }), [
            "f.leaderElection: false lets 2 pods drive the same Canaries, each moving the traffic on. " +
                "Leave it out, or have one pod.",
        ]);
    });

    it("refuses what is of the wrong type or out of bounds", () => {
        assert.deepEqual(
            paths({ podMonitor: "yes", leaderElection: 1, threadiness: 0, kubernetesQps: -1, kubernetesBurst: 1.5 }),
            ["f.podMonitor", "f.leaderElection", "f.threadiness", "f.kubernetesQps", "f.kubernetesBurst"],
        );
        assert.deepEqual(paths({ alerts: "slack" }), ["f.alerts"]);
        assert.deepEqual(paths({ alerts: { slack: "url", teams: 1 } }), [
            "f.alerts.teams",
            "f.alerts.slack",
            "f.alerts.teams",
        ]);
    });

    it("refuses alerts that nobody would get", () => {
        assert.deepEqual(check({ alerts: { slack: { url: "hooks.slack.example/secret" } } }), [
            "f.alerts.slack.url: the value given (a secret, not shown) is not a URL that begins with https:// or http://: " +
                'Flagger would tell nobody. Write it like "https://server.example".',
            "f.alerts.slack.channel: nothing given, but it is required: without one Flagger tells nobody. Give a text.",
        ]);
        assert.deepEqual(check({ alerts: { eventWebhook: {} } }), [
            "f.alerts.eventWebhook.url: nothing given, but it is required. Give the whole URL, as a secret.",
        ]);
        assert.deepEqual(check({ alerts: { slack: { ...slack, user: " " } } }), [
            'f.alerts.slack.user: " " is empty or no text: Flagger would tell nobody. Give a text.',
        ]);
        assert.deepEqual(paths({ alerts: { teams: { url: "https://a", proxy: "ftp://b" } } }), [
            "f.alerts.teams.proxy",
        ]);
    });

    it("refuses Slack beside Teams, without showing an address", () => {
        assert.deepEqual(check({ alerts: { slack, teams: { url: "https://teams.example/secret" } } }), [
            'f.alerts.teams: ["url"] is given beside `slack`, and Flagger tells one of the two alone: Teams. ' +
                "Keep one. For the other, give the applications an AlertProvider.",
        ]);
    });

    it("refuses variables that would take the place of the alerts'", () => {
        assert.deepEqual(check({ alerts: { slack }, values: { env: [{ name: "HTTP_PROXY", value: "secret" }] } }), [
            'f.values.env: "a list" would replace the variables by which Flagger finds the addresses of `alerts`: ' +
                "a list of values is never merged. Leave one of the two out.",
        ]);
        assert.deepEqual(check({ values: { env: [] } }), []);
    });
});
