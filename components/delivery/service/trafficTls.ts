import { checkFields, checkText, checkTextList, checkWord, isLater } from "../../shape";
import { Problems } from "../../validation";

/** How connections to the application are encrypted. Keys and certificates are files beside the calling proxy. */
export interface TrafficTlsArgs {
    /** `DISABLE`, `SIMPLE`, `MUTUAL` (with a certificate of your own) or `ISTIO_MUTUAL` (with the mesh's). */
    mode: string;
    /**
     * The path of the caller's certificate, for `MUTUAL`.
     * @default - none
     */
    clientCertificate?: string;
    /**
     * The path of the caller's private key, for `MUTUAL`.
     * @default - none
     */
    privateKey?: string;
    /**
     * The path of the certificates that the application's is verified by.
     * @default - as the mesh does
     */
    caCertificates?: string;
    /**
     * Names of which the application's certificate has to carry one.
     * @default - any
     */
    subjectAltNames?: string[];
    /**
     * The host name that the caller asks for in the handshake.
     * @default - the one of the request
     */
    sni?: string;
}

const own = ["clientCertificate", "privateKey"];

/** Checks how connections are encrypted. */
export function checkTrafficTls(problems: Problems, path: string, value: unknown): void {
    const tls = checkFields(problems, path, value, `Write it like { mode: "ISTIO_MUTUAL" }.`);
    if (tls === undefined) {
        return;
    }
    if (tls.mode === undefined) {
        problems.add({ path: `${path}.mode`, rule: "is required", fix: `Give one, like "ISTIO_MUTUAL".` });
    }
    checkWord(problems, `${path}.mode`, tls.mode, ["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"]);
    for (const field of own) {
        checkFile(problems, `${path}.${field}`, tls[field]);
        problems.require(tls.mode !== "MUTUAL" || tls[field] !== undefined, {
            path: `${path}.${field}`,
            rule: "is required with the mode MUTUAL; without it the mesh would refuse the policy",
            fix: "Give the path of a file.",
        });
        problems.require(tls.mode !== "ISTIO_MUTUAL" || tls[field] === undefined, {
            path: `${path}.${field}`,
            rule: "has to be absent with the mode ISTIO_MUTUAL, which uses the mesh's own certificates",
            fix: "Leave it out, or use the mode MUTUAL.",
        });
    }
    checkFile(problems, `${path}.caCertificates`, tls.caCertificates);
    checkTextList(problems, `${path}.subjectAltNames`, tls.subjectAltNames, `Write it like ["shop.example.com"].`);
    checkText(problems, `${path}.sni`, tls.sni);
}

function checkFile(problems: Problems, path: string, value: unknown): void {
    const isPath = typeof value === "string" && /^\/[^\n]+$/.test(value);
    problems.require(value === undefined || isLater(value) || isPath, {
        path,
        // It may be a key itself.
        secret: true,
        rule: "is not the path of a file",
        fix: `Write it like "/etc/certs/key.pem".`,
    });
}
