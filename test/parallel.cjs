// The settings of mocha for the tests of a folder: as many files at once as there are cores, each worker taking the next one. A single
// file runs without this: `npx mocha test/unit/<file>`.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/**
 * @param name The folder.
 * @param slowest The files that take longest, which go first, so that none of them is left alone at the end. Nothing depends on this list
 *   but how long everything takes.
 */
module.exports = (name, slowest) => {
    const folder = path.join(__dirname, name);
    const files = fs
        .readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => path.join(folder, file))
        .sort();
    const first = slowest.map((file) => path.join(folder, `${file}.test.ts`)).filter((file) => files.includes(file));
    return {
        ...require("../.mocharc.cjs"),
        parallel: true,
        jobs: os.availableParallelism(),
        spec: [...first, ...files.filter((file) => !first.includes(file))],
    };
};
