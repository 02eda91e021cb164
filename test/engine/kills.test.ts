import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { EndAt } from "../../lab/pulumi";
import { nothingLeft, succeeded } from "./asserts";
import { Report } from "./faults/report";
import { steps } from "./faults/steps";
import { draws, tries } from "./faults/tries";
import { Whole } from "./faults/whole";
import { theLab } from "./theLab";

/** Pulumi is killed at random moments, alone or with all that it has started, and the documented way leads on. */
describe("Pulumi killed at a random moment", function () {
    this.timeout(600_000);
    // A try that was not survived leaves no ground for the next.
    this.bail(true);
    const report = new Report("kills");
    const draw = draws("kills");
    let lab: Lab;
    let whole: Whole;
    const lasts = { up: 0, update: 0, destroy: 0 };

    before("how long the commands take by themselves", async () => {
        lab = await theLab();
        await nothingLeft(lab);
        whole = await Whole.make(lab, "killed");
        lasts.up = await whole.raise();
        await whole.change("6.0.1");
        let began = Date.now();
        succeeded(await whole.up());
        lasts.update = Date.now() - began;
        await whole.settled();
        began = Date.now();
        succeeded(await whole.project.destroy());
        lasts.destroy = Date.now() - began;
        await whole.gone();
    });

    /** The first third of a command is what Pulumi needs to start; nothing is lost there. It is drawn all the same. */
    const moment = (command: keyof typeof lasts, withChildren: boolean): EndAt => {
        const after = Math.round(draw() * lasts[command]);
        console.log(
            `      ${command}: after ${after} of ${lasts[command]} ms${withChildren ? ", with all it started" : ""}`,
        );
        return { after, signal: "SIGKILL", withChildren };
    };
    const named = (command: string, withChildren: boolean) =>
        `Pulumi killed in ${command}, ${withChildren ? "and its providers with it" : "its providers go on"}`;

    for (let index = 0; index < tries; index++) {
        const withChildren = (index + (draw() < 0.5 ? 1 : 0)) % 2 === 0;

        it(`in up: try ${index + 1}`, () =>
            report.try(named("the first `up`", withChildren), async () => {
                await whole.change("6.0.0");
                const killed = await whole.project.upEndedAt(moment("up", withChildren));
                const needed = await whole.goOnAfterKill(killed);
                await whole.settled();
                return needed;
            }));

        it(`in an update of everything: try ${index + 1}`, () =>
            report.try(named("an `up` of changes", withChildren), async () => {
                const before = await whole.histories();
                await whole.change("6.0.1");
                const killed = await whole.project.upEndedAt(moment("update", withChildren));
                const needed = await whole.goOnAfterKill(killed);
                await whole.settled(before);
                return needed;
            }));

        it(`in destroy: try ${index + 1}`, () =>
            report.try(named("`destroy`", withChildren), async () => {
                const killed = await whole.project.destroyEndedAt(moment("destroy", withChildren));
                const needed = await whole.goOnDestroying(killed);
                await whole.gone();
                return needed;
            }));
    }

    // Rarely met by chance, and the one state that Pulumi's words do not explain.
    const inHelm = (verb: string, doing: "install" | "upgrade"): EndAt => ({
        pattern: new RegExp(`Release whole-flagger ${verb}`),
        once: () => whole.inHelm(doing),
        signal: "SIGKILL",
        withChildren: true,
    });

    it("in the middle of Helm's first installation", () =>
        report.try("Pulumi and its providers killed while Helm installs", async () => {
            await whole.change("6.0.0");
            const needed = await whole.goOnAfterKill(await whole.project.upEndedAt(inHelm("creating", "install")));
            await whole.settled();
            assert.ok(needed.includes(steps.helm), `Helm was not met in the middle: ${needed.join("; ")}`);
            return needed;
        }));

    it("in the middle of Helm's upgrade", () =>
        report.try("Pulumi and its providers killed while Helm upgrades", async () => {
            const before = await whole.histories();
            await whole.change("6.0.1");
            const needed = await whole.goOnAfterKill(await whole.project.upEndedAt(inHelm("updating", "upgrade")));
            await whole.settled(before);
            succeeded(await whole.project.destroy());
            await whole.gone();
            return needed;
        }));

    after(() => report.show());
});
