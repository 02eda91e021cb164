"use strict";

// Loaded into a program that is measured: when it ends, it writes down what it used.
const fs = require("node:fs");
const Module = require("node:module");
const { performance } = require("node:perf_hooks");

// The library's import is timed by itself: beside the start of Node.js and of Pulumi it is less than two runs of the same differ by.
const load = Module._load;
let importSeconds;
Module._load = function (name, ...more) {
    if (name !== "pulumi-progressive-mesh" || importSeconds !== undefined) {
        return load.call(this, name, ...more);
    }
    const began = performance.now();
    try {
        return load.call(this, name, ...more);
    } finally {
        importSeconds = (performance.now() - began) / 1000;
    }
};

process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    fs.writeFileSync(
        process.env.BENCH_USE,
        JSON.stringify({
            cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
            peakBytes: maxRSS * 1024,
            importSeconds,
            modules: Object.keys(require.cache),
        }),
    );
});
