import assert from "node:assert/strict";

import type { CanaryAppArgs } from "../../../index";
import { Lab } from "../../../lab/lab";
import { poll } from "../../../lab/poll";
import { PulumiResult } from "../../../lab/pulumi";
import { Rollouts } from "../../../lab/rollout";
import { succeeded } from "../asserts";
import { Apps, Program, SharedPlatform } from "../delivery";
import { History, historyOf, inventory } from "./inventory";
import { smallApp } from "./smallApp";

/** What faults happen on: a platform, and whoever watches its rollouts. */
export interface Stage {
    lab: Lab;
    platform: SharedPlatform;
    rollouts: Rollouts;
    /** A metrics server that is always there, whatever becomes of the platform's. */
    metricsServer: string;
}

/** A fault that befalls an application of its own, beside others. */
export interface Fault {
    /** As the table of docs/reliability.md names it. */
    fault: string;
    /** Lets it happen, and leads on by the documented way; answers what that needed. */
    run: (stage: Stage) => Promise<string[]>;
}

/** Lets `pulumi up` wait as long as a busy machine takes. */
export const wait = { waitForPromotion: { timeout: "6m" } };

/** The application of a fault, in a namespace and a program of its own. Both have its name. */
export class Subject {
    private before: string[] = [];
    private history: History = {};

    private constructor(
        readonly stage: Stage,
        readonly name: string,
        readonly program: Program,
    ) {}

    /** Brings it up. */
    static async up(stage: Stage, name: string, changes: Partial<CanaryAppArgs> = {}): Promise<Subject> {
        return Subject.of(stage, name, {
            [name]: { args: smallApp(name, name, { ...wait, metricsServer: stage.metricsServer, ...changes }) },
        });
    }

    /** Brings up a program with these applications, of which the first has its name. */
    static async of(stage: Stage, name: string, apps: Apps): Promise<Subject> {
        const subject = new Subject(stage, name, await stage.platform.program(name, apps));
        succeeded(await subject.program.up());
        await subject.remember();
        return subject;
    }

    get args(): Omit<CanaryAppArgs, "platform"> {
        return this.program.apps[this.name]!.args;
    }

    /** What is there now has to be there after the fault, too. */
    async remember(): Promise<void> {
        this.before = await inventory(this.stage.lab, this.name);
        this.history = await historyOf(this.stage.lab, this.name, this.name);
    }

    /** Releases this version. */
    release(tag: string): Promise<PulumiResult> {
        this.program.image(this.name, tag);
        return this.program.up();
    }

    /** Lets the very same version be tried once more. */
    retry(): Promise<PulumiResult> {
        const { podAnnotations = {} } = this.args.workload!;
        this.args.workload!.podAnnotations = { ...podAnnotations, tried: "again" };
        return this.program.up();
    }

    /** The program with `pulumi up` and more words, and more in its environment. */
    upWith(words: string[], environment: NodeJS.ProcessEnv = {}): Promise<PulumiResult> {
        return this.program.project.run(["up", "--yes", "--skip-preview", ...words], undefined, undefined, environment);
    }

    /** Waits until Flagger works on it, and has checked it so often. */
    async inRollout(iterations = 0): Promise<void> {
        await this.stage.rollouts.phase(this.name, this.name, ["Progressing"], 120);
        const iteration = () => this.stage.rollouts.canary(this.name, this.name)?.status?.iterations ?? 0;
        assert.ok(await poll(() => iteration() >= iterations || undefined, 120, 100), "Flagger does not check it");
    }

    /**
     * One more `up` goes through; then nothing is there twice, or beside, or is other than Pulumi believes. Unless the Canary is a
     * new one, it and the primary are those from before.
     */
    async converged({ anew = false } = {}): Promise<void> {
        const { lab } = this.stage;
        succeeded(await this.program.up());
        await this.atRest();
        succeeded(await this.program.preview("--expect-no-changes"));
        succeeded(await this.program.project.refresh("--expect-no-changes"));
        assert.deepEqual(await inventory(lab, this.name), this.before);
        const { canary, primary, image } = await historyOf(lab, this.name, this.name);
        if (!anew) {
            assert.deepEqual([canary, primary], [this.history.canary, this.history.primary]);
        }
        assert.equal(image, this.args.workload!.image);
    }

    /** Destroys it, and nothing of it is left. */
    async destroy(): Promise<void> {
        succeeded(await this.program.project.destroy());
        assert.deepEqual(await inventory(this.stage.lab, this.name), []);
    }

    /** Until Flagger has scaled the canary down: the objects do not change any more. */
    private async atRest(): Promise<void> {
        const canaries = () =>
            this.stage.lab.pods
                .all()
                .filter(({ metadata }) => metadata!.namespace === this.name)
                .filter(({ metadata }) => !/-primary-|loadtester/.test(metadata!.name!));
        assert.ok(await poll(() => canaries().length === 0 || undefined, 120), "Flagger does not come to rest");
    }
}
