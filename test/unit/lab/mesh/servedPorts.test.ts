import assert from "node:assert/strict";

import { servedPorts } from "../../../../lab/mesh/servedPorts";
import { workloadOf } from "../../../../lab/mesh/workload";
import { pod, servedWorld } from "./servedWorld";

describe("the ports on which a pod's application is asked", () => {
    const ports = (services: Parameters<typeof servedWorld>[1]) =>
        servedPorts(servedWorld([], services), pod(), "proxy");

    it("are those that its services lead to, by number or by name, and those that its containers name", () => {
        const selector = { app: "web" };
        assert.deepEqual(ports({}), [{ port: 9898, http2: false }]);
        assert.deepEqual(ports({ "web.apps": { selector, ports: [{ port: 80, targetPort: "http" }] } }), [
            { port: 9898, http2: false },
        ]);
        assert.deepEqual(ports({ "web.apps": { selector, ports: [{ port: 8080 }] } }), [
            { port: 8080, http2: false },
            { port: 9898, http2: false },
        ]);
    });

    it("are spoken to in HTTP/2 where the service's port says so", () => {
        const selector = { app: "web" };
        const http2 = (more: object) =>
            ports({ "web.apps": { selector, ports: [{ port: 80, targetPort: 9898, ...more }] } })[0]!.http2;
        assert.deepEqual([{ name: "grpc" }, { name: "grpc-web" }, { appProtocol: "h2c" }].map(http2), [
            true,
            true,
            true,
        ]);
        assert.deepEqual([{ name: "http" }, { name: "grpc", appProtocol: "http" }].map(http2), [false, false]);
    });

    it("are not those of services that select other pods, or in other namespaces", () => {
        const port = [{ port: 80 }];
        const only = [{ port: 9898, http2: false }];
        assert.deepEqual(ports({ "shop.apps": { selector: { app: "shop" }, ports: port } }), only);
        assert.deepEqual(ports({ "web.other": { selector: { app: "web" }, ports: port } }), only);
        assert.deepEqual(ports({ "web.apps": { ports: port } }), only);
    });
});

describe("the workload of a pod", () => {
    it("is the Deployment of its ReplicaSet", () => assert.equal(workloadOf(pod()), "web"));

    it("is its owner where that is another, or nobody's Deployment's", () => {
        const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "1", controller: true };
        assert.equal(workloadOf(pod({ ownerReferences: [owner] })), "agent");
        assert.equal(workloadOf(pod({ labels: {} })), "web-5d4f");
    });

    it("is the pod itself where nobody owns it", () =>
        assert.equal(workloadOf(pod({ ownerReferences: [] })), "web-5d4f-x"));
});
