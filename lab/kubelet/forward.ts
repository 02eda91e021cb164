import net from "node:net";

/** Where a connection goes. */
export interface Destination {
    host: string;
    port: number;
    /** What it was bound for, where a proxy takes it: told in front of it, in the PROXY protocol. */
    redirectedFrom?: { host: string; port: number };
}

/** Passes a connection on, in both directions, until either end is done with it. */
export function forward(client: net.Socket, { host, port, redirectedFrom }: Destination): void {
    const server = net.connect({ host, port, noDelay: true });
    client.setNoDelay(true);
    if (redirectedFrom !== undefined) {
        const { remoteAddress, remotePort } = client;
        server.write(`PROXY TCP4 ${remoteAddress} ${redirectedFrom.host} ${remotePort} ${redirectedFrom.port}\r\n`);
    }
    client.pipe(server).pipe(client);
    for (const [one, other] of [
        [client, server],
        [server, client],
    ] as const) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
    }
}
