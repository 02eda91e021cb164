#!/usr/bin/env node
import { run } from "./command";

const streams = {
    out: (text: string) => process.stdout.write(text),
    error: (text: string) => process.stderr.write(text),
};

void run(process.argv.slice(2), streams).then((code) => {
    process.exitCode = code;
});
