import fs from "node:fs";
import path from "node:path";

import { Mesh } from "../components/mesh/mesh";
import { meshes } from "../components/mesh/meshes";

/** What the README says of each mesh; all of it is on its own page. */
const inShort = [
    "weighted steps",
    "A/B test, by headers",
    "blue/green",
    "copies of requests to the canary",
    "session affinity",
    "built-in metrics",
    "a proxy in each pod",
    "a gateway of its own",
];

/** The pages that hold the table, between two marks, each with the rows that it has; all of them where it names none. */
export const matrixPages: Readonly<Record<string, readonly string[] | undefined>> = {
    "README.md": inShort,
    "docs/meshes.md": undefined,
};

const root = path.resolve(__dirname, "..");
const begin = "<!-- meshes: begin (npm run meshes) -->";
const end = "<!-- meshes: end -->";

const words = (list: readonly string[]) => (list.length === 0 ? "no" : list.join(", "));
const yes = (holds: boolean) => (holds ? "yes" : "no");

/** What becomes of a field of a service that Flagger or the mesh may not read. */
function ofService(field: string, otherwise = "yes"): (mesh: Mesh) => string {
    return ({ capabilities: { ignored, refused } }) =>
        Object.hasOwn(refused, field) ? "refused" : Object.hasOwn(ignored, field) ? "ignored" : otherwise;
}

/** What is told of a mesh, each as a row; the columns are the meshes. */
const rows: Record<string, (mesh: Mesh) => string> = {
    "Flagger's provider": ({ flaggerProvider }) => `\`${flaggerProvider}\``,
    "weighted steps": ({ capabilities: { strategies } }) => yes(strategies.includes("steps")),
    "A/B test, by headers": ({ capabilities: { strategies, headerMatches } }) =>
        strategies.includes("abTest") ? words(headerMatches) : "no",
    "A/B test, with alternatives": ({ capabilities: { strategies, alternatives } }) =>
        yes(strategies.includes("abTest") && alternatives),
    "blue/green": ({ capabilities: { strategies } }) => yes(strategies.includes("blueGreen")),
    "copies of requests to the canary": ({ capabilities: { mirroring } }) =>
        words(mirroring.map((strategy) => ({ steps: "in steps", blueGreen: "in blue/green" })[strategy])),
    "session affinity": ({ capabilities: { sessionAffinity } }) => yes(sessionAffinity),
    "what is released": ({ capabilities: { targets } }) => words(targets),
    "`service.timeout`": ofService("timeout"),
    "`service.retries`": (mesh) => {
        const { retryEvents } = mesh.capabilities;
        return ofService("retries", retryEvents.length === 0 ? "yes" : words(retryEvents))(mesh);
    },
    "`service.match`, paths": (mesh) => ofService("match", words(mesh.capabilities.uriMatches))(mesh),
    "`service.match`, more": ({ capabilities: { matchFields } }) =>
        words(matchFields.filter((field) => field !== "uri").map((field) => `\`${field}\``)),
    "`service.rewrite`": ofService("rewrite"),
    "`service.headers`": ofService("headers"),
    "`service.cors`": ofService("cors"),
    "`service.hosts`": ofService("hosts"),
    "`service.mirror`": ofService("mirror"),
    "`service.trafficPolicy`": ofService("trafficPolicy"),
    "service and pods at different ports": ({ capabilities: { portMapping } }) => yes(portMapping),
    "built-in metrics": ({ builtinQueries, capabilities: { appMetrics } }) =>
        builtinQueries !== undefined
            ? "by the library's templates"
            : appMetrics === true
              ? "the application's own"
              : "Flagger's",
    "a proxy in each pod": ({ podAbsence }) => yes(Object.keys(podAbsence).length > 0),
    "a gateway of its own": (mesh) => yes(mesh.charts.gateway !== undefined || mesh.gatewayWithoutChart === true),
    "roles in AWS for proxies": ({ needsIdentity }) => yes(needsIdentity),
};

/** The table of what meshes can do, in Markdown, as Prettier would write it. */
export function meshMatrix(
    known: Readonly<Record<string, Mesh>>,
    heads: readonly string[] = Object.keys(rows),
): string {
    const providers = Object.keys(known);
    const all = Object.values(known);
    const cells = [
        ["`mesh.provider`", ...providers.map((provider) => `\`${provider}\``)],
        ["", ...all.map(({ title }) => title)],
        ...heads.map((head) => [head, ...all.map(rows[head]!)]),
    ];
    const widths = cells[0]!.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
    const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`);
    const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
    return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** A page with the table between its marks. */
export function withMatrix(page: string, matrix: string): string {
    const from = page.indexOf(begin);
    const to = page.indexOf(end);
    if (from === -1 || to < from) {
        throw new Error(`the page has no marks "${begin}" and "${end}"`);
    }
    return `${page.slice(0, from + begin.length)}\n\n${matrix}\n\n${page.slice(to)}`;
}

if (require.main === module) {
    for (const [page, heads] of Object.entries(matrixPages)) {
        const file = path.join(root, page);
        fs.writeFileSync(file, withMatrix(fs.readFileSync(file, "utf8"), meshMatrix(meshes, heads)));
    }
}
