// Mocha's usual report, and the totals and what failed as a line of a file for whoever adds up several suites.
const fs = require("node:fs");
const path = require("node:path");
const { reporters } = require("mocha");

module.exports = class Reporter extends reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        const failed = [];
        let ended = false;
        runner.on("fail", (test, error) => {
            // Of a file that a worker could not load, or at which it ended, mocha says nowhere which it was.
            if (error.file !== undefined) {
                test.title = `${path.relative(process.cwd(), error.file)}: ${test.title}`;
            }
            failed.push({ test: test.titlePath().join(" > "), message: error.message });
        });
        runner.once("end", () => {
            ended = true;
        });
        // Not at "end": of several files that could not be loaded, mocha tells all but the first after it.
        process.once("exit", () => {
            const file = process.env.MOCHA_TOTALS;
            if (file && ended) {
                const { passes, failures, pending } = this.stats;
                fs.appendFileSync(file, `${JSON.stringify({ passes, failures, pending, failed })}\n`);
            }
        });
    }
};
