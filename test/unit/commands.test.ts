import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { usage } from "../../components/cli/usage";
import packageJson from "../../package.json";
import { allPages, root } from "./docs";

const scripts: Record<string, string> = packageJson.scripts;
const suites = fs.readdirSync(path.join(root, "test/engine"));
const textOf = (file: string) => fs.readFileSync(path.join(root, file), "utf8");

/** The shell blocks of a page. */
const shellBlocks = (page: string) => [...textOf(page).matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1]!);

/** The command lines of a page: of its blocks, without comments, and those in its sentences. */
function commandsOf(page: string): string[] {
    const blocks = shellBlocks(page)
        .flatMap((text) => text.replace(/\\\n\s*/g, " ").split("\n"))
        .map((line) => line.replace(/(^|\s+)#.*$/, ""));
    const inline = [...textOf(page).matchAll(/`((?:npm run|npm ci|npx) [^`]+)`/g)].map((match) => match[1]!);
    return [...blocks, ...inline].map((line) => line.trim()).filter((line) => line !== "");
}

/** What a page says to type and this repository does not know; each with why. */
function unknownIn(command: string): string[] {
    return [...scriptProblems(command), ...cliProblems(command), ...fileProblems(command)].map(
        (problem) => `${problem}: ${command}`,
    );
}

function scriptProblems(command: string): string[] {
    return [...command.matchAll(/npm run (?:--silent )?([\w:-]+)(?: -- ([^&|>]*))?/g)].flatMap(
        ([, name, given = ""]) => {
            const script = scripts[name!];
            if (script === undefined) {
                return [`package.json has no script ${name}`];
            }
            const file = /tsx (\S+)$/.exec(script)?.[1];
            const source = file === undefined ? "" : textOf(file);
            const words = given.split(/\s+/).filter((word) => word !== "");
            const flags = words.filter((word) => word.startsWith("--"));
            return [
                ...flags
                    .filter((flag) => flag !== "--help")
                    .filter((flag) => !new RegExp(`"${flag}\\b|\\b${flag.slice(2)}: \\{`).test(source))
                    .map((flag) => `${name} has no option ${flag}`),
                ...(name === "test:engine" ? words.filter((word) => !word.startsWith("--")) : [])
                    .filter((word) => !suites.some((suite) => suite.includes(word) && suite.endsWith(".test.ts")))
                    .map((word) => `no engine suite has ${word} in its name`),
            ];
        },
    );
}

const flagsIn = (text: string) => [...text.matchAll(/--[\w-]+/g)].map(([flag]) => flag);

/** Each command with the options of all its lines in the usage, and those that every command takes. */
const options = new Map<string, string[]>();
const common = flagsIn(/^All take (.*)$/m.exec(usage)![1]!);
for (const [synopsis, name] of usage.matchAll(/^npx \S+ (\w+).*(?:\n +\[.*)*$/gm)) {
    options.set(name!, [...(options.get(name!) ?? common), ...flagsIn(synopsis)]);
}

function cliProblems(command: string): string[] {
    const [, name, given = ""] = /npx pulumi-progressive-mesh (\S+)(.*)/.exec(command) ?? [];
    if (name === undefined) {
        return [];
    }
    const known = options.get(name);
    return known === undefined
        ? [`the package has no command ${name}`]
        : flagsIn(given)
              .filter((flag) => !known.includes(flag))
              .map((flag) => `${name} has no option ${flag}`);
}

/** Files of this repository that a command names. */
function fileProblems(command: string): string[] {
    return [...command.matchAll(/(?:^|[\s=])((?:docs|examples|lab|scripts|test|stacks|policy|components)\/[\w./-]+)/g)]
        .map((match) => match[1]!)
        .filter((file) => !fs.existsSync(path.join(root, file)))
        .map((file) => `there is no ${file}`);
}

describe("the pages' commands", () => {
    const commands = allPages.flatMap(commandsOf);

    it("are found", () => {
        assert.ok(commands.length > 200, `only ${commands.length}`);
        assert.deepEqual(
            [...options.keys()],
            ["stuck", "watch", "report", "status", "explain", "plan", "approve", "abort", "retry", "rollback"],
        );
    });

    for (const page of allPages) {
        it(`of ${page} name scripts, options, suites and files that there are`, () => {
            assert.deepEqual(commandsOf(page).flatMap(unknownIn), []);
        });
    }

    it("are such as a shell can read", () => {
        for (const page of allPages) {
            for (const block of shellBlocks(page)) {
                assert.doesNotThrow(
                    () => execFileSync("bash", ["-n"], { input: block, stdio: ["pipe", "ignore", "pipe"] }),
                    `${page}:\n${block}`,
                );
            }
        }
    });

    it("would be found wrong", () => {
        assert.deepEqual(
            [
                "npm run labb",
                "npm run lab -- --mash istio",
                "npm run test:engine -- promotion nothing",
                "npx pulumi-progressive-mesh look",
                "npx pulumi-progressive-mesh stuck --out file",
                "npx mocha test/unit/nothing.test.ts",
            ].flatMap(unknownIn),
            [
                "package.json has no script labb: npm run labb",
                "lab has no option --mash: npm run lab -- --mash istio",
                "no engine suite has nothing in its name: npm run test:engine -- promotion nothing",
                "the package has no command look: npx pulumi-progressive-mesh look",
                "stuck has no option --out: npx pulumi-progressive-mesh stuck --out file",
                "there is no test/unit/nothing.test.ts: npx mocha test/unit/nothing.test.ts",
            ],
        );
    });
});

/** The anchors of a page, as GitHub makes them of its headings, and those that are written. */
function anchorsOf(page: string): Set<string> {
    const text = textOf(page).replace(/^```[^]*?^```$/gm, "");
    const anchors = [...text.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1]!);
    const counts = new Map<string, number>();
    for (const [, heading] of text.matchAll(/^#+ (.+)$/gm)) {
        const slug = heading!
            .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
            .toLowerCase()
            .replace(/[^\p{L}\p{N} _-]/gu, "")
            .replaceAll(" ", "-");
        const count = counts.get(slug) ?? 0;
        counts.set(slug, count + 1);
        anchors.push(count === 0 ? slug : `${slug}-${count}`);
    }
    return new Set(anchors);
}

describe("the pages' links", () => {
    const known = new Map<string, Set<string>>();
    const anchors = (page: string) => known.get(page) ?? known.set(page, anchorsOf(page)).get(page)!;

    for (const page of [
        ...allPages,
        ...fs.readdirSync(path.join(root, "docs/reference")).map((f) => `docs/reference/${f}`),
    ]) {
        it(`of ${page} lead to a file, and to a section of it`, () => {
            const broken = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
                .map((match) => match[1]!)
                .filter((link) => !/^https?:/.test(link))
                .filter((link) => {
                    const [file = "", anchor] = link.split("#");
                    const target = file === "" ? page : path.posix.join(path.posix.dirname(page), file);
                    return (
                        !fs.existsSync(path.join(root, target)) ||
                        (anchor !== undefined && target.endsWith(".md") && !anchors(target).has(anchor))
                    );
                });
            assert.deepEqual(broken, []);
        });
    }

    it("are in the index of docs/, each page once or more", () => {
        const index = textOf("docs/README.md");
        const missing = allPages
            .filter((page) => page.startsWith("docs/") && page !== "docs/README.md")
            .filter((page) => !new RegExp(`\\]\\(${page.slice("docs/".length)}[)#]`).test(index));
        assert.deepEqual(missing, []);
    });
});
