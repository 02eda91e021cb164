import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { X509Certificate, createPrivateKey } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { drawCredentials } from "../../../../components/mesh/linkerd/certificates";
import { boolean, integer, octetString, oid, time } from "../../../../components/mesh/linkerd/der";

const identity = "identity.linkerd.cluster.local";
const now = new Date("2026-11-22T12:00:00Z");

describe("DER", () => {
    const hex = (bytes: Buffer) => bytes.toString("hex");

    it("writes values as the standard has them", () => {
        assert.equal(hex(boolean(true)), "0101ff");
        assert.equal(hex(integer(Buffer.from([0, 0, 5]))), "020105");
        assert.equal(hex(integer(Buffer.from([0]))), "020100");
        // Without the zero it would be a negative number.
        assert.equal(hex(integer(Buffer.from([0x80]))), "02020080");
        assert.equal(hex(oid("1.2.840.10045.4.3.2")), "06082a8648ce3d040302");
        assert.equal(hex(oid("2.5.29.19")), "0603551d13");
    });

    it("writes lengths in one byte, two and three", () => {
        const begin = (size: number) => hex(octetString(Buffer.alloc(size)).subarray(0, -size));
        assert.equal(begin(0x7f), "047f");
        assert.equal(begin(0x80), "048180");
        assert.equal(begin(0xff), "0481ff");
        assert.equal(begin(0x100), "04820100");
    });

    it("writes years up to 2049 in the short form, and the others in the long one", () => {
        assert.equal(time(new Date("2049-12-31T23:59:59Z")).subarray(2).toString(), "491231235959Z");
        assert.equal(time(new Date("2050-01-01T00:00:00Z")).subarray(2).toString(), "20500101000000Z");
    });
});

describe("Linkerd's credentials", () => {
    const { trustAnchor, certificate, key } = drawCredentials(identity, 3650, now);
    const anchor = new X509Certificate(trustAnchor);
    const issuer = new X509Certificate(certificate);

    it("are an anchor that signed itself, and an issuer that it signed", () => {
        assert.ok(anchor.checkIssued(anchor) && anchor.verify(anchor.publicKey));
        assert.ok(issuer.checkIssued(anchor) && issuer.verify(anchor.publicKey));
        assert.deepEqual([anchor.ca, issuer.ca], [true, true]);
        assert.equal(issuer.verify(issuer.publicKey), false);
    });

    it("are of ECDSA on P-256, and the key is the issuer's", () => {
        for (const { publicKey } of [anchor, issuer]) {
            assert.equal(publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
        }
        assert.ok(issuer.checkPrivateKey(createPrivateKey(key)));
        assert.match(key, /^-----BEGIN EC PRIVATE KEY-----\n/);
    });

    it("are for the identity service, by the DNS name that it looks for", () => {
        assert.equal(issuer.subject, `CN=${identity}`);
        assert.equal(issuer.subjectAltName, `DNS:${identity}`);
        assert.equal(anchor.subject, "CN=root.linkerd.cluster.local");
    });

    it("are valid from an hour ago for as long as is asked", () => {
        for (const { validFrom, validTo } of [anchor, issuer]) {
            assert.equal(new Date(validFrom).toISOString(), "2026-11-22T11:00:00.000Z");
            assert.equal(new Date(validTo).toISOString(), "2036-11-19T12:00:00.000Z");
        }
        const long = new X509Certificate(drawCredentials(identity, 36_500, now).certificate);
        assert.equal(new Date(long.validTo).getUTCFullYear(), 2126);
    });

    it("are others each time", () => {
        const other = drawCredentials(identity, 3650, now);
        assert.notEqual(other.key, key);
        assert.notEqual(new X509Certificate(other.certificate).serialNumber, issuer.serialNumber);
    });

    it("satisfy OpenSSL at its strictest", function () {
        if (spawnSync("openssl", ["version"]).status !== 0) {
            this.skip();
        }
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "credentials-"));
        try {
            const drawn = drawCredentials(identity, 2);
            const [ca, leaf] = ["ca.pem", "issuer.pem"].map((file) => path.join(folder, file)) as [string, string];
            fs.writeFileSync(ca, drawn.trustAnchor);
            fs.writeFileSync(leaf, drawn.certificate);
            const { stdout, stderr } = spawnSync("openssl", ["verify", "-x509_strict", "-CAfile", ca, leaf]);
            assert.equal(String(stderr) + String(stdout), `${leaf}: OK\n`);
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    });
});
