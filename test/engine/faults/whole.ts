import assert from "node:assert/strict";
import path from "node:path";

import { CoreV1Api } from "@kubernetes/client-node";

import type { CanaryAppArgs } from "../../../index";
import { Lab } from "../../../lab/lab";
import { pause, poll } from "../../../lab/poll";
import { isRunning, kill } from "../../../lab/processTree";
import { Project, PulumiResult } from "../../../lab/pulumi";
import { nothingLeft, succeeded } from "../asserts";
import { podinfo } from "../delivery";
import { History, historyOf, inventory } from "./inventory";
import { analysis, smallApp, smallPlatform } from "./smallApp";
import { steps } from "./steps";

/** What Helm says where an update that was cut off has left it in the middle of something. */
const helmIsStuck =
    /cannot re-use a name that is still in use|another operation \(install\/upgrade\/rollback\) is in progress/;

interface State {
    deployment: {
        resources?: { type: string; outputs?: { name?: string; namespace?: string } }[];
        pending_operations?: unknown[];
    };
}

/** A program that makes a platform and two applications, one of which waits for its promotion, and its life through faults. */
export class Whole {
    private readonly apps: Record<string, Omit<CanaryAppArgs, "platform">> = {
        shop: smallApp("shop", "shop", { analysis: analysis(2) }),
        waits: smallApp("waits", "waits", { analysis: analysis(2), waitForPromotion: { timeout: "6m" } }),
    };
    /** What is in the cluster when nothing has gone wrong. */
    private expected: string[] = [];
    private cpu = 50;

    private constructor(
        private readonly lab: Lab,
        readonly project: Project,
    ) {}

    static async make(lab: Lab, name: string, chartRepository = lab.charts): Promise<Whole> {
        const program = path.join(__dirname, "..", "programs", "whole");
        const project = await lab.pulumi.project(name, program, "test", { chartRepository });
        const kubeconfig = lab.controlPlane.kubeconfig.exportConfig();
        await project.must(["config", "set", "--secret", "kubeconfig", kubeconfig]);
        const whole = new Whole(lab, project);
        await whole.write();
        return whole;
    }

    /** Makes it, with nothing in the way; how it is then is how it has to be after every fault. Answers how long that took. */
    async raise(): Promise<number> {
        const began = Date.now();
        succeeded(await this.up());
        const took = Date.now() - began;
        await this.settled();
        this.expected = await inventory(this.lab);
        return took;
    }

    /** Gives the applications another version and Flagger other resources, so that an update has to change all of them. */
    async change(tag: string): Promise<void> {
        for (const app of Object.values(this.apps)) {
            app.workload!.image = podinfo(tag);
        }
        this.cpu += 10;
        await this.write();
    }

    async write(): Promise<void> {
        const addons = { ...smallPlatform.addons, flagger: { resources: { requests: { cpu: `${this.cpu}m` } } } };
        await this.project.must(["config", "set", "platform", JSON.stringify({ ...smallPlatform, addons })]);
        await this.project.must(["config", "set", "apps", JSON.stringify(this.apps)]);
    }

    up(environment: NodeJS.ProcessEnv = {}): Promise<PulumiResult> {
        return this.project.run(["up", "--yes", "--skip-preview"], undefined, undefined, environment);
    }

