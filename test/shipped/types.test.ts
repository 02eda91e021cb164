import assert from "node:assert/strict";

import type ts from "typescript";

import committed from "../../schema.json";
import { analyzerOf, inferSchema } from "../../scripts/inferSchema";
import { allExamples, programOf } from "../unit/examples";
import { fragments, functionOf, platformArgsOf, platformFragments, programs } from "../unit/fragments";
import { complaints, forget, readBy } from "./typeChecker";

/*
 * Everything that needs the types of the SDKs. To read them takes many times as long as to check ours, so it is done once, and these
 * tests are one file: the workers of mocha share nothing.
 */
after(forget);

describe("schema.json", () => {
    it("is what Pulumi infers from the components", function () {
        // The type checker reads all of the AWS provider for it.
        this.timeout(600_000);
        const analyzer = analyzerOf();
        const inferred = JSON.parse(JSON.stringify(inferSchema(analyzer))) as unknown;
        assert.deepEqual(inferred, committed, "the components' arguments have changed: run `npm run schema`");
        readBy((analyzer as unknown as { program: ts.Program }).program);
    });
});

describe("the pages' TypeScript", function () {
    this.timeout(600_000);

    it("has no mistake for the compiler to find", () => {
        const modules = [
            ...programs.map(({ place, text }) => [place, text]),
            ...fragments.map((block) => [block.place, functionOf(block)]),
            ...platformFragments.map((block) => [block.place, platformArgsOf(block)]),
        ];
        assert.deepEqual(complaints(Object.fromEntries(modules) as Record<string, string>), []);
    });
});

describe("the examples", function () {
    this.timeout(600_000);

    it("have no mistake for the compiler to find", () => {
        const texts = allExamples()
            .flatMap(({ projects }) => projects)
            .map((project) => [`examples/${project.name}`, programOf(project)]);
        assert.deepEqual(complaints(Object.fromEntries(texts) as Record<string, string>), []);
    });
});
