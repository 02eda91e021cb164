import * as pulumi from "@pulumi/pulumi";

import { FastRollbackBounds } from "../fastRollback/fastRollbackArgs";
import { withFastRollback } from "../fastRollback/duringWait";
import { PromotionArgs, awaitPromotion } from "./promotion";

/** What a component waits for. */
export interface AwaitedRelease extends Omit<
    PromotionArgs,
    "kubeconfig" | "image" | "hidden" | "metricsServer" | "follow"
> {
    /**
     * How far back a version may be that is promoted without analysis.
     * @default - none is
     */
    fastRollback?: FastRollbackBounds;
}

/** What is known of a release only once the resources before it are made. */
export interface ReleaseOutputs {
    kubeconfig: pulumi.Input<string>;
    /** What has to be in the cluster before the wait begins. */
    made: pulumi.Input<unknown>[];
    /** What the program releases, where it is the program that says so. */
    image?: pulumi.Input<string>;
    /** What must not be told of Flagger's own words. */
    hidden?: pulumi.Input<string[]>;
    /** Where Flagger asks for its metrics. */
    metricsServer?: pulumi.Input<string>;
}

/** A promise that is made before it is known what it promises. */
interface Gate {
    settled: Promise<boolean>;
    follow: (outcome: Promise<boolean>) => void;
}

const gates = new WeakMap<object, Gate>();

/** The gate of a component, made when it is first asked for. */
function gate(component: object): Gate {
    const known = gates.get(component);
    if (known !== undefined) {
        return known;
    }
    let follow: Gate["follow"];
    const settled = new Promise<boolean>((resolve) => {
        follow = resolve;
    });
    const made = { settled, follow: follow! };
    gates.set(component, made);
    return made;
}

/**
 * What a component promises from its first moment, while it is still being constructed. As its `initialize` it makes whatever
 * depends on the component wait: Pulumi waits for that before it looks at a component's children, and for nothing else that a
 * component could still be busy with.
 */
export function gateOf(component: object): Promise<boolean> {
    return gate(component).settled;
}

/** Opens the gate at once: there is nothing to wait for. */
export function openGate(component: object): void {
    gate(component).follow(Promise.resolve(true));
}

/** Opens the gate once what the Canary releases is promoted. At preview it is open. */
export function openAfterPromotion(
    component: pulumi.ComponentResource,
    args: AwaitedRelease,
    { kubeconfig, made, image, hidden, metricsServer }: ReleaseOutputs,
): void {
    const outcome = new Promise<boolean>((resolve, reject) => {
        if (pulumi.runtime.isDryRun()) {
            resolve(true);
            return;
        }
        const ready = pulumi.all([
            pulumi.output(kubeconfig),
            pulumi.output(image),
            pulumi.output(hidden),
            pulumi.output(metricsServer),
            pulumi.all(made),
        ]);
        const told = {
            info: (line: string) => void pulumi.log.info(`${args.canaryName}: ${line}`, component),
            warning: (line: string) => void pulumi.log.warn(`${args.canaryName}: ${line}`, component),
        };
        ready.apply(([config, released, secrets, metrics]) => {
            const promotion = { ...args, kubeconfig: config, image: released, hidden: secrets, metricsServer: metrics };
            return withFastRollback(promotion, told, (follow) =>
                awaitPromotion(
                    { ...promotion, follow },
                    (line) => void pulumi.log.info(line, component, undefined, true),
                    (line) => void pulumi.log.warn(line, component),
                ),
            ).then(() => resolve(true), reject);
        });
        // With --continue-on-error, what could not be made stays unknown, and `apply` does nothing. The engine leaves out
        // what depends on it.
        void (ready as unknown as { isKnown: Promise<boolean> }).isKnown.then(
            (known) => known || resolve(true),
            reject,
        );
    });
    gate(component).follow(outcome);
}
