import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { Membership } from "../mesh/mesh";
import { Values, mergeValues } from "../values";
import { envSources, fileMounts, fileVolumes } from "./config";
import { containerProbes } from "./probes";
import { containerSecurity } from "./security";
import { WorkloadArgs } from "./workloadArgs";

/** Where the pods say which contents of their ConfigMap and Secret they were started with. */
export const configAnnotation = "pulumi-progressive-mesh/config";

/**
 * An App Mesh proxy that is to end asks its callers for 20 seconds to come back elsewhere, and callers keep the connections
 * they have until then: whatever it stands before has to answer for longer than that.
 */
const preStopSeconds = 25;

/** What Kubernetes gives a pod to end in, where nobody says otherwise. */
const gracePeriodSeconds = 30;

/**
 * The pods of the application `name`. Flagger takes any change of it for a new version.
 *
 * @param configRevision Differs whenever the contents of the application's own ConfigMap or Secret do. Flagger follows those
 *   itself, but starts no pods anew: in the middle of a rollout it would go on with pods that have the old contents, and
 *   promote the new ones without having seen them run.
 */
export function podTemplate(
    name: string,
    args: WorkloadArgs,
    serviceAccount: string,
    membership: readonly Membership[] = [],
    configRevision?: pulumi.Input<string>,
): types.input.core.v1.PodTemplateSpec {
    const files = args.files ?? [];
    const sources = envSources(name, args);
    const sleep = sleepSeconds(args);
    const container: types.input.core.v1.Container = {
        name,
        image: args.image,
        command: args.command,
        args: args.args,
        ports: [{ name: "http", containerPort: args.port }],
        env: Object.entries(args.env ?? {}).map(([key, value]) => ({ name: key, value })),
        envFrom: sources.length === 0 ? undefined : sources,
        volumeMounts: files.length === 0 ? undefined : fileMounts(files),
        resources: {
            requests: args.resources?.requests ?? { cpu: "100m", memory: "64Mi" },
            limits: args.resources?.limits,
        },
        ...containerProbes(args.probes, args.readinessPath, args.port),
        lifecycle: sleep === 0 ? undefined : { preStop: { sleep: { seconds: sleep } } },
        // Here and not on the pod: there it would hold for the mesh's init container too, which has to be root to
        // redirect the traffic to the proxy.
        securityContext: containerSecurity(args.securityContext),
    };
    const spec: types.input.core.v1.PodSpec = {
        serviceAccountName: serviceAccount,
        // The proxies' roles (IRSA) do not need it: their token is a volume of its own.
        automountServiceAccountToken: args.mountServiceAccountToken ?? false,
        containers: [container],
        terminationGracePeriodSeconds: gracePeriodSeconds + sleep,
        volumes: files.length === 0 ? undefined : fileVolumes(files),
    };
    const ofMesh = (part: keyof Membership) => membership.map((of) => of[part] ?? {});
    const annotations: Texts = merged(
        ...ofMesh("annotations"),
        args.podAnnotations ?? {},
        configRevision === undefined ? {} : { [configAnnotation]: configRevision },
    );
    const labels = merged(...ofMesh("labels"), args.podLabels ?? {}, { app: name });
    return {
        metadata: { labels, annotations: Object.keys(annotations).length === 0 ? undefined : annotations },
        spec: mergeValues(
            spec as unknown as Values,
            args.podSpec as Values | undefined,
        ) as unknown as types.input.core.v1.PodSpec,
    };
}

/** How long the pods are given to end. */
export function graceSeconds(args: WorkloadArgs): number {
    const own = (args.podSpec as Record<string, unknown> | undefined)?.terminationGracePeriodSeconds;
    return typeof own === "number" ? own : gracePeriodSeconds + sleepSeconds(args);
}

function sleepSeconds(args: WorkloadArgs): number {
    return args.preStopSeconds ?? preStopSeconds;
}

type Texts = Record<string, pulumi.Input<string>>;

/** All of them; the last one that has a key gives its value. */
function merged(...parts: Texts[]): Texts {
    return Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
}
