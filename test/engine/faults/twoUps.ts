import assert from "node:assert/strict";

import { succeeded } from "../asserts";
import { Fault, Subject } from "./stage";
import { steps } from "./steps";

/** The second is refused while the first is at work, which goes on unharmed. */
export const twoUps: Fault = {
    fault: "Two `up`s of one stack at once",
    run: async (stage) => {
        const subject = await Subject.up(stage, "twice");
        const first = subject.release("6.0.1");
        await subject.inRollout();
        const second = await subject.program.project.up();
        assert.notEqual(second.code, 0, second.output);
        assert.match(second.output, /the stack is currently locked by 1 lock/);
        succeeded(await first);
        await subject.converged();
        await subject.destroy();
        return [steps.again];
    },
};
