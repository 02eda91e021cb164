/**
 * Runs something while errors keep so many frames of their stacks. Pulumi reads a stack for every promise that it makes, and with
 * the source maps of TypeScript that is most of what a program costs here.
 */
export async function withStackFrames<T>(frames: number, run: () => Promise<T>): Promise<T> {
    const before = Error.stackTraceLimit;
    Error.stackTraceLimit = frames;
    try {
        return await run();
    } finally {
        Error.stackTraceLimit = before;
    }
}
