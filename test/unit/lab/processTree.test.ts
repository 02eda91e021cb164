import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { descendants, isRunning, kill } from "../../../lab/processTree";

describe("descendants", () => {
    it("are what a process has started, and what that has started; they can be ended, also twice", async () => {
        const child = spawn("sh", ["-c", "sleep 60 & sh -c 'sleep 60 & echo ready; wait'"], {
            stdio: ["ignore", "pipe", "ignore"],
        });
        await once(child.stdout, "data");
        const started = descendants(child.pid!);
        assert.equal(started.length, 3);
        assert.ok(descendants(process.pid).includes(child.pid!));
        assert.ok(started.every(isRunning));
        const ended = once(child, "exit");
        for (const pid of [child.pid!, ...started, ...started]) {
            kill(pid, "SIGKILL");
        }
        await ended;
        assert.deepEqual(descendants(child.pid!), []);
        assert.equal(isRunning(child.pid!), false);
    });
});
