import { Case } from "./cases";
import { Outcome } from "./simulate";

/** A line of the table: what one judge did with one case. */
export interface Row {
    case: string;
    judge: string;
    right: string;
    promoted: number;
    rolledBack: number;
    waiting: number;
    minutes: number;
    /** How many were promoted, or rolled back, that should not have been. */
    wrong: number;
}

/** The lines of a case. */
export function rowsOf(kind: Case, outcomes: readonly Outcome[]): Row[] {
    return outcomes.map(({ judge, promoted, rolledBack, waiting, minutes }) => ({
        case: `${kind.name}: ${kind.title}`,
        judge: judge.title,
        right: kind.right,
        promoted,
        rolledBack,
        waiting,
        minutes: Math.round(minutes * 10) / 10,
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
export function withTable(page: string, rows: readonly Row[], rollouts: number): string {
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) {
        throw new Error(`the page has no place for the table, between "${begin}" and "${end}"`);
    }
    return `${page.slice(0, from + begin.length)}\n\n${table(rows, rollouts)}\n\n${page.slice(to)}`;
}

function table(rows: readonly Row[], rollouts: number): string {
    const cells = rows.map((row) => {
        const [least, most] = interval(row.wrong, rollouts);
        return [
            row.case,
            row.judge,
            row.right,
            ...[row.promoted, row.rolledBack, row.waiting].map(String),
            Number.isFinite(row.minutes) ? `${row.minutes} min` : "",
            `${((100 * row.wrong) / rollouts).toFixed(1)} % (${least.toFixed(1)} to ${most.toFixed(1)})`,
        ];
    });
    const head = ["release", "judged by", "right", "promoted", "rolled back", "waiting", "decided after", "wrong"];
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
