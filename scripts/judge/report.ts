import { Case } from "./cases";
import { Outcome } from "./simulate";

/** A line of the table: what one judge did with one case. */
export interface Row {
    case: string;
    title: string;
    judge: string;
    rollouts: number;
    right: string;
    promoted: number;
    rolledBack: number;
    waiting: number;
    /** The time until the end of those that ended, on average. */
    minutes: number | null;
    /** How many were promoted, or rolled back, that should not have been. */
    wrong: number;
}

/** The lines of a case. */
export function rowsOf(kind: Case, outcomes: readonly Outcome[], rollouts: number): Row[] {
    return outcomes.map(({ judge, promoted, rolledBack, waiting, minutes }) => ({
        case: kind.name,
        title: kind.title,
        judge: judge.title,
        rollouts,
        right: kind.right,
        promoted,
        rolledBack,
        waiting,
        minutes: Number.isFinite(minutes) ? Math.round(minutes * 10) / 10 : null,
        wrong: (kind.right === "promoted" ? 0 : promoted) + (kind.right === "rolled back" ? 0 : rolledBack),
    }));
}

/** Wilson's interval of 95 % for a share, in percent. */
export function interval(count: number, of: number): [number, number] {
    const z = 1.96;
    const middle = count + (z * z) / 2;
    const spread = z * Math.sqrt((count * (of - count)) / of + (z * z) / 4);
    return [(100 * (middle - spread)) / (of + z * z), (100 * (middle + spread)) / (of + z * z)];
}

const begin = "<!-- simulation: begin (npm run judge) -->";
const end = "<!-- simulation: end -->";

/** The page with the table in its place. */
export function withTable(page: string, rows: readonly Row[]): string {
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) {
        throw new Error(`the page has no place for the table, between "${begin}" and "${end}"`);
    }
    return `${page.slice(0, from + begin.length)}\n\n${table(rows)}\n\n${page.slice(to)}`;
}

function table(rows: readonly Row[]): string {
    const cells = rows.map((row) => {
        const [least, most] = interval(row.wrong, row.rollouts);
        return [
            `${row.case}: ${row.title}`,
            row.judge,
            row.right,
            ...[row.rollouts, row.promoted, row.rolledBack, row.waiting].map(String),
            row.minutes === null ? "" : `${row.minutes} min`,
            `${((100 * row.wrong) / row.rollouts).toFixed(1)} % (${least.toFixed(1)} to ${most.toFixed(1)})`,
        ];
    });
    const head = [
        "release",
        "judged by",
        "right",
        "rollouts",
        "promoted",
        "rolled back",
        "waiting",
        "decided after",
        "wrong",
    ];
    const all = [head, head.map(() => ""), ...cells];
    const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
    return all
        .map((row, index) =>
            index === 1
                ? `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`
                : `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`,
        )
        .join("\n");
}
