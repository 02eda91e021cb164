import { MeshHeader, MeshRoute } from "./images/appMeshObjects";

/** What a route is chosen by. Header names are in small letters, as Node.js has them. */
export interface RouteRequest {
    path: string;
    headers: Record<string, string | string[] | undefined>;
}

/** The route that App Mesh would choose: of those that match, the one with the lowest priority number. */
export function chooseRoute(routes: MeshRoute[], request: RouteRequest): MeshRoute | undefined {
    // One without a priority comes after all that have one. The sort keeps the order of equals.
    const rank = (route: MeshRoute) => route.priority ?? Infinity;
    const ranked = [...routes].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
    return ranked.find((route) => matches(route, request));
}

function matches(route: MeshRoute, { path, headers }: RouteRequest): boolean {
    const match = route.httpRoute?.match;
    return path.startsWith(match?.prefix ?? "/") && (match?.headers ?? []).every((h) => headerMatches(h, headers));
}

function headerMatches({ name, invert = false, match }: MeshHeader, headers: RouteRequest["headers"]): boolean {
    const given = headers[name.toLowerCase()];
    if (given === undefined) {
        // A header that is not there matches nothing, and so the opposite of everything.
        return invert;
    }
    const value = Array.isArray(given) ? given.join(", ") : given;
    // Without a rule for the value it is enough that the header is there.
    const holds =
        (match?.exact === undefined || value === match.exact) &&
        (match?.prefix === undefined || value.startsWith(match.prefix)) &&
        (match?.suffix === undefined || value.endsWith(match.suffix)) &&
        (match?.regex === undefined || matchesWhole(match.regex, value));
    return holds !== invert;
}

/** Envoy holds a pattern against the whole value. One that is no pattern matches nothing. */
function matchesWhole(pattern: string, value: string): boolean {
    try {
        return new RegExp(`^(?:${pattern})$`, "s").test(value);
    } catch {
        return false;
    }
}
