import path from "node:path";

import { Client } from "../../lab/client";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, app, podinfo } from "./delivery";
import { assertServed, assertShare, sinceServed } from "./served";
import { theLab } from "./theLab";

const perSecond = 20;
const host = "shop.example.com";

/**
 * An application moves from App Mesh to the Gateway API while it is used: both meshes stand side by side, users come in by the
 * new gateway, and the new one gets more and more of what the old one answered.
 */
describe("a move between meshes", function () {
    this.timeout(600_000);
    let lab: Lab;
    let old: Program;
    let next: Project;
    let rollouts: Rollouts;

    before("the application is on App Mesh", async () => {
        lab = await theLab();
        await nothingLeft(lab);
        const platform = await SharedPlatform.up(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        const shop = app("shop", "old", { workload: { image: podinfo("6.0.0"), port: 9898, preStopSeconds: 8 } });
        old = await platform.program("old", { shop: { args: shop } });
        succeeded(await old.up());
        await rollouts.phase("old", "shop", ["Initialized"], 180);
    });

    after(() => rollouts?.stop());

    it("loses no request, while each gets its share", async () => {
        const before = new Client(`http://${await lab.loadBalancer("appmesh-gateway")}/shop/`, { perSecond });

        next = await lab.pulumi.project("move", path.join(__dirname, "programs", "move"), "test", {
            chartRepository: lab.charts,
            kubeconfig: lab.controlPlane.kubeconfigFile,
            oldNamespace: "old",
            image: podinfo("6.0.1"),
        });
        const share = async (shares: { old: number; next: number }) => {
            await next.must(["config", "set", "shares", JSON.stringify(shares)]);
            succeeded(await next.up());
            // The gateway's proxy has it a moment later.
            await new Promise((resolve) => setTimeout(resolve, 2000));
        };
        await share({ old: 100, next: 0 });
        const gateway = await lab.loadBalancer("envoy-gateway-system");
        const after = new Client(`http://${gateway}/shop/`, { perSecond, headers: { host } });
        await poll(() => after.answers().find(({ status }) => status === 200), 60);
        // Those who still know the old address go on until they have heard of the new one.
        await new Promise((resolve) => setTimeout(resolve, 5000));
        assertServed(sinceServed(await before.stop()));

        const during = async () => {
            const from = Date.now();
            await new Promise((resolve) => setTimeout(resolve, 8000));
            return after.answers().filter(({ at }) => at > from && at < Date.now() - 1000);
        };
        assertShare(await during(), "6.0.1", 0);
        await share({ old: 50, next: 50 });
        assertShare(await during(), "6.0.1", 0.5);
        await share({ old: 0, next: 100 });
        assertShare(await during(), "6.0.1", 1);

        succeeded(await old.project.destroy());
        const answers = sinceServed(await after.stop());
        assertServed(answers);
        console.log(`      ${answers.length} requests by the new gateway, none lost`);
    });
});
