import * as pulumi from "@pulumi/pulumi";

import { checkFields, checkPattern, checkTextList, checkTexts, entryPath } from "../../shape";
import { Problems } from "../../validation";

/** Labels and annotations of a service that Flagger makes. */
export interface ServiceMetadataArgs {
    /**
     * Its labels. The one that selects pods is Flagger's.
     * @default - that one alone
     */
    labels?: Record<string, pulumi.Input<string>>;
    /**
     * Its annotations.
     * @default - those by which Flagger keeps Flux away
     */
    annotations?: Record<string, pulumi.Input<string>>;
}

/** Keys of labels and annotations that Flagger leaves alone on its services, whoever set them. */
export interface UnmanagedMetadataArgs {
    /**
     * Keys of labels.
     * @default - none
     */
    labels?: string[];
    /**
     * Keys of annotations.
     * @default - none
     */
    annotations?: string[];
}

/** Checks the metadata of one service. */
export function checkMetadata(problems: Problems, path: string, value: unknown): void {
    const metadata = checkFields(problems, path, value, `Write it like { labels: { team: "shop" } }.`);
    checkLabels(problems, `${path}.labels`, metadata?.labels);
    checkAnnotations(problems, `${path}.annotations`, metadata?.annotations);
}

/** Checks the keys that Flagger leaves alone. */
export function checkUnmanagedMetadata(problems: Problems, path: string, value: unknown): void {
    const metadata = checkFields(problems, path, value, `Write it like { annotations: ["example.com/owner"] }.`);
    checkTextList(problems, `${path}.labels`, metadata?.labels, `Write it like ["team"].`);
    checkTextList(problems, `${path}.annotations`, metadata?.annotations, `Write it like ["example.com/owner"].`);
}

/** Checks an object of labels. */
export function checkLabels(problems: Problems, path: string, value: unknown): void {
    const labels = checkFields(problems, path, value, `Write it like { team: "shop" }.`) ?? {};
    checkKeys(problems, path, Object.keys(labels));
    for (const [key, label] of Object.entries(labels)) {
        checkPattern(
            problems,
            entryPath(path, key),
            label ?? null,
            /^(?=.{0,63}$)([A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?)?$/,
            "is not the value of a label; the cluster would refuse the service and Flagger would stand still",
            "Give a text of at most 63 letters, digits, dashes, dots and underscores; in YAML, put a number in quotes.",
        );
    }
}

function checkAnnotations(problems: Problems, path: string, value: unknown): void {
    checkKeys(problems, path, checkTexts(problems, path, value, `Write it like { "example.com/owner": "shop" }.`));
}

function checkKeys(problems: Problems, path: string, keys: string[]): void {
    for (const key of keys) {
        problems.require(
            /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?(?=.{1,63}$)[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/.test(key),
            {
                path: entryPath(path, key),
                value: key,
                rule:
                    "is not a key of labels and annotations; the cluster would refuse the service and Flagger would " +
                    "stand still",
                fix: `Write it like "team" or "example.com/team".`,
            },
        );
    }
}
