import assert from "node:assert/strict";

import { fullHost, serviceOf, sharedHost } from "../../../../../lab/mesh/istio/hosts";
import { envoyDuration, fraction } from "../../../../../lab/mesh/istio/numbers";

describe("a host of Istio's", () => {
    it("is a service of the object's namespace where it has no dot", () => {
        assert.equal(fullHost("web", "apps"), "web.apps.svc.cluster.local");
        assert.equal(fullHost("web.example.com", "apps"), "web.example.com");
        assert.equal(fullHost("*", "apps"), "*");
    });

    it("means a service by its full name alone", () => {
        assert.deepEqual(serviceOf("web.apps.svc.cluster.local"), { name: "web", namespace: "apps" });
        assert.equal(serviceOf("web.apps"), undefined);
        assert.equal(serviceOf("*.apps.svc.cluster.local"), undefined);
    });

    it("is shared with a gateway where one covers the other, and is then the narrower of the two", () => {
        const namespaces = { gateway: "ingress", service: "apps" };
        const shared = (host: string, server: string) => sharedHost(host, server, namespaces);
        assert.equal(shared("web.example.com", "*.example.com"), "web.example.com");
        assert.equal(shared("*.example.com", "web.example.com"), "web.example.com");
        assert.equal(shared("web.example.com", "other.example.com"), undefined);
        assert.equal(shared("web.example.com", "./*"), undefined);
        assert.equal(sharedHost("web.example.com", "./*", { ...namespaces, gateway: "apps" }), "web.example.com");
    });
});

describe("a number of Istio's", () => {
    it("is a duration in seconds for Envoy", () => {
        assert.deepEqual(["10s", "500ms", "1m30s", "1h"].map(envoyDuration), ["10s", "0.5s", "90s", "3600s"]);
    });

    it("is a part of a million for Envoy", () => {
        assert.deepEqual(fraction(0.1), { numerator: 1000, denominator: "MILLION" });
    });
});
