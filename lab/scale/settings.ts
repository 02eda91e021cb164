/** What a measurement is made with. */
export interface ScaleSettings {
    /** How many applications share a namespace. */
    perNamespace: number;
    /** The interval of their Canaries. */
    interval: string;
    /** Whether `pulumi up` waits for their promotions. */
    wait: boolean;
    /** Whether there is a release: all applications get a new image at once. */
    release: boolean;
    /** Whether Pulumi leaves out its checkpoints and saves the state at the end alone. */
    skipCheckpoints: boolean;
    /** How many resources Pulumi works on at once; its own default without. */
    parallel?: number;
    /** The requests a second of Pulumi's Kubernetes provider; the library's without. The burst is twice that. */
    providerQps?: number;
    /** Arguments of the platform's Flagger. */
    flagger: { threadiness?: number; kubernetesQps?: number; kubernetesBurst?: number };
}

/** The settings by which Pulumi's own programs are told. */
export function environmentOf({ skipCheckpoints, parallel, providerQps }: ScaleSettings): NodeJS.ProcessEnv {
    return {
        ...(skipCheckpoints && { PULUMI_SKIP_CHECKPOINTS: "true" }),
        ...(parallel !== undefined && { PULUMI_PARALLEL: String(parallel) }),
        ...(providerQps !== undefined && {
            PULUMI_K8S_CLIENT_QPS: String(providerQps),
            PULUMI_K8S_CLIENT_BURST: String(providerQps * 2),
        }),
    };
}
