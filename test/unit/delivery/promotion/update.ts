import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

/** A program that runs in this process as an update, not as a preview, against a monitor that grants everything. */
export class Update {
    /** The names of what is registered, in order. */
    readonly registered: string[] = [];
    /** What the program logs, in order, without what is for debugging. */
    readonly messages: string[] = [];
    /** What would end the program. */
    readonly errors: string[] = [];
    private readonly listeners = process.listeners("unhandledRejection");

    private constructor() {}

    /** @param failed The names of what is not made, as after a failure with --continue-on-error. */
    static async run(program: () => void, failed: string[] = []): Promise<Update> {
        const update = new Update();
        // An address only makes the SDK believe in an engine, so that it logs there and not to the console.
        pulumi.runtime.resetOptions("p", "s", -1, "in-process", "mock", false, "");
        await pulumi.runtime.setMocks(
            {
                newResource: ({ name, custom, inputs }) => {
                    update.registered.push(name);
                    return { id: custom && !failed.includes(name) ? `${name}-id` : undefined, state: inputs as object };
                },
                call: ({ token }) => {
                    throw new Error(`nothing here may ask a provider, but ${token} was called`);
                },
            },
            "p",
            "s",
            false,
        );
        const engine = pulumi.runtime.getEngine() as unknown as {
            log: (request: { getMessage: () => string; getSeverity: () => number }, done: () => void) => void;
        };
        engine.log = (request, done) => {
            if (request.getSeverity() > 0) {
                update.messages.push(request.getMessage());
            }
            done();
        };
        process.removeAllListeners("unhandledRejection");
        process.on("unhandledRejection", (reason) => update.errors.push((reason as Error).message));
        program();
        return update;
    }

    stop(): void {
        process.removeAllListeners("unhandledRejection");
        this.listeners.forEach((listener) => process.on("unhandledRejection", listener));
    }
}

/** Waits until the condition holds, and a moment longer: what should not come has time to come. */
export async function until(condition: () => boolean): Promise<void> {
    for (let i = 0; i < 1_000 && !condition(); i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.ok(condition(), "waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 100));
}
