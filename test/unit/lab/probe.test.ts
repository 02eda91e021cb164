import assert from "node:assert/strict";
import http from "node:http";
import net from "node:net";

import { V1Probe } from "@kubernetes/client-node";

import { isContainerReady } from "../../../lab/kubelet/probe";

describe("a readiness probe", () => {
    let server: http.Server;
    let port: number;
    let asked: { path?: string; header?: string | string[] }[];

    beforeEach(async () => {
        asked = [];
        server = http.createServer((request, response) => {
            asked.push({ path: request.url, header: request.headers["x-probe"] });
            response.writeHead(Number(/\d{3}/.exec(request.url ?? "")?.[0] ?? 200), { location: "/404" }).end();
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        port = (server.address() as net.AddressInfo).port;
    });

    afterEach(() => new Promise((resolve) => server.close(resolve)));

    const probe = (readinessProbe?: V1Probe) =>
        isContainerReady(
            { name: "app", ports: [{ name: "web", containerPort: port }], readinessProbe },
            { address: "127.0.0.1", pid: process.pid, environment: {} },
        );

    it("takes answers from 200 to 399 for success, without following them", async () => {
        const ready: number[] = [];
        for (const status of [200, 204, 302, 399, 400, 404, 500, 503]) {
            if (await probe({ httpGet: { path: `/${status}`, port } })) {
                ready.push(status);
            }
        }
        assert.deepEqual(ready, [200, 204, 302, 399]);
        assert.equal(asked.length, 8);
    });

    it("finds a port by its name, and sends the headers that it is given", async () => {
        assert.equal(await probe({ httpGet: { port: "web", httpHeaders: [{ name: "X-Probe", value: "1" }] } }), true);
        assert.deepEqual(asked, [{ path: "/", header: "1" }]);
    });

    it("is content with an open port where that is all it asks", async () => {
        assert.equal(await probe({ tcpSocket: { port: "web" } }), true);
        assert.equal(await probe({ grpc: { port } }), true);
        await new Promise((resolve) => server.close(resolve));
        assert.equal(await probe({ tcpSocket: { port: "web" } }), false);
        assert.equal(await probe({ grpc: { port } }), false);
        assert.equal(await probe({ httpGet: { port } }), false);
    });

    it("asks nothing where there is none", async () => {
        assert.equal(await probe(undefined), true);
    });
});
