import { createRequire } from "node:module";
import os from "node:os";

/** Where something was measured. */
export interface Machine {
    cores: number;
    gibibytes: number;
    node: string;
    sdk: string;
}

export function machine(): Machine {
    const { version } = createRequire(__filename)("@pulumi/pulumi/package.json") as { version: string };
    return {
        cores: os.availableParallelism(),
        gibibytes: Math.round(os.totalmem() / 2 ** 30),
        node: process.versions.node,
        sdk: version,
    };
}
