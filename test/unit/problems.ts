import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { meshes } from "../../components/mesh/meshes";
import { Problems } from "../../components/validation";
import { failure } from "./graph";

/** The meshes to choose from, as an error lists them. */
export const knownMeshes = Object.keys(meshes).join(", ");

/** What a check finds, each as one line. */
export function linesOf(check: (problems: Problems) => unknown): string[] {
    const problems = new Problems();
    check(problems);
    return linesIn(problems);
}

/** The problems as the lines that a person would read. */
export function linesIn(problems: Problems): string[] {
    try {
        problems.throwIfAny("Test");
    } catch (error) {
        return lines(error);
    }
    return [];
}

/** The paths alone, for where the wording is asserted elsewhere. */
export function pathsOf(check: (problems: Problems) => unknown): string[] {
    const problems = new Problems();
    check(problems);
    return problems.all.map((p) => p.path);
}

/** What is wrong with a program, as the lines of its one error. Fails if anything was registered before it. */
export async function refusal(program: () => unknown): Promise<string[]> {
    const { error, nodes } = await failure(program);
    assert.deepEqual(nodes, [], "registered before the error");
    return lines(error);
}

function lines(error: unknown): string[] {
    // An `if`, not an assertion on the result: the type guard is what a consumer of another SDK copy would call.
    if (!pulumi.InputPropertiesError.isInstance(error)) {
        throw error;
    }
    return error.errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
}
