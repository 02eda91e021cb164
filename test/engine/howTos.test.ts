import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { documentedPrograms, root } from "../unit/docs";
import { nothingLeft, succeeded } from "./asserts";
import { keep, podinfo } from "./delivery";
import { theLab } from "./theLab";

/** The program is TypeScript, which is translated when it runs. */
const settings = `name: how-to
runtime:
    name: nodejs
    options:
        typescript: false
        nodeargs: --import tsx
main: index.ts
`;

/** The application of a page's program, and what Flagger says in the release that the page makes. */
const pages = {
    "ab-test": {
        namespace: "web",
        name: "frontend",
        says: "Advance frontend.web canary iteration 6/6",
        promoted: true,
    },
    "custom-metrics": {
        namespace: "apps",
        name: "podinfo",
        says: "Advance podinfo.apps canary weight 50",
        promoted: true,
    },
    approval: {
        namespace: "apps",
        name: "podinfo",
        says: "Halt podinfo.apps advancement waiting for promotion approval promotion-gate",
        promoted: false,
    },
};

/** The pages in docs/how-to, followed with the text of their programs. */
describe("the how-tos", function () {
    this.timeout(900_000);
    let lab: Lab;
    let rollouts: Rollouts;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
    });

    after(() => rollouts?.stop());

    for (const [page, { namespace, name, says, promoted }] of Object.entries(pages)) {
        describe(page, () => {
            let folder: string;
            let stack: Project;

            it("comes up", async () => {
                folder = fs.mkdtempSync(path.join(os.tmpdir(), "how-to-"));
                const text = documentedPrograms().find(({ place }) => place.startsWith(`docs/how-to/${page}.md`))!.text;
                const charts = `mirror: { chartRepository: ${JSON.stringify(lab.charts)} },`;
                const program = text
                    .replace('mesh: { provider: "istio" },', (mesh) => `${mesh} ${charts}`)
                    // The lab has load balancers, and they are the quicker way in.
                    .replace('type: "NodePort"', 'type: "LoadBalancer"')
                    .replace(
                        'from "pulumi-progressive-mesh"',
                        () => `from ${JSON.stringify(path.join(root, "index"))}`,
                    );
                assert.ok(program.includes(charts) && program.includes(root), program);
                fs.writeFileSync(path.join(folder, "index.ts"), program);
                fs.writeFileSync(path.join(folder, "Pulumi.yaml"), settings);
                stack = await lab.pulumi.project(`how-to-${page}`, folder, "test", {});
                const kubeconfig = fs.readFileSync(lab.controlPlane.kubeconfigFile, "utf8");
                await stack.must(["config", "set", "--secret", "kubeconfig", kubeconfig]);
                succeeded(keep(lab, `how-to-${page}-up`, await stack.up()));
                const initialized = () =>
                    rollouts.canary(namespace, name)?.status?.phase === "Initialized" || undefined;
                assert.ok(await poll(initialized, 300), `${name} is not initialised`);
            });

            it("releases as the page says", async () => {
                await stack.must(["config", "set", "tag", "6.0.1"]);
                succeeded(keep(lab, `how-to-${page}-release`, await stack.up()));
                const said = () => rollouts.messages(namespace, name).includes(says) || undefined;
                assert.ok(
                    await poll(said, 300),
                    `Flagger does not say: ${says}, but ${rollouts.messages(namespace, name).join("\n")}`,
                );
                assert.equal(rollouts.primaryImage(namespace, name), podinfo(promoted ? "6.0.1" : "6.0.0"));
            });

            it("is taken away", async () => {
                succeeded(await stack.destroy());
                fs.rmSync(folder, { recursive: true });
                await nothingLeft(lab);
            });
        });
    }
});
