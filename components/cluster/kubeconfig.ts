import { runError } from "../runError";

/** Where an EKS cluster is and what it is called. */
export interface EksAddress {
    name: string;
    region: string;
    /** The URL of its API server. */
    endpoint: string;
    /** The certificate of its authority, in base64. */
    certificate: string;
}

/** A kubeconfig for an EKS cluster: like the one of Pulumi's EKS component it asks the `aws` command for a token. */
export function eksKubeconfig({ name, region, endpoint, certificate }: EksAddress): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "kubernetes", cluster: { server: endpoint, "certificate-authority-data": certificate } }],
        contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
        "current-context": "aws",
        users: [
            {
                name: "aws",
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
                    },
                },
            },
        ],
    });
}

const contextLine = /^(["']?)current-context\1\s*:.*$/m;

/**
 * The kubeconfig with another current context, so that whoever is handed it needs no word about the context. One in YAML is
 * changed in that line alone: nothing else of it is read or lost.
 */
export function withContext(kubeconfig: string, context: string | undefined): string {
    if (context === undefined) {
        return kubeconfig;
    }
    if (kubeconfig.trimStart().startsWith("{")) {
        return JSON.stringify({ ...fieldsOf(kubeconfig), "current-context": context });
    }
    const line = `current-context: ${JSON.stringify(context)}`;
    return contextLine.test(kubeconfig)
        ? kubeconfig.replace(contextLine, () => line)
        : `${kubeconfig.replace(/\n?$/, "\n")}${line}\n`;
}

/** Whether a text is a kubeconfig and not, say, the path of one. */
export function isKubeconfig(text: string): boolean {
    return /(^|[{,\s])["']?clusters["']?\s*:/.test(text);
}

/** The fields of a text in JSON. What the parser says would quote the text, which is a secret. */
function fieldsOf(json: string): object {
    try {
        return JSON.parse(json) as object;
    } catch {
        throw runError("existing.kubeconfig begins like JSON and is none; its context cannot be changed");
    }
}
