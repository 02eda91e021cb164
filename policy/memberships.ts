import { Fields } from "../components/shape";

/** A label or an annotation by which a mesh takes something in. Without values, any value does. */
export interface Mark {
    kind: "labels" | "annotations";
    key: string;
    values?: readonly string[];
}

/** One way into a mesh: all of these together. */
export type Way = readonly Mark[];

/** How namespaces and pods join the proxies of a mesh; for pods, beside or instead of their namespace. */
export interface Memberships {
    title: string;
    namespace: readonly Way[];
    pod: readonly Way[];
}

const istio: Memberships = {
    title: "Istio",
    namespace: [
        [{ kind: "labels", key: "istio-injection", values: ["enabled"] }],
        [{ kind: "labels", key: "istio.io/rev" }],
        [{ kind: "labels", key: "istio.io/dataplane-mode", values: ["ambient"] }],
    ],
    pod: [
        [{ kind: "labels", key: "sidecar.istio.io/inject", values: ["true"] }],
        [{ kind: "labels", key: "istio.io/rev" }],
    ],
};

const linkerd: Memberships = {
    title: "Linkerd",
    namespace: [[{ kind: "annotations", key: "linkerd.io/inject", values: ["enabled", "ingress"] }]],
    pod: [[{ kind: "annotations", key: "linkerd.io/inject", values: ["enabled", "ingress"] }]],
};

const appMesh: Memberships = {
    title: "App Mesh",
    namespace: [
        [
            { kind: "labels", key: "mesh" },
            { kind: "labels", key: "appmesh.k8s.aws/sidecarInjectorWebhook", values: ["enabled"] },
        ],
    ],
    // The mesh is always the namespace's.
    pod: [],
};

/**
 * The meshes that a Canary can belong to, by Flagger's provider; none where there are no proxies beside the pods. With the Gateway
 * API a route that hangs at a Service instead of a Gateway is a mesh's: Flagger does not say which.
 */
export function meshesOf(provider: unknown, parents: unknown[]): readonly Memberships[] {
    switch (typeof provider === "string" ? provider.split(":")[0] : "") {
        case "appmesh":
            return [appMesh];
        case "istio":
            return [istio];
        case "linkerd":
            return [linkerd];
        case "gatewayapi":
            return parents.includes("Service") ? [linkerd, istio] : [];
        default:
            return [];
    }
}

/** Whether an object's metadata take one of the ways. */
export function takes(ways: readonly Way[], metadata: Fields): boolean {
    return ways.some((way) =>
        way.every(({ kind, key, values }) => {
            const marks = metadata[kind] as Fields | undefined;
            const value = marks?.[key];
            return value !== undefined && (values === undefined || values.includes(value as string));
        }),
    );
}

/** Those of an object's labels and annotations that have to do with the meshes. Others may be nobody's business. */
export function marksIn(meshes: readonly Memberships[], metadata: Fields): Fields {
    const marks = meshes.flatMap(({ namespace }) => namespace.flat());
    return Object.fromEntries(
        marks.flatMap(({ kind, key }) => {
            const value = (metadata[kind] as Fields | undefined)?.[key];
            return value === undefined ? [] : [[key, value]];
        }),
    );
}

/** A way in words. */
export function inWords(way: Way): string {
    return way
        .map(({ kind, key, values }) => `the ${kind.slice(0, -1)} ${key}${values === undefined ? "" : `=${values[0]}`}`)
        .join(" and ");
}
