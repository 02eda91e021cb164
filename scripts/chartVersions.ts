const exact = /^v?(\d+)\.(\d+)\.(\d+)(\+[0-9A-Za-z.-]+)?$/;

/** Whether a version is a release: three numbers, and nothing that makes it a preview of one. */
export function isExact(version: string): boolean {
    return exact.test(version);
}

/** The newest of some releases, in the order of their numbers; of equal ones the first. */
export function newest(versions: string[]): string | undefined {
    return versions.reduce<string | undefined>(
        (best, version) => (best === undefined || isAfter(version, best) ? version : best),
        undefined,
    );
}

function isAfter(one: string, other: string): boolean {
    const [a, b] = [numbersOf(one), numbersOf(other)];
    const differs = a.findIndex((number, index) => number !== b[index]);
    return differs >= 0 && a[differs]! > b[differs]!;
}

function numbersOf(version: string): number[] {
    const [, ...numbers] = exact.exec(version)!;
    return numbers.slice(0, 3).map(Number);
}
