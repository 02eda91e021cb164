import { servicePath } from "../page/servicePath";
import { CanaryObject } from "./canary";
import type { Cluster } from "./look";
import type { Phase } from "./phases";

/** The Services that the Canary's gates are asked at and that are not there; undefined where it waits at no gate, and nothing is asked. */
export async function absentGates(
    { client, kubeconfig }: Cluster,
    canary: CanaryObject,
    { standing }: Phase,
): Promise<string[] | undefined> {
    if (standing !== "approval") {
        return undefined;
    }
    const core = kubeconfig.makeApiClient(client.CoreV1Api);
    const places = (canary.spec?.analysis?.webhooks ?? [])
        .filter(({ type }) => type?.startsWith("confirm-"))
        .flatMap(({ url }) => placeOf(url, canary) ?? []);
    const absent = await Promise.all(
        [...new Set(places)].map(async (place) => {
            const [namespace = "", name = ""] = place.split("/");
            const found = await core.readNamespacedService({ namespace, name }).then(
                () => true,
                // Whoever may not look knows nothing of it.
                (error: { code?: number }) => error.code !== 404,
            );
            return found ? [] : [place];
        }),
    );
    return absent.flat();
}

/** The Service that a URL leads to, as namespace and name. */
function placeOf(url: string | undefined, canary: CanaryObject): string | undefined {
    const path = servicePath(url ?? "", canary.metadata?.namespace ?? "");
    return /namespaces\/([^/]+)\/services\/https?:([^:]+):/
        .exec(path ?? "")
        ?.slice(1)
        .join("/");
}
