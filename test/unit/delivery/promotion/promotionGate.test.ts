import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { gateOf, openAfterPromotion, openGate } from "../../../../components/delivery/promotion/promotionGate";
import { graph } from "../../graph";
import { ApiServer, Script, canaries, canary, deployment, kubeconfigFor, paths } from "./apiServer";
import { Update, until } from "./update";

/** A component that others may have to wait for, with one child. */
class Gated extends pulumi.ComponentResource {
    constructor(
        name: string,
        open: (component: Gated, child: pulumi.CustomResource) => void,
        parent?: pulumi.Resource,
    ) {
        super("test:index:Gated", name, {}, { parent });
        open(this, new k8s.core.v1.ConfigMap(`${name}-child`, {}, { parent: this }));
        this.registerOutputs();
    }

    protected override initialize(): Promise<boolean> {
        return gateOf(this);
    }
}

/** A component that has such a one inside. */
class Outer extends pulumi.ComponentResource {
    constructor(open: (component: Gated, child: pulumi.CustomResource) => void) {
        super("test:index:Outer", "outer");
        new Gated("inner", open, this);
        this.registerOutputs();
    }
}

const after = (name: string, component: pulumi.Resource) =>
    new k8s.core.v1.ConfigMap(name, {}, { dependsOn: [component] });

describe("the gate of a component", function () {
    this.slow(8_000);
    let server: ApiServer;
    let running: Update | undefined;

    const start = async (script: Script): Promise<void> => {
        server = await new ApiServer({
            [paths.target]: [deployment("web:2")],
            [paths.primary]: [deployment("web:2")],
            ...script,
        }).start();
    };
    const open = (component: Gated, child: pulumi.CustomResource) =>
        openAfterPromotion(
            component,
            {
                subject: "Gated",
                namespace: "shop",
                canaryName: "web",
                target: { kind: "Deployment", name: "web" },
                intervalSeconds: 10,
                timeoutSeconds: 60,
            },
            { kubeconfig: kubeconfigFor(server.port), made: [child.id] },
        );
    const update = async (program: () => void, failed?: string[]) => {
        running = await Update.run(program, failed);
        return running;
    };

    afterEach(() => {
        running?.stop();
        running = undefined;
        server.stop();
    });

    it("is one for each component", async () => {
        await start({});
        const [one, two] = [{}, {}];
        assert.equal(gateOf(one), gateOf(one));
        assert.notEqual(gateOf(one), gateOf(two));
        openGate(one);
        assert.equal(await gateOf(one), true);
    });

    it("keeps what depends on the component back until the promotion, and nothing else", async () => {
        await start({ [paths.canaries]: [canaries(canary("Progressing")), canaries(canary("Succeeded"))] });
        const { registered, errors } = await update(() => {
            after("after", new Gated("gated", open));
            new k8s.core.v1.ConfigMap("beside", {});
        });
        await until(() => server.count(paths.events) === 1);
        assert.deepEqual([...registered].sort(), ["beside", "gated", "gated-child"]);
        await until(() => registered.includes("after"));
        assert.deepEqual(server.asked, [
            ...[paths.canaries, paths.target, paths.events],
            ...[paths.canaries, paths.target, paths.primary],
        ]);
        assert.deepEqual(errors, []);
    });

    it("keeps back what depends on a component around it", async () => {
        let phase = "Progressing";
        await start({ [paths.canaries]: () => canaries(canary(phase)) });
        const { registered } = await update(() => {
            after("after", new Outer(open));
        });
        await until(() => server.count(paths.events) === 1);
        assert.deepEqual([...registered].sort(), ["inner", "inner-child", "outer"]);
        phase = "Succeeded";
        await until(() => registered.includes("after"));
    });

    it("stays shut when the version is not promoted, and the program fails with the reason", async () => {
        await start({ [paths.canaries]: [canaries(canary("Progressing", {}, { spec: { suspend: true } }))] });
        const { registered, errors } = await update(() => {
            after("after", new Gated("gated", open));
        });
        await until(() => errors.length > 0);
        assert.deepEqual([...registered].sort(), ["gated", "gated-child"]);
        assert.deepEqual(errors, [
            "Gated: shop/web is not promoted: its Canary is suspended, so nothing is released\n" +
                "Take `suspend` out and run `pulumi up` again; the change itself is made and waits.",
        ]);
    });

    it("lets the program fail also where nothing depends on the component", async () => {
        await start({ [paths.canaries]: [[403, "no"]] });
        const { errors } = await update(() => {
            new Gated("gated", open);
        });
        await until(() => errors.length > 0);
        assert.equal(errors.length, 1);
        assert.match(errors[0]!, /^Gated: cannot tell whether shop\/web is promoted: no\n/);
    });

    // With --continue-on-error the program goes on, and the engine leaves out what depends on what failed.
    it("opens where what was to be made was not, for there is nothing to wait for", async () => {
        await start({});
        const { registered, errors } = await update(() => {
            after("after", new Gated("gated", open));
        }, ["gated-child"]);
        await until(() => registered.includes("after"));
        assert.deepEqual(server.asked, []);
        assert.deepEqual(errors, []);
    });

    it("can be opened at once", async () => {
        await start({});
        const { registered } = await update(() => {
            after("after", new Gated("gated", openGate));
        });
        await until(() => registered.includes("after"));
        assert.deepEqual(server.asked, []);
    });

    it("is open in a preview", async () => {
        await start({});
        const { nodes, messages } = await graph(() => {
            after("after", new Gated("gated", open));
        });
        assert.deepEqual(
            nodes.map(({ key, dependsOn }) => [key, dependsOn]),
            [
                ["ConfigMap after", ["ConfigMap gated-child"]],
                ["ConfigMap gated-child", []],
                ["Gated gated", []],
            ],
        );
        assert.deepEqual(messages, []);
        assert.deepEqual(server.asked, []);
    });
});
