import assert from "node:assert/strict";

import fc from "fast-check";

import { addressOf, serviceNamed } from "../../../../lab/mesh/serviceNames";
import { world } from "./meshWorld";

const cluster = world([], { "podinfo.apps": "10.96.0.7", "podinfo.other": "10.96.0.8", "headless.apps": "None" });

describe("names of services", () => {
    it("mean the service, however long they are", () => {
        for (const ending of ["", ".svc", ".svc.cluster.local", ".svc.cluster.local."]) {
            assert.equal(addressOf(cluster, `podinfo.apps${ending}`), "10.96.0.7");
            assert.equal(addressOf(cluster, `podinfo.other${ending}`), "10.96.0.8");
        }
    });

    it("stay names where there is no such address", () => {
        for (const name of ["podinfo", "podinfo.none", "headless.apps", "db.example.com", "podinfo.apps.svc.example"]) {
            assert.equal(addressOf(cluster, name), name);
        }
        assert.equal(serviceNamed(cluster, "headless.apps")?.metadata?.name, "headless");
        assert.equal(serviceNamed(cluster, "podinfo"), undefined);
    });

    it("find every service by each of its names", () => {
        const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
        const ending = fc.constantFrom("", ".", ".svc", ".svc.cluster.local");
        fc.assert(
            fc.property(label, label, ending, (name, namespace, end) => {
                const one = world([], { [`${name}.${namespace}`]: "10.96.1.1" });
                assert.equal(addressOf(one, `${name}.${namespace}${end}`), "10.96.1.1");
            }),
        );
    });
});
