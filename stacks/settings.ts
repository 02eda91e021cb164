import * as pulumi from "@pulumi/pulumi";
import { Ajv, ErrorObject, ValidateFunction } from "ajv";

import { Problem, Problems } from "../components/validation";
import type { CanaryAppArgs, ProgressiveMeshClusterArgs } from "../index";
import { settingsSchema } from "./settingsSchema";

/** What a stack of this program is set to. */
export interface Settings {
    platform: ProgressiveMeshClusterArgs;
    app: Omit<CanaryAppArgs, "platform"> & { name: string };
}

/**
 * The settings of the current stack: `platform`, `app`, and for a cluster that exists the secret `kubeconfig`.
 *
 * @throws pulumi.InputPropertiesError that names every key that is missing, unknown or of the wrong type.
 */
export function readSettings(config = new pulumi.Config()): Settings {
    const settings = { platform: config.getObject("platform"), app: config.getObject("app") };
    // Left out, so that a missing key is reported as one.
    const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    const problems = checkSettings(given);
    problems.throwIfAny(`Pulumi.${pulumi.getStack()}.yaml`);
    return withKubeconfig(given as unknown as Settings, config.getSecret("kubeconfig"));
}

/** The kubeconfig is a setting of its own, so that the others can be plain in the stack's file. */
function withKubeconfig(settings: Settings, kubeconfig: pulumi.Output<string> | undefined): Settings {
    const { platform } = settings;
    return kubeconfig === undefined
        ? settings
        : { ...settings, platform: { ...platform, existing: { ...platform.existing, kubeconfig } } };
}

let validate: ValidateFunction | undefined;

/** Everything that is wrong with settings. */
export function checkSettings(settings: unknown): Problems {
    const problems = new Problems();
    validate ??= new Ajv({ allErrors: true, verbose: true }).compile(settingsSchema());
    validate(settings);
    for (const error of validate.errors ?? []) {
        problems.add(problemOf(error));
    }
    return problems;
}

const unescapePointer = (key: string) => key.replaceAll("~1", "/").replaceAll("~0", "~");

function problemOf(error: ErrorObject): Problem {
    const at = (...more: string[]) =>
        [...error.instancePath.split("/").slice(1).map(unescapePointer), ...more]
            .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
            .join("")
            .replace(/^\./, "");
    const params = error.params as Record<string, string>;
    const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
    switch (error.keyword) {
        case "required":
            return {
                path: at(params.missingProperty!),
                rule: "is required",
                fix: "Set it, or see the docs for what it means.",
            };
        case "additionalProperties":
            return {
                path: at(params.additionalProperty!),
                value: (error.data as Record<string, unknown>)[params.additionalProperty!],
                rule: "is set under a key that does not exist there",
                fix: `Use one of ${known.join(", ")}.`,
            };
        default:
            return {
                path: at(),
                value: error.data,
                rule: error.message ?? "is not valid",
                fix: `Give a ${params.type ?? "valid value"}.`,
            };
    }
}
