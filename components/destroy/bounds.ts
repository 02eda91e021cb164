import * as pulumi from "@pulumi/pulumi";

import { goSeconds } from "../goDuration";

/**
 * How many seconds Pulumi waits until an object that it has deleted is gone, before that is an error. It is in the state, because
 * `pulumi destroy` does not run the program.
 */
export const bounds = {
    /** Most objects go at once. Some wait for a controller, and App Mesh's looks every 60 s at what still uses one. */
    object: 300,
    /** For what goes after all that is in it or belongs to it: pods that end slowly, the load balancer of a Service. */
    whole: 600,
    /** Beyond the time that something may take by its own words: a grace period, a time-out. */
    margin: 120,
};

const release = "kubernetes:helm.sh/v3:Release";
const kustomization = /^kubernetes:kustomize\.toolkit\.fluxcd\.io\/.*:Kustomization$/;

/** Those that go after others: what is in them, the objects of their kind, the load balancer that a controller made for them. */
const wholes = [
    /^kubernetes:core\/v1:Namespace$/,
    /^kubernetes:apiextensions\.k8s\.io\/v1:CustomResourceDefinition$/,
    /^kubernetes:gateway\.networking\.k8s\.io\/.*:Gateway$/,
];

/** What is looked at of an object's arguments. */
interface Props {
    spec?: { timeout?: unknown };
}

/**
 * The options of a component, so that the deletion of each Kubernetes object in it is bounded. Its `customTimeouts`, where the user
 * gave some, hold for all of these objects. What is in AWS keeps the bounds of AWS' provider.
 *
 * @param graceSeconds How long the component's pods may take to end.
 */
export function boundDeletion(
    opts: pulumi.ComponentResourceOptions | undefined,
    graceSeconds = 0,
): pulumi.ComponentResourceOptions {
    const given = timeoutsOf(opts);
    const bound: pulumi.ResourceTransformation = (child) => {
        const { type, opts: own } = child;
        const props = child.props as Props;
        if (!type.startsWith("kubernetes:")) {
            return undefined;
        }
        const customTimeouts = {
            delete: `${deleteSeconds(type, props, graceSeconds)}s`,
            ...given,
            ...own.customTimeouts,
        };
        return {
            props: type === release ? { ...props, timeout: helmSeconds(given) } : props,
            opts: { ...own, customTimeouts },
        };
    };
    return { ...opts, transformations: [...(opts?.transformations ?? []), bound] };
}

/** How long the deletion of an object may take. */
function deleteSeconds(type: string, props: Props, graceSeconds: number): number {
    if (wholes.some((whole) => whole.test(type))) {
        return Math.max(bounds.whole, graceSeconds + bounds.margin);
    }
    if (type === release) {
        return bounds.whole;
    }
    if (kustomization.test(type)) {
        // Flux deletes what it applied, and waits for that as long as it is told to.
        return Math.max(bounds.object, goSeconds(String(props.spec?.timeout)) + bounds.margin);
    }
    return Math.max(bounds.object, type === "kubernetes:apps/v1:Deployment" ? graceSeconds + bounds.margin : 0);
}

/** Those that somebody gave. From a program in another language the others come as empty texts. */
function timeoutsOf(opts: pulumi.ComponentResourceOptions | undefined): Record<string, string> {
    return Object.fromEntries(Object.entries(opts?.customTimeouts ?? {}).filter(([, duration]) => Boolean(duration)));
}

/** Helm knows one bound for all that it does with a release: the longest of those that are given. */
function helmSeconds(given: Record<string, string>): number {
    // What is no duration Pulumi refuses.
    const seconds = Object.values(given).map(goSeconds).filter(Number.isFinite);
    return seconds.length === 0 ? bounds.whole : Math.ceil(Math.max(...seconds));
}
