import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { digest } from "../../digest";
import { Values } from "../../values";
import { drawCredentials } from "./certificates";
import { LinkerdArgs, defaultValidityDays } from "./linkerdArgs";

/** The names by which Linkerd's chart looks for them. */
const secretName = "linkerd-identity-issuer";
const trustRootsName = "linkerd-identity-trust-roots";

/** What Linkerd's proxies know each other by. */
export interface Identity {
    /** What has to be there before the control plane. */
    made: pulumi.Resource[];
    /** The chart's values that lead to it. */
    values: Values;
}

/** The DNS name of Linkerd's identity service, for which the issuer's certificate has to be. */
export const identityName = (namespace: string): string => `identity.${namespace}.cluster.local`;

/**
 * Makes the issuer's Secret and the ConfigMap with what proxies trust, as cert-manager and trust-manager would. So no key goes by
 * the chart's values, and none into Helm's records.
 */
export function identity(
    name: string,
    namespace: string,
    args: LinkerdArgs = {},
    opts: pulumi.CustomResourceOptions,
): Identity {
    const given = args.issuerCertificatePem !== undefined;
    const secret = new Secret(
        `${name}-${secretName}`,
        {
            metadata: { name: secretName, namespace },
            type: "kubernetes.io/tls",
            data: given ? ofUser(args) : drawn(namespace, args),
        },
        // What is drawn is drawn anew at every run; only the first one counts.
        given ? opts : { ...opts, ignoreChanges: ["data"] },
    );
    const anchors = given
        ? pulumi.output(args.trustAnchorsPem!)
        : pulumi
              .all([secret.data, args.trustAnchorsPem])
              .apply(([data, more]) => [decoded(data["ca.crt"]), more].filter((pem) => pem !== undefined).join("\n"));
    // Certificates are for everybody to see; it is the key beside them that is the secret.
    const bundle = pulumi.unsecret(anchors);
    const trustRoots = new ConfigMap(
        `${name}-${trustRootsName}`,
        { metadata: { name: trustRootsName, namespace }, data: { "ca-bundle.crt": bundle } },
        opts,
    );
    return {
        made: [secret, trustRoots],
        values: {
            identity: { externalCA: true, issuer: { scheme: "kubernetes.io/tls" } },
            // The control plane reads it when it starts.
            podAnnotations: { "progressive-mesh/trust-anchors": bundle.apply(digest) },
        },
    };
}

type Data = Record<string, pulumi.Input<string>>;

const encoded = (text: string) => Buffer.from(text).toString("base64");
const decoded = (text = "") => Buffer.from(text, "base64").toString();

function drawn(namespace: string, { validityDays = defaultValidityDays }: LinkerdArgs): Data {
    const { trustAnchor, certificate, key } = drawCredentials(identityName(namespace), validityDays);
    return {
        "ca.crt": encoded(trustAnchor),
        "tls.crt": encoded(certificate),
        "tls.key": pulumi.secret(encoded(key)),
    };
}

function ofUser({ issuerCertificatePem, issuerKeyPem, trustAnchorsPem }: LinkerdArgs): Data {
    const text = (pem: pulumi.Input<string>) => pulumi.output(pem).apply(encoded);
    return {
        "ca.crt": text(trustAnchorsPem!),
        "tls.crt": text(issuerCertificatePem!),
        "tls.key": pulumi.secret(text(issuerKeyPem!)),
    };
}
