import assert from "node:assert/strict";

import { at, valueOf } from "../../graph";
import { platform, refused } from "./platform";

describe("a Gateway API of one's own", () => {
    it("gets a Gateway of a class that exists, in a namespace of its own", async () => {
        const { nodes, node, result } = await platform({
            mesh: { provider: "gateway-api", gatewayApi: { gatewayClass: "cilium" } },
        });
        assert.deepEqual(
            nodes.map(({ key }) => key).filter((key) => /gateway/i.test(key)),
            ["Gateway dev-gateway", "Namespace dev-gateways"],
        );
        assert.deepEqual(node("Gateway dev-gateway").dependsOn, ["Namespace dev-gateways"]);
        assert.deepEqual(at(node("Gateway dev-gateway").props, "spec", "infrastructure"), {
            annotations: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" },
        });
        assert.equal(at(node("Release dev-flagger").props, "values", "meshProvider"), "gatewayapi:v1");
        const { address, ...ref } = result.connection.gateway!;
        assert.deepEqual(ref, { objectName: "dev", objectNamespace: "gateways" });
        assert.equal(await valueOf(address), "gateway.example");
    });

    it("joins a Gateway that exists without asking for the address that is given", async () => {
        const gateway = { name: "public", namespace: "edge", address: "shop.example", scheme: "https", port: 8443 };
        const { nodes, result } = await platform({ mesh: { provider: "gateway-api", gatewayApi: { gateway } } });
        assert.ok(!nodes.some(({ key }) => key.startsWith("Gateway ")));
        assert.deepEqual(result.connection.gateway, {
            address: "shop.example",
            scheme: "https",
            port: 8443,
            objectName: "public",
            objectNamespace: "edge",
        });
    });

    it("needs neither where applications bring their own", async () => {
        const { result } = await platform({
            mesh: { provider: "gateway-api" },
            addons: { gateway: { enabled: false } },
        });
        assert.equal(result.connection.gateway, undefined);
    });

    it("refuses to guess", async () => {
        assert.deepEqual(await refused({ mesh: { provider: "gateway-api" } }), [
            "mesh.gatewayApi.gatewayClass: nothing given, but it or a `gateway` is needed: nothing says whose Gateway " +
                "applications join. Name a GatewayClass to have a Gateway made, or a Gateway that exists; or leave the " +
                "Gateway to applications with `addons.gateway: { enabled: false }`.",
        ]);
    });

    it("refuses what is no Gateway", async () => {
        const lines = async (gatewayApi: unknown) => refused({ mesh: { provider: "gateway-api", gatewayApi } });
        assert.deepEqual(await lines({ gateway: { scheme: "ftp", port: 0 } }), [
            "mesh.gatewayApi.gateway.name: nothing given, but it is required. Say which Gateway it is.",
            "mesh.gatewayApi.gateway.namespace: nothing given, but it is required. Say which Gateway it is.",
            'mesh.gatewayApi.gateway.scheme: "ftp" is not the scheme of a gateway\'s addresses. Use http or https.',
            "mesh.gatewayApi.gateway.port: 0 is not a whole number from 1 to 65535 (a port). Give a number in that range.",
        ]);
        assert.deepEqual(await lines({ gatewayClass: "a", hostname: "Shop" }), [
            'mesh.gatewayApi.hostname: "Shop" is not a host name that a listener takes; the cluster would refuse the ' +
                'Gateway. Write it in lower case, like "app.example.com" or "*.example.com".',
        ]);
    });

    it("has no controller that could be installed", async () => {
        const [line] = await refused({
            mesh: { provider: "gateway-api", gatewayApi: { gatewayClass: "a" } },
            addons: { meshController: { replicas: 2 } },
        });
        assert.equal(
            line,
            'addons.meshController: ["replicas"] is nothing that a Gateway API of your own has. Leave it out.',
        );
    });
});
