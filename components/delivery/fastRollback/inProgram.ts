import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "@kubernetes/client-node";

import { messageOf, orMissing } from "../../apiError";
import { runError } from "../../runError";
import { clusterOf } from "../../sharedConnections";
import { CanaryFeed } from "../promotion/canaryFeed";
import type { PodTemplate } from "../promotion/podTemplate";
import { AnalysisSkip, leftSkip, skippedSince, takeBackCommand } from "./analysisSkip";
import { LookBackArgs, lookBack } from "./lookBack";

/**
 * Says at preview whether the change goes back fast. Where the cluster or the pods are not known yet, nothing is said: then nothing was
 * promoted yet, or the configuration is another.
 */
export function announceFastRollback(
    component: pulumi.ComponentResource,
    kubeconfig: pulumi.Input<string>,
    template: pulumi.Output<PodTemplate>,
    args: LookBackArgs,
): void {
    pulumi.all([pulumi.output(kubeconfig), template]).apply(async ([config, proposed]) => {
        const client = await import("@kubernetes/client-node");
        try {
            const decision = await lookBack(clusterOf(client, config), args, proposed);
            if (decision.way !== "none") {
                await pulumi.log.info(`${args.name}: ${decision.says}`, component);
            }
        } catch (error) {
            await pulumi.log.warn(
                `${args.name}: whether this is a fast rollback could not be seen: ${messageOf(error)}. \`pulumi up\` looks again.`,
                component,
            );
        }
    });
}

/** Where a Canary is, and how its component is called. */
export interface LeftSkip {
    subject: string;
    namespace: string;
    canaryName: string;
}

/**
 * A resource as one that is there only once no analysis is skipped any more by a fast rollback that was interrupted: what depends on it
 * would be promoted unseen. At preview it is the resource itself.
 */
export function afterLeftSkip(
    resource: pulumi.Resource,
    kubeconfig: pulumi.Input<string>,
    component: pulumi.ComponentResource,
    args: LeftSkip,
): pulumi.Input<pulumi.Resource> {
    if (pulumi.runtime.isDryRun()) {
        return resource;
    }
    return pulumi.output(kubeconfig).apply(async (config) => {
        await takeBackLeft(config, component, args);
        return resource;
    });
}

async function takeBackLeft(
    config: string,
    component: pulumi.ComponentResource,
    { subject, namespace, canaryName }: LeftSkip,
): Promise<void> {
    const client = await import("@kubernetes/client-node");
    const kubeconfig = clusterOf(client, config);
    let canary: KubernetesObject | undefined;
    try {
        // As the wait does: for all applications of the namespace at once.
        const canaries = await orMissing(CanaryFeed.of(client, kubeconfig, namespace).next(true));
        canary = canaries?.get(canaryName);
    } catch (error) {
        await pulumi.log.warn(
            `${canaryName}: whether a fast rollback was interrupted could not be seen: ${messageOf(error)}. The wait looks again.`,
            component,
        );
    }
    if (skippedSince(canary) === undefined) {
        return;
    }
    const skip = new AnalysisSkip(client, kubeconfig, namespace, canaryName);
    await pulumi.log.warn(leftSkip(`${namespace}/${canaryName}`), component);
    await skip.takeBack().catch((error: unknown) => {
        throw runError(
            `${subject}: the analysis of ${namespace}/${canaryName} is skipped, and that could not be taken back: ${messageOf(error)}\n` +
                `The application is left as it is, as a change would be promoted unseen. Run:\n  ${takeBackCommand(namespace, canaryName)}`,
        );
    });
}
