// Mocha's usual report, and the totals and what failed as a line of a file for whoever adds up several suites.
const fs = require("node:fs");
const { reporters } = require("mocha");

module.exports = class Reporter extends reporters.Spec {
    constructor(runner, options) {
        super(runner, options);
        const failed = [];
        runner.on("fail", (test, { message }) => failed.push({ test: test.titlePath().join(" > "), message }));
        runner.once("end", () => {
            const file = process.env.MOCHA_TOTALS;
            if (file) {
                const { passes, failures, pending } = this.stats;
                fs.appendFileSync(file, `${JSON.stringify({ passes, failures, pending, failed })}\n`);
            }
        });
    }
};
