/** Something that keeps the lab from going on and that a person can do something about. */
export class LabError extends Error {
    constructor(
        message: string,
        readonly remedy: string,
    ) {
        super(message);
        this.name = "LabError";
    }
}

/** An error for a person: with the remedy where there is one, with its stack where it is a surprise. */
export function describeError(error: Error): string {
    return error instanceof LabError ? `${error.message}\n${error.remedy}` : (error.stack ?? error.message);
}
