import * as pulumi from "@pulumi/pulumi";

import { AddonArgs } from "../chartRelease";
import { Fields, checkFields, checkPattern, checkTexts, entryPath, isLater, isObject } from "../shape";
import { Problems, checkName, checkPlain } from "../validation";
import { isOwnUid } from "./canaryDashboard";

/** Grafana. It keeps nothing but what is given here: without `persistence` in `values`, a new pod begins anew. */
export interface GrafanaAddonArgs extends AddonArgs {
    /**
     * A way in from outside the cluster.
     * @default - none: Grafana is reached by port-forward, at the platform's output `grafanaAddress`
     */
    ingress?: IngressArgs;
    /**
     * Further dashboards by name, each as the JSON that Grafana exports. They come in a folder of their own.
     * @default - none
     */
    dashboards?: Record<string, pulumi.Input<string>>;
}

/** An ingress of Kubernetes. The cluster has to have a controller for it. */
export interface IngressArgs {
    /** The host name that leads to it: "grafana.example.com". */
    host: pulumi.Input<string>;
    /**
     * The class of the controller: "alb", "nginx".
     * @default - the cluster's default class
     */
    className?: string;
    /**
     * Annotations, by which a controller is told more.
     * @default - none
     */
    annotations?: Record<string, pulumi.Input<string>>;
    /**
     * A Secret with the certificate and key for the host, in Grafana's namespace.
     * @default - none: plain HTTP, unless annotations tell the controller of a certificate
     */
    tlsSecretName?: pulumi.Input<string>;
}

/** What a ConfigMap may hold. */
const mostBytes = 1024 * 1024;
const hostName = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Checks Grafana's own options; those of every add-on are checked elsewhere. */
export function checkGrafana(problems: Problems, path: string, addon: GrafanaAddonArgs | undefined): void {
    if (!isObject(addon)) {
        return;
    }
    checkIngress(problems, `${path}.ingress`, addon.ingress);
    const dashboards = checkFields(
        problems,
        `${path}.dashboards`,
        addon.dashboards,
        "Write it like { orders: fs.readFileSync(...) }.",
    );
    checkDashboards(problems, `${path}.dashboards`, dashboards ?? {});
}

function checkIngress(problems: Problems, path: string, value: unknown): void {
    const ingress = checkFields(problems, path, value, 'Write it like { host: "grafana.example.com" }.');
    if (ingress === undefined) {
        return;
    }
    const fix = 'Give the name alone, like "grafana.example.com": no scheme, port or path.';
    if (ingress.host === undefined) {
        problems.add({ path: `${path}.host`, rule: "is required", fix });
    }
    checkPattern(problems, `${path}.host`, ingress.host, hostName, "is not a host name", fix);
    if (ingress.className !== undefined && checkPlain(problems, `${path}.className`, ingress.className)) {
        checkName(problems, `${path}.className`, ingress.className);
    }
    checkTexts(problems, `${path}.annotations`, ingress.annotations);
    const { tlsSecretName } = ingress;
    if (tlsSecretName !== undefined && !isLater(tlsSecretName)) {
        checkName(problems, `${path}.tlsSecretName`, tlsSecretName, 253);
    }
}

function checkDashboards(problems: Problems, path: string, dashboards: Fields): void {
    let bytes = 0;
    for (const [name, text] of Object.entries(dashboards)) {
        const at = entryPath(path, name);
        checkName(problems, at, name);
        if (isLater(text)) {
            continue;
        }
        const dashboard = parsed(text);
        if (
            !problems.require(dashboard !== undefined, {
                path: at,
                value: text,
                rule: "is not the JSON of a dashboard: Grafana would leave it out",
                fix: "Give what Grafana's export as a file holds, as a text.",
            })
        ) {
            continue;
        }
        bytes += Buffer.byteLength(text as string);
        problems.require(!isOwnUid(dashboard!.uid), {
            path: at,
            value: dashboard!.uid,
            rule: "is the uid of a dashboard that the library brings: Grafana would show only one of them",
            fix: "Give it a uid of its own.",
        });
    }
    problems.require(bytes <= mostBytes, {
        path,
        value: bytes,
        rule: "bytes is more than a ConfigMap holds, 1 MiB",
        fix: "Leave some out, or let Grafana's chart fetch them by `values.dashboards`.",
    });
}

function parsed(text: unknown): Fields | undefined {
    try {
        const dashboard: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
        return isObject(dashboard) ? dashboard : undefined;
    } catch {
        return undefined;
    }
}
