import { checkObjectName } from "../objectNames";
import { checkSecretText, isObject, outline } from "../shape";
import { Problems } from "../validation";
import { MetricProvider, waysOf } from "./metricProviders";
import type { MetricTemplateArgs } from "./metricTemplate";

/** Checks how Flagger signs in to the server of a template. */
export function checkMetricCredentials(
    problems: Problems,
    path: string,
    template: MetricTemplateArgs,
    provider: MetricProvider,
): void {
    const { credentials, secretRef, provider: name } = template;
    const given = credentials !== undefined ? "credentials" : "secretRef";
    if (credentials === undefined && secretRef === undefined) {
        problems.require(!provider.needsCredentials, {
            path: `${path}.credentials`,
            rule: `is required for ${name}: Flagger would fail every check`,
            fix: `Give ${waysOf(provider)}, or name a Secret that has them as \`secretRef\`.`,
        });
        return;
    }
    if (
        !problems.require(provider.keys.length > 0, {
            path: `${path}.${given}`,
            // The names of the keys, never what they hold.
            value: given === "secretRef" ? secretRef : outline(credentials),
            rule:
                `is of no use for ${name}: Flagger asks as ` +
                `${name === "cloudwatch" ? "the AWS identity of its own pod" : "its own service account"}`,
            fix: "Leave it out.",
        })
    ) {
        return;
    }
    problems.require(credentials === undefined || secretRef === undefined, {
        path: `${path}.secretRef`,
        value: secretRef,
        rule: "is given beside `credentials`, and Flagger reads one Secret alone",
        fix: "Keep one of the two.",
    });
    checkObjectName(problems, `${path}.secretRef`, secretRef);
    if (credentials !== undefined) {
        checkKeys(problems, `${path}.credentials`, credentials, name, provider);
    }
}

function checkKeys(
    problems: Problems,
    path: string,
    credentials: unknown,
    name: string,
    provider: MetricProvider,
): void {
    if (!isObject(credentials)) {
        problems.add({
            path,
            secret: true,
            rule: "is not an object of keys and values",
            fix: `Give ${waysOf(provider)}.`,
        });
        return;
    }
    const given = Object.keys(credentials).filter((key) => credentials[key] !== undefined);
    const has = (key: string) => given.includes(key);
    const way = provider.keys.find((keys) => keys.every(has)) ?? provider.keys.find((keys) => keys.some(has));
    const wanted = way ?? provider.keys[0]!;
    for (const key of wanted.filter((k) => !has(k))) {
        problems.add({
            path: `${path}.${key}`,
            rule: `is required for ${name}: Flagger would fail every check`,
            fix: `Give ${waysOf(provider)}.`,
        });
    }
    for (const key of given) {
        const beside = provider.keys.flat().includes(key) ? ` beside ${wanted.join(" and ")}` : "";
        problems.require([...wanted, ...(provider.optionalKeys ?? [])].includes(key), {
            path,
            value: key,
            rule: `is not a key that Flagger reads for ${name}${beside}`,
            fix: `Give ${waysOf(provider)}.`,
        });
        checkSecretText(problems, `${path}.${key}`, credentials[key]);
    }
}
