import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { nothingLeft, succeeded } from "./asserts";
import { givenPlatform } from "./delivery";
import { theLab } from "./theLab";

/** The commands of docs/existing-clusters.md, on a cluster that somebody took away. It is the lab's: nothing comes after. */
describe("a platform whose cluster is gone", function () {
    this.timeout(300_000);
    let lab: Lab;
    let stack: Project;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        const off = { enabled: false };
        const args = { mesh: { provider: "appmesh" }, addons: { grafana: off, metricsServer: off, gateway: off } };
        stack = await givenPlatform(lab, "gone", args);
        succeeded(await stack.up());
        const apiServer = lab.controlPlane.daemons.find(({ name }) => name === "kube-apiserver")!;
        await apiServer.stop("SIGKILL");
    });

    it("is not destroyed as if nothing had happened", async () => {
        const destroyed = await stack.destroy();
        assert.notEqual(destroyed.code, 0);
        assert.match(destroyed.output, /unreachable/);
    });

    it("goes by the documented way, and leaves nothing in AWS or in the state", async () => {
        const { output } = await stack.must(["stack", "--show-urns"]);
        const providers = output.match(/urn:pulumi:.*pulumi:providers:kubernetes::.*/g)!;
        for (const urn of providers.filter((found) => /::given(-definitions)?$/.test(found))) {
            succeeded(await stack.run(["state", "delete", "--target-dependents", "--yes", urn]));
        }
        succeeded(await stack.run(["destroy", "--refresh", "--yes", "--skip-preview"]));
        assert.deepEqual(lab.pulumi.awsResources(), []);
        const state = JSON.parse((await stack.must(["stack", "export"])).output) as { deployment: { resources?: [] } };
        assert.deepEqual(state.deployment.resources ?? [], []);
    });
});
