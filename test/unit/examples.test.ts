import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { meshes } from "../../components/mesh/meshes";
import packageJson from "../../package.json";
import { check } from "../../policy/check";
import { root } from "./docs";
import {
    Example,
    ExampleProject,
    Settings,
    allExamples,
    blocksIn,
    commandsIn,
    keysRead,
    projectFile,
    recorded,
    settingsOf,
    walkThrough,
} from "./examples";
import { Graph, kubeconfig } from "./graph";

const examples = allExamples();
const projects = examples.flatMap((example) => example.projects);

/** What a program has to be told by hand before it can be previewed: secrets are in no file. */
const byHand = (project: ExampleProject): Settings => (keysRead(project).includes("kubeconfig") ? { kubeconfig } : {});

const messages = ({ messages: all }: Graph<unknown>, severity: string) =>
    all.filter((message) => message.severity === severity).map(({ text }) => text);

/** The warnings that a stack has to give, by their beginnings. */
function expectedWarnings({ mesh, stage, skipAnalysis }: Settings): string[] {
    const onAppMesh = mesh === "appmesh" || stage === "appmesh" || stage === "both";
    return [
        ...(onAppMesh ? [meshes.appmesh!.warning!.slice(0, 30)] : []),
        ...(skipAnalysis === true ? ["skipAnalysis"] : []),
    ];
}

/** Fails unless a program ran without a warning that nobody expects and without a violation that would stop it. */
function sound(settings: Settings, made: Graph<unknown>): void {
    const expected = expectedWarnings(settings);
    assert.deepEqual(
        messages(made, "warning").map((text, index) => text.slice(0, expected[index]?.length)),
        expected,
    );
    const mandatory = check(made.nodes).filter(({ level }) => level === "mandatory");
    assert.deepEqual(mandatory, []);
    assert.ok(made.nodes.length > 5, "it makes something");
}

/** The keys in the tables of settings on a page, for one of its projects. */
function keysOnPage({ readme }: Example, project: ExampleProject): string[] {
    const table = readme.split("\n\n").find((block) => /^\|( project +\|)? setting/.test(block))!;
    const column = table.startsWith("| setting") ? "" : ` \`${path.basename(project.folder)}\` +\\|`;
    const keys = new RegExp(`^\\|${column} ((?:\`[\\w:]+\`(?:, )?)+) +\\|`, "gm");
    return [...table.matchAll(keys)]
        .flatMap((match) => [...match[1]!.matchAll(/`([\w:]+)`/g)].map((key) => key[1]!))
        .sort();
}

describe("the examples", function () {
    this.timeout(240_000);

    it("are these, and their page lists each", () => {
        const list = fs.readFileSync(path.join(root, "examples", "README.md"), "utf8");
        const listed = [...list.matchAll(/^\| \[([\w-]+)\]\(\1\)/gm)].map((match) => match[1]!);
        assert.deepEqual(
            listed.sort(),
            examples.map(({ name }) => name),
        );
        assert.deepEqual(listed, [
            "appmesh-canary",
            "appmesh-shop",
            "eks-step-by-step",
            "existing-cluster",
            "gitops-appmesh",
            "istio-playground",
            "leave-app-mesh",
            "many-apps",
        ]);
    });

    for (const project of projects) {
        describe(project.name, () => {
            it("is a project as a user would have it", () => {
                const { name, runtime, description } = projectFile(project);
                const read = (file: string) =>
                    JSON.parse(fs.readFileSync(path.join(project.folder, file), "utf8")) as Record<string, unknown>;
                const manifest = read("package.json");
                assert.deepEqual([manifest.name, manifest.private, manifest.main], [name, true, "index.ts"]);
                assert.deepEqual([runtime, description.endsWith(".")], ["nodejs", true]);
                const { "pulumi-progressive-mesh": own, ...peers } = manifest.dependencies as Record<string, string>;
                assert.equal(own, `^${packageJson.version}`);
                assert.deepEqual(Object.keys(peers), Object.keys(packageJson.peerDependencies));
                for (const [peer, range] of Object.entries({ ...peers, ...(manifest.devDependencies as object) })) {
                    assert.equal(range, packageJson.devDependencies[peer as "typescript"], peer);
                }
                assert.deepEqual(read("tsconfig.json").files, ["index.ts"]);
            });

            it("reads every setting that its files have, and needs none but secrets that they have not", () => {
                const read = keysRead(project);
                for (const stack of project.stacks) {
                    const set = Object.keys(settingsOf(project, stack)).filter((key) => !key.includes(":"));
                    assert.deepEqual(
                        set.filter((key) => !read.includes(key)),
                        [],
                    );
                }
            });

            for (const stack of project.stacks) {
                it(`runs as ${stack} without unexpected warnings and violations`, async () => {
                    const settings = { ...settingsOf(project, stack), ...byHand(project) };
                    sound(settings, await recorded(project, stack, settings));
                });
            }
        });
    }

    for (const example of examples) {
        describe(`${example.name}'s page`, () => {
            it("explains each setting that there is, and no other", () => {
                for (const project of example.projects) {
                    const inFiles = project.stacks.flatMap((stack) => Object.keys(settingsOf(project, stack)));
                    const known = [...new Set([...keysRead(project), ...inFiles])].sort();
                    assert.deepEqual(keysOnPage(example, project), known, project.name);
                }
            });

            it("can be followed from its first command to its last", async () => {
                const updates = walkThrough(example);
                assert.ok(updates.length >= 2, "it releases something");
                const plans: string[] = [];
                for (const { project, stack, settings } of updates) {
                    const known = [...keysRead(project), ...Object.keys(settingsOf(project, stack))];
                    assert.deepEqual(
                        Object.keys(settings).filter((key) => !known.includes(key)),
                        [],
                        "a setting that the program does not read",
                    );
                    const made = await recorded(project, stack, settings);
                    sound(settings, made);
                    plans.push(...messages(made, "info"));
                }
                const shown = blocksIn(example.readme, "").flatMap((text) => text.trim().split("\n"));
                assert.ok(shown.length > 0, "it shows a plan");
                assert.deepEqual(
                    shown.filter((line) => !plans.includes(line)),
                    [],
                    `the page shows a plan that no preview has; those are:\n${[...new Set(plans)].join("\n")}`,
                );
                assert.ok(commandsIn(example.readme).some((line) => /^pulumi (destroy|up)/.test(line)));
            });
        });
    }
});
