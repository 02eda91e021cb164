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
