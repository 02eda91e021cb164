import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { LabError } from "../../../lab/labError";
import { Daemon } from "../../../lab/processes";

describe("Daemon", () => {
    let folder: string;
    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "daemon-"))));
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    it("is started again as it was started first, and goes on in the same log", async () => {
        const daemon = Daemon.start("sleeper", ["sh", "-c", "echo up; exec sleep 60"], folder);
        const up = (times: number) =>
            daemon.until(() => Promise.resolve(daemon.tail().split("\n").length === times), 10);
        const started = () => Promise.resolve(daemon.tail() !== "");
        await daemon.until(started, 10);
        await daemon.stop("SIGKILL");
        assert.equal(daemon.running, false);
        daemon.startAgain();
        assert.equal(daemon.running, true);
        await up(2);
        await daemon.stop();
        assert.equal(daemon.running, false);
    });

    it("says with its last words that it has ended before it was ready", async () => {
        const daemon = Daemon.start("failing", ["sh", "-c", "echo no such file; exit 3"], folder);
        await assert.rejects(
            daemon.until(() => Promise.resolve(false), 10),
            (error) => error instanceof LabError && error.message === "failing ended: exit code 3\nno such file",
        );
    });
});
