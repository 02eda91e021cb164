/** A host as Istio understands it in an object of this namespace: a name without a dot is that of a service there. */
export function fullHost(host: string, namespace: string): string {
    return host.includes(".") || host === "*" ? host : `${host}.${namespace}.svc.cluster.local`;
}

/** The name and the namespace of the service that a full host means. */
export function serviceOf(host: string): { name: string; namespace: string } | undefined {
    const [, name, namespace] = /^([^.*]+)\.([^.]+)\.svc\.cluster\.local$/.exec(host) ?? [];
    return name === undefined ? undefined : { name, namespace: namespace! };
}

/** All by which pods of a namespace ask for a service: its names, and its address. */
export function domainsOf(service: { name: string; namespace: string; address?: string }, namespace: string): string[] {
    const { name, namespace: home, address } = service;
    const short = `${name}.${home}`;
    return [
        `${short}.svc.cluster.local`,
        `${short}.svc`,
        short,
        ...(home === namespace ? [name] : []),
        ...(address === undefined || address === "None" ? [] : [address]),
    ];
}

/**
 * Which hosts a gateway takes of those that a virtual service stands for: the narrower of the two, where one covers the other.
 * Those of a gateway may begin with a namespace: `apps/podinfo.example.com`, `./podinfo.example.com`.
 */
export function sharedHost(
    host: string,
    server: string,
    namespaces: { gateway: string; service: string },
): string | undefined {
    const [scope, pattern] = server.includes("/") ? (server.split("/", 2) as [string, string]) : ["*", server];
    const home = scope === "." ? namespaces.gateway : scope;
    if (home !== "*" && home !== namespaces.service) {
        return undefined;
    }
    return covers(pattern, host) ? host : covers(host, pattern) ? pattern : undefined;
}

function covers(pattern: string, host: string): boolean {
    return pattern === host || pattern === "*" || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}
