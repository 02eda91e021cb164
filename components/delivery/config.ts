import type { types } from "@pulumi/kubernetes";
import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { digest } from "../digest";
import { checkCopiedName } from "../objectNames";
import { checkList, checkObject, checkTexts, isLater, isObject } from "../shape";
import { Problems } from "../validation";
import { WorkloadArgs } from "./workloadArgs";

/** A ConfigMap or a Secret that exists, whose keys become environment variables. Exactly one of the two is named. */
export interface EnvFromArgs {
    /**
     * The name of the ConfigMap. Flagger follows its `data` alone, not its `binaryData`.
     * @default - `secret` is named
     */
    configMap?: string;
    /**
     * The name of the Secret. Flagger follows Opaque, basic-auth, ssh-auth and TLS secrets alone.
     * @default - `configMap` is named
     */
    secret?: string;
    /**
     * What each variable's name begins with, before the key.
     * @default - nothing
     */
    prefix?: string;
    /**
     * Whether the container starts without it.
     * @default false
     */
    optional?: boolean;
}

/** A ConfigMap or a Secret that exists, each key of it a file. Exactly one of the two is named. */
export interface FilesArgs {
    /** The folder in the container, an absolute path. It is read-only. */
    mountPath: string;
    /**
     * The name of the ConfigMap. Flagger follows its `data` alone, not its `binaryData`.
     * @default - `secret` is named
     */
    configMap?: string;
    /**
     * The name of the Secret. Flagger follows Opaque, basic-auth, ssh-auth and TLS secrets alone.
     * @default - `configMap` is named
     */
    secret?: string;
}

/** A mention of a ConfigMap or a Secret in the arguments. */
interface Mention {
    path: string;
    name: string;
}

// No hash in these names: Flagger notices a change by the content, and makes its copy by the name.
export const configName = (app: string) => `${app}-config`;
export const secretsName = (app: string) => `${app}-secrets`;

/** Checks where the configuration of the application `name` comes from. */
export function checkConfig(problems: Problems, path: string, args: Record<string, unknown>, name: string): void {
    checkVariables(`${path}.config`, checkTexts(problems, `${path}.config`, args.config), problems);
    checkSecrets(problems, `${path}.secrets`, args.secrets);

    const sources = [
        ...checkList(problems, `${path}.envFrom`, args.envFrom, `Write it like [{ configMap: "shared" }].`),
        ...checkFiles(problems, `${path}.files`, args.files),
    ];
    const configMaps: Mention[] = hasKeys(args.config) ? [{ path: `${path}.config`, name: configName(name) }] : [];
    const secrets: Mention[] = hasKeys(args.secrets) ? [{ path: `${path}.secrets`, name: secretsName(name) }] : [];
    for (const [at, source] of sources) {
        checkSource(problems, at, source, configMaps, secrets);
    }
    checkCopies(problems, configMaps);
    checkCopies(problems, secrets);
}

function checkSecrets(problems: Problems, path: string, secrets: unknown): void {
    if (secrets === undefined) {
        return;
    }
    // The values stay out of the problems.
    if (!isObject(secrets)) {
        problems.add({
            path,
            rule: "has to be an object of strings (what was given may be secret and is not shown)",
            fix: "Write it like { PASSWORD: … }.",
        });
        return;
    }
    checkVariables(path, Object.keys(secrets), problems);
    for (const [key, value] of Object.entries(secrets)) {
        problems.require(typeof value === "string" || isLater(value), {
            path: `${path}.${key}`,
            rule: "has to be a string (what was given may be secret and is not shown)",
            fix: "Put it in quotes, or take it from a secret of the configuration.",
        });
    }
}

function checkVariables(path: string, keys: string[], problems: Problems): void {
    for (const key of keys) {
        problems.require(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key), {
            path: `${path}.${key}`,
            value: key,
            rule: "cannot be the name of an environment variable: Kubernetes would leave it out, or refuse it",
            fix: "Use letters, digits, dots, dashes and underscores, not beginning with a digit.",
        });
    }
}

function checkFiles(problems: Problems, path: string, files: unknown): [string, unknown][] {
    const list = checkList(problems, path, files, `Write it like [{ mountPath: "/etc/app", configMap: "app" }].`);
    const taken = new Set<unknown>();
    for (const [at, file] of list) {
        if (!isObject(file)) {
            continue;
        }
        const { mountPath } = file;
        // Kubernetes refuses the colon.
        problems.require(typeof mountPath === "string" && /^\/[^:]*$/.test(mountPath), {
            path: `${at}.mountPath`,
            value: mountPath,
            rule: "is not an absolute path",
            fix: `Begin it with a slash, like "/etc/app", and use no colon.`,
        });
        problems.require(mountPath === undefined || !taken.has(mountPath), {
            path: `${at}.mountPath`,
            value: mountPath,
            rule: "is taken by another of the files, and Kubernetes would refuse the Deployment",
            fix: "Give each a folder of its own.",
        });
        taken.add(mountPath);
    }
    return list;
}

