import assert from "node:assert/strict";

import { checkGrafana } from "../../../components/observability/grafanaArgs";
import { GrafanaAddonArgs, ProgressiveMeshCluster } from "../../../index";
import { at, graph, secret } from "../graph";
import { linesOf, pathsOf } from "../problems";

const platform = (grafana?: GrafanaAddonArgs) =>
    graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, addons: { grafana } }));

describe("grafana", () => {
    it("keeps its password as a secret that is drawn once", async () => {
        const { node } = await platform();
        const admin = node("Secret dev-grafana-admin");
        const data = secret(admin.props.data) as Record<string, string>;
        assert.deepEqual(admin.props.metadata, { name: "grafana-admin", namespace: "flagger-system" });
        assert.deepEqual(Object.keys(data).sort(), ["admin-password", "admin-user"]);
        assert.equal(Buffer.from(data["admin-user"]!, "base64").toString(), "admin");
        // 24 random bytes in URL-safe base64.
        assert.match(Buffer.from(data["admin-password"]!, "base64").toString(), /^[\w-]{32}$/);
        assert.deepEqual(admin.ignoreChanges, ["data"]);
    });

    it("draws another password for another platform", async () => {
        const password = async () =>
            (secret((await platform()).node("Secret dev-grafana-admin").props.data) as Record<string, string>)[
                "admin-password"
            ];
        assert.notEqual(await password(), await password());
    });

    it("tells Grafana where its password, metrics and dashboards are, never the password itself", async () => {
        const { node } = await platform();
        const release = node("Release dev-grafana");
        assert.deepEqual(release.props.values, {
            admin: { existingSecret: "grafana-admin", userKey: "admin-user", passwordKey: "admin-password" },
            datasources: {
                "datasources.yaml": {
                    apiVersion: 1,
                    datasources: [
                        {
                            name: "Prometheus",
                            uid: "prometheus",
                            type: "prometheus",
                            access: "proxy",
                            url: "http://appmesh-prometheus.appmesh-system:9090",
                            isDefault: true,
                        },
                    ],
                },
            },
            dashboardProviders: {
                "dashboardproviders.yaml": {
                    apiVersion: 1,
                    providers: [
                        {
                            name: "progressive-delivery",
                            orgId: 1,
                            folder: "Progressive delivery",
                            type: "file",
                            disableDeletion: true,
                            options: { path: "/var/lib/grafana/dashboards/progressive-delivery" },
                        },
                    ],
                },
            },
            dashboardsConfigMaps: { "progressive-delivery": "grafana-dashboards" },
            testFramework: { enabled: false },
        });
        assert.deepEqual(release.dependsOn, ["ConfigMap dev-grafana-dashboards", "Secret dev-grafana-admin"]);
    });

    it("brings its dashboards as files that Grafana can read", async () => {
        const { node } = await platform();
        const { metadata, data } = node("ConfigMap dev-grafana-dashboards").props as {
            metadata: unknown;
            data: Record<string, string>;
        };
        assert.deepEqual(metadata, { name: "grafana-dashboards", namespace: "flagger-system" });
        assert.deepEqual(
            Object.entries(data).map(([file, text]) => [file, (JSON.parse(text) as { uid: string }).uid]),
            [
                ["canary.json", "progressive-delivery-canary"],
                ["fleet.json", "progressive-delivery-fleet"],
            ],
        );
    });

    it("brings the user's own dashboards in a folder beside", async () => {
        const orders = JSON.stringify({ title: "Orders" });
        const { node } = await platform({ dashboards: { orders } });
        const own = node("ConfigMap dev-grafana-own-dashboards");
        assert.deepEqual(own.props, {
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "grafana-own-dashboards", namespace: "flagger-system" },
            data: { "orders.json": orders },
        });
        const release = node("Release dev-grafana");
        assert.ok(release.dependsOn.includes(own.key));
        assert.deepEqual(at(release.props, "values", "dashboardsConfigMaps"), {
            "progressive-delivery": "grafana-dashboards",
            own: "grafana-own-dashboards",
        });
        const providers = at(release.props, "values", "dashboardProviders", "dashboardproviders.yaml", "providers");
        assert.deepEqual((providers as object[])[1], {
            name: "own",
            orgId: 1,
            folder: "Own dashboards",
            type: "file",
            disableDeletion: true,
            options: { path: "/var/lib/grafana/dashboards/own" },
        });
    });

    it("has a way in where one is asked for, and knows its address there", async () => {
        const host = "grafana.example.com";
        const plain = (await platform({ ingress: { host } })).node("Release dev-grafana").props.values;
        assert.deepEqual(at(plain, "ingress"), { enabled: true, hosts: [host] });
        assert.deepEqual(at(plain, "grafana.ini"), { server: { domain: host, root_url: `http://${host}/` } });
        const annotations = { "alb.ingress.kubernetes.io/scheme": "internal" };
        const tls = (
            await platform({ ingress: { host, className: "alb", annotations, tlsSecretName: "grafana-tls" } })
        ).node("Release dev-grafana").props.values;
        assert.deepEqual(at(tls, "ingress"), {
            enabled: true,
            hosts: [host],
            ingressClassName: "alb",
            annotations,
            tls: [{ secretName: "grafana-tls", hosts: [host] }],
        });
        assert.equal(at(tls, "grafana.ini", "server", "root_url"), `https://${host}/`);
    });
});

