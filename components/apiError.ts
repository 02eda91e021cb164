/** What the API server said. Its client would put the headers of the answer beside it. */
export function messageOf(error: unknown): string {
    const { body, message = String(error) } = error as { body?: unknown; message?: string };
    try {
        return (JSON.parse(body as string) as { message?: string }).message ?? message;
    } catch {
        return message.split("\nBody:")[0]!.replace("\n", ", ");
    }
}

/** What is read, or undefined where it does not exist. */
export async function orMissing<T>(read: Promise<T>): Promise<T | undefined> {
    try {
        return await read;
    } catch (error) {
        if ((error as { code?: unknown }).code === 404) {
            return undefined;
        }
        throw error;
    }
}
