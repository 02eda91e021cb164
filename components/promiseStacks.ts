/** The function of Pulumi's that notes for each promise where it was made. */
const reader = "debuggablePromise";

/** How the traces of errors are written out: by whoever maps them to the sources, if there is somebody. */
const traces: { prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown } = Error;

/**
 * Runs something that registers resources without the stack trace that Pulumi keeps of every promise of theirs, some fifty for each
 * resource. Under `pulumi up` each is mapped to the sources line by line, which is a third of what a program takes, and they are only
 * ever shown by `PULUMI_DEBUG_PROMISE_LEAKS`: where that is set, they are kept.
 *
 * The traces of errors, and the places of resources in the program, stay as they are.
 */
export function withoutPromiseStacks<T>(register: () => T): T {
    const format = traces.prepareStackTrace;
    // Without anything that maps them there is nothing to save.
    if (format === undefined || process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
        return register();
    }
    traces.prepareStackTrace = (error, frames) =>
        frames[0]?.getFunctionName() === reader ? "" : format.call(Error, error, frames);
    try {
        return register();
    } finally {
        traces.prepareStackTrace = format;
    }
}
