import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { drawCredentials } from "../../../../components/mesh/linkerd/certificates";
import { checkLinkerd } from "../../../../components/mesh/linkerd/linkerdArgs";
import { linesOf } from "../../problems";

const identity = "identity.linkerd.cluster.local";
const lines = (args: unknown) => linesOf((problems) => checkLinkerd(problems, "mesh.linkerd", args, identity));

const given = (drawn = drawCredentials(identity, 30)) => ({
    trustAnchorsPem: drawn.trustAnchor,
    issuerCertificatePem: drawn.certificate,
    issuerKeyPem: drawn.key,
});

describe("checkLinkerd", () => {
    it("takes nothing, a span, further anchors, and credentials of one's own", () => {
        const later = { issuerKeyPem: pulumi.secret("later"), trustAnchorsPem: pulumi.output("later") };
        for (const args of [undefined, {}, { validityDays: 365 }, given(), { ...given(), ...later }]) {
            assert.deepEqual(lines(args), []);
        }
        const { trustAnchorsPem } = given();
        assert.deepEqual(lines({ trustAnchorsPem }), []);
        const bundle = `${drawCredentials(identity, 1).trustAnchor}${trustAnchorsPem}`;
        assert.deepEqual(lines({ trustAnchorsPem: bundle, validityDays: 365 }), []);
    });

    it("takes an anchor among several", () => {
        const mine = given();
        const bundle = drawCredentials(identity, 1).trustAnchor + mine.trustAnchorsPem;
        assert.deepEqual(lines({ ...mine, trustAnchorsPem: bundle }), []);
    });

    it("refuses half of an issuer", () => {
        const { issuerCertificatePem, issuerKeyPem, trustAnchorsPem } = given();
        const needed = (path: string) =>
            `mesh.linkerd.${path}: nothing given, but it is needed with an issuer of your own: its certificate, its key, and the ` +
            "anchor that signed it. Give all three, or none to have them drawn.";
        assert.deepEqual(lines({ issuerKeyPem }), [needed("trustAnchorsPem"), needed("issuerCertificatePem")]);
        assert.deepEqual(lines({ issuerCertificatePem, trustAnchorsPem }), [needed("issuerKeyPem")]);
    });

    it("refuses a span for what is not drawn, and one that is none", () => {
        assert.deepEqual(lines({ ...given(), validityDays: 1 }), [
            "mesh.linkerd.validityDays: 1 is for certificates that are drawn, and yours are as they are. Leave it out.",
        ]);
        assert.deepEqual(lines({ validityDays: 0 }), [
            "mesh.linkerd.validityDays: 0 is not a whole number from 1 to 36500 (days). Give a number in that range.",
        ]);
    });

    it("refuses an anchor that did not sign, and a key of another", () => {
        const other = given();
        assert.deepEqual(lines({ ...given(), trustAnchorsPem: other.trustAnchorsPem }), [
            'mesh.linkerd.trustAnchorsPem: ["CN=root.linkerd.cluster.local"] has none that signed the issuer: Linkerd\'s identity ' +
                "service would not start. Add the certificate that did.",
        ]);
        assert.deepEqual(lines({ ...given(), issuerKeyPem: other.issuerKeyPem }), [
            "mesh.linkerd.issuerKeyPem: the value given (a secret, not shown) is not the key of the issuer's certificate: " +
                "Linkerd's identity service would not start. Give the key that was made with it.",
        ]);
    });

    it("refuses an issuer for another name, and one that has expired", () => {
        const make = "docs/linkerd.md says how to make one.";
        assert.deepEqual(lines(given(drawCredentials("identity.mesh.cluster.local", 30))), [
            `mesh.linkerd.issuerCertificatePem: "CN=identity.mesh.cluster.local" is not for the DNS name ${identity}, by which ` +
                `Linkerd's identity service knows its own. ${make}`,
        ]);
        const [expired] = lines(given(drawCredentials(identity, 1, new Date("2020-01-01T00:00:00Z"))));
        assert.equal(
            expired,
            `mesh.linkerd.issuerCertificatePem: "CN=${identity}" has expired: no proxy would get a certificate. ${make}`,
        );
    });

    it("never shows what it cannot read", () => {
        const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
        const hidden = "the value given (a secret, not shown)";
        const fix = "Give the certificates that `step certificate create` or cert-manager made, in PEM.";
        // The key where the certificate belongs.
        assert.deepEqual(lines({ ...given(), issuerCertificatePem: key, issuerKeyPem: "no key" }), [
            `mesh.linkerd.issuerCertificatePem: ${hidden} is no certificate in PEM. ${fix}`,
            `mesh.linkerd.issuerKeyPem: ${hidden} is no private key in PEM without a password. ${fix}`,
        ]);
        assert.deepEqual(lines(key), [
            'mesh.linkerd: "a string" is not an object. Write it like { validityDays: 3650 }.',
        ]);
    });
});
