import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs } from "../../index";
import { ApiServer, Script, canaries, canary, deployment, kubeconfigFor, paths } from "./delivery/promotion/apiServer";
import { Update, until } from "./delivery/promotion/update";
import { connection } from "./devStack";
import { graph } from "./graph";

describe("CanaryApp with waitForPromotion", function () {
    this.slow(8_000);
    let server: ApiServer | undefined;
    let running: Update | undefined;

    const args = (port: number): CanaryAppArgs => ({
        platform: { ...connection, kubeconfig: kubeconfigFor(port), identity: undefined, gateway: undefined },
        namespace: "shop",
        workload: { image: "web:2", port: 80 },
        analysis: { interval: "1m", threshold: 1, steps: { stepWeight: 50 } },
        loadTester: { enabled: false },
    });
    const after = (component: pulumi.Resource) => new k8s.core.v1.ConfigMap("after", {}, { dependsOn: [component] });
    const start = async (script: Script): Promise<ApiServer> => {
        server = await new ApiServer({
            [paths.target]: [deployment("web:2")],
            [paths.primary]: [deployment("web:2")],
            [paths.events]: [{ items: [] }],
            ...script,
        }).start();
        return server;
    };
    const made = ["Canary", "Deployment", "Namespace", "ServiceAccount"];

    afterEach(() => {
        running?.stop();
        server?.stop();
    });

    it("lets nobody wait in a preview, and asks nobody", async () => {
        const { port } = await start({});
        const { node } = await graph(() => after(new CanaryApp("web", { ...args(port), waitForPromotion: {} })));
        assert.deepEqual(
            node("ConfigMap after").dependsOn.map((key) => key.split(" ")[0]),
            made,
        );
        assert.deepEqual(server!.asked, []);
    });

    it("lets what depends on it wait, but not its outputs", async () => {
        const { port, asked } = await start({
            [paths.canaries]: [canaries(canary("Progressing")), canaries(canary("Succeeded"))],
        });
        let namespace: string | undefined;
        running = await Update.run(() => {
            const web = new CanaryApp("web", { ...args(port), waitForPromotion: {} });
            web.namespace.apply((name) => (namespace = name));
            after(web);
        });
        const { registered, messages, errors } = running;
        await until(() => messages.length > 0);
        assert.equal(registered.includes("after"), false);
        assert.equal(namespace, "shop");
        await until(() => registered.includes("after"));
        assert.deepEqual(messages, ["under way", "ok promoted"]);
        assert.deepEqual(asked, [
            ...[paths.canaries, paths.target, paths.events],
            ...[paths.canaries, paths.target, paths.primary],
        ]);
        assert.deepEqual(errors, []);
    });

    it("fails when the version is not promoted, by the name of the component", async () => {
        const suspended = canary("Succeeded", {}, { spec: { suspend: true } });
        const { port } = await start({
            [paths.canaries]: [canaries(suspended)],
            [paths.primary]: [deployment("web:1")],
        });
        running = await Update.run(() => {
            after(new CanaryApp("web", { ...args(port), waitForPromotion: {} }));
        });
        const { registered, errors } = running;
        await until(() => errors.length > 0);
        assert.equal(registered.includes("after"), false);
        assert.deepEqual(errors, [
            'CanaryApp "web": shop/web is not promoted: its Canary is suspended, so nothing is released\n' +
                "Take `suspend` out and run `pulumi up` again; the change itself is made and waits.",
        ]);
    });

    it("fails when the target runs another image than the program says", async () => {
        const { port } = await start({ [paths.canaries]: [canaries(canary("Succeeded"))] });
        running = await Update.run(() => {
            new CanaryApp("web", { ...args(port), workload: { image: "web:3", port: 80 }, waitForPromotion: {} });
        });
        const { errors } = running;
        await until(() => errors.length > 0);
        assert.match(errors[0]!, /^CanaryApp "web": shop\/web is not promoted: somebody else changed it/);
    });

    it("leaves the image alone where the pods' own spec replaces the container", async () => {
        const { port, asked } = await start({ [paths.canaries]: [canaries(canary("Succeeded"))] });
        running = await Update.run(() => {
            const podSpec = { containers: [{ name: "mine", image: "web:2" }] };
            after(
                new CanaryApp("web", {
                    ...args(port),
                    workload: { image: "web:3", port: 80, podSpec },
                    waitForPromotion: {},
                }),
            );
        });
        const { registered, errors } = running;
        await until(() => registered.includes("after"));
        assert.deepEqual(asked, [paths.canaries, paths.target, paths.primary]);
        assert.deepEqual(errors, []);
    });

    it("gives up after the time that it is given", async () => {
        const { port } = await start({ [paths.canaries]: [[500, "down"]] });
        // The rollout alone would take longer; without an analysis it takes one look.
        const short = {
            ...args(port),
            skipAnalysis: true,
            analysis: { interval: "10s", threshold: 1, steps: { stepWeight: 50 } },
            waitForPromotion: { timeout: "11s" },
        };
        // Each look comes six seconds after the one before.
        let time = 0;
        performance.now = () => (time += 6_000);
        try {
            running = await Update.run(() => {
                new CanaryApp("web", short);
            });
            const { errors } = running;
            await until(() => errors.length > 0);
            assert.match(errors[0]!, /\nIt has been tried for 11 s\. /);
        } finally {
            // The clock itself is the prototype's.
            delete (performance as { now?: unknown }).now;
        }
    });

    it("left out, lets nobody wait, and says no plan while it is carried out", async () => {
        const { port } = await start({});
        running = await Update.run(() => {
            after(new CanaryApp("web", args(port)));
        });
        const { registered, messages, errors } = running;
        await until(() => registered.includes("after"));
        assert.deepEqual(server!.asked, []);
        assert.deepEqual(messages, []);
        assert.deepEqual(errors, []);
    });
});
