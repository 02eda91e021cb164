/** As V8 asks for the text of an error's stack. */
const traces: { prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown } = Error;

/**
 * Runs something while errors keep so many frames of their stacks. Pulumi reads a stack for every promise and resource that it makes,
 * and with the source maps of TypeScript that is most of what a program costs here. For resources it asks for all frames, whatever
 * their number is set to; where none are wanted, none are written out.
 */
export async function withStackFrames<T>(frames: number, run: () => Promise<T>): Promise<T> {
    const { stackTraceLimit } = Error;
    const { prepareStackTrace } = traces;
    Error.stackTraceLimit = frames;
    if (frames === 0) {
        traces.prepareStackTrace = (error) => String(error);
    }
    try {
        return await run();
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
        traces.prepareStackTrace = prepareStackTrace;
    }
}
