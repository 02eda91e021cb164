import assert from "node:assert/strict";

import { VirtualService, find, hostOf, selects, serviceOf } from "../../../../../lab/mesh/appMesh/objects";
import { object, world } from "../meshWorld";

const podinfo = object("VirtualService", "podinfo", {});
const elsewhere = object("VirtualService", "podinfo.other", {});
const database = object("VirtualService", "db", { awsName: "db.data.svc.cluster.local" });
const cluster = world([podinfo, elsewhere, database]);

describe("App Mesh's objects", () => {
    it("are selected by all labels that are asked for", () => {
        const selector = { matchLabels: { app: "podinfo", tier: "web" } };
        assert.equal(selects(selector, { app: "podinfo", tier: "web", more: "1" }), true);
        assert.equal(selects(selector, { app: "podinfo" }), false);
        assert.equal(selects(selector, { app: "podinfo", tier: "data" }), false);
        assert.equal(selects(selector, undefined), false);
    });

    it("are all selected by an empty selector, and none by one that is not there", () => {
        const labelled: (Record<string, string> | undefined)[] = [undefined, {}, { app: "podinfo" }];
        for (const labels of labelled) {
            assert.equal(selects({}, labels), true);
            assert.equal(selects({ matchLabels: {} }, labels), true);
            assert.equal(selects(undefined, labels), false);
        }
    });

    it("are found near whoever refers to them, unless the reference says where", () => {
        assert.equal(find(cluster, "VirtualService", { name: "podinfo" }, "apps"), podinfo);
        assert.equal(find(cluster, "VirtualService", { name: "podinfo" }, "other"), elsewhere);
        assert.equal(find(cluster, "VirtualService", { name: "podinfo", namespace: "other" }, "apps"), elsewhere);
        assert.equal(find(cluster, "VirtualService", { name: "podinfo" }, "nowhere"), undefined);
        assert.equal(find(cluster, "VirtualService", undefined, "apps"), undefined);
        assert.equal(find(cluster, "VirtualNode", { name: "podinfo" }, "apps"), undefined);
    });

    it("have the host that AWS knows them by", () => {
        assert.equal(hostOf(podinfo as VirtualService), "podinfo.apps");
        assert.equal(hostOf(database as VirtualService), "db.data.svc.cluster.local");
    });

    it("are found by an ARN wherever they are", () => {
        const arn = (host: string) => ({
            virtualServiceARN: `arn:aws:appmesh:eu-central-1:1:mesh/global/virtualService/${host}`,
        });
        assert.equal(serviceOf(cluster, arn("db.data.svc.cluster.local"), "nowhere"), database);
        assert.equal(serviceOf(cluster, arn("podinfo.other"), "apps"), elsewhere);
        assert.equal(serviceOf(cluster, arn("podinfo"), "apps"), undefined);
        assert.equal(serviceOf(cluster, { virtualServiceRef: { name: "podinfo" } }, "apps"), podinfo);
        assert.equal(serviceOf(cluster, {}, "apps"), undefined);
    });
});
