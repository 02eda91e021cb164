import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

import { succeeded } from "../asserts";
import { Fault, Subject } from "./stage";
import { steps } from "./steps";

/** What is left of the disk when it is called full: enough for a lock, and for no state. */
const left = 16 * 1024;

/** The state cannot be written any more in the middle of a release. What is made then is found again. */
export const diskFull: Fault = {
    fault: "Disk full where the state is",
    run: async (stage) => {
        // A disk of its own, where the program's state will be.
        const disk = path.join(stage.lab.folder, "pulumi", "states", "full");
        fs.mkdirSync(disk, { recursive: true });
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", disk]);
        const subject = await Subject.up(stage, "full");
        assert.equal(subject.program.project.backend, disk);

        await subject.program.write();
        const ballast = path.join(disk, "ballast");
        const { bavail, bsize } = fs.statfsSync(disk);
        fs.writeFileSync(ballast, Buffer.alloc(bavail * bsize - left));
        // The settings lie elsewhere.
        const full = await subject.release("6.0.1");
        assert.notEqual(full.code, 0, full.output);
        assert.match(full.output, /no space left on device/);
        fs.rmSync(ballast);

        const needed = [steps.space];
        let after = await subject.program.up();
        if (/currently locked/.test(after.output)) {
            await subject.program.project.must(["cancel", "--yes"]);
            needed.push(steps.cancel);
            after = await subject.program.up();
        }
        succeeded(after);
        await subject.converged();
        await subject.destroy();
        return [...needed, steps.again];
    },
};
