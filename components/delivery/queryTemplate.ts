import { isObject } from "../shape";
import { Problems } from "../validation";

const functions = ["name", "namespace", "target", "service", "ingress", "route", "interval", "variables"];
// Those that Go's templates bring.
const keywords = [
    ..."block break continue define else end false if nil range template true with".split(" "),
    ..."and call eq ge gt html index js le len lt ne not or print printf println slice urlquery".split(" "),
];
const comment = /\{\{(?:-\s+)?\/\*[\s\S]*?\*\/(?:\s+-)?\}\}/;
const quoted = /"(?:\\.|[^"\\\n])*"|`[^`]*`|'(?:\\.|[^'\\\n])*'/;
const filledIn = new RegExp(`${comment.source}|\\{\\{((?:${quoted.source}|[^"'\`}]|\\}(?!\\}))*)\\}\\}`, "y");

/** A part of a query that Flagger fills in: `{{ variables.code }}`, whose words are `variables.code`. */
interface Part {
    text: string;
    code: string;
    words: string[];
}

/** The parts of a query up to the first that nothing closes, and whether there is such a one. */
function partsOf(query: string): { parts: Part[]; open: boolean } {
    const parts: Part[] = [];
    for (let start = query.indexOf("{{"); start >= 0; start = query.indexOf("{{", filledIn.lastIndex)) {
        filledIn.lastIndex = start;
        const found = filledIn.exec(query);
        if (found === null) {
            return { parts, open: true };
        }
        const [text, inner] = found;
        // A comment has no inner part.
        if (inner !== undefined) {
            parts.push(partOf(text, inner));
        }
    }
    return { parts, open: false };
}

function partOf(text: string, inner: string): Part {
    const code = inner
        .replace(new RegExp(quoted.source, "g"), '""')
        .replace(/^-(?=\s)/, "")
        .replace(/\s-$/, "")
        .trim();
    // Numbers are taken out first, so that 1e3 is no word. After a bracket a dot goes on with what the bracket holds.
    const names = code.replace(/(?<![\p{L}_.$\d])\.?\d[\w.]*/gu, "0").replace(/\)(\.[\p{L}_][\p{L}\p{N}_]*)+/gu, ")");
    return { text, code, words: names.match(/[$.]?[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*/gu) ?? [] };
}

/** Whether any of these words is in a query's parts. */
function uses(parts: Part[], ...words: string[]): boolean {
    return parts.some((part) => part.words.some((word) => words.includes(word)));
}

/** Checks a query, and refuses what Flagger could not fill in. */
export function checkQuery(problems: Problems, path: string, query: unknown): void {
    if (
        !problems.require(typeof query === "string" && query.trim() !== "", {
            path,
            value: query,
            rule: "is not the text of a query, known when the program runs",
            fix: "Give the query as a plain text.",
        }) ||
        typeof query !== "string"
    ) {
        return;
    }
    const known = functions.map((name) => (name === "variables" ? "{{ variables.x }}" : `{{ ${name} }}`));
    const fix = `Flagger fills in ${known.join(", ")}.`;
    const { parts, open } = partsOf(query);
    problems.require(!open, {
        path,
        value: query,
        rule: "has a {{ that nothing closes: Flagger would fail every check",
        fix: "Close it with }}, after closing the quotes inside.",
    });
    // Inside these a dot stands for something; outside it stands for nothing.
    const dotIsNothing = !uses(parts, "with", "range", "define", "template", "block");
    const declares = parts.some((part) => part.code.includes(":="));
    for (const { text, code, words } of parts) {
        const wrong = words.some((word) =>
            word.startsWith(".")
                ? dotIsNothing
                : word.startsWith("$")
                  ? !declares
                  : ![...functions, ...keywords].includes(word.split(".")[0]!),
        );
        problems.require(!wrong && code !== "" && !/[^\p{L}\p{N}_.$()|,:=\s+"-]/u.test(code), {
            path,
            value: text,
            rule: "is nothing that Flagger can fill in: it would fail every check",
            fix,
        });
    }
}

/** What a query takes from a metric's `variables`. */
export interface QueryVariables {
    /** Those that it names. */
    named: string[];
    /** Whether Flagger fills in all of them, whatever happens. */
    certain: boolean;
    /** Whether it may also take others, which cannot be told from its text. */
    others: boolean;
}

/** The variables of a query that `checkQuery` accepts. */
export function queryVariables(query: string): QueryVariables {
    const { parts } = partsOf(query);
    const words = parts.flatMap((part) => part.words).filter((word) => word.startsWith("variables."));
    return {
        named: [...new Set(words.map((word) => word.split(".")[1]!))],
        // What stands behind these may never be reached.
        certain: !uses(parts, "if", "with", "range", "define", "block", "and", "or"),
        others: uses(parts, "variables"),
    };
}

/** Holds the variables that are given against those that the query takes. */
export function checkVariables(
    problems: Problems,
    path: string,
    queryPath: string,
    query: unknown,
    variables: unknown,
): void {
    if (typeof query !== "string" || !(variables === undefined || isObject(variables))) {
        return;
    }
    const given = Object.keys(variables ?? {});
    const { named, certain, others } = queryVariables(query);
    for (const name of certain ? named.filter((n) => !given.includes(n)) : []) {
        problems.add({
            path: queryPath,
            value: `{{ variables.${name} }}`,
            rule: "is not among the metric's variables: Flagger would fail every check",
            fix: `Give it: variables: { ${name}: "..." }.`,
        });
    }
    for (const name of others ? [] : given.filter((n) => !named.includes(n))) {
        problems.add({
            path: `${path}.variables`,
            value: name,
            rule: "is not in the query",
            fix: `Leave it out, or write {{ variables.${name} }} where it belongs.`,
        });
    }
}
