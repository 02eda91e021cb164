import { KubernetesObject, V1EndpointSlice } from "@kubernetes/client-node";

import { Watched } from "../../lab/kubelet/watch";
import { Lab } from "../../lab/lab";

/** Objects that lead requests to an application, as far as is looked at here. */
interface Route extends KubernetesObject {
    spec?: unknown;
}

/** The kinds of objects by which meshes lead requests, each with where its backends stand. */
const kinds: Record<string, { group: string; version: string; backends: (spec: unknown) => string[] }> = {
    virtualrouters: {
        group: "appmesh.k8s.aws",
        version: "v1beta2",
        backends: (spec) => texts(spec, "virtualNodeRef"),
    },
    virtualservices: {
        group: "networking.istio.io",
        version: "v1beta1",
        backends: (spec) => texts(spec, "destination"),
    },
    httproutes: {
        group: "gateway.networking.k8s.io",
        version: "v1",
        backends: (spec) => texts(spec, "backendRefs"),
    },
};

/**
 * What "serving" means here: from its start to its end the application's own service has a ready endpoint, and every route that
 * there is leads to services that have one.
 */
export class Serving {
    /** What was missing, in words, each once. */
    readonly gaps = new Set<string>();
    private readonly slices: Watched<V1EndpointSlice>;
    private readonly routes: Watched<Route>[];
    private readonly timer: NodeJS.Timeout;

    constructor(
        lab: Lab,
        private readonly namespace: string,
        private readonly name: string,
    ) {
        const { kubeconfig } = lab.controlPlane;
        this.slices = new Watched(kubeconfig, { group: "discovery.k8s.io", version: "v1", plural: "endpointslices" });
        this.routes = Object.entries(kinds).map(
            ([plural, { group, version }]) => new Watched<Route>(kubeconfig, { group, version, plural }),
        );
        this.timer = setInterval(() => this.look(), 200);
    }

    stop(): string[] {
        clearInterval(this.timer);
        [this.slices, ...this.routes].forEach((watched) => watched.stop());
        return [...this.gaps];
    }

    private look(): void {
        if (!this.isReady(this.name)) {
            this.gaps.add(`${this.name} has no endpoint`);
        }
        Object.values(kinds).forEach(({ backends }, index) => {
            for (const route of this.routes[index]!.all()) {
                if (route.metadata?.namespace === this.namespace && route.metadata.name === this.name) {
                    this.lookAt(route, backends(route.spec));
                }
            }
        });
    }

    /** A route leads to one that serves. The canary has no pods between rollouts, nor a weight. */
    private lookAt(route: Route, backends: string[]): void {
        const primary = backends.find((backend) => backend.startsWith(`${this.name}-primary`));
        if (primary === undefined || !this.isReady(`${this.name}-primary`)) {
            this.gaps.add(`${route.kind} ${this.name} leads to ${backends.join(", ")}`);
        }
    }

    private isReady(service: string): boolean {
        return this.slices
            .all()
            .some(
                ({ metadata, endpoints }) =>
                    metadata?.namespace === this.namespace &&
                    metadata.labels?.["kubernetes.io/service-name"] === service &&
                    (endpoints ?? []).some(({ conditions }) => conditions?.ready === true),
            );
    }
}

/** The names in all objects under that key, at any depth. */
function texts(tree: unknown, key: string): string[] {
    if (typeof tree !== "object" || tree === null) {
        return [];
    }
    return Object.entries(tree).flatMap(([name, value]) =>
        name === key
            ? [value].flat().map((one: { name?: string; host?: string }) => one.name ?? one.host ?? "")
            : texts(value, key),
    );
}
