import type { types } from "@pulumi/kubernetes";

import { checkObject } from "../shape";
import { Problems, checkInteger } from "../validation";

/** What a container is allowed. What is not named here is as the Pod Security Standard "restricted" asks for. */
export interface SecurityArgs {
    /**
     * The numeric user that the container runs as, at least 1 unless `runAsNonRoot` is false.
     * @default - 65532, the usual `nonroot` user; with `runAsNonRoot` false the image's own
     */
    runAsUser?: number;
    /**
     * Whether Kubernetes refuses to start the container as root.
     * @default true
     */
    runAsNonRoot?: boolean;
    /**
     * Whether the container's own file system cannot be written to.
     * @default false
     */
    readOnlyRootFilesystem?: boolean;
}

// Kubernetes cannot tell whether a user that an image gives by name is root, and refuses it. So there is a number.
const nonRootUser = 65532;

/** Checks what a container is allowed. */
export function checkSecurity(problems: Problems, path: string, security: unknown): void {
    if (security === undefined || !checkObject(problems, path, security, "Write it like { runAsUser: 1000 }.")) {
        return;
    }
    for (const key of ["runAsNonRoot", "readOnlyRootFilesystem"] as const) {
        const value = security[key];
        problems.require(value === undefined || typeof value === "boolean", {
            path: `${path}.${key}`,
            value,
            rule: "is neither true nor false",
            fix: "Give one of them, without quotes.",
        });
    }
    const { runAsUser, runAsNonRoot } = security;
    if (runAsUser === 0) {
        problems.require(runAsNonRoot === false, {
            path: `${path}.runAsUser`,
            value: runAsUser,
            rule: "is root, which `runAsNonRoot` forbids: no pod would start and Flagger would roll back every version",
            fix: "Give another user, or set runAsNonRoot to false.",
        });
        return;
    }
    checkInteger(problems, `${path}.runAsUser`, runAsUser, 1, 2 ** 31 - 1, "a user's number");
}

/** What the container is allowed, by the Pod Security Standard "restricted" unless told otherwise. */
export function containerSecurity(security: SecurityArgs | undefined): types.input.core.v1.SecurityContext {
    const { runAsNonRoot = true, runAsUser, readOnlyRootFilesystem } = security ?? {};
    return {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        runAsNonRoot,
        runAsUser: runAsUser ?? (runAsNonRoot ? nonRootUser : undefined),
        readOnlyRootFilesystem,
        seccompProfile: { type: "RuntimeDefault" },
    };
}
