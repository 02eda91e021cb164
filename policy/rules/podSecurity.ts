import { isLater } from "../../components/shape";
import { Problems } from "../../components/validation";
import { Container, Pods, containersOf, podsOf } from "../pods";
import { at, listAt } from "../resource";
import { ResourceRule } from "../rule";

/** Containers may do no more than the Pod Security Standard "restricted" lets them. */
export const podSecurity: ResourceRule = {
    name: "pod-security",
    description:
        "Containers run as the Pod Security Standard `restricted` asks for: not as root, without new privileges and " +
        "capabilities, with a seccomp profile.",
    enforcementLevel: "mandatory",
    severity: "high",
    check(problems, resource) {
        const pods = podsOf(resource);
        for (const container of pods === undefined ? [] : containersOf(pods)) {
            checkContainer(problems, pods!, container);
        }
    },
};

function checkContainer(problems: Problems, pods: Pods, { path, fields }: Container): void {
    const own = `${path}.securityContext`;
    const context = at(fields, "securityContext");
    // What a container does not say for itself, its pod says for it.
    const either = (...keys: string[]) => at(context, ...keys) ?? at(pods.spec, "securityContext", ...keys);
    const runAsNonRoot = either("runAsNonRoot");
    problems.require(runAsNonRoot === true, {
        path: `${own}.runAsNonRoot`,
        value: runAsNonRoot,
        rule: "has to be true: otherwise an image that says nothing else runs as root",
        fix: "Set it to true, with a runAsUser of at least 1 where the image names its user.",
    });
    const runAsUser = either("runAsUser");
    problems.require(runAsUser !== 0, {
        path: `${own}.runAsUser`,
        value: runAsUser,
        rule: "is root",
        fix: "Give another user.",
    });
    const escalation = at(context, "allowPrivilegeEscalation");
    problems.require(escalation === false, {
        path: `${own}.allowPrivilegeEscalation`,
        value: escalation,
        rule: "has to be false: otherwise a program may gain privileges that its container does not have",
        fix: "Set it to false.",
    });
    checkCapabilities(problems, own, context);
    const seccomp = either("seccompProfile", "type");
    problems.require(seccomp === "RuntimeDefault" || seccomp === "Localhost", {
        path: `${own}.seccompProfile.type`,
        value: seccomp,
        rule: "has to be RuntimeDefault or Localhost: without a profile every system call is allowed",
        fix: "Set it to RuntimeDefault.",
    });
}

function checkCapabilities(problems: Problems, own: string, context: unknown): void {
    const dropped = at(context, "capabilities", "drop");
    problems.require(isLater(dropped) || listAt(context, "capabilities", "drop").includes("ALL"), {
        path: `${own}.capabilities.drop`,
        value: dropped,
        rule: "has to have ALL in it",
        fix: 'Write ["ALL"], and add what the container cannot be without.',
    });
    const added = listAt(context, "capabilities", "add").filter((one) => one !== "NET_BIND_SERVICE");
    problems.require(added.length === 0, {
        path: `${own}.capabilities.add`,
        value: added,
        rule: "gives more than NET_BIND_SERVICE",
        fix: "Leave it out.",
    });
}
