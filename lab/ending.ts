import { describeError } from "./labError";

/** Ends this process with what its work comes to: its exit code if that is a number, `process.exitCode` if not, or 1 and the error. */
export function endWith(work: Promise<unknown>): void {
    work.then(
        (code) => process.exit(typeof code === "number" ? code : undefined),
        (error: Error) => {
            process.stderr.write(`\n${describeError(error)}\n`);
            process.exit(1);
        },
    );
}
