import { InvalidArgumentError } from "commander";

/** Reads a whole number that is an option of a command, from the least that has a sense up to 9999. */
export function wholeNumber(least: 0 | 1): (text: string) => number {
    return (text) => {
        if (!/^\d{1,4}$/.test(text) || Number(text) < least) {
            throw new InvalidArgumentError(`Give a whole number from ${least} to 9999.`);
        }
        return Number(text);
    };
}

/** Reads several of them, with commas. */
export function wholeNumbers(least: 0 | 1): (text: string) => number[] {
    return (text) => text.split(",").map(wholeNumber(least));
}
