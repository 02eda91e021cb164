import fs from "node:fs";
import net from "node:net";
import path from "node:path";

import { CoreV1Api, KubeConfig, V1EndpointSlice, V1Pod, V1Service } from "@kubernetes/client-node";

import { proxyPort } from "../images/ports";
import { Watched } from "./watch";

/**
 * Stands in for kube-proxy, the cluster's DNS and the cloud's load balancers: every service address answers, by passing
 * connections on to a ready pod; every service has its names in a hosts file per namespace; and every service of type
 * LoadBalancer gets an address.
 */
export class Services {
    private readonly listeners = new Map<string, net.Server>();
    private readonly services: Watched<V1Service>;
    private readonly slices: Watched<V1EndpointSlice>;
    private readonly hostsOf = new Set<string>();
    private turn = 0;

    constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly folder: string,
        private readonly podAt: (address: string) => V1Pod | undefined,
    ) {
        fs.mkdirSync(folder, { recursive: true });
        this.services = new Watched(kubeconfig, { group: "", version: "v1", plural: "services" }, () => this.update());
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
            for (const port of service.spec?.ports ?? []) {
                wanted.set(`${address}:${port.port}`, {
                    address: address!,
                    port: port.port,
                    service,
                    portName: port.name,
                });
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
                const server = net.createServer((client) =>
                    this.connect(client, service.metadata!.namespace!, service.metadata!.name!, portName),
                );
                server.on("error", () => this.listeners.delete(key));
                server.listen(port, address);
                this.listeners.set(key, server);
            }
        }
        for (const namespace of this.hostsOf) {
            this.writeHosts(namespace);
        }
    }

    private connect(client: net.Socket, namespace: string, name: string, portName: string | undefined): void {
        const endpoints = this.slices
            .all()
            .filter(
                (slice) =>
                    slice.metadata?.namespace === namespace &&
                    slice.metadata.labels?.["kubernetes.io/service-name"] === name,
            )
            .flatMap((slice) => {
                const port = (slice.ports ?? []).find((p) => (p.name ?? "") === (portName ?? "")) ?? slice.ports?.[0];
                return (slice.endpoints ?? [])
                    .filter((e) => e.conditions?.ready !== false)
                    .flatMap((e) => e.addresses.map((address) => ({ address, port: port?.port })));
            });
        const endpoint = endpoints[this.turn++ % Math.max(endpoints.length, 1)];
        if (endpoint?.port === undefined) {
            client.destroy();
            return;
        }
        const pod = this.podAt(endpoint.address);
        const server = net.connect(proxyPort(pod, endpoint.port) ?? endpoint.port, endpoint.address);
        client.pipe(server).pipe(client);
        for (const [one, other] of [
            [client, server],
            [server, client],
        ] as const) {
            one.on("error", () => other.destroy());
            one.on("close", () => other.destroy());
        }
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
            const names = [`${name}.${home}`, `${name}.${home}.svc`, `${name}.${home}.svc.cluster.local`];
            lines.push([address, ...names, ...(home === namespace ? [name] : [])].join(" "));
        }
        // In place: running pods have this very file mounted.
        fs.writeFileSync(path.join(this.folder, namespace), `${lines.join("\n")}\n`);
    }
}
