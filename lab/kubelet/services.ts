import fs from "node:fs";
import net from "node:net";
import path from "node:path";

import { CoreV1Api, KubeConfig, V1EndpointSlice, V1Pod, V1Service } from "@kubernetes/client-node";

import { Proxies } from "../mesh/proxies";
import { Destination, forward } from "./forward";
import { Watched } from "./watch";

/**
 * Stands in for kube-proxy, the cluster's DNS, the cloud's load balancers and the redirection that a mesh sets up in its pods:
 * every service address answers, by passing connections on to a ready pod, through the proxies of both ends where they have
 * one; every service has its names in a hosts file per namespace; and every service of type LoadBalancer gets an address.
 */
export class Services {
    private readonly listeners = new Map<string, net.Server>();
    private readonly services: Watched<V1Service>;
    private readonly slices: Watched<V1EndpointSlice>;
    private readonly hostsOf = new Set<string>();
    private turn = 0;
    proxies!: Proxies;

    constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly folder: string,
        private readonly podAt: (address: string) => V1Pod | undefined,
    ) {
        fs.mkdirSync(folder, { recursive: true });
        this.services = new Watched(kubeconfig, { group: "", version: "v1", plural: "services" }, () => {
            this.update();
            this.proxies.changed();
        });
        this.slices = new Watched(kubeconfig, {
            group: "discovery.k8s.io",
            version: "v1",
            plural: "endpointslices",
        });
    }

    /** The hosts file for pods of a namespace, in which the namespace's own services have short names too. */
    hosts(namespace: string): string {
        this.hostsOf.add(namespace);
        this.writeHosts(namespace);
        return path.join(this.folder, namespace);
    }

    all(): V1Service[] {
        return this.services.all();
    }

    stop(): void {
        this.services.stop();
        this.slices.stop();
        for (const server of this.listeners.values()) {
            server.close();
        }
    }

    private update(): void {
        const wanted = new Map<string, { address: string; port: number; service: V1Service; portName?: string }>();
        for (const service of this.services.all()) {
            const address = service.spec?.clusterIP;
            if (address === undefined || address === "None" || service.spec?.selector === undefined) {
                // The API server's own service has no selector, but an endpoint of its own.
                if (service.metadata?.name !== "kubernetes") {
                    continue;
                }
            }
            const addresses = [
                address!,
                ...(service.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []),
            ];
            for (const { port, name } of service.spec?.ports ?? []) {
                for (const at of addresses) {
                    wanted.set(`${at}:${port}`, { address: at, port, service, portName: name });
                }
            }
            if (service.spec?.type === "LoadBalancer" && service.status?.loadBalancer?.ingress === undefined) {
                void this.giveAddress(service);
            }
        }
        for (const [key, server] of this.listeners) {
            if (!wanted.has(key)) {
                server.close();
                this.listeners.delete(key);
            }
        }
        for (const [key, { address, port, service, portName }] of wanted) {
            if (!this.listeners.has(key)) {
                const server = net.createServer((client) => {
                    const destination =
                        this.ownProxy(client, { host: address, port }) ?? this.endpoint(service, portName);
                    if (destination === undefined) {
                        client.destroy();
                    } else {
                        forward(client, destination);
                    }
                });
                server.on("error", () => this.listeners.delete(key));
                server.listen(port, address);
                this.listeners.set(key, server);
            }
        }
        for (const namespace of this.hostsOf) {
            this.writeHosts(namespace);
        }
    }

    /** The proxy of the pod that connects, if it has one that takes what the pod sends. What the proxy itself sends it does not. */
    private ownProxy(client: net.Socket, redirectedFrom: { host: string; port: number }): Destination | undefined {
        const host = client.remoteAddress!;
        const pod = this.podAt(host);
        const mesh = this.proxies.meshOf(pod);
        return mesh?.redirectsOutbound(pod!) ? { host, port: mesh.ports.outbound, redirectedFrom } : undefined;
    }

    /** A ready pod of a service, each in turn; its proxy, if it has one before this port. */
    private endpoint({ metadata }: V1Service, portName: string | undefined): Destination | undefined {
        const { namespace, name } = metadata!;
        const endpoints = this.slices
            .all()
            .filter(
                (slice) =>
                    slice.metadata?.namespace === namespace &&
                    slice.metadata?.labels?.["kubernetes.io/service-name"] === name,
            )
            .flatMap((slice) => {
                const port = (slice.ports ?? []).find((p) => (p.name ?? "") === (portName ?? "")) ?? slice.ports?.[0];
                return (slice.endpoints ?? [])
                    .filter((e) => e.conditions?.ready !== false)
                    .flatMap((e) => e.addresses.map((address) => ({ address, port: port?.port })));
            });
        const endpoint = endpoints[this.turn++ % Math.max(endpoints.length, 1)];
        if (endpoint?.port === undefined) {
            return undefined;
        }
        const { address: host, port } = endpoint;
        const pod = this.podAt(host);
        const mesh = this.proxies.meshOf(pod);
        return mesh?.redirects(pod!, port)
            ? { host, port: mesh.ports.inbound, redirectedFrom: { host, port } }
            : { host, port };
    }

    private async giveAddress(service: V1Service): Promise<void> {
        const { name, namespace } = service.metadata!;
        const octets = service.spec!.clusterIP!.split(".");
        const hostname = `10.97.${octets[2]}.${octets[3]}`;
        await this.kubeconfig
            .makeApiClient(CoreV1Api)
            .replaceNamespacedServiceStatus({
                name: name!,
                namespace: namespace!,
                body: { ...service, status: { loadBalancer: { ingress: [{ ip: hostname }] } } },
            })
            .catch(() => undefined);
    }

    private writeHosts(namespace: string): void {
        const lines = ["127.0.0.1 localhost"];
        for (const service of this.services.all()) {
            const { name, namespace: home } = service.metadata!;
            const address = service.spec?.clusterIP;
            if (address === undefined || address === "None") {
                continue;
            }
            const full = `${name}.${home}.svc.cluster.local`;
            // Also with the root's dot, by which a name is not tried in search domains: Envoy looks for the very same letters.
            const names = [`${name}.${home}`, `${name}.${home}.svc`, full, `${full}.`];
            lines.push([address, ...names, ...(home === namespace ? [name] : [])].join(" "));
        }
        // In place: running pods have this very file mounted.
        fs.writeFileSync(path.join(this.folder, namespace), `${lines.join("\n")}\n`);
    }
}
