import type { KubeConfig } from "@kubernetes/client-node";

import { messageOf } from "../../apiError";
import { runError } from "../../runError";
import { clusterOf } from "../../sharedConnections";
import type { Canary } from "../promotion/canaryFeed";
import { Sight, isActive } from "../promotion/verdict";
import { AnalysisSkip, leftSkip, skippedSince, takeBackCommand } from "./analysisSkip";
import { FastRollbackBounds } from "./fastRollbackArgs";
import { lookBack } from "./lookBack";

type Client = typeof import("@kubernetes/client-node");

/** What a wait needs to know to go back fast. */
export interface DuringWaitArgs {
    /** How the component is called, for messages. */
    subject: string;
    kubeconfig: string;
    namespace: string;
    canaryName: string;
    target: { name: string };
    /**
     * How far back; without it nothing is skipped, and only what an earlier wait has left is taken back.
     * @default - nothing is skipped
     */
    fastRollback?: FastRollbackBounds;
}

/** Where it says what it does. */
export interface Told {
    info: (line: string) => void;
    warning: (line: string) => void;
}

/** What is called at each look of a wait. */
export type Follow = (canary: Canary | undefined, sight: Sight) => Promise<void>;

/**
 * Lets a wait go back fast: has the analysis skipped where what is released is near enough, and takes that back as soon as Flagger has
 * promoted it, or the wait has ended otherwise.
 *
 * @throws pulumi.RunError what the wait throws, and where the skip could not be taken back.
 */
export async function withFastRollback(
    args: DuringWaitArgs,
    told: Told,
    wait: (follow: Follow) => Promise<void>,
): Promise<void> {
    const client = await import("@kubernetes/client-node");
    const during = new DuringWait(client, clusterOf(client, args.kubeconfig), args, told);
    let failure: Error | undefined;
    await wait((canary, sight) => during.follow(canary, sight)).catch((error: Error) => {
        failure = error;
    });
    const left = await during.end();
    if (left !== undefined) {
        throw runError(failure === undefined ? left : `${failure.message}\n${left}`);
    }
    if (failure !== undefined) {
        throw failure;
    }
}

/** Phases from which Flagger goes on with what it has, and not yet with what came since. */
const notYet = ["", "Initializing", "Promoting", "Finalising"];

/** How often it is tried to take the skip back at the end of a wait, and how long it rests in between, in milliseconds. */
const tries = 5;
const pause = 3_000;

/** The skip of one wait: once at most, for the version that is released then. */
class DuringWait {
    private readonly skip: AnalysisSkip;
    private decided = false;
    /** Whether it is skipped: by an earlier wait, or by this one. */
    private skipped?: "before" | "here";
    /** Whether Flagger was seen at work since. */
    private begun = false;

    constructor(
        client: Client,
        private readonly kubeconfig: KubeConfig,
        private readonly args: DuringWaitArgs,
        private readonly told: Told,
    ) {
        this.skip = new AnalysisSkip(client, kubeconfig, args.namespace, args.canaryName);
    }

    /** Looks at the rollout as it stands. What it cannot do now it tries at the next look, or leaves to the analysis. */
    async follow(canary: Canary | undefined, sight: Sight): Promise<void> {
        if (this.skipped === undefined && skippedSince(canary) !== undefined) {
            this.skipped = "before";
            this.told.warning(leftSkip(this.what));
        }
        if (this.skipped === "before") {
            await this.tryToTakeBack();
            return;
        }
        if (this.skipped === "here") {
            this.begun ||= isActive(sight.phase);
            const over = !isActive(sight.phase) && (this.begun || sight.promoted);
            if (over || sight.superseded) {
                await this.tryToTakeBack();
            }
            return;
        }
        if (!this.decided && canary !== undefined && this.maySkip(sight)) {
            await this.decide(canary);
        }
    }

    /** Takes back what is still skipped; answers what to tell where that cannot be done. */
    async end(): Promise<string | undefined> {
        for (let left = tries; this.skipped !== undefined; left--) {
            const error = await this.tryToTakeBack();
            if (error !== undefined && left <= 1) {
                return (
                    `${this.args.subject}: the analysis of ${this.what} stays skipped, as it could not be taken back: ${error}\n` +
                    `Whatever is released next would be promoted unseen. Run \`pulumi up\` again, or:\n  ${takeBackCommand(this.args.namespace, this.args.canaryName)}`
                );
            }
            if (error !== undefined) {
                await new Promise((resolve) => setTimeout(resolve, pause));
            }
        }
        return undefined;
    }

    private get what(): string {
        return `${this.args.namespace}/${this.args.canaryName}`;
    }

    private maySkip(sight: Sight): boolean {
        const { phase, suspended, superseded, targetExists, promoted } = sight;
        return (
            this.args.fastRollback !== undefined &&
            !notYet.includes(phase) &&
            // There all the traffic is on the canary, and would go to a primary that is not up.
            !(phase === "Failed" && sight.weight > 0) &&
            targetExists &&
            !suspended &&
            !superseded &&
            !promoted
        );
    }

    private async decide(canary: Canary): Promise<void> {
        const { namespace, target, fastRollback: bounds } = this.args;
        try {
            const decision = await lookBack(this.kubeconfig, { namespace, name: target.name, bounds: bounds! });
            if (decision.way === "fast") {
                // Before it is done: the answer may be lost on its way.
                this.skipped = "here";
                await this.skip.set(canary.metadata?.resourceVersion);
            }
            this.decided = true;
            if (decision.way !== "none") {
                this.told.info(decision.says);
            }
        } catch (error) {
            const { code = 0 } = error as { code?: number };
            if (this.skipped === "here") {
                // What was refused is not done; of anything else nobody knows, and it is taken back at the next look.
                this.skipped = code >= 400 && code < 500 ? undefined : "before";
            }
            if (code === 409) {
                // Changed since it was looked at: by what it is at the next look.
                return;
            }
            this.decided = true;
            this.told.warning(
                `whether this is a fast rollback could not be seen, or done: ${messageOf(error)}. It is analysed.`,
            );
        }
    }

    private async tryToTakeBack(): Promise<string | undefined> {
        try {
            await this.skip.takeBack();
            this.skipped = undefined;
            return undefined;
        } catch (error) {
            return messageOf(error);
        }
    }
}
