import assert from "node:assert/strict";

import * as client from "@kubernetes/client-node";

import { phaseOf } from "../../../components/operate/phases";
import { ClusterSource } from "../../../components/page/cluster";
import { ApiServer, Script, kubeconfigFor } from "../delivery/promotion/apiServer";

const everywhere = {
    canaries: "/apis/flagger.app/v1beta1/canaries",
    events: "/api/v1/events?fieldSelector=involvedObject.kind%3DCanary&resourceVersion=0",
};
const inShop = {
    canaries: "/apis/flagger.app/v1beta1/namespaces/shop/canaries",
    events: "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.kind%3DCanary&resourceVersion=0",
};
const web = {
    metadata: { namespace: "shop", name: "web" },
    spec: { targetRef: { kind: "Deployment", name: "front" } },
};
const said = (name: string, message: string, second: number) => ({
    metadata: {},
    involvedObject: { kind: "Canary", namespace: "shop", name },
    message,
    lastTimestamp: `2026-01-01T00:00:0${second}Z`,
});
const running = (image: string) => ({ spec: { template: { spec: { containers: [{ image }, { image: "other" }] } } } });

const at = (phase: string) => phaseOf({ ...web, status: { phase } }, [], [], 0);

describe("a cluster that the page shows", () => {
    let server: ApiServer | undefined;

    afterEach(() => server?.stop());

    async function source(script: Script, namespace?: string): Promise<ClusterSource> {
        server = await new ApiServer(script).start();
        const kubeconfig = new client.KubeConfig();
        kubeconfig.loadFromString(kubeconfigFor(server.port, "token-of-mine"));
        return new ClusterSource(client, kubeconfig, namespace);
    }

    it("is asked for Canaries and for what was said of them, which comes to each in its order", async () => {
        const shown = await source({
            [everywhere.canaries]: [{ items: [web] }],
            [everywhere.events]: [
                { items: [said("web", "later", 2), said("other", "else", 1), said("web", "first", 0)] },
            ],
        });
        const { canaries, events, problems } = await shown.look();
        assert.deepEqual([canaries.length, problems], [1, []]);
        assert.deepEqual(
            events.get("shop/web")?.map(({ message }) => message),
            ["first", "later"],
        );
        assert.deepEqual(new Set(server!.tokens), new Set(["Bearer token-of-mine"]));
    });

    it("is asked of one namespace alone where one is given", async () => {
        const shown = await source({ [inShop.canaries]: [{ items: [web] }], [inShop.events]: [{ items: [] }] }, "shop");
        assert.equal((await shown.look()).canaries.length, 1);
        assert.deepEqual([...server!.asked].sort(), [inShop.events, inShop.canaries].sort());
        assert.equal(shown.cluster, "c, namespace shop");
    });

    it("is asked no oftener for many who look, but again for who looks after a failure", async () => {
        const shown = await source({
            [everywhere.canaries]: [[500, "etcd has no leader"], { items: [web] }],
            [everywhere.events]: [{ items: [] }],
        });
        await assert.rejects(shown.look(), /etcd has no leader/);
        await Promise.all([shown.look(), shown.look(), shown.look()]);
        assert.equal(server!.count(everywhere.canaries), 2);
    });

    it("whose events may not be read is shown without them, and says so", async () => {
        const shown = await source({
            [everywhere.canaries]: [{ items: [web] }],
            [everywhere.events]: [[403, "events is forbidden"]],
        });
        const { canaries, events, problems } = await shown.look();
        assert.deepEqual([canaries.length, events.size], [1, 0]);
        assert.match(problems.join(), /What Flagger said cannot be shown.*events is forbidden.*docs\/watch\.md/);
    });

    it("that has no Flagger yet is one without Canaries, and says why", async () => {
        const shown = await source({ [everywhere.events]: [{ items: [] }] });
        const { canaries, problems } = await shown.look();
        assert.deepEqual(canaries, []);
        assert.deepEqual(problems, ["This cluster knows no Canaries: Flagger is not installed in it, or not yet."]);
    });

    it("that does not let its Canaries be read is no empty one", async () => {
        const shown = await source({
            [everywhere.canaries]: [[403, "canaries is forbidden"]],
            [everywhere.events]: [{ items: [] }],
        });
        await assert.rejects(shown.look(), /canaries is forbidden/);
    });

    it("says which images the target and the primary run, where it may be asked", async () => {
        const path = (kind: string, name: string) => `/apis/apps/v1/namespaces/shop/${kind}/${name}`;
        const shown = await source({
            [path("deployments", "front")]: [running("web:2")],
            [path("deployments", "front-primary")]: [[403, "deployments is forbidden"]],
            [path("daemonsets", "agent")]: [running("agent:2")],
            [path("daemonsets", "agent-primary")]: [running("agent:1")],
        });
        const of = async (kind: string, name: string) => {
            const { images, around } = await shown.around(
                { ...web, spec: { targetRef: { kind, name } } },
                at("Succeeded"),
            );
            return [images, around.workloads !== undefined];
        };
        // What may not be read is not known to be missing.
        assert.deepEqual(await of("Deployment", "front"), [{ target: "web:2", primary: undefined }, false]);
        assert.deepEqual(await of("DaemonSet", "agent"), [{ target: "agent:2", primary: "agent:1" }, true]);
        assert.deepEqual(await of("Deployment", "gone"), [{ target: undefined, primary: undefined }, true]);
        const before = server!.asked.length;
        assert.deepEqual(await of("Service", "front"), [{ target: undefined, primary: undefined }, false]);
        assert.equal(server!.asked.length, before, "a Service runs nothing");
    });

    it("is never asked for a Secret", async () => {
        const shown = await source({
            [everywhere.canaries]: [{ items: [web] }],
            [everywhere.events]: [{ items: [] }],
        });
        await shown.look();
        await shown.around(web, at("Waiting"));
        await shown.measured(web, 0, 60_000);
        assert.ok(server!.asked.length >= 5);
        assert.deepEqual(
            server!.asked.filter((path) => /secret/i.test(path)),
            [],
        );
    });
});
