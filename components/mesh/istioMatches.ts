import { Fields, entryPath, isObject } from "../shape";
import { AppRequest } from "./mesh";

/** A text that requests are matched by, and where it stands. */
export interface MatchedText {
    path: string;
    /** What it has to be: `exact`, `prefix` or `regex`. */
    match: Fields;
    /** The name of the header that it is matched against, where it is one. */
    header?: string;
}

const texts = ["uri", "method", "authority", "scheme"];

/** Every text by which a Canary's route tells requests apart: those of the service, and those of an A/B test. */
export function matchedTexts({ service, analysis }: AppRequest): MatchedText[] {
    const ofService = matches(service.match, "service.match").flatMap(({ path, match }) => [
        ...texts.flatMap((key) => textAt(`${path}.${key}`, match[key])),
        ...["headers", "withoutHeaders"].flatMap((key) => namedTexts(`${path}.${key}`, match[key], true)),
        ...namedTexts(`${path}.queryParams`, match.queryParams, false),
    ]);
    const given: unknown = isObject(analysis.abTest) ? analysis.abTest.match : undefined;
    const ofTest = matches(given, "analysis.abTest.match").flatMap(({ path, match }) =>
        namedTexts(`${path}.headers`, match.headers, true),
    );
    return [...ofService, ...ofTest];
}

function matches(list: unknown, at: string): { path: string; match: Fields }[] {
    return (Array.isArray(list) ? (list as unknown[]) : []).flatMap((match, index) =>
        isObject(match) ? [{ path: `${at}[${index}]`, match }] : [],
    );
}

function textAt(path: string, match: unknown): MatchedText[] {
    return isObject(match) ? [{ path, match }] : [];
}

function namedTexts(path: string, named: unknown, areHeaders: boolean): MatchedText[] {
    return Object.entries(isObject(named) ? named : {}).flatMap(([name, match]) =>
        textAt(entryPath(path, name), match).map((text) => ({ ...text, ...(areHeaders && { header: name }) })),
    );
}
