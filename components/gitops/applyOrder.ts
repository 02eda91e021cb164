/** An order in which each comes after those that it waits for. */
export interface ApplyOrder {
    order: string[];
    /** Those that wait for each other, directly or by way of others, and so never come. */
    stuck: string[];
}

/** Finds the order of things from what each one waits for. What nobody knows is not waited for. */
export function inOrder(waits: Readonly<Record<string, readonly string[]>>): ApplyOrder {
    const order: string[] = [];
    let left = Object.keys(waits);
    const open = (name: string) => waits[name]!.some((other) => left.includes(other));
    for (let ready = left.filter((name) => !open(name)); ready.length > 0; ready = left.filter((name) => !open(name))) {
        order.push(...ready);
        left = left.filter((name) => !ready.includes(name));
    }
    // What is left waits in a circle, or for somebody in one. The latter are not to blame: nobody in a circle waits for them.
    const waitedFor = (name: string) => left.some((other) => waits[other]!.includes(name));
    for (let size = -1; size !== left.length;) {
        size = left.length;
        left = left.filter(waitedFor);
    }
    return { order, stuck: left };
}
