import { randomInt } from "node:crypto";

/**
 * How often each fault is tried, and the number from which its moments are drawn: the same seed draws the same moments. The
 * moments are shares of how long the command takes, so on another machine they are near the same places.
 */
export const tries = wholeNumber("PROGRESSIVE_MESH_TRIES", 1);
export const seed = wholeNumber("PROGRESSIVE_MESH_SEED", randomInt(1_000_000));

/** Draws numbers from 0 to 1, for one purpose. */
export function draws(purpose: string): () => number {
    let state = seed;
    for (const letter of purpose) {
        state = Math.imul(state ^ letter.charCodeAt(0), 0x9e3779b1);
    }
    // Mulberry32: small, and good enough to spread a few moments.
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

function wholeNumber(variable: string, otherwise: number): number {
    const text = process.env[variable];
    if (text === undefined) {
        return otherwise;
    }
    if (!/^\d{1,9}$/.test(text)) {
        throw new Error(`${variable} is "${text}", which is no whole number.`);
    }
    return Number(text);
}
