import type { V1ReplicaSet } from "@kubernetes/client-node";

/** The noon at which the tests take place. */
export const noon = Date.parse("2026-11-28T12:00:00Z");

/** So many minutes before it, as Kubernetes writes it. */
export const minutesAgo = (minutes: number) => new Date(noon - minutes * 60_000).toISOString();

/** The pods of "web", as its target has them. */
export const template = (
    image: string,
    { annotations = {}, spec = {} }: { annotations?: object; spec?: object } = {},
) => ({
    metadata: { labels: { app: "web" }, annotations: { team: "a", ...annotations } },
    spec: { containers: [{ name: "web", image }], ...spec },
});

/** The same as Flagger has them in the primary. */
export const copied = (image: string, id: string, changes: { annotations?: object; spec?: object } = {}) => {
    const { metadata, spec } = template(image, changes);
    return {
        metadata: { labels: { app: "web-primary" }, annotations: { ...metadata.annotations, "flagger-id": id } },
        spec,
    };
};

/** What Kubernetes keeps of the primary's versions: each with its image, the mark of its promotion and how long ago that was. */
export const replicaSets = (
    ...versions: [image: string, id: string, minutes: number, changes?: object][]
): V1ReplicaSet[] =>
    versions.map(([image, id, minutes, changes], index) => {
        const { metadata, spec } = copied(image, id, changes);
        const labels = { ...metadata.labels, "pod-template-hash": `h${index}` };
        return {
            metadata: {
                uid: `rs-${index}`,
                ownerReferences: [{ uid: "primary", apiVersion: "apps/v1", kind: "Deployment", name: "web-primary" }],
                annotations: { "deployment.kubernetes.io/revision": String(index + 1) },
                creationTimestamp: minutesAgo(minutes),
            },
            spec: { selector: {}, template: { metadata: { ...metadata, labels }, spec } },
        } as unknown as V1ReplicaSet;
    });
