import Table from "cli-table3";
import ora from "ora";
import { createColors } from "picocolors";

import { weightBar } from "../components/delivery/weightBar";
import { Mark, marks } from "../components/marks";
import { duration } from "../components/units";
import { noColor, terminalOf } from "./terminal";

/** A piece of work whose progress is shown: a moving line on a terminal, plain lines elsewhere. */
export interface Step {
    /** Says how far it is. Elsewhere than on a terminal each text is a line of its own. */
    update(text: string): void;
    done(text?: string): void;
    fail(text?: string): void;
}

if (process.argv.includes(noColor)) {
    // What this starts has no such argument, and what the lab shows comes from there.
    process.env.NO_COLOR = "1";
    delete process.env.FORCE_COLOR;
}

const { live: isLive, colored } = terminalOf(Boolean(process.stdout.isTTY), process.env, process.argv);

/** Whether progress can be drawn over itself. */
export const live = isLive;

/** Colours, where they are wanted. */
export const color = createColors(colored);

/** What stands for how something went, in its colour. */
export const mark: Record<Mark, string> = {
    ok: color.green(marks.ok),
    failed: color.red(marks.failed),
    warning: color.yellow(marks.warning),
};

const began = Date.now();

/** Begins a piece of work. */
export function step(text: string): Step {
    const start = Date.now();
    const ended = (by: Mark, t = text) => `${mark[by]} ${t} ${color.dim(`(${since(start)})`)}`;
    if (!live) {
        say(`${text} ...`);
        return {
            update: (t) => say(`  ${t}`),
            done: (t) => say(ended("ok", t)),
            fail: (t) => say(ended("failed", t)),
        };
    }
    // The cursor stays, and so does what a person types: Ctrl-C has to reach the lab.
    const spinner = ora({
        text,
        stream: process.stdout,
        hideCursor: false,
        discardStdin: false,
        color: colored ? "cyan" : false,
    }).start();
    const end = (line: string) => {
        spinner.stop();
        say(line);
    };
    return {
        update: (t) => {
            spinner.text = `${text} ${color.dim(t)}`;
        },
        done: (t) => end(ended("ok", t)),
        fail: (t) => end(ended("failed", t)),
    };
}

/** Prints one line. */
export function say(text = ""): void {
    process.stdout.write(`${text}\n`);
}

/** As wide as the longest time that a run is likely to take, so that what is said stands in one column. */
const timeWidth = "12 min 34 s".length;

/** Prints one line with the time since the start. */
export function note(text: string): void {
    say(`${color.dim(since(began).padStart(timeWidth))}  ${text}`);
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
    const out = new Table({ head, style: colored ? { head: ["bold"], border: ["gray"] } : { head: [], border: [] } });
    out.push(...rows);
    say(out.toString());
}

/** A weight as a bar: `[#####---------------]  25 %`. */
export function bar(percent: number): string {
    return weightBar(percent, { full: color.yellow, rest: color.dim });
}

function since(start: number): string {
    return duration((Date.now() - start) / 1000);
}
