import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { Settings } from "../../../stacks/settings";
import { root } from "../docs";

/** The settings in a stack's file, as they are written. */
export function stackSettings(stack: string): Settings {
    const text = fs.readFileSync(path.join(root, `Pulumi.${stack}.yaml`), "utf8");
    const { config } = parse(text) as { config: Record<string, unknown> };
    return { platform: config["progressive-mesh:platform"], app: config["progressive-mesh:app"] } as Settings;
}

type Tree = Record<string, unknown>;

/** The keys of a path as `pulumi config --path` takes it: `a.b["c.d"][0]`. */
function keysOf(setting: string): string[] {
    return [...setting.matchAll(/\["([^"]+)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
        ([, quoted, index, plain]) => (quoted ?? index ?? plain)!,
    );
}

/** The object that a path ends in, made where there is none, and its last key. */
function placeOf(settings: object, setting: string): [Tree, string] {
    const keys = keysOf(setting);
    const last = keys.pop()!;
    const place = keys.reduce((tree, key) => (tree[key] ??= {}) as Tree, settings as Tree);
    return [place, last];
}

/** What `pulumi config set --path` makes of a value, unless it is told that it is text. */
export function valueOf(text: string): unknown {
    return /^(true|false|-?\d+)$/.test(text) ? (JSON.parse(text) as unknown) : text;
}

/** Sets what is at a path. */
export function set(settings: object, setting: string, value: unknown): void {
    const [place, key] = placeOf(settings, setting);
    place[key] = value;
}

/** Changes settings as `pulumi config rm --path` does. Fails where there is nothing to remove. */
export function remove(settings: object, setting: string): void {
    const [place, key] = placeOf(settings, setting);
    if (!(key in place)) {
        throw new Error(`there is no ${setting}`);
    }
    delete place[key];
}
