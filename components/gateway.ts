import * as pulumi from "@pulumi/pulumi";

import { AddonArgs } from "./chartRelease";
import { GatewayConnection } from "./connection";
import { checkFields, checkList, checkPattern, checkSwitch, checkTexts, isLater, isObject } from "./shape";
import { Problems, checkInteger } from "./validation";

/** The gateway that leads traffic into the mesh. */
export interface GatewayAddonArgs extends AddonArgs {
    /**
     * The type of its Service: `LoadBalancer`, which AWS makes a Network Load Balancer of, or, for a gateway behind something of
     * your own, `NodePort` or `ClusterIP`.
     * @default "LoadBalancer"
     */
    type?: string;
    /**
     * Whether the load balancer has addresses of the VPC only, instead of public ones.
     * @default false
     */
    internal?: boolean;
    /**
     * Annotations of the Service. They win over those that the library sets.
     * @default - none
     */
    annotations?: Record<string, pulumi.Input<string>>;
    /**
     * Who may call the load balancer, as address ranges: "203.0.113.0/24".
     * @default - everybody who can reach it
     */
    sourceRanges?: pulumi.Input<string>[];
    /**
     * TLS, ended by the load balancer. Then it answers nothing but TLS.
     * @default - plain HTTP at port 80
     */
    tls?: GatewayTlsArgs;
}

/** TLS that ends at the gateway's load balancer. */
export interface GatewayTlsArgs {
    /** ARN of the certificate, in AWS Certificate Manager and in the cluster's region. */
    certificateArn: pulumi.Input<string>;
    /**
     * The port that it answers at.
     * @default 443
     */
    port?: number;
    /**
     * The security policy of the load balancer, which says what versions and ciphers of TLS it takes:
     * "ELBSecurityPolicy-TLS13-1-2-2021-06".
     * @default - the one that AWS gives a load balancer
     */
    policy?: pulumi.Input<string>;
}

const types = ["LoadBalancer", "NodePort", "ClusterIP"];

/** Checks the gateway's own options; those of every add-on are checked elsewhere. */
export function checkGateway(problems: Problems, path: string, addon: GatewayAddonArgs | undefined): void {
    if (!isObject(addon)) {
        return;
    }
    const typed = problems.require(addon.type === undefined || types.includes(addon.type as string), {
        path: `${path}.type`,
        value: addon.type,
        rule: "is not a type of Service that a gateway can have",
        fix: `Use one of ${types.join(", ")}.`,
    });
    checkSwitch(problems, `${path}.internal`, addon.internal);
    checkTexts(problems, `${path}.annotations`, addon.annotations);
    for (const [at, range] of checkList(
        problems,
        `${path}.sourceRanges`,
        addon.sourceRanges,
        'Write it like ["203.0.113.0/24"].',
    )) {
        problems.require(isLater(range) || isRange(range), {
            path: at,
            value: range,
            rule: "is not a range of IPv4 addresses: the load balancer would not be made",
            fix: 'Write it like "203.0.113.0/24", or "203.0.113.7/32" for one address.',
        });
    }
    checkTls(problems, `${path}.tls`, addon.tls);
    if (!typed || isLoadBalancer(addon)) {
        return;
    }
    for (const key of ["internal", "sourceRanges", "tls"] as const) {
        problems.require(addon[key] === undefined || addon[key] === false, {
            path: `${path}.${key}`,
            value: addon[key],
            rule: `needs a load balancer, and a Service of type ${String(addon.type)} has none`,
            fix: "Leave it out, or the type.",
        });
    }
}

