/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
    const sorted = [...numbers].sort((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Some measured numbers, told by their middle and by how far they lie apart. */
export interface Spread {
    median: number;
    least: number;
    most: number;
}

export function spread(numbers: readonly number[]): Spread {
    return { median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) };
}
