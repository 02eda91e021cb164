import assert from "node:assert/strict";

import { leaveOutPromiseStacks } from "../../components/promiseStacks";
import { CanaryApp } from "../../index";
import { devArgs } from "./devApp";
import { record } from "./graph";

const traces: { prepareStackTrace?: (error: Error, frames: NodeJS.CallSite[]) => unknown } = Error;

/** Runs something while it is counted whose stack traces are written out, by the function that asked for the trace. */
async function written(run: () => unknown): Promise<Map<string, number>> {
    const before = traces.prepareStackTrace;
    const counts = new Map<string, number>();
    traces.prepareStackTrace = (error, frames) => {
        const name = frames[0]?.getFunctionName() ?? "";
        counts.set(name, (counts.get(name) ?? 0) + 1);
        return [String(error), ...frames.map((frame) => `    at ${frame.getFileName()}`)].join("\n");
    };
    try {
        await run();
    } finally {
        traces.prepareStackTrace = before;
    }
    return counts;
}

function debuggablePromise(): string | undefined {
    return new Error("here").stack;
}

/** An application, registered while errors have stacks as they have in a program. */
const register = () => record(() => new CanaryApp("podinfo", devArgs), undefined, undefined, true, 10);

describe("leaveOutPromiseStacks", () => {
    it("spares the traces that Pulumi keeps of the promises of an application's resources, also of those made later", async () => {
        const spared = await written(register);
        process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
        const kept = await written(register).finally(() => delete process.env.PULUMI_DEBUG_PROMISE_LEAKS);
        const [few, many] = [spared, kept].map((counts) => counts.get("debuggablePromise") ?? 0) as [number, number];
        assert.equal(few, 0);
        assert.ok(many > 100, `${many}`);
        // Where the resources stand in the program is told as ever.
        assert.equal(spared.get("callsites"), kept.get("callsites"));
    });

    it("leaves the trace of an error whole", async () => {
        await written(() => {
            leaveOutPromiseStacks();
            assert.match(new Error("whole").stack!, /Error: whole\n +at .*promiseStacks\.test/);
            assert.equal(debuggablePromise(), "");
        });
    });

    it("is done once, however many components there are", async () => {
        await written(() => {
            leaveOutPromiseStacks();
            const once = traces.prepareStackTrace;
            leaveOutPromiseStacks();
            assert.equal(traces.prepareStackTrace, once);
        });
    });

    it("keeps them for whoever looks for leaked promises, and where nothing maps traces", async () => {
        await written(() => {
            process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
            try {
                leaveOutPromiseStacks();
                assert.match(debuggablePromise()!, /Error: here/);
            } finally {
                delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
            }
        });
        const before = traces.prepareStackTrace;
        traces.prepareStackTrace = undefined;
        try {
            leaveOutPromiseStacks();
            assert.equal(traces.prepareStackTrace, undefined);
        } finally {
            traces.prepareStackTrace = before;
        }
    });
});
