import fs from "node:fs";
import path from "node:path";

import { root } from "../../lab/paths";

/** Versions of the SDKs, which an empty project is made with. */
export interface VersionSet {
    name: string;
    /** Of each peer of the package. */
    versions: Record<string, string>;
    /** The major version of Node.js that runs the program. */
    node: string;
}

/** Both module systems, as `type` of a package.json. */
export const moduleSystems = ["commonjs", "module"] as const;

/** How TypeScript may be told to find a package, and the `module` that goes with it. */
export const resolutions = [
    { moduleResolution: "node16", module: "node16" },
    { moduleResolution: "nodenext", module: "nodenext" },
    { moduleResolution: "bundler", module: "esnext" },
];

/** The compilers, by the name that each is installed under. */
export const compilers = { typescript: "5.9", "typescript-current": "npm:typescript@latest" };

/** The least versions that package.json allows, on the least Node.js, and what the registry calls the newest. */
export function versionSets(): VersionSet[] {
    const { peerDependencies } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
        peerDependencies: Record<string, string>;
    };
    const peers = Object.entries(peerDependencies);
    return [
        {
            name: "floor",
            versions: Object.fromEntries(peers.map(([name, range]) => [name, range.replace(/^\^/, "")])),
            node: "20",
        },
        { name: "newest", versions: Object.fromEntries(peers.map(([name]) => [name, "latest"])), node: "22" },
    ];
}

/** The README's first program, which every project here is made of. */
export function firstProgram(): string {
    const readme = fs.readFileSync(path.join(root, "README.md"), "utf8");
    const [, program] = /^## A first program$[\s\S]*?^```ts\n([\s\S]*?)^```$/m.exec(readme) ?? [];
    if (program === undefined) {
        throw new Error("README.md has no TypeScript block under `## A first program`, which the matrix compiles.");
    }
    return program;
}

/**
 * What Node.js loads before the program: mocks, as in a preview of a first `up`. The process fails unless the cluster and the
 * Canary are registered in the end.
 */
export const mocks = `
const pulumi = require("@pulumi/pulumi");
const types = [];
const newResource = ({ name, type, inputs }) => {
    types.push(type);
    return { id: name, state: inputs };
};
pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, "project", "stack", true);
process.once("beforeExit", () => {
    for (const type of ["eks:index:Cluster", "kubernetes:flagger.app/v1beta1:Canary"]) {
        if (!types.includes(type)) {
            console.error("not registered: " + type + "; only " + [...new Set(types)].join(", "));
            process.exitCode = 1;
        }
    }
});
`;
