/** Flagger's phases as people say them: on the page, in the wait for a promotion and in the lab. */
const words: Record<string, string> = {
    "": "not seen by Flagger yet",
    Initializing: "being set up",
    Initialized: "ready",
    Waiting: "waits for approval",
    Progressing: "under way",
    WaitingPromotion: "waits for approval",
    Promoting: "being promoted",
    Finalising: "being finished",
    Succeeded: "promoted",
    Failed: "rolled back",
    Terminating: "being deleted",
    Terminated: "deleted",
};

/** A phase in a word or a few. A phase that is not known stays as Flagger says it. */
export function phaseWord(phase: string): string {
    return Object.hasOwn(words, phase) ? words[phase]! : phase;
}

/** The same where it begins a line or stands alone. */
export function phaseTitle(phase: string): string {
    const word = phaseWord(phase);
    return word.charAt(0).toUpperCase() + word.slice(1);
}
