import { stateOf } from "../../evidence/lines";
import { Markup, html } from "../markup";
import { Rollout } from "../rollout";
import { dayAndClock, time } from "./times";

/** The rollouts that are kept of a Canary, newest first; nothing where none is asked to be. */
export function keptRollouts({ kept }: Rollout): Markup {
    if (kept === undefined) {
        return html``;
    }
    const { configMap, records, problem } = kept;
    return html`<section aria-labelledby="kept">
        <h2 id="kept">The last rollouts</h2>
        ${problem !== undefined && html`<p class="note">${problem}</p>`}
        ${
            records.length > 0 &&
            html`<table>
                <thead>
                    <tr>
                        ${["Began", "Version", "How it ended", "What came of it"].map((cell) => html`<th scope="col">${cell}</th>`)}
                    </tr>
                </thead>
                <tbody>
                    ${records.map(
                        (record) =>
                            html`<tr>
                                <td>${time(Date.parse(record.began), dayAndClock(Date.parse(record.began)))}</td>
                                <td>${record.image ?? ""}</td>
                                <td>${stateOf(record)}</td>
                                <td>${record.says}</td>
                            </tr>`,
                    )}
                </tbody>
            </table>`
        }
        <p class="note">Kept in ConfigMap ${configMap}, where every value of them is.</p>
    </section>`;
}
