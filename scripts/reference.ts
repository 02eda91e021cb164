import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import type { Application, DeclarationReflection, ProjectReflection } from "typedoc";

const root = path.resolve(__dirname, "..");
const areas = path.join(__dirname, "reference");
const committed = path.join(root, "docs/reference");

/** The pages, in the order in which they are met, and their titles. */
const titles: Readonly<Record<string, string>> = {
    platform: "The platform",
    cluster: "The cluster",
    meshes: "Meshes",
    addons: "Add-ons",
    gitops: "GitOps",
    "canary-app": "The application",
    analysis: "Analysis",
    workload: "What is released",
    service: "The service",
};

/** Says the defaults in the sentences that the tables show, and leaves out what every component has. */
async function prepare(app: Application): Promise<void> {
    const {
        Comment,
        Converter,
        DeclarationReflection,
        PageEvent,
        ProjectReflection: Project,
    } = await import("typedoc");
    const adapt = ({ project }: { project: ProjectReflection }) => {
        for (const reflection of Object.values(project.reflections)) {
            const { comment } = reflection;
            for (const { content } of comment?.getTags("@default") ?? []) {
                const text = Comment.combineDisplayParts(content).trim();
                comment!.summary.push({ kind: "text", text: ` ${defaultSentence(text)}` });
            }
            comment?.removeTags("@default");
            if (reflection instanceof DeclarationReflection) {
                // What an interface has of another stands in its own table too.
                delete reflection.typeHierarchy;
                for (const one of [reflection, ...(reflection.signatures ?? [])]) {
                    delete one.overwrites;
                }
            }
        }
    };
    // After TypeDoc's own, which would fill in again what is left out here.
    app.converter.on(Converter.EVENT_RESOLVE_END, adapt, -10_000);
    app.renderer.on(PageEvent.END, (page) => {
        page.contents =
            page.model instanceof Project
                ? firstPage(page.model, (one) => app.renderer.router!.getAnchor(one)!)
                : page.contents && withoutHeadings(page.contents);
    });
}

/** A page without the headings that say what anybody sees, and that a constructor returns what it constructs. */
const withoutHeadings = (page: string) =>
    page
        .replace(/\n#{5} Returns\n\n.*\n/g, "")
        .replace(/\n#{3,5} (Constructors?|Properties|Type Declaration)\n/g, "")
        .replace(/\n#{5} Parameters\n/g, "");

/** "- the platform's" is prose, anything else a value. */
function defaultSentence(text: string): string {
    const value = text.replace(/^```\w*\n([^]*)\n```$/, "$1");
    return value.startsWith("- ") ? `Default: ${value.slice(2)}.` : `Default: \`${value}\`.`;
}

/** What is on which page. */
function firstPage(project: ProjectReflection, anchorOf: (one: DeclarationReflection) => string): string {
    const byArea = Object.fromEntries((project.children ?? []).map((area) => [area.name, area]));
    return [
        "# Reference",
        "Every component, argument and output, with its type, unit and default. Written by `npm run reference` from the docstrings; " +
            "the [other pages](../README.md) explain. A name with `?` may be left out.",
        "`Input<T>` takes a value or an output of another resource. What is no `Input` is looked at before anything is made, so it has to be a plain value.",
        ...Object.entries(titles).flatMap(([area, title]) => [
            `## [${title}](${area}.md)`,
            byArea[area]!.comment!.summary.map(({ text }) => text)
                .join("")
                .trim(),
            byArea[area]!.children!.map((one) => `[${one.name}](${area}.md#${anchorOf(one)})`).join(", "),
        ]),
        "",
    ].join("\n\n");
}

/** Writes the reference into the folder; answers whether nothing was wrong with the docstrings. */
async function write(folder: string): Promise<boolean> {
    const { Application: TypeDoc } = await import("typedoc");
    const options = {
        entryPoints: fs
            .readdirSync(areas)
            .filter((file) => file.endsWith(".ts"))
            .map((file) => path.join(areas, file)),
        tsconfig: path.join(root, "tsconfig.json"),
        plugin: ["typedoc-plugin-markdown"],
        out: folder,
        readme: "none",
        router: "module",
        entryFileName: "README",
        logLevel: "Warn",
        // What the compiler has to say it says elsewhere.
        skipErrorChecking: true,
        disableSources: true,
        excludeExternals: true,
        excludeProtected: true,
        excludePrivate: true,
        githubPages: false,
        // As the areas name them.
        sort: [],
        kindSortOrder: ["Class", "Function", "Variable", "Interface", "TypeAlias"],
        validation: { invalidPath: false, notExported: true, invalidLink: true },
        hidePageHeader: true,
        hideBreadcrumbs: true,
        parametersFormat: "table",
        propertiesFormat: "table",
        interfacePropertiesFormat: "table",
        classPropertiesFormat: "table",
        typeDeclarationFormat: "table",
        hideGroupHeadings: true,
        // Of two names that differ in capitals alone, GitHub gives one another anchor.
        useHTMLAnchors: true,
        pageTitleTemplates: { module: ({ name }: { name: string }) => titles[name] },
        tableColumnSettings: { hideInherited: true, hideModifiers: true, hideSources: true, hideOverrides: true },
    } as const;
    const app = await TypeDoc.bootstrapWithPlugins(options as object);
    await prepare(app);
    const project = await app.convert();
    if (project === undefined) {
        return false;
    }
    app.validate(project);
    await app.generateOutputs(project);
    return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

const pagesIn = (folder: string) =>
    Object.fromEntries(
        fs.readdirSync(folder).map((file) => [file, fs.readFileSync(path.join(folder, file), "utf8")] as const),
    );

/** `npm run reference` writes docs/reference from the docstrings; with `--check` it fails where that would change a page. */
async function main(): Promise<number> {
    const { values } = parseArgs({ options: { check: { type: "boolean" } } });
    if (values.check !== true) {
        return (await write(committed)) ? 0 : 1;
    }
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reference-"));
    try {
        const sound = await write(folder);
        const [fresh, there] = [pagesIn(folder), pagesIn(committed)];
        const stale = [...new Set([...Object.keys(fresh), ...Object.keys(there)])].filter(
            (file) => fresh[file] !== there[file],
        );
        for (const file of stale) {
            console.error(
                `docs/reference/${file} is not what the docstrings say: run \`npm run reference\` and commit it.`,
            );
        }
        return sound && stale.length === 0 ? 0 : 1;
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

void main().then((code) => {
    process.exitCode = code;
});
