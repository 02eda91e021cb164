import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { Settings, Update, allExamples, walkThrough } from "../unit/examples";
import { nothingLeft, succeeded } from "./asserts";
import { keep, podinfo } from "./delivery";
import { InstalledExamples } from "./installedExamples";
import { theLab } from "./theLab";

/** How an example's page is followed in the lab. */
interface Replay {
    /** The application of an update, and its namespace. */
    app: (update: Update) => string;
    namespace: (update: Update) => string;
    /** Versions that a reader makes fail by hand: here their tags do. */
    failing: string[];
    /** Settings in place of the page's. */
    instead?: Settings;
}

const replays: Record<string, Replay> = {
    "existing-cluster": {
        app: () => "podinfo",
        namespace: () => "apps",
        failing: ["6.0.2"],
        // The lab has load balancers, and they are the quicker way in.
        instead: { gatewayType: "LoadBalancer" },
    },
    "many-apps": {
        app: ({ stack }) => stack,
        namespace: ({ stack }) => stack,
        failing: [],
        instead: { gatewayType: "LoadBalancer" },
    },
    "gitops-appmesh": {
        app: () => "podinfo",
        namespace: () => "apps",
        failing: ["6.0.3"],
        // In the lab the mesh that ended is alive. Flux is a stand-in that fetches nothing, so its part is left out.
        instead: { mesh: "appmesh", repository: undefined },
    },
};

/** A project's stack in the lab, with the settings that were last given to it. */
interface Running {
    project: Project;
    settings: Settings;
}

describe("the examples, installed", function () {
    this.timeout(1_500_000);
    let lab: Lab;
    let installed: InstalledExamples;
    let rollouts: Rollouts;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        installed = await InstalledExamples.prepare(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
    });

    after(() => rollouts?.stop());

    for (const [name, { app, namespace, failing, instead = {} }] of Object.entries(replays)) {
        describe(name, () => {
            const example = allExamples().find((e) => e.name === name)!;
            const running = new Map<string, Running>();

            /** The stack of an update, made where it is the first one, with the update's settings. */
            async function stackOf({ project, stack, settings }: Update): Promise<Running> {
                const key = `${project.name}/${stack}`;
                const known = running.get(key) ?? {
                    project: await installed.project(project, stack, `example-${name}`),
                    settings: {},
                };
                running.set(key, known);
                const wanted: Settings = { ...settings, ...pick(settings, instead) };
                if (failing.includes(String(wanted.tag))) {
                    wanted.tag = `${String(wanted.tag)}-errors50`;
                }
                for (const [setting, value] of Object.entries(wanted)) {
                    if (setting !== "kubeconfig" && value !== undefined && known.settings[setting] !== value) {
                        const text = typeof value === "string" ? value : JSON.stringify(value);
                        await known.project.must(["config", "set", setting, text]);
                    }
                }
                known.settings = wanted;
                return known;
            }

            walkThrough(example).forEach((update, index) => {
                const tag = update.settings.tag as string | undefined;
                const bad = tag !== undefined && failing.includes(tag);
                it(`${index + 1}. ${update.project.name} ${update.stack}: ${tag ?? "the platform"}${bad ? ", refused" : ""}`, async () => {
                    const before = rollouts.primaryImage(namespace(update), app(update));
                    const { project } = await stackOf(update);
                    const result = keep(lab, `example-${name}-${index}`, await project.up());
                    if (bad) {
                        assert.notEqual(result.code, 0, result.output);
                        assert.match(result.output, /is not promoted: /);
                        assert.match(result.output, /success rate \d+\.\d+% < 99%/);
                        assert.equal(rollouts.primaryImage(namespace(update), app(update)), before);
                        return;
                    }
                    succeeded(result);
                    if (tag !== undefined) {
                        assert.equal(rollouts.primaryImage(namespace(update), app(update)), podinfo(tag));
                    }
                });
            });

            it("expects no changes after its last update, and leaves nothing behind", async () => {
                const stacks = [...running.values()].reverse();
                for (const { project } of stacks) {
                    succeeded(await project.preview("--expect-no-changes"));
                }
                for (const { project } of stacks) {
                    succeeded(await project.destroy());
                }
                await nothingLeft(lab);
            });
        });
    }
});

/** Those of the changes that are about a setting which is there. */
function pick(settings: Settings, changes: Settings): Settings {
    return Object.fromEntries(Object.entries(changes).filter(([key]) => key in settings));
}