    /** What a user does after an `up` that was killed. */
    async goOnAfterKill(killed: PulumiResult): Promise<string[]> {
        const needed = await this.unlock(killed);
        succeeded(await this.project.refresh("--clear-pending-creates"));
        needed.push(steps.clear, ...(await this.goOn({ PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" })));
        // The setting is the provider's, and stands in the state until an update without it.
        succeeded(await this.up());
        return needed;
    }

    /** What a user does after an `up` that has ended, until one goes through. */
    async goOn(environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
        const needed: string[] = [];
        for (let attempt = 0; ; attempt++) {
            const result = await this.up(environment);
            needed.push(steps.again);
            if (result.code === 0) {
                return needed;
            }
            assert.ok(attempt < 3 && helmIsStuck.test(result.output), result.output);
            await this.forgetReleases();
            needed.push(steps.helm);
        }
    }

    /** What a user does after a `destroy` that was killed. */
    async goOnDestroying(killed: PulumiResult): Promise<string[]> {
        const needed = await this.unlock(killed);
        succeeded(await this.project.run(["destroy", "--yes", "--skip-preview", "--refresh"]));
        return [...needed, steps.destroyAgain];
    }

    /** Everything is as if nothing had happened: what is there, what Pulumi believes, and what Flagger remembers. */
    async settled(before?: History[]): Promise<void> {
        const images = Object.entries(this.apps).map(([name, { workload }]) => ({ name, image: workload!.image }));
        for (const { name, image } of images) {
            const promoted = async () => ((await this.history(name)).image === image ? true : undefined);
            assert.ok(await poll(promoted, 180, 1000), `${name} is not promoted`);
        }
        await this.atRest();
        succeeded(await this.project.preview("--expect-no-changes"));
        succeeded(await this.project.refresh("--expect-no-changes"));
        const { deployment } = await this.state();
        assert.deepEqual(deployment.pending_operations ?? [], []);
        if (this.expected.length > 0) {
            assert.deepEqual(await inventory(this.lab), this.expected);
        }
        for (const [index, was] of (before ?? []).entries()) {
            const is = await this.history(Object.keys(this.apps)[index]!);
            assert.deepEqual([is.canary, is.primary], [was.canary, was.primary], "a Canary or a primary was made anew");
        }
    }

    /** What the applications have lived through, in their order. */
    histories(): Promise<History[]> {
        return Promise.all(Object.keys(this.apps).map((name) => this.history(name)));
    }

    /** Until Helm has written down that it is about to install or upgrade a release, which it does before it begins. */
    async inHelm(doing: "install" | "upgrade"): Promise<void> {
        const api = this.lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        const labelSelector = `owner=helm,status=pending-${doing}`;
        const begun = async () =>
            (await api.listSecretForAllNamespaces({ labelSelector })).items.length > 0 || undefined;
        assert.ok(await poll(begun, 60, 20), `Helm has begun no ${doing}`);
    }

    /** Nothing in the cluster, and nothing in the state. */
    async gone(): Promise<void> {
        await nothingLeft(this.lab);
        assert.deepEqual((await this.state()).deployment.resources ?? [], []);
    }

    private history(name: string): Promise<History> {
        return historyOf(this.lab, name, name).catch(() => ({}));
    }

    /** Until Flagger has scaled the last canary down: the objects do not change any more. */
    private async atRest(): Promise<void> {
        const api = this.lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        const quiet = async () => {
            const pods = await Promise.all(
                Object.keys(this.apps).map((name) => api.listNamespacedPod({ namespace: name })),
            );
            const canaries = pods.flatMap(({ items }) => items).filter((p) => !/-primary-/.test(p.metadata!.name!));
            return canaries.length === 0 || undefined;
        };
        assert.ok(await poll(quiet, 120, 1000), "Flagger does not come to rest");
    }

    private async state(): Promise<State> {
        return JSON.parse((await this.project.must(["stack", "export"])).output) as State;
    }

    /** Ends what still runs of a command that was killed, and takes its lock away. */
    private async unlock({ orphans }: PulumiResult): Promise<string[]> {
        const needed: string[] = [];
        const over = () => orphans.every((pid) => !isRunning(pid)) || undefined;
        if ((await poll(over, 15)) === undefined) {
            orphans.forEach((pid) => kill(pid, "SIGKILL"));
            await pause(0.5);
            needed.push(steps.orphans);
        }
        await this.project.must(["cancel", "--yes"]);
        return [...needed, steps.cancel];
    }

    /**
     * Lets Helm forget what nobody else knows: revisions that are under way, though nothing is, and releases that the state does
     * not have. Their objects stay, and carry the labels by which Helm takes them over when it installs the release again.
     */
    private async forgetReleases(): Promise<void> {
        const { deployment } = await this.state();
        const known = (deployment.resources ?? [])
            .filter(({ type }) => type === "kubernetes:helm.sh/v3:Release")
            .map(({ outputs }) => `${outputs?.namespace}/${outputs?.name}`);
        const api = this.lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        const { items } = await api.listSecretForAllNamespaces({ labelSelector: "owner=helm" });
        for (const { metadata } of items) {
            const { name, namespace, labels = {} } = metadata!;
            if (labels.status!.startsWith("pending-") || !known.includes(`${namespace}/${labels.name}`)) {
                await api.deleteNamespacedSecret({ name: name!, namespace: namespace! });
            }
        }
    }
}
