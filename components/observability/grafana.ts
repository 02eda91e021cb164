import { randomBytes } from "node:crypto";

import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { chartRelease } from "../chartRelease";
import { charts } from "../charts";
import { Mirror } from "../connection";
import { MeshTraffic, dashboards } from "./dashboards";
import { GrafanaAddonArgs, IngressArgs } from "./grafanaArgs";

/** What Grafana is installed with. */
export interface GrafanaArgs {
    namespace: string;
    metricsServer: pulumi.Input<string>;
    /** The platform's meshes, and how the traffic of each is asked for. */
    traffic: readonly MeshTraffic[];
    addon?: GrafanaAddonArgs;
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
const ownDashboardsName = "grafana-own-dashboards";

/** Installs Grafana with a password of its own, the metrics server as its data source and the dashboards. */
export function grafana(name: string, args: GrafanaArgs, opts: pulumi.CustomResourceOptions): Grafana {
    const { namespace, addon } = args;
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    const admin = new Secret(
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
    const configMap = (objectName: string, data: Record<string, pulumi.Input<string>>) =>
        new ConfigMap(`${name}-${objectName}`, { metadata: { name: objectName, namespace }, data }, opts);
    const made = Object.entries(dashboards(args.traffic)).map(([file, dashboard]) => [
        file,
        JSON.stringify(dashboard, undefined, 2),
    ]);
    const dependsOn: pulumi.Resource[] = [
        admin,
        configMap(dashboardsName, Object.fromEntries(made) as Record<string, string>),
    ];
    const folders = { "progressive-delivery": "Progressive delivery" };
    const maps = { "progressive-delivery": dashboardsName };
    if (addon?.dashboards !== undefined) {
        // A map of their own: together they could be more than one ConfigMap holds.
        const files = Object.entries(addon.dashboards).map(([file, dashboard]) => [`${file}.json`, dashboard]);
        dependsOn.push(configMap(ownDashboardsName, Object.fromEntries(files) as Record<string, string>));
        Object.assign(folders, { own: "Own dashboards" });
        Object.assign(maps, { own: ownDashboardsName });
    }
    const release = chartRelease(
        `${name}-grafana`,
        {
            chart: charts.grafana,
            releaseName: "grafana",
            namespace,
            mirror: args.mirror,
            addon,
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
                        providers: Object.entries(folders).map(([provider, folder]) => ({
                            name: provider,
                            orgId: 1,
                            folder,
                            type: "file",
                            disableDeletion: true,
                            options: { path: `/var/lib/grafana/dashboards/${provider}` },
                        })),
                    },
                },
                dashboardsConfigMaps: maps,
                testFramework: { enabled: false },
                ...(addon?.ingress !== undefined && ingressValues(addon.ingress)),
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

/** The chart's values for an ingress, and what Grafana has to know of it to make links that lead back to it. */
function ingressValues({ host, className, annotations, tlsSecretName }: IngressArgs): Record<string, unknown> {
    const scheme = tlsSecretName === undefined ? "http" : "https";
    return {
        ingress: {
            enabled: true,
            hosts: [host],
            ...(className !== undefined && { ingressClassName: className }),
            ...(annotations !== undefined && { annotations }),
            ...(tlsSecretName !== undefined && { tls: [{ secretName: tlsSecretName, hosts: [host] }] }),
        },
        "grafana.ini": { server: { domain: host, root_url: pulumi.interpolate`${scheme}://${host}/` } },
    };
}
