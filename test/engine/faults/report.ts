import fs from "node:fs";
import path from "node:path";

import { seed } from "./tries";

/** What became of one kind of fault. */
export interface Row {
    fault: string;
    tries: number;
    survived: number;
    /** What had to be done besides running the command again, and how often. */
    needed: Record<string, number>;
}

/** Counts what the suites do, for the table of docs/reliability.md. */
export class Report {
    private readonly rows = new Map<string, Row>();

    constructor(private readonly suite: string) {}

    /** One try, which answers what was needed. It is survived unless it throws. */
    async try(fault: string, body: () => Promise<string[]>): Promise<void> {
        const row = this.rows.get(fault) ?? { fault, tries: 0, survived: 0, needed: {} };
        this.rows.set(fault, row);
        row.tries++;
        for (const step of await body()) {
            row.needed[step] = (row.needed[step] ?? 0) + 1;
        }
        row.survived++;
    }

    /** Shows the rows, and hands them on to `npm run reliability` where that has started the suite. */
    show(): void {
        const folder = process.env.PROGRESSIVE_MESH_FAULTS;
        const rows = [...this.rows.values()];
        if (folder !== undefined) {
            fs.writeFileSync(path.join(folder, `${this.suite}.json`), JSON.stringify({ seed, rows }));
        }
        console.log(`      seed ${seed}`);
        rows.forEach((row) => console.log(`      ${line(row)}`));
    }
}

/** A row as the page has it. */
export function line({ fault, tries, survived, needed }: Row): string {
    const steps = Object.entries(needed).map(([step, times]) => (tries === 1 ? step : `${step}: ${times}`));
    return `| ${fault} | ${tries} | ${survived} | ${steps.join("; ")} |`;
}
