/** HTML that may be put into HTML as it is. */
export class Markup {
    constructor(readonly text: string) {}
}

/** What may stand in a template: texts and numbers are escaped, nothing is left out. */
export type Part = Markup | string | number | undefined | false | readonly Part[];

/**
 * HTML from a template. Whatever is put in is escaped unless it came from here, so nothing that a cluster says can be more than a
 * text or the value of a quoted attribute.
 */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
    return new Markup(strings.map((string, index) => string + textOf(parts[index])).join(""));
}

function textOf(part: Part): string {
    if (part instanceof Markup) {
        return part.text;
    }
    if (Array.isArray(part)) {
        return (part as readonly Part[]).map(textOf).join("");
    }
    return typeof part === "string" || typeof part === "number" ? escaped(String(part)) : "";
}

function escaped(text: string): string {
    return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A text with code in it, between backticks. */
export function prose(text: string): Markup {
    const parts = text.split("`");
    return html`${parts.map((part, index) => (index % 2 === 1 && index < parts.length - 1 ? html`<code>${part}</code>` : part))}`;
}
