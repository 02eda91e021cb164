import assert from "node:assert/strict";

import { ProgressiveMeshCluster } from "../../../index";
import { graph, secret } from "../graph";

const platform = () => graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" } }));

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
        assert.deepEqual(release.dependsOn, [
            "ConfigMap dev-grafana-dashboards",
            "Release dev-appmesh-prometheus",
            "Secret dev-grafana-admin",
        ]);
    });

    it("brings the dashboard as a file that Grafana can read", async () => {
        const { node } = await platform();
        const { metadata, data } = node("ConfigMap dev-grafana-dashboards").props as {
            metadata: unknown;
            data: Record<string, string>;
        };
        assert.deepEqual(metadata, { name: "grafana-dashboards", namespace: "flagger-system" });
        assert.deepEqual(Object.keys(data), ["canary.json"]);
        const dashboard = JSON.parse(data["canary.json"]!) as { panels?: unknown[] };
        assert.ok(Object.keys(dashboard).length === 0 || dashboard.panels!.length > 0);
    });
});
