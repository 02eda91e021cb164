"use strict";

// Loaded into a program that is measured: when it ends, it writes down what it used.
const fs = require("node:fs");

process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    fs.writeFileSync(
        process.env.BENCH_USE,
        JSON.stringify({
            cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
            peakBytes: maxRSS * 1024,
            modules: Object.keys(require.cache),
        }),
    );
});
