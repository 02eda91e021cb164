import http from "node:http";

import { KubeConfig, V1Pod, V1Service } from "@kubernetes/client-node";

import { MeshObject, group, plurals, selects, version } from "./images/appMeshObjects";
import { ingressPort, proxyPort } from "./images/ports";
import { Watched } from "./kubelet/watch";

/** What came back, by the version that answered and the status. */
export interface Tally {
    requests: number;
    errors: number;
}

/**
 * Stands in for the users and for the mesh's gateway: sends requests to every application that a gateway route leads to, and
 * chooses among the pods by the weights of its virtual router, as App Mesh's proxies would.
 */
export class Traffic {
    private readonly objects: Record<
        "GatewayRoute" | "VirtualService" | "VirtualRouter" | "VirtualNode",
        Watched<MeshObject>
    >;
    private readonly services: Watched<V1Service>;
    private readonly timer: NodeJS.Timeout;
    private readonly gateways = new Map<string, http.Server>();
    private readonly tallies = new Map<string, Tally>();
    /** Where each router stands in its round, by target, so that shares are exact and not only likely. */
    private readonly credits = new Map<string, Map<string, number>>();

    constructor(
        kubeconfig: KubeConfig,
        private readonly pods: () => V1Pod[],
        requestsPerSecond: number,
    ) {
        const watched = (kind: keyof typeof plurals) =>
            new Watched<MeshObject>(kubeconfig, { group, version, plural: plurals[kind] });
        this.objects = {
            GatewayRoute: watched("GatewayRoute"),
            VirtualService: watched("VirtualService"),
            VirtualRouter: watched("VirtualRouter"),
            VirtualNode: watched("VirtualNode"),
        };
        this.services = new Watched(kubeconfig, { group: "", version: "v1", plural: "services" }, () =>
            this.openGateways(),
        );
        this.timer = setInterval(() => {
            for (const route of this.objects.GatewayRoute.all()) {
                this.send(route);
            }
        }, 1000 / requestsPerSecond);
    }

    /** What has been answered since the last time this was asked, by version. */
    take(): Map<string, Tally> {
        const taken = new Map(this.tallies);
        this.tallies.clear();
        return taken;
    }

    stop(): void {
        clearInterval(this.timer);
        this.services.stop();
        Object.values(this.objects).forEach((watched) => watched.stop());
        this.gateways.forEach((server) => server.close());
    }

    private send(route: MeshObject): void {
        const pod = this.choose(route);
        if (pod === undefined) {
            return;
        }
        const release = /:([^:/@]+)$/.exec(pod.spec?.containers[0]?.image ?? "")?.[1] ?? "unknown";
        const prefix = route.spec?.httpRoute?.match?.prefix ?? "/";
        const count = (failed: boolean) => {
            const tally = this.tallies.get(release) ?? { requests: 0, errors: 0 };
            this.tallies.set(release, { requests: tally.requests + 1, errors: tally.errors + (failed ? 1 : 0) });
        };
        http.get(
            { host: pod.status!.podIP, port: ingressPort, path: prefix, timeout: 15_000, agent: false },
            (answer) => {
                answer.resume();
                answer.on("end", () => count((answer.statusCode ?? 0) >= 500));
            },
        ).on("error", () => count(true));
    }

    /** The pod that gets the next request of a route. */
    private choose(route: MeshObject): V1Pod | undefined {
        const namespace = route.metadata!.namespace!;
        const near = (name: string | undefined, kind: keyof Traffic["objects"]) =>
            name === undefined ? undefined : this.objects[kind].get(namespace, name);
        const service = near(
            route.spec?.httpRoute?.action.target.virtualService.virtualServiceRef?.name,
            "VirtualService",
        );
        const router = near(service?.spec?.provider?.virtualRouter?.virtualRouterRef?.name, "VirtualRouter");
        const targets = router?.spec?.routes?.[0]?.httpRoute?.action.weightedTargets ?? [];
        const key = `${namespace}/${router?.metadata?.name}`;
        const credits = this.credits.get(key) ?? new Map<string, number>();
        this.credits.set(key, credits);
        let best: string | undefined;
        for (const { virtualNodeRef, weight } of targets) {
            const credit = (credits.get(virtualNodeRef!.name) ?? 0) + weight;
            credits.set(virtualNodeRef!.name, credit);
            if (weight > 0 && (best === undefined || credit > credits.get(best)!)) {
                best = virtualNodeRef!.name;
            }
        }
        if (best === undefined) {
            return undefined;
        }
        credits.set(best, credits.get(best)! - targets.reduce((sum, target) => sum + target.weight, 0));
        const node = near(best, "VirtualNode");
        const candidates = this.pods().filter(
            (pod) =>
                pod.metadata?.namespace === namespace &&
                pod.metadata.deletionTimestamp === undefined &&
                pod.status?.podIP !== undefined &&
                selects(node?.spec?.podSelector, pod.metadata.labels) &&
                pod.spec!.containers.some((c) =>
                    (c.ports ?? []).some((p) => proxyPort(pod, p.containerPort) !== undefined),
                ),
        );
        return candidates[Math.floor(Math.random() * candidates.length)];
    }

    /** Answers at the address of every load balancer, as a gateway's proxies would. */
    private openGateways(): void {
        for (const service of this.services.all()) {
            const address = service.status?.loadBalancer?.ingress?.[0]?.ip;
            if (address === undefined || this.gateways.has(address)) {
                continue;
            }
            const server = http.createServer((request, response) => {
                const route = this.objects.GatewayRoute.all().find((r) =>
                    (request.url ?? "/").startsWith(r.spec?.httpRoute?.match?.prefix ?? "/"),
                );
                const pod = route && this.choose(route);
                if (pod === undefined) {
                    response.writeHead(404).end();
                    return;
                }
                const upstream = http.request(
                    { host: pod.status!.podIP, port: ingressPort, path: request.url, method: request.method },
                    (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 502)),
                );
                upstream.on("error", () => response.writeHead(503).end());
                request.pipe(upstream);
            });
            server.on("error", () => this.gateways.delete(address));
            server.listen(service.spec?.ports?.[0]?.port ?? 80, address);
            this.gateways.set(address, server);
        }
    }
}
