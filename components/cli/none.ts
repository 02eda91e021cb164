/** What is said where there is no such Canary. */
export function none(key: string, others: string[]): string {
    const [namespace] = key.split("/");
    return (
        `There is no Canary ${key}. ` +
        (others.length === 0 ? `The namespace ${namespace} has none.\n` : `Its namespace has ${others.join(", ")}.\n`)
    );
}
