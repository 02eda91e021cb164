/** The function of Pulumi's that notes for each promise where it was made. */
const reader = "debuggablePromise";

/** Marks the writer of traces that leaves these out; the same in each copy of this library that a program loads. */
const sparing = Symbol.for("pulumi-progressive-mesh/promiseStacks");

type Writer = ((error: Error, frames: NodeJS.CallSite[]) => unknown) & { [sparing]?: true };

/** How the traces of errors are written out: by whoever maps them to the sources, if there is somebody. */
const traces: { prepareStackTrace?: Writer } = Error;

/**
 * From now on leaves out the stack trace that Pulumi keeps of every promise, some fifty for each resource. Under `pulumi up` each is
 * mapped to the sources line by line, which is a third of what a program takes, and they are only ever shown by
 * `PULUMI_DEBUG_PROMISE_LEAKS`: where that is set, they are kept. Many are made when a resource is sent to the engine, long after
 * its constructor has ended, so nothing is put back.
 *
 * The traces of errors, and the places of resources in the program, stay as they are.
 */
export function leaveOutPromiseStacks(): void {
    const write = traces.prepareStackTrace;
    // Without anything that maps them there is nothing to save.
    if (write === undefined || write[sparing] || process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
        return;
    }
    traces.prepareStackTrace = Object.assign(
        (error: Error, frames: NodeJS.CallSite[]) =>
            frames[0]?.getFunctionName() === reader ? "" : write.call(Error, error, frames),
        { [sparing]: true as const },
    );
}
