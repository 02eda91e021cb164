import { Mesh } from "../mesh/mesh";
import { checkObject } from "../shape";
import { Problems } from "../validation";
import { AutoscalerRefArgs, checkAutoscalerRef } from "./autoscalerRef";

/** Something that exists already and is to be released. It has to be in the application's namespace. */
export interface TargetArgs {
    /** Its name. Its pods need a label `app`, `name` or `app.kubernetes.io/name` with that same name. */
    name: string;
    /**
     * `Deployment`, `DaemonSet` or `Service`. The mesh decides which of them it takes.
     * @default "Deployment"
     */
    kind?: string;
    /**
     * The autoscaler of a Deployment. Flagger keeps a copy of it for the primary.
     * @default - it has none
     */
    autoscaler?: AutoscalerRefArgs;
    /**
     * The name of its pods' service account. Give it the annotations that the component has as an output, and its pods'
     * proxies have the permissions that the mesh asks for.
     * @default "default"
     */
    serviceAccount?: string;
}

/** Checks a target against what can be released on the mesh. */
export function checkTarget(problems: Problems, path: string, target: unknown, mesh: Mesh): void {
    if (!checkObject(problems, path, target, `Write it like { name: "web" }.`)) {
        return;
    }
    const { kind = "Deployment", autoscaler } = target;
    const { targets } = mesh.capabilities;
    const reason =
        kind === "Service"
            ? ": Flagger knows no pod label of a Service for the mesh to select by, " +
              "and would never initialise the Canary"
            : "";
    problems.require(targets.includes(kind as string), {
        path: `${path}.kind`,
        value: kind,
        rule: `is not a kind that Flagger can release on ${mesh.title}${reason}`,
        fix: `Use ${targets.join(" or ")}.`,
    });
    if (autoscaler === undefined) {
        return;
    }
    if (kind === "DaemonSet" || kind === "Service") {
        problems.add({
            path: `${path}.autoscaler`,
            value: autoscaler,
            rule: `cannot scale a ${kind}: Flagger would wait for an autoscaler, or make a copy that scales nothing`,
            fix: "Leave it out.",
        });
    }
    checkAutoscalerRef(problems, `${path}.autoscaler`, autoscaler);
}

/** The `targetRef` of a Canary. */
export function targetRefSpec(kind: string | undefined, name: string): Record<string, unknown> {
    return { apiVersion: kind === "Service" ? "v1" : "apps/v1", kind: kind ?? "Deployment", name };
}
