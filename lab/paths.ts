import path from "node:path";

import envPaths from "env-paths";

/** The checkout that this lab belongs to. */
export const root = path.resolve(__dirname, "..");

/** What outlives a run: built tools, and the records of labs that were left running. Nothing else is written outside memory. */
export const cache = process.env.PROGRESSIVE_MESH_CACHE ?? envPaths("pulumi-progressive-mesh", { suffix: "" }).cache;
