/** What the API server said. Its client would put the headers of the answer beside it. */
export function messageOf(error: unknown): string {
    const { body, message = String(error) } = error as { body?: unknown; message?: string };
    try {
        return (JSON.parse(body as string) as { message?: string }).message ?? message;
    } catch {
        return message.split("\nBody:")[0]!.replace("\n", ", ");
    }
}
