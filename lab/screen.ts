import Table from "cli-table3";
import ora from "ora";
import { createColors } from "picocolors";

/** A piece of work whose progress is shown: a moving line on a terminal, plain lines elsewhere. */
export interface Step {
    /** Says how far it is. Elsewhere than on a terminal each text is a line of its own. */
    update(text: string): void;
    done(text?: string): void;
    fail(text?: string): void;
}

/** Whether progress can be drawn over itself. In CI every line stays. */
export const live = Boolean(process.stdout.isTTY) && !process.env.CI;

/** Colours, on a terminal only, and not where `NO_COLOR` asks for none. */
export const color = createColors(live && !process.env.NO_COLOR);

const began = Date.now();

/** Begins a piece of work. */
export function step(text: string): Step {
    if (!live) {
        const start = Date.now();
        say(`${text} ...`);
        return {
            update: (t) => say(`  ${t}`),
            done: (t) => say(`${color.green("ok")} ${t ?? text} (${duration(Date.now() - start)})`),
            fail: (t) => say(`${color.red("failed")} ${t ?? text} (${duration(Date.now() - start)})`),
        };
    }
    const start = Date.now();
    // The cursor stays, and so does what a person types: Ctrl-C has to reach the lab.
    const spinner = ora({ text, stream: process.stdout, hideCursor: false, discardStdin: false }).start();
    return {
        update: (t) => {
            spinner.text = `${text} ${color.dim(t)}`;
        },
        done: (t) => {
            spinner.succeed(`${t ?? text} ${color.dim(duration(Date.now() - start))}`);
        },
        fail: (t) => {
            spinner.fail(`${t ?? text} ${color.dim(duration(Date.now() - start))}`);
        },
    };
}

/** Prints one line. */
export function say(text = ""): void {
    process.stdout.write(`${text}\n`);
}

/** Prints one line with the time since the start. */
export function note(text: string): void {
    say(`${color.dim(duration(Date.now() - began).padStart(8))}  ${text}`);
}

/** Begins a chapter. */
export function chapter(title: string): void {
    say();
    say(color.bold(title));
}

/** Prints a command as a person would type it. */
export function command(text: string): void {
    say(`${color.cyan("$")} ${text}`);
}

/** Prints a table. */
export function table(head: string[], rows: string[][]): void {
    const out = new Table({ head, style: live ? { head: ["bold"], border: ["gray"] } : { head: [], border: [] } });
    out.push(...rows);
    say(out.toString());
}

/** A weight as a bar: `[#####---------------]  25 %`. */
export function bar(percent: number): string {
    const full = Math.round(percent / 5);
    return `[${color.yellow("#".repeat(full))}${color.dim("-".repeat(20 - full))}] ${String(percent).padStart(3)} %`;
}

/** A time in the units people use. */
export function duration(milliseconds: number): string {
    const s = milliseconds / 1000;
    if (s < 10) {
        return `${s.toFixed(1)} s`;
    }
    return s < 60 ? `${Math.round(s)} s` : `${Math.floor(s / 60)} min ${String(Math.round(s % 60)).padStart(2, "0")} s`;
}
