import { Markup, html } from "../markup";
import { Rollout, urgentFirst } from "../rollout";
import { badge } from "./badge";
import { time } from "./times";

/** The address of a Canary's own page. */
export function pathOf({ namespace, name }: Rollout): string {
    return `/canaries/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

/** Every Canary in a table, what needs somebody first. */
export function fleet(rollouts: Rollout[]): Markup {
    if (rollouts.length === 0) {
        return html`<h1>Canaries</h1>
            <p class="empty">
                There are no Canaries here yet. A <code>CanaryApp</code> makes one; it appears on this page by itself.
            </p>`;
    }
    return html`<h1>Canaries</h1>
        <p>${summary(rollouts)}</p>
        <div class="scroll" role="region" aria-label="Canaries" tabindex="0">
            <table class="fleet">
                <thead>
                    <tr>
                        <th scope="col">Canary</th>
                        <th scope="col">State</th>
                        <th scope="col">Traffic on the new version</th>
                        <th scope="col">Failed checks</th>
                        <th scope="col">Last heard of</th>
                    </tr>
                </thead>
                <tbody>
                    ${urgentFirst(rollouts).map(row)}
                </tbody>
            </table>
        </div>`;
}

function summary(rollouts: Rollout[]): string {
    const count = (tone: string) => rollouts.filter(({ phase }) => phase.tone === tone).length;
    const parts = [
        [count("bad"), "failed or stuck"],
        [count("attention"), "waiting for somebody or halted"],
        [count("busy"), "under way"],
        [count("good") + count("calm"), "at rest"],
    ] as const;
    const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
    return `${rollouts.length} ${rollouts.length === 1 ? "Canary" : "Canaries"}: ${told.join(", ")}.`;
}

function row(rollout: Rollout): Markup {
    const { phase, key, weight, failedChecks, threshold, cause, ended } = rollout;
    return html`<tr class="${phase.tone}">
        <th scope="row">
            <a id="to-${key}" href="${pathOf(rollout)}"
                ><span class="namespace">${rollout.namespace}/</span>${rollout.name}</a
            >
        </th>
        <td>${badge(phase)}${cause !== undefined && html`<p class="why">${cause.headline}</p>`}</td>
        <td class="weight ${phase.active || weight > 0 ? "" : "rest"}">
            ${phase.active || weight > 0 ? html`<meter min="0" max="100" value="${weight}" aria-label="Traffic on the new version">${weight} %</meter> ${weight} %` : html`<span class="none">-</span>`}
        </td>
        <td>${phase.active ? `${failedChecks} of ${threshold}` : html`<span class="none">-</span>`}</td>
        <td>${ended === undefined ? html`<span class="none">-</span>` : time(ended)}</td>
    </tr>`;
}
