import { init, ModuleInfos } from "license-checker-rseidelsohn";

import { root } from "../lab/paths";

/** Licences that the library's licence, Apache-2.0, goes with: they ask for no more than to be named. */
export const allowed = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC-BY-3.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "PSF-2.0",
    "Python-2.0",
    "Unlicense",
];

/** Packages whose metadata says it in no known word; what their LICENSE file says, as it was read. */
export const readByHand: Record<string, string> = {
    "@logdna/tail-file": "MIT",
};

/** Tools that tests and the build start as they are. They ask something of who passes them on or changes them, and nobody here does either. */
export const toolsAlone: Record<string, string> = {
    "axe-core": "MPL-2.0",
    "rollup-plugin-dts": "LGPL-3.0-only",
};

/** The licences of everything that is installed, by package and version; of this package's users with `production`. */
export async function licences({ production = false } = {}): Promise<Record<string, string>> {
    const found = await new Promise<ModuleInfos>((resolve, reject) =>
        init({ start: root, production, excludePrivatePackages: true }, (error, infos) =>
            error ? reject(error) : resolve(infos),
        ),
    );
    return Object.fromEntries(
        Object.entries(found).map(([name, { licenses = "none" }]) => [
            name,
            readByHand[name.slice(0, name.lastIndexOf("@"))] ?? [licenses].flat().join(" AND "),
        ]),
    );
}

/** Whether an expression of SPDX asks for nothing but what is allowed. */
export function isAllowed(expression: string): boolean {
    const names = expression.replace(/[()]/g, " ").trim();
    const any = names.split(/\s+OR\s+/);
    return any.some((all) => all.split(/\s+AND\s+/).every((name) => allowed.includes(name.trim())));
}
