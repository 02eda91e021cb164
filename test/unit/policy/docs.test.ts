import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { rules } from "../../../policy/rules";
import { root } from "../docs";

const page = fs.readFileSync(path.join(root, "docs/policy.md"), "utf8");
const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8")) as Record<string, string>;

describe("docs/policy.md", () => {
    it("lists every rule with its level, its words and its options, and no other", () => {
        const rows = page
            .split("\n")
            .filter((line) => line.startsWith("| `"))
            .map((line) =>
                line
                    .split("|")
                    .slice(1, -1)
                    .map((cell) => cell.trim()),
            );
        const expected = rules.map(({ name, enforcementLevel, description, options = {} }) => [
            `\`${name}\``,
            enforcementLevel,
            description,
            Object.entries(options)
                .map(([option, { description: text }]) => `\`${option}\`: ${text}`)
                .join(" "),
        ]);
        assert.deepEqual(rows, expected);
    });

    it("says of each advisory rule why it is", () => {
        const [, reasons = ""] = page.split("Why these are advisory:");
        const said = [...reasons.split("\n## ")[0]!.matchAll(/^- `([\w-]+)`: /gm)].map((match) => match[1]!);
        const advisory = rules.filter(({ enforcementLevel }) => enforcementLevel === "advisory");
        assert.deepEqual(said.sort(), advisory.map(({ name }) => name).sort());
    });
});

describe("the policy pack", () => {
    it("has the package's version, and names as Pulumi takes them", () => {
        assert.equal(read("policy/package.json").version, read("package.json").version);
        const names = rules.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        for (const name of names) {
            assert.match(name, /^[a-z][a-z-]+$/);
            assert.notEqual(name, "all", "Pulumi reads it as every rule");
        }
    });
});
