import assert from "node:assert/strict";

import fc from "fast-check";

import {
    GatewayAddonArgs,
    checkGateway,
    gatewayAnnotations,
    gatewayConnection,
    gatewayUrl,
} from "../../components/gateway";
import { valueOf } from "./graph";
import { linesOf, pathsOf } from "./problems";

const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555";
const prefix = "service.beta.kubernetes.io";
const annotations = async (addon?: GatewayAddonArgs) =>
    Object.fromEntries(
        await Promise.all(
            Object.entries(gatewayAnnotations(addon)).map(async ([key, value]) => [
                key.replace(`${prefix}/`, ""),
                await valueOf(value),
            ]),
        ),
    ) as Record<string, string>;

describe("the gateway's annotations", () => {
    it("make a public load balancer, whichever controller makes it", async () => {
        assert.deepEqual(await annotations(), { "aws-load-balancer-scheme": "internet-facing" });
    });

    it("keep it in the VPC for both controllers", async () => {
        assert.deepEqual(await annotations({ internal: true }), {
            "aws-load-balancer-scheme": "internal",
            "aws-load-balancer-internal": "true",
        });
    });

    it("let in who is allowed to, end TLS there, and take the user's own last", async () => {
        assert.deepEqual(
            await annotations({
                sourceRanges: ["10.0.0.0/8", "203.0.113.7/32"],
                tls: { certificateArn, policy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
                annotations: { "example.com/owner": "edge", [`${prefix}/aws-load-balancer-scheme`]: "internal" },
            }),
            {
                "aws-load-balancer-scheme": "internal",
                "load-balancer-source-ranges": "10.0.0.0/8,203.0.113.7/32",
                "aws-load-balancer-ssl-cert": certificateArn,
                "aws-load-balancer-ssl-ports": "443",
                "aws-load-balancer-ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
                "example.com/owner": "edge",
            },
        );
    });

    it("say nothing of a load balancer where there is none", async () => {
        assert.deepEqual(await annotations({ type: "ClusterIP", annotations: { a: "b" } }), { a: "b" });
    });
});

describe("gatewayUrl", () => {
    const url = (addon?: GatewayAddonArgs) => valueOf(gatewayUrl(gatewayConnection("edge.example", addon), "/shop"));

    it("has the scheme that the gateway speaks, and a port only where it is not the scheme's own", async () => {
        assert.equal(await url(), "http://edge.example/shop");
        assert.equal(await url({ tls: { certificateArn } }), "https://edge.example/shop");
        assert.equal(await url({ tls: { certificateArn, port: 8443 } }), "https://edge.example:8443/shop");
    });

    it("takes a connection that an older version made", async () => {
        assert.equal(await valueOf(gatewayUrl({ address: "edge.example" }, "/")), "http://edge.example/");
    });
});

describe("checkGateway", () => {
    const lines = (addon: unknown) => linesOf((problems) => checkGateway(problems, "gateway", addon as never));

    it("takes what is sound", () => {
        assert.deepEqual(lines(undefined), []);
        assert.deepEqual(lines({ type: "NodePort", internal: false, sourceRanges: undefined }), []);
        assert.deepEqual(
            lines({ internal: true, sourceRanges: ["0.0.0.0/0"], tls: { certificateArn, port: 8443 } }),
            [],
        );
    });

    it("refuses a type, a switch and annotations that are none", () => {
        assert.deepEqual(lines({ type: "ExternalName", internal: "yes", annotations: { a: 1 } }), [
            'gateway.type: "ExternalName" is not a type of Service that a gateway can have. ' +
                "Use one of LoadBalancer, NodePort, ClusterIP.",
            'gateway.internal: "yes" is neither true nor false. Give one of the two, without quotes.',
            "gateway.annotations.a: 1 is not a string, and Kubernetes takes nothing else here. Put it in quotes.",
        ]);
    });

    it("refuses what only a load balancer can do without one", () => {
        const tls = { certificateArn };
        assert.deepEqual(
            pathsOf((problems) =>
                checkGateway(problems, "g", { type: "ClusterIP", internal: true, sourceRanges: ["10.0.0.0/8"], tls }),
            ),
            ["g.internal", "g.sourceRanges", "g.tls"],
        );
    });

    it("refuses TLS without a sound certificate, port and policy", () => {
        assert.deepEqual(lines({ tls: {} }), [
            "gateway.tls.certificateArn: nothing given, but it is required. " +
                "Give the `arn` of an aws.acm.Certificate in the cluster's region.",
        ]);
        assert.deepEqual(
            pathsOf((problems) =>
                checkGateway(problems, "g", {
                    tls: { certificateArn: "arn:aws:iam::1:server-certificate/x", port: 0, policy: "TLS13" },
                }),
            ),
            ["g.tls.certificateArn", "g.tls.port", "g.tls.policy"],
        );
    });

    it("refuses ranges that are none", () => {
        assert.deepEqual(lines({ sourceRanges: ["10.0.0.1"] }), [
            'gateway.sourceRanges[0]: "10.0.0.1" is not a range of IPv4 addresses: the load balancer would not be made. ' +
                'Write it like "203.0.113.0/24", or "203.0.113.7/32" for one address.',
        ]);
        const wrong = ["10.0.0.0/33", "10.0.0/8", "256.0.0.0/8", "010.0.0.0/8", "::/0", "", 8, null];
        assert.equal(lines({ sourceRanges: wrong }).length, wrong.length);
        fc.assert(
            fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, bits) => {
                assert.deepEqual(lines({ sourceRanges: [`${address}/${bits}`] }), []);
            }),
        );
    });
});
