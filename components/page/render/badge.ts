import { Markup, html } from "../markup";
import { Phase } from "../../operate/phases";

/** A sign beside the word, so that no state is told by its colour alone. */
const signs = { bad: "✕", attention: "!", busy: "▸", good: "✓", calm: "·" };

/** A phase in a word. */
export function badge({ tone, word, flagger }: Phase): Markup {
    return html`<span class="badge ${tone}" title="Flagger's word: ${flagger === "" ? "none" : flagger}"
        ><span aria-hidden="true">${signs[tone]}</span> ${word}</span
    >`;
}
