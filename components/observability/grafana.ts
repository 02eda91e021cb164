import { randomBytes } from "node:crypto";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { AddonArgs, chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { TrafficQueries, canaryDashboard } from "./canaryDashboard";

/** What Grafana is installed with. */
export interface GrafanaArgs {
    namespace: string;
    metricsServer: pulumi.Input<string>;
    /** How the mesh's traffic is asked for. */
    queries: TrafficQueries;
    addon?: AddonArgs;
    mirror?: Mirror;
}

/** A Grafana that was installed. */
export interface Grafana {
    release: pulumi.Resource;
    /** Its address inside the cluster. */
    address: pulumi.Output<string>;
    /** The password of the user `admin`; a secret. */
    password: pulumi.Output<string>;
}

const secretName = "grafana-admin";
const dashboardsName = "grafana-dashboards";

/** Installs Grafana with a password of its own, the metrics server as its data source and the canary dashboard. */
export function grafana(name: string, args: GrafanaArgs, opts: pulumi.CustomResourceOptions): Grafana {
    const { namespace } = args;
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    const admin = new k8s.core.v1.Secret(
        `${name}-grafana-admin`,
        {
            metadata: { name: secretName, namespace },
            data: {
                "admin-user": encoded("admin"),
                "admin-password": pulumi.secret(encoded(randomBytes(24).toString("base64url"))),
            },
        },
        // Drawn anew at every run; only the first one counts.
        { ...opts, ignoreChanges: ["data"] },
    );
    const dashboards = new k8s.core.v1.ConfigMap(
        `${name}-grafana-dashboards`,
        {
            metadata: { name: dashboardsName, namespace },
            data: { "canary.json": JSON.stringify(canaryDashboard(args.queries), undefined, 2) },
        },
        opts,
    );
    const dependsOn = [admin, dashboards];
    const release = chartRelease(
        `${name}-grafana`,
        {
            chart: charts.grafana,
            releaseName: "grafana",
            namespace,
            mirror: args.mirror,
            addon: args.addon,
            values: {
                admin: { existingSecret: secretName, userKey: "admin-user", passwordKey: "admin-password" },
                datasources: {
                    "datasources.yaml": {
                        apiVersion: 1,
                        datasources: [
                            {
                                name: "Prometheus",
                                uid: "prometheus",
                                type: "prometheus",
                                access: "proxy",
                                url: args.metricsServer,
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
                dashboardsConfigMaps: { "progressive-delivery": dashboardsName },
                testFramework: { enabled: false },
            },
        },
        { ...opts, dependsOn },
    );
    return {
        release,
        address: pulumi.interpolate`http://${release.name}.${release.namespace}`,
        password: pulumi.secret(
            admin.data.apply((data) => Buffer.from(data["admin-password"] ?? "", "base64").toString()),
        ),
    };
}
