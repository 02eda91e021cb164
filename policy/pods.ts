import { Fields, isObject } from "../components/shape";
import { Resource, at, fieldsAt, isKind, kindOf, listAt } from "./resource";

/** The pods that an object stands for. */
export interface Pods {
    /** Where their spec is: `spec.template.spec`. */
    path: string;
    metadata: Fields;
    spec: Fields;
}

/** A container of a pod, with its place. */
export interface Container {
    path: string;
    fields: Fields;
}

/** The pods of a workload of any kind: by its template, wherever Kubernetes' kinds and those of others have it. */
export function podsOf(resource: Resource): Pods | undefined {
    if (kindOf(resource) === undefined) {
        return undefined;
    }
    const place = isKind(resource, "core", "Pod")
        ? []
        : isKind(resource, "batch", "CronJob")
          ? ["spec", "jobTemplate", "spec", "template"]
          : ["spec", "template"];
    const spec = at(resource.props, ...place, "spec");
    return isObject(spec) && Array.isArray(spec.containers)
        ? { path: [...place, "spec"].join("."), metadata: fieldsAt(resource.props, ...place, "metadata"), spec }
        : undefined;
}

/** All containers of pods, those that run first too. */
export function containersOf({ path, spec }: Pods): Container[] {
    return ["initContainers", "containers"].flatMap((key) =>
        listAt(spec, key).flatMap((container, index) =>
            isObject(container) ? [{ path: `${path}.${key}[${index}]`, fields: container }] : [],
        ),
    );
}
