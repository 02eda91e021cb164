import assert from "node:assert/strict";

import committed from "../../schema.json";
import { inferSchema } from "../../scripts/inferSchema";

describe("schema.json", () => {
    it("is what Pulumi infers from the components", function () {
        // The type checker reads all of the AWS provider for it.
        this.timeout(60_000);
        const inferred = JSON.parse(JSON.stringify(inferSchema())) as unknown;
        assert.deepEqual(inferred, committed, "the components' arguments have changed: run `npm run schema`");
    });
});
