import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { run } from "../../../components/cli/command";
import { Answer, ApiServer, Script, deployment, kubeconfigFor } from "../delivery/promotion/apiServer";

const switches = "/api/v1/namespaces/shop/services/http:flagger-loadtester:80/proxy";
const url = (place: string) => `http://flagger-loadtester.shop/${place}`;
const shut: Answer = { open: false };

/** A cluster with one Canary at a gate, its load tester, and whatever else is said of the two. */
class World {
    phase = "Waiting";
    image = "app:2";
    open = false;
    /** What Flagger does when it finds the gate open. */
    flagger = () => {};

    script(): Script {
        const webhooks = [
            { name: "gate", type: "confirm-rollout", url: url("gate/check") },
            { name: "rollback", type: "rollback", url: url("rollback/check") },
        ];
        const workload = (name: string, image: string) => ({
            ...deployment(image),
            metadata: { name, namespace: "shop", generation: 1 },
        });
        const flip = (to: boolean) => () => {
            this.open = to;
            if (to) {
                this.flagger();
            }
            return shut;
        };
        const check = (): Answer => (this.open ? shut : [403, "Forbidden"]);
        return {
            "/apis/flagger.app/v1beta1/namespaces/shop/canaries": () => ({
                items: [
                    {
                        metadata: { name: "web", namespace: "shop" },
                        spec: {
                            targetRef: { kind: "Deployment", name: "web" },
                            analysis: { interval: "10s", webhooks },
                        },
                        status: { phase: this.phase },
                    },
                ],
            }),
            "/apis/apps/v1/namespaces/shop/deployments": () => ({
                items: [workload("web", this.image), workload("web-primary", "app:1")],
            }),
            "/apis/apps/v1/namespaces/shop/daemonsets": [{ items: [] }],
            "/api/v1/namespaces/shop/services/flagger-loadtester": [{}],
            [`${switches}/gate/open`]: flip(true),
            [`${switches}/gate/close`]: flip(false),
            [`${switches}/gate/check`]: check,
            [`${switches}/rollback/open`]: flip(true),
            [`${switches}/rollback/close`]: flip(false),
            [`${switches}/rollback/check`]: check,
        };
    }
}

describe("a command that opens a gate", function () {
    this.timeout(60_000);
    let folder: string;
    let server: ApiServer | undefined;

    before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "gate-"))));
    afterEach(() => server?.stop());
    after(() => fs.rmSync(folder, { recursive: true }));

    async function act(world: World, command: string, ended?: Promise<unknown>, revision = true) {
        server = await new ApiServer(world.script()).start();
        const file = path.join(folder, "kubeconfig");
        fs.writeFileSync(file, kubeconfigFor(server.port));
        let said = "";
        const streams = { out: (text: string) => (said += text), error: (text: string) => (said += text) };
        await run(["status", "shop/web", "--output", "json", "--kubeconfig", file], streams);
        const shown = (JSON.parse(said.slice(said.indexOf("{"))) as { revision: string }).revision;
        said = "";
        const of = ["--revision", revision ? shown : "0123456789", "--yes"];
        const code = await run(
            [command, "shop/web", ...of, "--kubeconfig", file],
            streams,
            () => ended ?? new Promise(() => {}),
        );
        return { code, said };
    }

    it("closes it when Flagger has passed", async () => {
        const world = new World();
        world.flagger = () => (world.phase = "Progressing");
        const { code, said } = await act(world, "approve");
        assert.equal(code, 0, said);
        assert.match(said, /Flagger has passed the gate, which is closed again/);
        assert.equal(world.open, false);
    });

    it("closes it when somebody ends the command, and says that nothing is approved", async () => {
        const world = new World();
        const { code, said } = await act(world, "approve", Promise.resolve());
        assert.equal(code, 1, said);
        assert.match(said, /closed again, so nothing is approved/);
        assert.deepEqual([world.open, server!.count(`${switches}/gate/open`)], [false, 1]);
    });

    it("closes it as soon as another revision is there", async () => {
        const world = new World();
        world.flagger = () => (world.image = "app:3");
        const { code, said } = await act(world, "approve");
        assert.equal(code, 2, said);
        assert.match(said, /by now, and not at/);
        assert.equal(world.open, false);
    });

    it("opens none for another revision than the one that was named", async () => {
        const world = new World();
        assert.equal((await act(world, "approve", undefined, false)).code, 2);
        assert.equal(server!.count(`${switches}/gate/open`), 0);
    });

    it("uses the switch to roll back for an abort, and closes it when the version is taken back", async () => {
        const world = new World();
        world.phase = "Progressing";
        world.flagger = () => (world.phase = "Failed");
        const { code, said } = await act(world, "abort");
        assert.equal(code, 0, said);
        assert.deepEqual([world.open, server!.count(`${switches}/rollback/open`)], [false, 1]);
    });

    it("aborts nothing before the first gate, nor what the primary already gets", async () => {
        for (const phase of ["Waiting", "Promoting", "Finalising", "Succeeded"]) {
            const world = new World();
            world.phase = phase;
            assert.equal((await act(world, "abort")).code, 2, phase);
            assert.equal(server!.count(`${switches}/rollback/open`), 0, phase);
            server!.stop();
        }
    });
});