function checkSource(
    problems: Problems,
    path: string,
    source: unknown,
    configMaps: Mention[],
    secrets: Mention[],
): void {
    if (!checkObject(problems, path, source, `Name a ConfigMap or a Secret, like { configMap: "shared" }.`)) {
        return;
    }
    const { configMap, secret, prefix, optional } = source;
    problems.require((configMap === undefined) !== (secret === undefined), {
        path,
        value: source,
        rule: "has to name exactly one ConfigMap or Secret",
        fix: "Keep configMap or secret, not both and not neither.",
    });
    for (const [key, value, mentions] of [
        ["configMap", configMap, configMaps],
        ["secret", secret, secrets],
    ] as const) {
        if (value !== undefined && checkCopiedName(problems, `${path}.${key}`, value)) {
            mentions.push({ path: `${path}.${key}`, name: value as string });
        }
    }
    problems.require(prefix === undefined || (typeof prefix === "string" && /^[-._a-zA-Z0-9]*$/.test(prefix)), {
        path: `${path}.prefix`,
        value: prefix,
        rule: "cannot begin the name of an environment variable",
        fix: "Use letters, digits, dots, dashes and underscores.",
    });
    problems.require(optional === undefined || typeof optional === "boolean", {
        path: `${path}.optional`,
        value: optional,
        rule: "is neither true nor false",
        fix: "Give one of them, without quotes.",
    });
}

/** Finds names that Flagger's copies would take. */
function checkCopies(problems: Problems, mentions: Mention[]): void {
    const names = new Set(mentions.map((mention) => mention.name));
    for (const { path, name } of mentions) {
        const original = name.replace(/-primary$/, "");
        problems.require(original === name || !names.has(original), {
            path,
            value: name,
            rule:
                `is the name of the copy that Flagger makes of ${JSON.stringify(original)} for the primary: ` +
                "Flagger would overwrite it at every promotion",
            fix: "Give one of the two another name.",
        });
    }
}

/** A ConfigMap and a Secret that were made, as far as they were asked for. */
export interface MadeConfigs {
    resources: pulumi.Resource[];
    /** Differs whenever their contents do; absent where there are none. It tells nothing of a secret's contents. */
    revision?: pulumi.Output<string>;
}

/** Makes the ConfigMap and the Secret of the application `name`. */
export function configs(
    childName: string,
    name: string,
    namespace: string,
    args: WorkloadArgs,
    opts: pulumi.CustomResourceOptions,
): MadeConfigs {
    const labels = { app: name };
    const resources: pulumi.Resource[] = [];
    let data: pulumi.Output<Record<string, string>> | undefined;
    let version: pulumi.Output<string> | undefined;
    if (hasKeys(args.config)) {
        resources.push(
            new ConfigMap(
                `${childName}-config`,
                { metadata: { name: configName(name), namespace, labels }, data: args.config },
                opts,
            ),
        );
        data = pulumi.output(args.config!);
    }
    if (hasKeys(args.secrets)) {
        // Not `stringData`: what is taken out of that stays in the Secret.
        const encoded = Object.entries(args.secrets ?? {}).map(([key, value]): [string, pulumi.Output<string>] => [
            key,
            pulumi.secret(value).apply((text) => Buffer.from(text).toString("base64")),
        ]);
        const secret = new Secret(
            `${childName}-secrets`,
            {
                metadata: { name: secretsName(name), namespace, labels },
                // Flagger follows few types of Secret; this is one.
                type: "Opaque",
                data: Object.fromEntries(encoded),
            },
            opts,
        );
        resources.push(secret);
        version = pulumi.unsecret(secret.metadata.resourceVersion);
    }
    return {
        resources,
        ...(resources.length > 0 && {
            revision: pulumi
                .all([pulumi.output(data), pulumi.output(version)])
                .apply((both) => configRevision(...both)),
        }),
    };
}

/** A text that differs whenever the contents of a ConfigMap do, or the version of a Secret; of either there may be none. */
export function configRevision(data: Record<string, string> | undefined, secretVersion: string | undefined): string {
    const parts = [
        data && digest(JSON.stringify(Object.entries(data).sort())),
        // Not a digest of what is in it: from that a short secret could be guessed.
        secretVersion,
    ];
    return digest(parts.filter((part) => part !== undefined).join(" "));
}

/** Where the environment of the application `name` comes from. The later win: what is its own comes last. */
export function envSources(name: string, args: WorkloadArgs): types.input.core.v1.EnvFromSource[] {
    const shared = (args.envFrom ?? []).map(({ configMap, secret, prefix, optional }) =>
        configMap !== undefined
            ? { prefix, configMapRef: { name: configMap, optional } }
            : { prefix, secretRef: { name: secret, optional } },
    );
    return [
        ...shared,
        ...(hasKeys(args.config) ? [{ configMapRef: { name: configName(name) } }] : []),
        ...(hasKeys(args.secrets) ? [{ secretRef: { name: secretsName(name) } }] : []),
    ];
}

/** The volumes of a pod that has these files. */
export function fileVolumes(files: FilesArgs[]): types.input.core.v1.Volume[] {
    return files.map(({ configMap, secret }, index) => ({
        name: volumeName(index),
        ...(configMap !== undefined ? { configMap: { name: configMap } } : { secret: { secretName: secret } }),
    }));
}

/** Where those volumes are in the container. */
export function fileMounts(files: FilesArgs[]): types.input.core.v1.VolumeMount[] {
    return files.map(({ mountPath }, index) => ({ name: volumeName(index), mountPath, readOnly: true }));
}

const volumeName = (index: number) => `files-${index}`;

function hasKeys(value: unknown): boolean {
    return isObject(value) && Object.keys(value).length > 0;
}
