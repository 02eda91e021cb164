import { KeyObject, createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

import { bitString, boolean, inContext, integer, octetString, oid, sequence, set, time, utf8 } from "./der";

/** What Linkerd's identity service starts with, as texts in PEM. */
export interface IssuerCredentials {
    /** What proxies trust. */
    readonly trustAnchor: string;
    /** Signs the proxies' certificates. */
    readonly certificate: string;
    readonly key: string;
}

const day = 86_400_000;
/** Clocks may differ, and a certificate from the future is none. */
const skew = 3_600_000;

/**
 * Draws a trust anchor and an issuer that it has signed, both with ECDSA on P-256, the one kind that Linkerd takes everywhere. The
 * anchor's own key is forgotten at once: nobody can sign another issuer by it.
 *
 * @param identity - The DNS name of the identity service, by which it checks its own certificate.
 */
export function drawCredentials(identity: string, validityDays: number, now = new Date()): IssuerCredentials {
    const anchor = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const issuer = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const root = identity.replace(/^identity\./, "root.");
    const span = {
        notBefore: new Date(now.getTime() - skew),
        notAfter: new Date(now.getTime() + validityDays * day),
    };
    const signer = { name: root, publicKey: anchor.publicKey, privateKey: anchor.privateKey };
    return {
        trustAnchor: authority({ name: root, publicKey: anchor.publicKey, pathLength: 1, signer, ...span }),
        certificate: authority({ name: identity, publicKey: issuer.publicKey, pathLength: 0, signer, ...span }),
        key: issuer.privateKey.export({ type: "sec1", format: "pem" }).toString(),
    };
}

interface AuthorityArgs {
    name: string;
    publicKey: KeyObject;
    /** How many further authorities may stand below it. */
    pathLength: number;
    notBefore: Date;
    notAfter: Date;
    signer: { name: string; publicKey: KeyObject; privateKey: KeyObject };
}

/** The certificate of an authority, in PEM (RFC 5280). */
function authority(args: AuthorityArgs): string {
    const algorithm = sequence(oid("1.2.840.10045.4.3.2"));
    const body = sequence(
        // Version 3, the one with extensions.
        inContext(0, integer(Buffer.from([2])), true),
        integer(randomBytes(16)),
        algorithm,
        named(args.signer.name),
        sequence(time(args.notBefore), time(args.notAfter)),
        named(args.name),
        args.publicKey.export({ type: "spki", format: "der" }),
        inContext(3, sequence(...extensions(args)), true),
    );
    const signature = sign("sha256", body, args.signer.privateKey);
    const text = sequence(body, algorithm, bitString(signature)).toString("base64");
    return `-----BEGIN CERTIFICATE-----\n${text.match(/.{1,64}/g)!.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** A distinguished name of a common name alone. */
function named(commonName: string): Buffer {
    return sequence(set(sequence(oid("2.5.4.3"), utf8(commonName))));
}

function extensions({ name, publicKey, pathLength, signer }: AuthorityArgs): Buffer[] {
    const extension = (id: string, value: Buffer, critical = false) =>
        sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));
    return [
        // An authority, which may sign certificates and lists of revoked ones.
        extension("2.5.29.19", sequence(boolean(true), integer(Buffer.from([pathLength]))), true),
        extension("2.5.29.15", bitString(Buffer.from([0b0000_0110]), 1), true),
        extension("2.5.29.14", octetString(keyId(publicKey))),
        extension("2.5.29.35", sequence(inContext(0, keyId(signer.publicKey)))),
        extension("2.5.29.17", sequence(inContext(2, Buffer.from(name)))),
    ];
}

/** A short name for a key (RFC 7093). */
function keyId(key: KeyObject): Buffer {
    return createHash("sha256")
        .update(key.export({ type: "spki", format: "der" }))
        .digest()
        .subarray(0, 20);
}