function checkTls(problems: Problems, path: string, value: unknown): void {
    const tls = checkFields(problems, path, value, 'Write it like { certificateArn: "arn:aws:acm:..." }.');
    if (tls === undefined) {
        return;
    }
    const fix = "Give the `arn` of an aws.acm.Certificate in the cluster's region.";
    if (tls.certificateArn === undefined) {
        problems.add({ path: `${path}.certificateArn`, rule: "is required", fix });
    }
    checkPattern(
        problems,
        `${path}.certificateArn`,
        tls.certificateArn,
        /^arn:aws[-a-z]*:acm:[-a-z0-9]+:\d{12}:certificate\/[-a-zA-Z0-9]+$/,
        "is not the ARN of a certificate in AWS Certificate Manager",
        fix,
    );
    checkInteger(problems, `${path}.port`, tls.port, 1, 65535, "a port");
    checkPattern(
        problems,
        `${path}.policy`,
        tls.policy,
        /^ELBSecurityPolicy-[-A-Za-z0-9]+$/,
        "is not a security policy of a load balancer",
        'Write it like "ELBSecurityPolicy-TLS13-1-2-2021-06".',
    );
}

function isRange(value: unknown): boolean {
    const [, address = "", bits] = /^([\d.]+)\/(\d{1,2})$/.exec(String(value)) ?? [];
    const parts = address.split(".");
    return (
        typeof value === "string" &&
        Number(bits) <= 32 &&
        parts.length === 4 &&
        parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
    );
}

/** Whether the gateway's Service is to have a load balancer. */
export function isLoadBalancer(addon: GatewayAddonArgs | undefined): boolean {
    return (addon?.type ?? "LoadBalancer") === "LoadBalancer";
}

/** The port that the gateway's Service answers at. */
export function gatewayPort(addon: GatewayAddonArgs | undefined): number {
    return addon?.tls === undefined ? 80 : (addon.tls.port ?? 443);
}

/** How an application's users reach a gateway at that address. */
export function gatewayConnection(
    address: pulumi.Input<string>,
    addon: GatewayAddonArgs | undefined,
): GatewayConnection {
    if (addon?.tls === undefined) {
        return { address };
    }
    const port = gatewayPort(addon);
    return { address, scheme: "https", ...(port !== 443 && { port }) };
}

/** The address of a path behind the gateway; empty where the gateway has no address of its own. */
export function gatewayUrl({ address, scheme = "http", port }: GatewayConnection, path: string): pulumi.Output<string> {
    const behind = `${port === undefined ? "" : `:${port}`}${path}`;
    return pulumi.output(address).apply((host) => (host === "" ? "" : `${scheme}://${host}${behind}`));
}

const prefix = "service.beta.kubernetes.io";

/**
 * The annotations that make a load balancer in AWS what is asked for. Two controllers may be the one to make it: Kubernetes'
 * own for AWS, which every EKS cluster has, and the AWS Load Balancer Controller, which takes new Services over once it is
 * installed. They mostly read the same keys. What differs is who may reach it by default: everybody with the first, the VPC with
 * the second, and each has a key of its own for the other way.
 */
export function gatewayAnnotations(addon: GatewayAddonArgs = {}): Record<string, pulumi.Input<string>> {
    const { internal = false, sourceRanges = [], tls, annotations } = addon;
    if (!isLoadBalancer(addon)) {
        return { ...annotations };
    }
    return {
        [`${prefix}/aws-load-balancer-scheme`]: internal ? "internal" : "internet-facing",
        ...(internal && { [`${prefix}/aws-load-balancer-internal`]: "true" }),
        ...(sourceRanges.length > 0 && {
            [`${prefix}/load-balancer-source-ranges`]: pulumi.all(sourceRanges).apply((ranges) => ranges.join(",")),
        }),
        ...(tls !== undefined && {
            [`${prefix}/aws-load-balancer-ssl-cert`]: tls.certificateArn,
            [`${prefix}/aws-load-balancer-ssl-ports`]: String(gatewayPort(addon)),
            ...(tls.policy !== undefined && {
                [`${prefix}/aws-load-balancer-ssl-negotiation-policy`]: tls.policy,
            }),
        }),
        ...annotations,
    };
}
