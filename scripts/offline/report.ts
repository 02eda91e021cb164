import pico from "picocolors";

import { Mark, marks } from "../../components/marks";
import { Violation } from "../../policy/check";
import { Node, Recorded } from "./recording";

/** What an offline preview found, and whether that is good enough. */
export interface Verdict {
    sound: boolean;
    lines: string[];
}

type Colors = ReturnType<typeof pico.createColors>;

/** The width of the widest mark, so that what follows them stands in one column. */
const markWidth = Math.max(...Object.values(marks).map((text) => text.length));

/** What a person calls a type: `Deployment`, `aws.iam.Role`, `provider kubernetes`. */
function kindOf(type: string): string {
    const [provider, module, name] = type.split(":") as [string, string, string];
    if (provider === "pulumi" && module === "providers") {
        return `provider ${name}`;
    }
    if (provider === "aws" || provider === "eks") {
        return [provider, module.split("/")[0]!, name].filter((part) => part !== "index").join(".");
    }
    return name;
}

/** A resource in short, with the version of what it runs. */
function inShort({ name, type, props }: Node): string {
    const { chart, version } = props;
    if (type.startsWith("kubernetes:helm.sh/") && typeof chart === "string" && typeof version === "string") {
        return `${name} (${chart.split("/").pop()} ${version})`;
    }
    return name;
}

/** Things by what they have in common, in the order in which that comes up. */
function groupedBy<T>(things: readonly T[], keyOf: (thing: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const thing of things) {
        groups.set(keyOf(thing), [...(groups.get(keyOf(thing)) ?? []), thing]);
    }
    return groups;
}

/** The resources of each component at the top of the program, by kind. */
function planLines(nodes: readonly Node[], color: Colors): string[] {
    const byKey = new Map(nodes.map((node) => [node.key, node]));
    const top = (node: Node): Node => {
        const parent = byKey.get(node.parent);
        return parent === undefined ? node : top(parent);
    };
    const groups = groupedBy(nodes, (node) => top(node).key);
    const alone = [...groups].filter(([, members]) => members.length === 1);
    const lines = [...groups]
        .filter(([, members]) => members.length > 1)
        .flatMap(([key, members]) => section(key, members, color, key));
    const others = alone.flatMap(([, members]) => members);
    return others.length === 0 ? lines : [...lines, ...section("beside them", others, color)];
}

function section(title: string, members: Node[], color: Colors, own?: string): string[] {
    const made = members.filter(({ key }) => key !== own);
    const kinds = [...groupedBy(made, ({ type }) => kindOf(type))].sort(([a], [b]) => (a < b ? -1 : 1));
    const width = Math.max(...kinds.map(([kind]) => kind.length));
    return [
        `  ${color.bold(title)}: ${made.length === 1 ? "1 resource" : `${made.length} resources`}`,
        ...kinds.map(([kind, of]) => `    ${color.dim(kind.padEnd(width))}  ${of.map(inShort).join(", ")}`),
    ];
}

const indented = (texts: string[]) => texts.map((text) => `  ${text}`);

/** A chapter, or nothing where there is nothing to say. */
const chapter = (title: string, lines: string[], color: Colors) =>
    lines.length === 0 ? [] : ["", color.bold(title), ...lines];

/** Secrets are in no file, or encrypted in it. */
const secretHint = (name: string) => [
    `Set it in the stack's file, or if it is a secret that has its place elsewhere: --secret ${name}`,
];

/** What a failure says. An error of the library's says all that is wrong with the arguments at once. */
function failureLines(failure: unknown): string[] {
    const text = failure instanceof Error ? failure.message : String(failure);
    const missing = /Missing required configuration variable '[^:']+:([^']+)'/.exec(text)?.[1];
    if (missing !== undefined) {
        return [`The setting ${missing} is missing.`, ...secretHint(missing)];
    }
    return [...text.trimEnd().split("\n"), ...(/Give one of kubeconfig/.test(text) ? secretHint("kubeconfig") : [])];
}

const violated = (count: number) =>
    count === 1 ? "1 violation of a mandatory policy" : `${count} violations of mandatory policies`;

/** What a preview has found, as lines for a person or a log. */
export function report(
    stack: string,
    { nodes: all, messages, failures }: Recorded,
    violations: readonly Violation[],
    color: Colors,
    mark: Record<Mark, string> = marks,
): Verdict {
    // What is there already and only looked up is none of the plan.
    const nodes = all.filter(({ read }) => !read);
    const said = (severity: string) =>
        messages.filter((message) => message.severity === severity).flatMap(({ text }) => text.trimEnd().split("\n"));
    const mandatory = violations.filter(({ level }) => level === "mandatory");
    const marked = (by: Mark, text: string) => `${mark[by]}${" ".repeat(markWidth - marks[by].length)}  ${text}`;
    const judged = violations.map(({ level, rule, name, message }) =>
        marked(level === "mandatory" ? "failed" : "warning", `${rule} (${level}): ${name}: ${message}`),
    );
    const errors = [...new Set([...failures.flatMap(failureLines), ...said("error")])];
    const sound = errors.length === 0 && mandatory.length === 0;
    const outcome = sound
        ? mark.ok
        : `${mark.failed}: ${[
              ...(errors.length === 0 ? [] : ["the program ended with an error"]),
              ...(mandatory.length === 0 ? [] : [violated(mandatory.length)]),
          ].join(", ")}`;
    return {
        sound,
        lines: [
            `Offline preview of ${stack}. No cloud and no cluster is asked: what exists is not looked at, and their answers are made up.`,
            ...chapter("Resources", planLines(nodes, color), color),
            ...chapter("Rollouts", indented(said("info")), color),
            ...chapter("Warnings", indented(said("warning").map((text) => marked("warning", text))), color),
            ...chapter(
                "Policies",
                indented(judged.length === 0 && errors.length === 0 ? ["no violations"] : judged),
                color,
            ),
            ...chapter("Errors", indented(errors), color),
            "",
            `${outcome}  ${nodes.length} resources, ${violations.length - mandatory.length} advisory, ${mandatory.length} mandatory`,
        ],
    };
}
