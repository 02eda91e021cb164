// How `npm run test:unit` runs: as many files at once as there are cores, each worker taking the next one. Those that take longest go
// first, so that none of them is left alone at the end. A single file runs without this: `npx mocha test/unit/<file>`.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const folder = path.join(__dirname, "unit");

/** Nothing depends on this list but how long everything takes. */
const slowest = ["types", "package", "offline/preview", "page/accessibility", "badInput", "examples"].map((name) =>
    path.join(folder, `${name}.test.ts`),
);

const files = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.join(folder, file))
    .sort();

module.exports = {
    ...require("../.mocharc.cjs"),
    parallel: true,
    jobs: os.availableParallelism(),
    spec: [...slowest.filter((file) => files.includes(file)), ...files.filter((file) => !slowest.includes(file))],
};
