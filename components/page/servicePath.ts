/**
 * The API server's path to what a URL of a Service leads to; undefined where it leads elsewhere. A bare name is a Service of the
 * namespace given.
 */
export function servicePath(url: string, namespace: string): string | undefined {
    if (!URL.canParse(url)) {
        return undefined;
    }
    const { protocol, hostname, port, pathname } = new URL(url);
    const [, service, , of = namespace] =
        /^([a-z0-9-]+)(\.([a-z0-9-]+)(\.svc(\.cluster\.local)?)?)?$/.exec(hostname) ?? [];
    if (service === undefined || !["http:", "https:"].includes(protocol)) {
        return undefined;
    }
    const at = port === "" ? (protocol === "https:" ? "443" : "80") : port;
    return `api/v1/namespaces/${of}/services/${protocol}${service}:${at}/proxy${pathname.replace(/\/+$/, "")}`;
}
