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
export interface Replay {
    /** The application that an update is about, its namespace, and the version that runs after it. */
    app: (update: Update) => string;
    namespace: (update: Update) => string;
    tag: (settings: Settings) => unknown;
    /** The updates that are not promoted, and what they say then: after the page's settings. */
    refused?: (settings: Settings) => RegExp | undefined;
    /** Settings in place of the page's, `undefined` for none. */
    instead: (settings: Settings) => Settings;
}

/** A version that a reader makes fail by hand: here its tag does. */
export const failing = (tag: unknown, bad: string) => (tag === bad ? `${bad}-errors50` : tag);
/** What the wait says of such a version. */
export const tooManyErrors = /success rate \d+\.\d+% < \d+%/;

/** A project's stack in the lab, with the settings that were last given to it. */
interface Running {
    project: Project;
    settings: Settings;
}

/** Follows the pages of examples on the real engine, update by update, with the package installed. */
export function followPages(replays: Record<string, Replay>): void {
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

    for (const [name, { app, namespace, tag, refused = () => undefined, instead }] of Object.entries(replays)) {
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
                const wanted: Settings = { ...settings, ...pick(settings, instead(settings)) };
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
                const reason = refused(update.settings);
                const changes = (tag(update.settings) as string | undefined) ?? "the platform";
                it(`${index + 1}. ${update.project.name} ${update.stack}: ${changes}${reason ? ", refused" : ""}`, async () => {
                    const before = rollouts.primaryImage(namespace(update), app(update));
                    const { project, settings } = await stackOf(update);
                    const result = keep(lab, `example-${name}-${index}`, await project.up());
                    if (reason !== undefined) {
                        assert.notEqual(result.code, 0, result.output);
                        assert.match(result.output, /is not promoted: /);
                        assert.match(result.output, reason);
                        assert.equal(rollouts.primaryImage(namespace(update), app(update)), before);
                        return;
                    }
                    succeeded(result);
                    if (tag(settings) !== undefined) {
                        assert.equal(
                            rollouts.primaryImage(namespace(update), app(update)),
                            podinfo(String(tag(settings))),
                        );
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
}

/** Those of the changes that are about a setting which is there. */
function pick(settings: Settings, changes: Settings): Settings {
    return Object.fromEntries(Object.entries(changes).filter(([key]) => key in settings));
}
