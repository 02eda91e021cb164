import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { answersIn, kubeconfig, outputs, placeholder } from "./answers";
import { Recorded, record } from "./recording";

/** What an offline preview is of. */
export interface Wanted {
    /** The folder with the Pulumi.yaml. */
    folder: string;
    stack: string;
    /** Secrets that no file has: each gets a value that stands for it. */
    secrets: string[];
}

/** Something that is wrong before any program runs. */
export class UnreadableError extends Error {}

/** A stack's settings as a program gets them: text, and JSON for everything else; and which of them are secret. */
export interface StackConfig {
    values: Record<string, string>;
    secret: string[];
}

interface ProjectFile {
    name: string;
    main?: string;
}

function read(file: string, hint: string): unknown {
    if (!fs.existsSync(file)) {
        throw new UnreadableError(`There is no ${file}. ${hint}`);
    }
    try {
        return parse(fs.readFileSync(file, "utf8"));
    } catch (error) {
        throw new UnreadableError(`${file} is not YAML: ${(error as Error).message}`);
    }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** What stands for the secret of that name. */
const standIn = (key: string) => (/(^|:)kubeconfig$/.test(key) ? kubeconfig : placeholder);

/** A value with something in the place of each encrypted one in it; says whether there was any. */
function opened(key: string, value: unknown): { value: unknown; secret: boolean } {
    if (!isObject(value)) {
        return { value, secret: false };
    }
    if (Object.keys(value).join() === "secure") {
        return { value: standIn(key), secret: true };
    }
    const inner = Object.entries(value).map(([name, entry]) => [name, opened(name, entry)] as const);
    const secret = inner.some(([, entry]) => entry.secret);
    const values = inner.map(([name, entry]) => [name, entry.value] as const);
    return { value: Array.isArray(value) ? values.map(([, entry]) => entry) : Object.fromEntries(values), secret };
}

/** The settings of a stack as its file has them. Encrypted ones cannot be read without credentials, and are not needed. */
export function configOf(project: string, file: string, secrets: readonly string[]): StackConfig {
    const { config = {} } = (read(file, "Name a stack that has one.") ?? {}) as { config?: Record<string, unknown> };
    const entries = Object.entries(config).map(([key, value]) => ({ key, ...opened(key, value) }));
    const given = secrets.map((name) => {
        const key = name.includes(":") ? name : `${project}:${name}`;
        return { key, value: standIn(key), secret: true };
    });
    const all = [...entries, ...given];
    return {
        values: Object.fromEntries(
            all.map(({ key, value }) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
        ),
        secret: all.filter(({ secret }) => secret).map(({ key }) => key),
    };
}

/** Runs a project's program with a stack's settings, without a cloud, a cluster or a network; answers with what it asked for. */
export async function previewed({ folder, stack, secrets }: Wanted): Promise<Recorded> {
    const { name, main } = read(
        path.join(folder, "Pulumi.yaml"),
        "Name the project's folder with --project.",
    ) as ProjectFile;
    const { values, secret } = configOf(name, path.join(folder, `Pulumi.${stack}.yaml`), secrets);
    const load = createRequire(__filename);
    const entry = load.resolve(path.resolve(folder, main ?? "index.ts"));
    return record(
        async () => {
            pulumi.runtime.setAllConfig(values, secret);
            // A second preview in the same process runs the program anew.
            delete load.cache[entry];
            const made: unknown = load(entry);
            return typeof made === "function" ? await (made as () => unknown)() : made;
        },
        {
            project: name,
            stack,
            outputs,
            answers: answersIn(values["aws:region"] ?? "us-west-2"),
            preview: true,
        },
    );
}
