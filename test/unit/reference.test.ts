import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import ts from "typescript";

import { root } from "./docs";

const folder = path.join(root, "docs/reference");
const parsed = (file: string) =>
    ts.createSourceFile(file, fs.readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.Latest, true);

/** What a module exports from elsewhere: the names, and from where. */
const exportsOf = (file: string) =>
    parsed(file)
        .statements.filter(ts.isExportDeclaration)
        .flatMap(({ exportClause, moduleSpecifier }) =>
            (exportClause as ts.NamedExports).elements.map((element) => ({
                name: element.name.text,
                from: (moduleSpecifier as ts.StringLiteral).text,
            })),
        );

/** Without the marks that only a table needs. */
const plain = (text: string) => text.replace(/\\/g, "").replace(/\s+/g, " ").trim();

/** The words of a docstring, as the reference says them. */
function docstring(node: ts.Node): string[] {
    const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
    const tag = (doc?.tags ?? []).find(({ tagName }) => tagName.text === "default");
    const value = plain(ts.getTextOfJSDocComment(tag?.comment) ?? "");
    const summary = plain(ts.getTextOfJSDocComment(doc?.comment) ?? "");
    return [
        summary,
        ...(tag === undefined
            ? []
            : [value.startsWith("- ") ? `Default: ${value.slice(2)}.` : `Default: \`${value}\`.`]),
    ];
}

/** The arguments and outputs of an exported type. */
function membersOf(name: string, from: string): { name: string; words: string[] }[] {
    const declared = parsed(`${from}.ts`).statements.find(
        (statement): statement is ts.InterfaceDeclaration | ts.ClassDeclaration =>
            (ts.isInterfaceDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name?.text === name,
    );
    return [...(declared?.members ?? [])]
        .filter((member) => ts.isPropertySignature(member) || ts.isPropertyDeclaration(member))
        .filter((member) => !/^(private|protected) /.test(member.getText()))
        .map((member) => ({
            name: `${member.name.getText()}${ts.isPropertySignature(member) && member.questionToken ? "?" : ""}`,
            words: docstring(member),
        }));
}

/** The section of a type in the reference, and its page. */
const sections = new Map(
    fs
        .readdirSync(folder)
        .filter((file) => file !== "README.md")
        .flatMap((file) =>
            fs
                .readFileSync(path.join(folder, file), "utf8")
                .split(/^## /m)
                .slice(1)
                .map((section): [string, string] => [/^\w+/.exec(section)![0], section]),
        ),
);

describe("docs/reference", () => {
    const all = exportsOf("index.ts");
    const stale = "run `npm run reference` and commit what it writes";

    it("is asked for all that the package exports, once", () => {
        const areas = fs.readdirSync(path.join(root, "scripts/reference")).map((file) => `scripts/reference/${file}`);
        assert.deepEqual(
            areas.flatMap((area) => exportsOf(area).map(({ name }) => name)).sort(),
            all.map(({ name }) => name).sort(),
        );
    });

    it("has each of them, in a list on its first page too", () => {
        const first = fs.readFileSync(path.join(folder, "README.md"), "utf8");
        for (const { name } of all) {
            assert.ok(sections.has(name), `${name}: ${stale}`);
            assert.ok(first.includes(`[${name}](`), `${name}: ${stale}`);
        }
    });

    it("says what the docstrings say, with each default", () => {
        let members = 0;
        for (const { name, from } of all) {
            const rows = sections.get(name)!.split("\n").map(plain);
            for (const member of membersOf(name, from)) {
                members += 1;
                assert.notEqual(member.words[0], "", `${name}.${member.name} has no docstring`);
                const row = rows.find((line) => line.includes(`\`${member.name}\` |`));
                assert.ok(row?.includes(member.words.join(" ")), `${name}.${member.name}: ${stale}`);
            }
        }
        assert.ok(members > 300, `only ${members} are looked at`);
    });

    it("shows nothing that is not exported", () => {
        assert.deepEqual([...sections.keys()].sort(), all.map(({ name }) => name).sort());
    });
});
