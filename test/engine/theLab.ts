import { Lab } from "../../lab/lab";
import { ensureTools } from "../../lab/toolchain/ensure";
import { Tool } from "../../lab/toolchain/tools";

/** Less than half of what a person watches: other suites run on the same machine, and those that count requests have users of their own. */
const requestsPerSecond = 8;

let lab: Promise<Lab> | undefined;

/**
 * The one lab of a run: the suites use it one after another, and each leaves it as empty as it found it. `besides` are tools
 * that only the run's suites need.
 */
export function theLab(besides: Tool[] = []): Promise<Lab> {
    lab ??= ensureTools(besides).then((tools) =>
        Lab.start(tools, (text) => console.log(`      lab: ${text}`), { requestsPerSecond }),
    );
    return lab;
}

/** Mocha's root hooks. */
export const mochaHooks = {
    async afterAll(this: Mocha.Context): Promise<void> {
        this.timeout(60_000);
        await (await lab)?.stop();
        // Sockets of watches that are being closed must not keep a finished run.
        setTimeout(() => process.exit(process.exitCode ?? 0), 1000).unref();
    },
};
