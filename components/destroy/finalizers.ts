/** Who takes a finalizer off, and what becomes of things when somebody else does. */
export interface Holder {
    pattern: RegExp;
    /** What takes it off, and when. */
    by: string;
    /** What to do where that does not happen. */
    remedy: string;
    /** Whether nobody has to take it off by hand: it goes with other objects. */
    follows?: boolean;
}

/** The finalizers that objects of a platform and of its applications have. */
const holders: Holder[] = [
    {
        pattern: /^finalizer\.flagger\.app$/,
        by: "Flagger takes it off when it has given the target its replicas back (revertOnDeletion)",
        remedy:
            "See that Flagger runs and that the Canary's target exists. Where Flagger is gone, take the finalizer off: the " +
            "target keeps the replicas that it has",
    },
    {
        pattern: /^finalizers\.appmesh\.k8s\.aws\//,
        by: "App Mesh's controller takes it off once nothing uses the object and AWS has deleted its counterpart",
        remedy:
            "See that the controller runs. Where it is gone, or AWS no longer answers it, take the finalizer off; what is " +
            "left in AWS then is to be deleted there. Webhooks that the controller left behind refuse that: delete them first " +
            "(kubectl get mutatingwebhookconfigurations,validatingwebhookconfigurations -o name | grep appmesh | xargs kubectl delete)",
    },
    {
        pattern: /^service\.kubernetes\.io\/load-balancer-cleanup$|^service\.k8s\.aws\//,
        by: "the controller that made the load balancer takes it off when it has deleted it",
        remedy:
            "Look at the events of the Service. Where that controller is gone, delete the load balancer in the cloud and " +
            "take the finalizer off",
    },
    {
        pattern: /gateway\.networking\.k8s\.io|\.k8s\.aws\//,
        by: "the controller of the Gateway API takes it off once nothing refers to the object",
        remedy: "See that the controller runs. Where it is gone, take the finalizer off",
    },
    {
        pattern: /^finalizers\.fluxcd\.io$/,
        by: "Flux takes it off when it has deleted what it applied",
        remedy: "See that Flux runs and what it says of the object. Where it is gone, take the finalizer off: what it applied stays",
    },
    {
        pattern: /^finalizer\.keda\.sh$/,
        by: "KEDA takes it off when it has deleted its autoscaler",
        remedy: "See that KEDA runs. Where it is gone, take the finalizer off",
    },
    {
        pattern: /^kubernetes\.io\/pvc-protection$/,
        by: "Kubernetes takes it off when no pod uses the claim",
        remedy: "Delete the pods that use it",
        follows: true,
    },
    {
        pattern: /^foregroundDeletion$/,
        by: "Kubernetes takes it off when the objects that belong to this one are gone",
        remedy: "Look at those",
        follows: true,
    },
    {
        pattern: /^customresourcecleanup\.apiextensions\.k8s\.io$/,
        by: "Kubernetes takes it off when all objects of this kind are gone",
        remedy: "Look at those",
        follows: true,
    },
];

/** What is known of a finalizer. */
export function holderOf(finalizer: string): Holder {
    return (
        holders.find(({ pattern }) => pattern.test(finalizer)) ?? {
            pattern: /^/,
            by: "whatever put it there takes it off; the name says whose it is",
            remedy: "See that its controller runs. Where it is gone, take the finalizer off, which leaves undone what it was to do",
        }
    );
}
