import net from "node:net";

/** A socket of this machine's loopback, on a free port, to be handed on to the inside of a sandbox. */
export async function listen(): Promise<net.Server> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
}

/** A socket as something that a child process can be given. */
export function handleOf(server: net.Server): number {
    return (server as unknown as { _handle: { fd: number } })._handle.fd;
}

/** The address of what a program of the inside serves at a socket. */
export function addressOf(server: net.Server): string {
    return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/`;
}

/** Passes on what arrives at a socket that was opened outside to an address inside. */
export function handOn(fd: number, port: number, host: string): void {
    net.createServer((client) => {
        const server = net.connect(port, host);
        client.pipe(server).pipe(client);
        client.on("error", () => server.destroy());
        server.on("error", () => client.destroy());
    }).listen({ fd });
}
