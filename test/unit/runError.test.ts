import assert from "node:assert/strict";
import { inspect } from "node:util";

import * as pulumi from "@pulumi/pulumi";

import { runError } from "../../components/runError";

describe("runError", () => {
    it("is one that Pulumi shows as its message, and whose stack says no more", () => {
        const error = runError("it failed\nDo this.");
        assert.ok(pulumi.RunError.isInstance(error));
        assert.equal(error.message, "it failed\nDo this.");
        assert.equal(error.stack, "it failed\nDo this.");
    });

    it("names no file where it is printed whole", () => {
        assert.equal(inspect(runError("it failed")).includes("runError.ts"), false);
    });
});
