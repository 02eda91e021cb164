import * as pulumi from "@pulumi/pulumi";

/** An error at deployment that Pulumi shows as its message alone: where in the program it arose helps nobody. */
export function runError(message: string): Error {
    const error = new pulumi.RunError(message);
    error.stack = message;
    return error;
}
