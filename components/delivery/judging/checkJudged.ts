import { checkSwitch, outline } from "../../shape";
import { Problems, checkInteger, checkName } from "../../validation";
import type { MetricArgs } from "../metricArgs";
import { ExpressionError, parseExpression } from "./expression";

/** Checks how many requests a metric waits for. What is compared, a burn rate and PromQL can wait; others ask elsewhere. */
export function checkMinimumSamples(problems: Problems, path: string, metric: MetricArgs): void {
    const { minimumSamples } = metric;
    if (minimumSamples === undefined) {
        return;
    }
    checkInteger(problems, `${path}.minimumSamples`, minimumSamples, 1, 1_000_000_000, "requests");
    for (const source of (["template", "templateRef", "expression"] as const).filter((s) => metric[s] !== undefined)) {
        problems.add({
            path: `${path}.minimumSamples`,
            value: minimumSamples,
            rule:
                source === "expression"
                    ? "is not read for an expression, which waits for the metrics that it names"
                    : `has no place beside ${source}: whoever answers it may not know the mesh's requests`,
            fix:
                source === "expression"
                    ? "Give it to those."
                    : "Leave it out, or ask the platform's Prometheus by `query`.",
        });
    }
}

/** Checks whether a metric can be measured without being judged. */
export function checkDryRun(problems: Problems, path: string, { dryRun, template, templateRef }: MetricArgs): void {
    if (!checkSwitch(problems, `${path}.dryRun`, dryRun) || dryRun !== true) {
        return;
    }
    const elsewhere = templateRef !== undefined || (template !== undefined && template?.provider !== "prometheus");
    problems.require(!elsewhere, {
        path: `${path}.dryRun`,
        value: true,
        rule: "can be had of Prometheus alone: of another server a missing value would still fail the check",
        fix: "Leave it out, or ask a Prometheus by `query` or `template`.",
    });
}

/** Checks a metric that is made of others, which stand in the same list. */
export function checkExpression(
    problems: Problems,
    path: string,
    metric: MetricArgs,
    metrics: readonly MetricArgs[],
): void {
    const at = `${path}.expression`;
    const { expression, min, max } = metric;
    if (typeof expression !== "string" || expression.trim() === "") {
        problems.add({
            path: at,
            value: outline(expression),
            rule: "is not the text of an expression",
            fix: 'Write it like "errors < 1 or latency < 300", with the names of other metrics.',
        });
        return;
    }
    const parsed = parsedOr(problems, at, expression);
    if (parsed === undefined) {
        return;
    }
    for (const name of parsed.names) {
        const part = metrics.find((other) => other?.name === name);
        const rule =
            part === undefined
                ? "is the name of no metric beside it"
                : part.expression !== undefined
                  ? "is itself an expression"
                  : part.templateRef !== undefined || part.template !== undefined
                    ? "is asked of a template, which cannot be put into a query"
                    : part.variables !== undefined
                      ? "has variables, which its template alone would get"
                      : undefined;
        problems.require(rule === undefined, {
            path: at,
            value: name,
            rule: rule ?? "",
            fix:
                part === undefined
                    ? "Name metrics of the same list. A minus has spaces around it."
                    : "Name a metric that Flagger brings, or one with `query`, `compare` or `burnRate`.",
        });
    }
    if (parsed.isCondition) {
        for (const bound of (["min", "max"] as const).filter((b) => metric[b] !== undefined)) {
            problems.add({
                path: `${path}.${bound}`,
                value: metric[bound],
                rule: "has no place beside a condition, which holds or does not",
                fix: "Leave it out.",
            });
        }
    } else {
        problems.require(min !== undefined || max !== undefined, {
            path: `${path}.max`,
            rule: "or min is needed: the expression is a number, and nothing says which values pass",
            fix: "Give the least or the greatest value that passes, or write a condition.",
        });
    }
}

function parsedOr(problems: Problems, path: string, expression: string) {
    try {
        return parseExpression(expression);
    } catch (error) {
        if (!(error instanceof ExpressionError)) {
            throw error;
        }
        problems.add({
            path,
            value: expression,
            rule: error.message,
            fix: "Write it like `errors < 1 or latency <= 300`: names, numbers, + - * /, comparisons, and, or, not, brackets.",
        });
        return undefined;
    }
}

/** Checks that at least one metric is judged. */
export function checkJudging(problems: Problems, path: string, metrics: readonly MetricArgs[]): void {
    const [dry, judged] = [true, false].map((is) =>
        Array.from(metrics).filter((metric) => (metric?.dryRun === true) === is),
    );
    problems.require(dry!.length === 0 || judged!.length > 0, {
        path,
        value: metrics.map((metric) => metric?.name),
        rule: "are all in dry run, which leaves nothing to judge by: every version would be promoted",
        fix: "Take `dryRun` from one of them, or add one that is judged.",
    });
}

/** Checks the name of a metric that a template is made for. */
export function checkTemplateName(problems: Problems, path: string, name: string): void {
    checkName(problems, `${path}.name`, name);
}
