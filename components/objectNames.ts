import * as pulumi from "@pulumi/pulumi";

import { isLater, isObject, outline } from "./shape";
import { Problems, checkName } from "./validation";

/** Where an object of Kubernetes is found. */
export interface ObjectRef {
    name: pulumi.Input<string>;
    namespace?: pulumi.Input<string>;
}

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = new RegExp(`^${label}(\\.${label})*$`);
const fix = "Use lower-case letters, digits, dots and dashes, beginning and ending with a letter or digit.";

/** Whether a value is a name that Kubernetes takes as a DNS subdomain, as most objects' are. */
export function isObjectName(value: unknown, maxLength = 253): value is string {
    return typeof value === "string" && value.length <= maxLength && subdomain.test(value);
}

/** Checks the name of an object; one that is known only later passes, and an absent one. */
export function checkObjectName(problems: Problems, path: string, value: unknown): void {
    problems.require(value === undefined || isLater(value) || isObjectName(value), {
        path,
        value,
        rule: "is not the name of a Kubernetes object",
        fix,
    });
}

/** Checks the name of an object that Flagger makes a copy of, with "-primary" after the name. */
export function checkCopiedName(problems: Problems, path: string, value: unknown): boolean {
    return problems.require(isObjectName(value, 245), {
        path,
        value,
        rule: `is not a Kubernetes name of at most 245 characters: with Flagger's "-primary" it has to fit in 253`,
        fix,
    });
}

/** Checks a reference to an object that exists. */
export function checkObjectRef(problems: Problems, path: string, ref: unknown): void {
    if (!isObject(ref)) {
        problems.add({
            path,
            value: outline(ref),
            rule: "does not name an object",
            fix: 'Write it like { name: "error-rate", namespace: "monitoring" }.',
        });
        return;
    }
    const { name, namespace } = ref;
    if (name === undefined) {
        problems.add({ path: `${path}.name`, rule: "is required", fix: "Give the object's name." });
    }
    checkObjectName(problems, `${path}.name`, name);
    if (namespace !== undefined && !isLater(namespace)) {
        checkName(problems, `${path}.namespace`, namespace);
    }
}
