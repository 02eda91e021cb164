import fs from "node:fs";
import path from "node:path";

import { buildSync } from "esbuild";

import { root } from "../lab/paths";

/**
 * Puts d3 into the built package, which depends on nothing for its charts: the one module that uses it becomes a bundle. `npm run
 * build` runs it at its end. d3's licence asks to stay with its code.
 */
const file = path.join(root, "bin/components/page/chart/scales.js");
const licence = fs.readFileSync(path.join(root, "node_modules/d3-shape/LICENSE"), "utf8").trim();

buildSync({
    entryPoints: [path.join(root, "components/page/chart/scales.ts")],
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    banner: { js: `/* With d3-array, d3-path, d3-shape and d3-time:\n\n${licence.replaceAll("*/", "")}\n*/` },
    logLevel: "warning",
});