describe("checkGrafana", () => {
    const lines = (addon: unknown) => linesOf((problems) => checkGrafana(problems, "grafana", addon as never));

    it("refuses an ingress without a host name, and what else is none", () => {
        const fix = 'Give the name alone, like "grafana.example.com": no scheme, port or path.';
        assert.deepEqual(lines({ ingress: {} }), [`grafana.ingress.host: nothing given, but it is required. ${fix}`]);
        assert.deepEqual(lines({ ingress: { host: "https://grafana.example.com" } }), [
            `grafana.ingress.host: "https://grafana.example.com" is not a host name. ${fix}`,
        ]);
        assert.deepEqual(
            pathsOf((problems) =>
                checkGrafana(problems, "g", {
                    ingress: { host: "a.b", className: "A", annotations: { a: 1 } as never, tlsSecretName: "S" },
                }),
            ),
            ["g.ingress.className", "g.ingress.annotations.a", "g.ingress.tlsSecretName"],
        );
    });

    it("refuses dashboards that Grafana would not show", () => {
        assert.deepEqual(lines({ dashboards: { orders: "{", list: "[]", none: 1 } }), [
            'grafana.dashboards.orders: "{" is not the JSON of a dashboard: Grafana would leave it out. ' +
                "Give what Grafana's export as a file holds, as a text.",
            'grafana.dashboards.list: "[]" is not the JSON of a dashboard: Grafana would leave it out. ' +
                "Give what Grafana's export as a file holds, as a text.",
            "grafana.dashboards.none: 1 is not the JSON of a dashboard: Grafana would leave it out. " +
                "Give what Grafana's export as a file holds, as a text.",
        ]);
        assert.deepEqual(lines({ dashboards: { mine: '{"uid":"progressive-delivery-fleet"}' } }), [
            'grafana.dashboards.mine: "progressive-delivery-fleet" is the uid of a dashboard that the library brings: ' +
                "Grafana would show only one of them. Give it a uid of its own.",
        ]);
        assert.deepEqual(
            pathsOf((problems) => checkGrafana(problems, "g", { dashboards: { "My Orders": "{}" } })),
            ['g.dashboards["My Orders"]'],
        );
    });

    it("refuses more dashboards than a ConfigMap holds", () => {
        const half = JSON.stringify({ title: "x".repeat(600_000) });
        assert.deepEqual(lines({ dashboards: { a: half } }), []);
        assert.deepEqual(lines({ dashboards: { a: half, b: half } }), [
            "grafana.dashboards: 1200024 bytes is more than a ConfigMap holds, 1 MiB. " +
                "Leave some out, or let Grafana's chart fetch them by `values.dashboards`.",
        ]);
    });
});
