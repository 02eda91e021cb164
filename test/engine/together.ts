/**
 * Cases that begin together and mostly wait for Flagger's clock, each reported as a test of its own. A case that needs
 * another's result does it itself.
 */
export function together(cases: Record<string, () => Promise<void>>): void {
    const running = new Map<string, Promise<unknown>>();

    before("they begin", () => {
        for (const [title, run] of Object.entries(cases)) {
            // Whoever waits for it sees how it ended.
            running.set(
                title,
                run().then(
                    () => undefined,
                    (error: unknown) => error,
                ),
            );
        }
    });

    for (const title of Object.keys(cases)) {
        it(title, async () => {
            const error = await running.get(title);
            if (error !== undefined) {
                throw error as Error;
            }
        });
    }
}
