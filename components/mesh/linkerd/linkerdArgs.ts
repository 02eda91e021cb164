import { X509Certificate, createPrivateKey } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { checkFields, isLater } from "../../shape";
import { Problems, checkInteger } from "../../validation";

/** What there is to say of Linkerd alone: by which certificates its proxies know each other. */
export interface LinkerdArgs {
    /**
     * What proxies trust: one or more certificates in PEM, one after another. With an issuer of your own the anchor that signed it
     * is among them. Without one they are trusted beside the anchor that is drawn: how to change it without an outage is in
     * docs/linkerd.md.
     * @default - an anchor that is drawn once
     */
    trustAnchorsPem?: pulumi.Input<string>;
    /**
     * The certificate, in PEM, that signs those of the proxies: ECDSA on P-256, an authority, with the DNS name
     * `identity.<namespace of the controller>.cluster.local`.
     * @default - one that is drawn once
     */
    issuerCertificatePem?: pulumi.Input<string>;
    /**
     * Its private key in PEM. Kept as a secret.
     * @default - one that is drawn once
     */
    issuerKeyPem?: pulumi.Input<string>;
    /**
     * How long the anchor and the issuer that are drawn are valid, in days. Read when they are drawn, and never again.
     * @default 3650
     */
    validityDays?: number;
}

/** Ten years: nothing renews them, and once they have expired no proxy talks to another. */
export const defaultValidityDays = 3650;

const write = "Give the certificates that `step certificate create` or cert-manager made, in PEM.";

/** Checks the certificates, as far as they are plain. Keys are never shown. */
export function checkLinkerd(problems: Problems, path: string, value: unknown, identity: string): void {
    const linkerd = checkFields(problems, path, value, "Write it like { validityDays: 3650 }.");
    if (linkerd === undefined) {
        return;
    }
    const { trustAnchorsPem, issuerCertificatePem, issuerKeyPem, validityDays } = linkerd;
    const found = problems.all.length;
    checkInteger(problems, `${path}.validityDays`, validityDays, 1, 36_500, "days");
    const own = { trustAnchorsPem, issuerCertificatePem, issuerKeyPem };
    const ofIssuer = issuerCertificatePem !== undefined || issuerKeyPem !== undefined;
    for (const [key, part] of Object.entries(own)) {
        problems.require(part !== undefined || !ofIssuer, {
            path: `${path}.${key}`,
            rule: "is needed with an issuer of your own: its certificate, its key, and the anchor that signed it",
            fix: "Give all three, or none to have them drawn.",
        });
    }
    problems.require(validityDays === undefined || !ofIssuer, {
        path: `${path}.validityDays`,
        value: validityDays,
        rule: "is for certificates that are drawn, and yours are as they are",
        fix: "Leave it out.",
    });
    const anchors = certificatesIn(problems, `${path}.trustAnchorsPem`, trustAnchorsPem);
    const issuer = certificatesIn(problems, `${path}.issuerCertificatePem`, issuerCertificatePem)?.[0];
    const key = keyIn(problems, `${path}.issuerKeyPem`, issuerKeyPem);
    if (issuer === undefined || problems.all.length > found) {
        return;
    }
    checkIssuer(problems, `${path}.issuerCertificatePem`, issuer, identity);
    problems.require(anchors === undefined || anchors.some((anchor) => signed(anchor, issuer)), {
        path: `${path}.trustAnchorsPem`,
        value: anchors?.map(({ subject }) => subject),
        rule: "has none that signed the issuer: Linkerd's identity service would not start",
        fix: "Add the certificate that did.",
    });
    problems.require(key === undefined || issuer.checkPrivateKey(key), {
        path: `${path}.issuerKeyPem`,
        secret: true,
        rule: "is not the key of the issuer's certificate: Linkerd's identity service would not start",
        fix: "Give the key that was made with it.",
    });
}

/** The issuer's own certificate may come with others between it and the anchor. */
function signed(anchor: X509Certificate, issuer: X509Certificate): boolean {
    return issuer.checkIssued(anchor) && issuer.verify(anchor.publicKey);
}

function checkIssuer(problems: Problems, path: string, issuer: X509Certificate, identity: string): void {
    const { asymmetricKeyDetails, asymmetricKeyType } = issuer.publicKey;
    const rules: [boolean, string][] = [
        [
            asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1",
            "is not of ECDSA on P-256, the one kind that Linkerd's issuer can be",
        ],
        [issuer.ca, "is no authority, and cannot sign the proxies' certificates"],
        [
            issuer.checkHost(identity) !== undefined,
            `is not for the DNS name ${identity}, by which Linkerd's identity service knows its own`,
        ],
        [new Date(issuer.validTo) > new Date(), "has expired: no proxy would get a certificate"],
    ];
    for (const [holds, rule] of rules) {
        problems.require(holds, { path, value: issuer.subject, rule, fix: "docs/linkerd.md says how to make one." });
    }
}

/** The certificates of a text; undefined where it is absent, only known later, or wrong. */
function certificatesIn(problems: Problems, path: string, value: unknown): X509Certificate[] | undefined {
    if (value === undefined || isLater(value)) {
        return undefined;
    }
    const blocks =
        typeof value === "string" ? value.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) : null;
    try {
        if (blocks !== null) {
            return blocks.map((block) => new X509Certificate(block));
        }
    } catch {
        // Told of below.
    }
    problems.add({ path, secret: true, rule: "is no certificate in PEM", fix: write });
    return undefined;
}

function keyIn(problems: Problems, path: string, value: unknown) {
    if (value === undefined || isLater(value)) {
        return undefined;
    }
    try {
        return createPrivateKey(value as string);
    } catch {
        problems.add({ path, secret: true, rule: "is no private key in PEM without a password", fix: write });
        return undefined;
    }
}
