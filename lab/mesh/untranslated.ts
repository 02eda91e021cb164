/**
 * The fields of an object that nobody translates: those that are in none of the known ones. A known field is written like
 * `routes[].httpRoute.match.prefix`, and all that is below it is known too.
 */
export function untranslated(value: unknown, known: string[], at = ""): string[] {
    if (known.includes(at)) {
        return [];
    }
    if (Array.isArray(value)) {
        return [...new Set(value.flatMap((item) => untranslated(item, known, `${at}[]`)))];
    }
    const leads = at === "" || known.some((path) => path.startsWith(`${at}.`) || path.startsWith(`${at}[]`));
    if (typeof value !== "object" || value === null || !leads) {
        return value === undefined || value === null ? [] : [at];
    }
    return Object.entries(value).flatMap(([key, item]) => untranslated(item, known, at === "" ? key : `${at}.${key}`));
}
