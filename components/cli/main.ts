#!/usr/bin/env node
import readline from "node:readline/promises";

import { Streams, run } from "./command";

const streams: Streams = {
    out: (text: string) => process.stdout.write(text),
    error: (text: string) => process.stderr.write(text),
    ...(process.stdin.isTTY && { ask }),
};

void run(process.argv.slice(2), streams).then((code) => {
    process.exitCode = code;
});

/** Whoever leaves without an answer has not agreed. */
async function ask(question: string): Promise<string> {
    const input = readline.createInterface({ input: process.stdin, output: process.stderr });
    const left = new Promise<string>((resolve) => input.once("close", () => resolve("")));
    try {
        return await Promise.race([input.question(question).catch(() => ""), left]);
    } finally {
        input.close();
    }
}
