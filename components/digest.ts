import { createHash } from "node:crypto";

/** A short text that changes with another, for annotations by which pods are started anew. */
export function digest(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
