import http from "node:http";

import { KubeConfig, V1Pod, V1Service } from "@kubernetes/client-node";

import { MeshObject, group, plurals, selects, version } from "./images/appMeshObjects";
import { ingressPort, proxyPort } from "./images/ports";
import { isReady } from "./kubelet/podStatus";
import { Watched } from "./kubelet/watch";
import { RouteRequest, chooseRoute } from "./routeMatch";

/** What came back, by the version that answered and the status. */
export interface Tally {
    requests: number;
    errors: number;
}

type Headers = RouteRequest["headers"];

/** The two kinds of users: everyone, and those whom an A/B test may ask for. They take turns. */
const users: Headers[] = [
    { "user-agent": "Safari" },
    { "user-agent": "Mozilla/5.0 Firefox/142.0", cookie: "session=1; type=insider", "x-canary": "insider" },
];

/** A lab with many applications would otherwise spend all its time on their users. */
const applicationsAtOnce = 3;

/**
 * Stands in for the users and for the mesh's gateway: sends requests to every application that a gateway route leads to, and
 * chooses among the pods by the routes and weights of its virtual router, as App Mesh's proxies would.
 */
export class Traffic {
    private readonly objects: Record<
        "GatewayRoute" | "VirtualService" | "VirtualRouter" | "VirtualNode",
        Watched<MeshObject>
    >;
    private readonly services: Watched<V1Service>;
    private readonly timer: NodeJS.Timeout;
    private next = 0;
    private readonly gateways = new Map<string, http.Server>();
    private readonly tallies = new Map<string, Tally>();
    /** Where each route of a router stands in its round, by target, so that shares are exact and not only likely. */
    private readonly credits = new Map<string, Map<string, number>>();
    /** How many users each application has had, by route. */
    private readonly visits = new Map<string, number>();

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
            for (const route of this.turn()) {
                this.send(route, this.nextUser(route));
            }
        }, 1000 / requestsPerSecond);
    }

    /** Whose users come now: everybody's while there are few applications, each in turn where there are many. */
    private turn(): MeshObject[] {
        const routes = this.objects.GatewayRoute.all();
        const count = Math.min(routes.length, applicationsAtOnce);
        const chosen = Array.from({ length: count }, (_, i) => routes[(this.next + i) % routes.length]!);
        this.next += count;
        return chosen;
    }

    /** Each application gets as many of one kind as of the other. */
    private nextUser({ metadata }: MeshObject): Headers {
        const key = `${metadata!.namespace}/${metadata!.name}`;
        const visits = this.visits.get(key) ?? 0;
        this.visits.set(key, visits + 1);
        return users[visits % users.length]!;
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

    private send(route: MeshObject, headers: Headers): void {
        const prefix = route.spec?.httpRoute?.match?.prefix ?? "/";
        const pod = this.choose(route, { path: prefix, headers });
        if (pod === undefined) {
            return;
        }
        const release = /:([^:/@]+)$/.exec(pod.spec?.containers[0]?.image ?? "")?.[1] ?? "unknown";
        const count = (failed: boolean) => {
            const tally = this.tallies.get(release) ?? { requests: 0, errors: 0 };
            this.tallies.set(release, { requests: tally.requests + 1, errors: tally.errors + (failed ? 1 : 0) });
        };
        http.get(
            { host: pod.status!.podIP, port: ingressPort, path: prefix, headers, timeout: 15_000, agent: false },
            (answer) => {
                answer.resume();
                answer.on("end", () => count((answer.statusCode ?? 0) >= 500));
            },
        ).on("error", () => count(true));
    }

    /** The pod that gets a request that a gateway route lets in. */
    private choose(route: MeshObject, request: RouteRequest): V1Pod | undefined {
        const namespace = route.metadata!.namespace!;
        const near = (name: string | undefined, kind: keyof Traffic["objects"]) =>
            name === undefined ? undefined : this.objects[kind].get(namespace, name);
        const service = near(
            route.spec?.httpRoute?.action.target.virtualService.virtualServiceRef?.name,
            "VirtualService",
        );
        const router = near(service?.spec?.provider?.virtualRouter?.virtualRouterRef?.name, "VirtualRouter");
        const chosen = chooseRoute(router?.spec?.routes ?? [], request);
        const targets = chosen?.httpRoute?.action.weightedTargets ?? [];
        const key = `${namespace}/${router?.metadata?.name}/${chosen?.name}`;
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
                isReady(pod) &&
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
                const { headers, method } = request;
                const path = request.url ?? "/";
                const pod = route && this.choose(route, { path, headers });
                if (pod === undefined) {
                    response.writeHead(404).end();
                    return;
                }
                const upstream = http.request(
                    { host: pod.status!.podIP, port: ingressPort, path, method, headers },
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
