import { Problems } from "../../components/validation";
import { chartOf } from "../charts";
import { Pods, containersOf, podsOf } from "../pods";
import { at, fieldsAt, listAt } from "../resource";
import { ResourceRule } from "../rule";
import { entriesOf } from "../tree";

const host = ["hostNetwork", "hostPID", "hostIPC"] as const;

/** Pods are kept apart from their nodes. */
export const podPrivileges: ResourceRule = {
    name: "pod-privileges",
    description:
        "Pods run without privileges on their node: none of its namespaces, no folder of it, no privileged container.",
    enforcementLevel: "mandatory",
    severity: "critical",
    check(problems, resource) {
        const pods = podsOf(resource);
        if (pods !== undefined) {
            checkHost(problems, pods);
            for (const { path, fields } of containersOf(pods)) {
                checkPrivileged(
                    problems,
                    `${path}.securityContext.privileged`,
                    at(fields, "securityContext", "privileged"),
                );
            }
        }
        const chart = chartOf(resource);
        for (const { path, key, value } of chart === undefined ? [] : entriesOf("values", chart.values)) {
            if (key === "privileged") {
                checkPrivileged(problems, path, value);
            }
        }
    },
};

function checkPrivileged(problems: Problems, path: string, value: unknown): void {
    problems.require(value !== true, {
        path,
        value,
        rule: "gives the container all that its node may do",
        fix: "Leave it out; give single capabilities where the container cannot be without.",
    });
}

function checkHost(problems: Problems, { path, spec }: Pods): void {
    for (const key of host) {
        problems.require(spec[key] !== true, {
            path: `${path}.${key}`,
            value: spec[key],
            rule: "puts the pod into a namespace of its node",
            fix: "Leave it out.",
        });
    }
    listAt(spec, "volumes").forEach((volume, index) => {
        const folder = fieldsAt(volume, "hostPath").path;
        problems.require(folder === undefined, {
            path: `${path}.volumes[${index}].hostPath`,
            value: folder,
            rule: "is a folder of the node",
            fix: "Use a volume of another kind: emptyDir, a ConfigMap, a PersistentVolumeClaim.",
        });
    });
}
