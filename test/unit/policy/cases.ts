import { PackConfig, Registered } from "../../../policy/check";

/** What a rule says of some resources. */
export interface Case {
    rule: string;
    title: string;
    given: Registered[];
    /** All that it says, each line with the Pulumi name of the resource before it; nothing where the resources pass. */
    says: string[];
    config?: PackConfig;
}

/** The kinds of Kubernetes that the cases need, as Pulumi's types. */
const types: Readonly<Record<string, string>> = {
    Pod: "core/v1",
    Service: "core/v1",
    Namespace: "core/v1",
    Deployment: "apps/v1",
    CronJob: "batch/v1",
    StorageClass: "storage.k8s.io/v1",
    Canary: "flagger.app/v1beta1",
    EnvoyProxy: "gateway.envoyproxy.io/v1alpha1",
    Gateway: "gateway.networking.k8s.io/v1",
};

/** An object of Kubernetes. */
export function object(kind: string, name: string, fields: object, provider = ""): Registered {
    return { type: `kubernetes:${types[kind]!}:${kind}`, name, provider, props: { kind, ...fields } };
}

/** A release of a chart, in one version. */
export function release(name: string, chart: string, values: object, version = "1.0.0"): Registered {
    return { type: "kubernetes:helm.sh/v3:Release", name, props: { chart, version, values } };
}

/** A resource of AWS. */
export function aws(type: string, name: string, props: object): Registered {
    return { type: `aws:${type}`, name, props };
}

/** A Canary with this analysis, in a namespace. */
export function canary(name: string, analysis: object | undefined, spec: object = {}, namespace = "apps"): Registered {
    return object("Canary", name, { metadata: { name, namespace }, spec: { provider: "istio", ...spec, analysis } });
}

/** An analysis that nothing is wrong with. */
export const sound = {
    interval: "30s",
    threshold: 5,
    stepWeight: 10,
    maxWeight: 50,
    metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 }, interval: "1m" }],
    alerts: [{ name: "on-call", severity: "error", providerRef: { name: "slack" } }],
};

/** A container that the Pod Security Standard "restricted" takes. */
export const restricted = {
    name: "app",
    image: "example.com/app:1.2.3",
    securityContext: {
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
    },
};

/** A Deployment with these containers. */
export function deployment(name: string, containers: object[], pod: object = {}, metadata: object = {}): Registered {
    return object("Deployment", name, {
        metadata: { name, namespace: "apps" },
        spec: { template: { metadata, spec: { containers, ...pod } } },
    });
}
