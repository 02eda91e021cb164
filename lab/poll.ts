/**
 * Asks until there is an answer, and gives it; `undefined` means none yet. When the time is over it gives `undefined`: what
 * that means only the caller can say.
 */
export async function poll<T>(
    ask: () => T | undefined | Promise<T | undefined>,
    seconds: number,
    milliseconds = 200,
): Promise<T | undefined> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const answer = await ask();
        if (answer !== undefined || Date.now() > deadline) {
            return answer;
        }
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
    }
}

/** Waits for so long. */
export function pause(seconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
