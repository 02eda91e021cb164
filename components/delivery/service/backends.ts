import { isObjectName } from "../../objectNames";
import { checkList, isLater } from "../../shape";
import { Problems } from "../../validation";

/** Checks a list of services that the application calls. */
export function checkBackends(problems: Problems, path: string, value: unknown): void {
    const first = new Map<unknown, string>();
    for (const [at, backend] of checkList(problems, path, value, `Write it like ["db"].`)) {
        if (isLater(backend)) {
            continue;
        }
        const sound = problems.require(isArn(backend) || isObjectName(backend), {
            path: at,
            value: backend,
            rule:
                `is neither a name nor an ARN: Flagger takes what does not begin with "arn:aws" for the name of a ` +
                "VirtualService in the same namespace, and would find none",
            fix: `Write it like "db" or "arn:aws:appmesh:us-west-2:123456789012:mesh/m/virtualService/db".`,
        });
        if (!sound) {
            continue;
        }
        problems.require(!first.has(backend), {
            path: at,
            value: backend,
            rule: `is ${first.get(backend)} too: App Mesh would refuse the virtual node and Flagger would stand still`,
            fix: "Name each service once.",
        });
        first.set(backend, first.get(backend) ?? at);
    }
}

function isArn(backend: unknown): boolean {
    return typeof backend === "string" && /^arn:aws.+$/.test(backend);
}
