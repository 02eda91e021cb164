import { Json } from "../envoy";
import { HttpMatch, StringMatch } from "./objects";

/** Who asks: a pod with a sidecar, or a gateway. */
export interface Source {
    /** `mesh`, or the namespace and name of a gateway. */
    gateway: string;
    namespace: string;
    labels: Record<string, string>;
    /** The port that is asked, as the virtual service's clients know it. */
    port: number;
}

/** Whether a match is one that this source can ever meet. What it asks of the request itself is for Envoy to see. */
export function concerns(match: HttpMatch, owner: string, source: Source): boolean {
    const { gateways, sourceLabels = {}, sourceNamespace, port } = match;
    const fromMesh = source.gateway === "mesh";
    return (
        (gateways === undefined || gateways.some((name) => fullGateway(name, owner) === source.gateway)) &&
        (!fromMesh || Object.entries(sourceLabels).every(([key, value]) => source.labels[key] === value)) &&
        (sourceNamespace === undefined || sourceNamespace === source.namespace) &&
        (port === undefined || port === source.port)
    );
}

/** The gateway that a name in an object of this namespace means, with its namespace. */
export function fullGateway(name: string, namespace: string): string {
    return name === "mesh" || name.includes("/") ? name : `${namespace}/${name}`;
}

/** What a match asks of a request, for Envoy. */
export function envoyMatch(match: HttpMatch = {}): Json {
    const {
        uri,
        scheme,
        method,
        authority,
        headers = {},
        withoutHeaders = {},
        queryParams = {},
        ignoreUriCase,
    } = match;
    const pseudo = { ":scheme": scheme, ":method": method, ":authority": authority };
    const asked = [
        ...Object.entries(pseudo).flatMap(([name, value]) =>
            value === undefined ? [] : [{ name, ...matcher(value) }],
        ),
        ...Object.entries(headers).map(([name, value]) => ({ name, ...matcher(value) })),
        ...Object.entries(withoutHeaders).map(([name, value]) => without(name, value)),
    ];
    const parameters = Object.entries(queryParams).map(([name, value]) => ({ name, ...matcher(value) }));
    return {
        ...path(uri),
        ...(ignoreUriCase && { case_sensitive: false }),
        ...(asked.length > 0 && { headers: asked }),
        ...(parameters.length > 0 && { query_parameters: parameters }),
    };
}

function path({ exact, prefix, regex }: StringMatch = {}): Json {
    return exact !== undefined
        ? { path: exact }
        : regex !== undefined
          ? { safe_regex: { regex } }
          : { prefix: prefix ?? "/" };
}

function matcher(match: StringMatch): Json {
    const text = envoyString(match);
    return text === undefined ? { present_match: true } : { string_match: text };
}

/** What is not there is without everything. */
function without(name: string, match: StringMatch): Json {
    const asked = matcher(match);
    return {
        name,
        ...asked,
        invert_match: true,
        ...("string_match" in asked && { treat_missing_header_as_empty: true }),
    };
}

/** What is asked of a text, for Envoy; nothing where any will do. */
export function envoyString({ exact, prefix, regex }: StringMatch): Json | undefined {
    return exact !== undefined
        ? { exact }
        : prefix !== undefined
          ? { prefix }
          : regex !== undefined
            ? { safe_regex: { regex } }
            : undefined;
}
