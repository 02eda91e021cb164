import fs from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";

import { isLater } from "../../components/shape";
import { plainProps } from "../../policy/resource";
import { placeholder } from "./answers";
import { Node } from "./recording";

/** What is written in the place of a secret value. */
export const masked = "[secret]";
/** What is written in the place of a value that only a deployment knows. */
export const unknown = "[known at deployment]";

/** An object of Kubernetes, or the values of a chart, as a file. */
export interface Manifest {
    /** Its place in the folder, by the namespace: `apps/deployment-podinfo.yaml`, `apps/chart-loadtester.yaml`. */
    file: string;
    text: string;
}

type Fields = Record<string, unknown>;

/** A value without what is secret in it, and without what is not known yet. */
function shown(value: unknown): unknown {
    if (pulumi.runtime.isRpcSecret(value)) {
        return masked;
    }
    // What stands for an encrypted setting is one, also where the program has read it as plain text.
    if (typeof value === "string" && value.includes(placeholder)) {
        return value.replaceAll(placeholder, masked);
    }
    if (isLater(plainProps({ value }).value)) {
        return unknown;
    }
    if (Array.isArray(value)) {
        return value.map(shown);
    }
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner)]));
    }
    return value;
}

/** What a Secret holds is one, whether or not Pulumi was told so. */
function withoutContents(fields: Fields): Fields {
    const contents = ["data", "stringData"].filter((key) => typeof fields[key] === "object" && fields[key] !== null);
    const blank = (key: string) => Object.keys(fields[key] as Fields).map((name) => [name, masked]);
    return { ...fields, ...Object.fromEntries(contents.map((key) => [key, Object.fromEntries(blank(key)) as Fields])) };
}

const fileName = (...parts: string[]) =>
    `${parts
        .join("-")
        .toLowerCase()
        .replace(/[^a-z0-9.-]+/g, "-")}.yaml`;

const textOr = (value: unknown, otherwise: string) => (typeof value === "string" ? value : otherwise);

function objectOf(fields: Fields, name: string): Manifest {
    const { apiVersion, kind, metadata = {}, ...rest } = fields as Fields & { metadata?: Fields };
    const place = typeof metadata.namespace === "string" ? metadata.namespace : "_cluster";
    const file = path.join(place, fileName(String(kind), textOr(metadata.name, name)));
    const whole = { apiVersion, kind, metadata, ...rest };
    return { file, text: stringify(kind === "Secret" ? withoutContents(whole) : whole) };
}

function chartOf(fields: Fields, name: string): Manifest {
    const { chart, version, namespace, values = {} } = fields;
    const repository = (fields.repositoryOpts as Fields | undefined)?.repo;
    const head = Object.entries({ chart, version, repository, namespace })
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => `# ${key}: ${String(value)}\n`);
    return {
        file: path.join(
            typeof namespace === "string" ? namespace : "default",
            fileName("chart", textOr(fields.name, name)),
        ),
        text: `${head.join("")}${stringify(values)}`,
    };
}

/** The objects that a program makes in Kubernetes, and the values of the charts that it installs. */
export function manifestsOf(nodes: readonly Node[]): Manifest[] {
    const files = nodes
        .filter(({ type, custom, read }) => type.startsWith("kubernetes:") && custom && !read)
        .map(({ type, name, props }) => {
            const fields = shown(props) as Fields;
            return type.startsWith("kubernetes:helm.sh/") ? chartOf(fields, name) : objectOf(fields, name);
        })
        .sort((a, b) => (a.file < b.file ? -1 : 1));
    // Kinds of two groups may have one name: then they share the file.
    const texts = new Map<string, string[]>();
    files.forEach(({ file, text }) => texts.set(file, [...(texts.get(file) ?? []), text]));
    return [...texts].map(([file, documents]) => ({ file, text: documents.join("---\n") }));
}

/** Writes manifests into a folder, which is made. Files of an earlier run that have the same names are replaced. */
export function writeManifests(folder: string, manifests: readonly Manifest[]): void {
    for (const { file, text } of manifests) {
        const place = path.join(folder, file);
        fs.mkdirSync(path.dirname(place), { recursive: true });
        fs.writeFileSync(place, text);
    }
}
