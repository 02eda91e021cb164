/** How a line begins that says how something went, on every screen and in every log of this project. */
export const marks = { ok: "ok", failed: "FAILED", warning: "warning" } as const;

export type Mark = keyof typeof marks;
