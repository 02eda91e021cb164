import assert from "node:assert/strict";

import { FoundObject } from "../../../components/destroy/everyObject";
import { describeStuck, stuckObjects } from "../../../components/destroy/stuck";

const now = new Date("2026-11-27T12:00:00Z");

function object(kind: string, path: string, finalizers?: string[], deleted?: string): FoundObject {
    const [name, namespace] = path.split("/").reverse() as [string, string?];
    const apiVersion = { GatewayRoute: "appmesh.k8s.aws/v1beta2", Canary: "flagger.app/v1beta1" }[kind] ?? "v1";
    const deletionTimestamp = deleted as unknown as Date | undefined;
    const plural = { Canary: "canaries" }[kind] ?? `${kind.toLowerCase()}s`;
    return { apiVersion, kind, plural, metadata: { name, namespace, finalizers, deletionTimestamp } };
}

const appMeshs = "finalizers.appmesh.k8s.aws/aws-appmesh-resources";

describe("what is stuck", () => {
    it("is what was deleted and is still there, those that hold others first, and of these the longest", () => {
        const stuck = stuckObjects(
            [
                object("Namespace", "shop", undefined, "2026-11-27T11:50:00Z"),
                object("ConfigMap", "shop/alive", ["example.com/kept"]),
                object("Canary", "shop/late", ["finalizer.flagger.app"], "2026-11-27T11:59:30Z"),
                object("GatewayRoute", "shop/early", [appMeshs], "2026-11-27T11:55:00Z"),
                object("Deployment", "shop/waiting", ["foregroundDeletion"], "2026-11-27T11:00:00Z"),
            ],
            now,
        );
        assert.deepEqual(
            stuck.map(({ object, seconds, follows }) => [object.metadata.name, seconds, follows]),
            [
                ["early", 300, false],
                ["late", 30, false],
                ["waiting", 3600, true],
                ["shop", 600, true],
            ],
        );
    });

    it("is told with what holds it, who lets go of it, and the command that does it by hand", () => {
        const finalizers = [appMeshs, "example.com/other"];
        const stuck = stuckObjects([object("GatewayRoute", "shop/web", finalizers, "2026-11-27T11:54:30Z")], now);
        assert.equal(
            describeStuck(stuck, []),
            `1 object is deleted and still there:

GatewayRoute shop/web, deleted 5 min 30 s ago
  held by finalizers.appmesh.k8s.aws/aws-appmesh-resources: App Mesh's controller takes it off once nothing uses the object and AWS has deleted its counterpart.
  See that the controller runs. Where it is gone, or AWS no longer answers it, take the finalizer off; what is left in AWS then is to be deleted there. Webhooks that the controller left behind refuse that: delete them first (kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -o name | grep appmesh | xargs kubectl delete):
    kubectl -n shop patch gatewayroutes.appmesh.k8s.aws web --type merge -p '{"metadata":{"finalizers":["example.com/other"]}}'
  held by example.com/other: whatever put it there takes it off; the name says whose it is.
  See that its controller runs. Where it is gone, take the finalizer off, which leaves undone what it was to do:
    kubectl -n shop patch gatewayroutes.appmesh.k8s.aws web --type merge -p '{"metadata":{"finalizers":["finalizers.appmesh.k8s.aws/aws-appmesh-resources"]}}'
`,
        );
    });

    it("offers no command for what goes by itself", () => {
        const follows = [
            object("Namespace", "shop", undefined, "2026-11-27T11:50:00Z"),
            object("Deployment", "shop/web", ["foregroundDeletion"], "2026-11-27T11:50:00Z"),
            object("Pod", "shop/web-1", undefined, "2026-11-27T11:50:00Z"),
        ];
        const text = describeStuck(stuckObjects(follows, now), []);
        assert.doesNotMatch(text, /kubectl/);
        assert.match(text, /Namespace shop, deleted 10 min ago\n {2}goes when everything in it is gone\./);
        assert.match(text, /Pod shop\/web-1, .*\n {2}goes when its containers have ended/);
    });

    it("is said not to be known of what could not be listed", () => {
        assert.equal(
            describeStuck([], ["secrets (v1): secrets is forbidden"]),
            "Nothing in the cluster waits for its deletion.\n\nNot looked at, so there may be more:\n  secrets (v1): secrets is forbidden\n",
        );
    });
});
