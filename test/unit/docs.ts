import fs from "node:fs";
import path from "node:path";

export const root = path.resolve(__dirname, "../..");

/** A block of TypeScript in a page. */
export interface Block {
    /** Where it stands, for people: "docs/canary-app.md:20". */
    place: string;
    text: string;
    /** Whether it is a part of the page's one program. */
    ofProgram: boolean;
}

/** The TypeScript of a page, in order. */
export function blocksOf(page: string): Block[] {
    const text = fs.readFileSync(path.join(root, page), "utf8");
    return [...text.matchAll(/(<!-- program -->\n\n)?```ts\n([^]*?)```/g)].map((match) => ({
        place: `${page}:${text.slice(0, match.index).split("\n").length}`,
        text: match[2]!,
        ofProgram: match[1] !== undefined,
    }));
}

/** The pages that a reader reads. */
export const pages = [
    "README.md",
    ...["docs", "docs/how-to"].flatMap((folder) =>
        fs
            .readdirSync(path.join(root, folder))
            .filter((file) => file.endsWith(".md"))
            .map((file) => `${folder}/${file}`),
    ),
];

/** The programs that a page shows whole. */
export function documentedPrograms(): Block[] {
    return [
        { place: "docs/canary-app.md", text: documentedProgram(), ofProgram: true },
        ...pages.flatMap(blocksOf).filter((block) => !block.ofProgram && /^import /.test(block.text)),
    ];
}

/** The program that the marked blocks of docs/canary-app.md make together. */
export function documentedProgram(): string {
    return blocksOf("docs/canary-app.md")
        .filter((block) => block.ofProgram)
        .map((block) => block.text)
        .join("\n");
}

/** Those, and the pages for who works on this repository or copies an example. */
export const allPages = [
    ...pages,
    "CONTRIBUTING.md",
    "SECURITY.md",
    ...fs
        .readdirSync(path.join(root, "examples"), { recursive: true, encoding: "utf8" })
        .filter((file) => path.basename(file) === "README.md")
        .map((file) => `examples/${file}`),
];
