import { execFileSync } from "node:child_process";

/** The addresses of the lab's own network. */
export const network = {
    bridge: "lab0",
    /** The node's address: the gateway of the pods, and where the API server is. */
    node: "10.244.0.1",
    /** The first pod's address and the width of the network. */
    firstPod: "10.244.1.1/16",
    services: "10.96.0.0/16",
    /** Load balancers get an address from here. */
    loadBalancers: "10.97.0.0/16",
    /** The node's address in the range of the proxies: what a pod's proxy sends comes from this range, all else from the pod's. */
    nodeOfProxies: "10.245.0.1",
    /** Where the proxies of meshes ask what they have to do. */
    discovery: { host: "10.245.0.1", port: 15010 },
    /** The first service address: the API server as pods see it. */
    kubernetesService: "10.96.0.1",
    /** The address from which the proxy of a pod sends. */
    proxyAddress: (pod: string) => pod.replace(/^10\.244\./, "10.245."),
} as const;

/** Runs `ip`. */
export function ip(...args: string[]): void {
    execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** Sets up the lab's network: a bridge for the pods, and service addresses that are local ones. */
export function setUpNetwork(): void {
    ip("link", "set", "lo", "up");
    // With an address of its own: otherwise the bridge takes the lowest of its ports', and whenever a new pod brings a lower
    // one, every other pod answers to an address that is gone until it asks again.
    ip("link", "add", network.bridge, "address", "02:00:0a:f4:00:01", "type", "bridge");
    ip("addr", "add", `${network.node}/16`, "dev", network.bridge);
    ip("addr", "add", `${network.nodeOfProxies}/16`, "dev", network.bridge);
    ip("link", "set", network.bridge, "up");
    for (const range of [network.services, network.loadBalancers]) {
        ip("route", "add", "local", range, "dev", "lo");
    }
}
