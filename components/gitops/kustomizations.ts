import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";

import { isObjectName } from "../objectNames";
import { Fields, checkList, checkObject, checkPattern, checkSwitch, entryPath, isObject } from "../shape";
import { Problems, checkName } from "../validation";
import { inOrder } from "./applyOrder";
import { checkFluxDuration } from "./fluxDuration";

/** A folder of the repository that Flux applies as one, and keeps as it is there. */
export interface KustomizationArgs {
    /** The folder in the repository: "./apps/shop". */
    path: string;
    /**
     * How often Flux puts right what was changed by hand, like "10m". Something new in the repository is applied at once.
     * @default "10m"
     */
    interval?: string;
    /**
     * Whether what is taken out of the folder is deleted from the cluster, and everything when the Kustomization goes.
     * @default true
     */
    prune?: boolean;
    /**
     * How long applying, the health checks and deleting may take, like "5m".
     * @default "5m"
     */
    timeout?: string;
    /**
     * The names of other Kustomizations that have to be ready first, and go after this one.
     * @default - none
     */
    dependsOn?: string[];
    /**
     * What has to be healthy for the Kustomization to be ready.
     * @default - nothing: it is ready when everything is applied
     */
    healthChecks?: HealthCheckArgs[];
    /**
     * The namespace that every object of the folder is put in. It has to exist, or be among them.
     * @default - as the objects say
     */
    targetNamespace?: string;
}

/** An object that has to be healthy. */
export interface HealthCheckArgs {
    /** Its group and version: "apps/v1". */
    apiVersion: string;
    /** Its kind: "Deployment". */
    kind: string;
    /** Its name. */
    name: string;
    /** Its namespace. */
    namespace: string;
}

/** Checks all Kustomizations, and that they can wait for each other as they say. */
export function checkKustomizations(problems: Problems, path: string, kustomizations: unknown): void {
    const fix = 'Write it like { shop: { path: "./apps/shop" } }.';
    if (!isObject(kustomizations) || Object.keys(kustomizations).length === 0) {
        problems.add({
            path,
            value: kustomizations,
            rule: "has to name a folder of the repository, or Flux applies nothing",
            fix,
        });
        return;
    }
    const names = Object.keys(kustomizations);
    const waits: Record<string, string[]> = {};
    for (const [name, args] of Object.entries(kustomizations)) {
        const at = entryPath(path, name);
        checkName(problems, at, name);
        if (checkObject(problems, at, args, 'Write it like { path: "./apps/shop" }.')) {
            waits[name] = checkKustomization(problems, at, args, names);
        }
    }
    const { stuck } = inOrder(waits);
    problems.require(stuck.length === 0, {
        path,
        value: stuck,
        rule: "wait for each other by `dependsOn`, so Flux would apply none of them",
        fix: "Take one of them out of another's `dependsOn`.",
    });
}

/** Checks one; answers which of the others it waits for. */
function checkKustomization(problems: Problems, path: string, args: Fields, names: string[]): string[] {
    if (args.path === undefined) {
        problems.add({ path: `${path}.path`, rule: "is required", fix: 'Give a folder, or "./" for all of it.' });
    }
    checkPattern(
        problems,
        `${path}.path`,
        args.path,
        /^(?!(.*\/)?\.\.(\/|$))\S/,
        "is not a folder inside the repository",
        'Write it from the top of the repository: "./apps/shop".',
    );
    checkFluxDuration(problems, `${path}.interval`, args.interval);
    checkFluxDuration(problems, `${path}.timeout`, args.timeout);
    checkSwitch(problems, `${path}.prune`, args.prune);
    if (args.targetNamespace !== undefined) {
        checkName(problems, `${path}.targetNamespace`, args.targetNamespace);
    }
    const checks = checkList(problems, `${path}.healthChecks`, args.healthChecks, "Give a list of objects.");
    for (const [at, check] of checks) {
        checkHealthCheck(problems, at, check);
    }
    const known: string[] = [];
    for (const [at, other] of checkList(problems, `${path}.dependsOn`, args.dependsOn, 'Write it like ["shared"].')) {
        const found = problems.require(names.includes(other as string), {
            path: at,
            value: other,
            rule: "is no Kustomization of this platform, so Flux would wait for ever",
            fix: `Use one of ${names.join(", ")}.`,
        });
        if (found) {
            known.push(other as string);
        }
    }
    return known;
}

function checkHealthCheck(problems: Problems, path: string, check: unknown): void {
    const fix = 'Write it like { apiVersion: "apps/v1", kind: "Deployment", name: "shop-primary", namespace: "shop" }.';
    if (!checkObject(problems, path, check, fix)) {
        return;
    }
    const isText = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
    const rules = {
        apiVersion: isText(/^([a-z0-9.-]+\/)?v[0-9][a-z0-9]*$/),
        kind: isText(/^[A-Z][A-Za-z0-9]*$/),
        name: (value: unknown) => isObjectName(value),
        namespace: (value: unknown) => isObjectName(value, 63),
    };
    for (const [key, holds] of Object.entries(rules)) {
        problems.require(holds(check[key]), {
            path: `${path}.${key}`,
            value: check[key],
            rule: "does not say which object is meant",
            fix,
        });
    }
}

/** What all Kustomizations of a platform have in common. */
export interface KustomizationScope {
    namespace: string;
    /** The kind and name of the repository's object. */
    source: Record<"kind" | "name", string>;
    /** The name of the ConfigMap whose keys are variables in the repository. */
    variables: string;
    /** What has to exist before the first, and to go after the last. */
    dependsOn: pulumi.Resource[];
}

/** Makes the Kustomizations, those first that others wait for; at destroy they go the other way round. */
export function makeKustomizations(
    name: string,
    kustomizations: Record<string, KustomizationArgs>,
    scope: KustomizationScope,
    opts: pulumi.CustomResourceOptions,
): void {
    const waits = Object.fromEntries(
        Object.entries(kustomizations).map(([key, { dependsOn = [] }]) => [key, dependsOn]),
    );
    const made: Record<string, pulumi.Resource> = {};
    for (const key of inOrder(waits).order) {
        made[key] = new CustomResource(
            `${name}-${key}`,
            {
                apiVersion: "kustomize.toolkit.fluxcd.io/v1",
                kind: "Kustomization",
                metadata: { name: key, namespace: scope.namespace },
                spec: specOf(kustomizations[key]!, scope),
            },
            { ...opts, dependsOn: [...scope.dependsOn, ...waits[key]!.map((other) => made[other]!)] },
        );
    }
}

function specOf(args: KustomizationArgs, { source, variables }: KustomizationScope): object {
    const {
        path,
        interval = "10m",
        prune = true,
        timeout = "5m",
        dependsOn = [],
        healthChecks,
        targetNamespace,
    } = args;
    return {
        sourceRef: source,
        path,
        interval,
        prune,
        timeout,
        // Flux's default goes as soon as it has asked for the deletions, and then the mesh's controller could be gone before the
        // objects whose finalizers it has to take away.
        ...(prune && { deletionPolicy: "WaitForTermination" }),
        ...(dependsOn.length > 0 && { dependsOn: dependsOn.map((name) => ({ name })) }),
        ...(healthChecks !== undefined && { healthChecks }),
        ...(targetNamespace !== undefined && { targetNamespace }),
        postBuild: { substituteFrom: [{ kind: "ConfigMap", name: variables }] },
    };
}
