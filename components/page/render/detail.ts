import { duration } from "../../units";
import { boundsChart, stepsChart } from "../chart/chart";
import { Check, boundText, passes, valueText } from "../checks";
import { Markup, html, prose } from "../markup";
import { Rollout } from "../rollout";
import { badge } from "./badge";
import { keptRollouts } from "./kept";
import { dayAndClock, time } from "./times";

/** One Canary and its last rollout. `links` lead elsewhere, such as to Grafana. */
export function detail(rollout: Rollout, links: { text: string; address: string }[] = []): Markup {
    const { namespace, name, phase, cause, skip } = rollout;
    return html`<h1><span class="namespace">${namespace}/</span>${name} ${badge(phase)}</h1>
        ${cause === undefined ? html`<p class="says">${phase.says}</p>` : causeBox(rollout)}
        ${skip !== undefined && html`<p class="problem">${prose(skip)}</p>`}
        ${links.length > 0 && html`<p>${links.map(({ text, address }) => html`<a href="${address}" rel="noreferrer">${text}</a> `)}</p>`}
        ${facts(rollout)} ${weights(rollout)} ${checks(rollout)} ${events(rollout)} ${keptRollouts(rollout)}`;
}

function causeBox({ phase, cause }: Rollout): Markup {
    const { headline, evidence, left, remedy } = cause!;
    return html`<section class="cause ${phase.tone}" aria-labelledby="cause">
        <h2 id="cause">${headline}</h2>
        ${
            evidence.length > 0 &&
            html`<ul>
                ${evidence.map((line) => html`<li>${line}</li>`)}
            </ul>`
        }
        <dl>
            <dt>How it stands</dt>
            <dd>${prose(left)}</dd>
            <dt>What to do</dt>
            <dd>${prose(remedy)}</dd>
        </dl>
    </section>`;
}

function facts({ phase, weight, failedChecks, threshold, images, began, ended, plan, planned }: Rollout): Markup {
    const rows: [term: string, value: string | Markup | undefined, wide?: "wide"][] = [
        ["New version", images.target],
        ["The primary runs", images.primary],
        ["Traffic on the new version", phase.active || weight > 0 ? `${weight} %` : undefined],
        ["Failed checks", phase.active ? `${failedChecks}; ${threshold} roll it back` : undefined],
        ["Began", began === undefined ? undefined : time(began, dayAndClock(began))],
        [
            "Took",
            began === undefined || ended === undefined || phase.active
                ? undefined
                : duration(Math.round((ended - began) / 1000)),
        ],
        // Whatever holds it up moves its end too.
        [
            "Planned end",
            phase.active && phase.standing === undefined && planned.length > 0 ? time(planned.at(-1)!.time) : undefined,
        ],
        ["Plan", plan === undefined ? undefined : plan.summary.replace(/^[^:]*: /, ""), "wide"],
    ];
    return html`<dl class="facts">
        ${rows.map(
            ([term, value, wide]) =>
                value !== undefined &&
                html`<div class="${wide}">
                    <dt>${term}</dt>
                    <dd>${value}</dd>
                </div>`,
        )}
    </dl>`;
}

/** The time that all charts show. The last values are measured a little later than Flagger's last word. */
const span = ({ began, ended, planned, phase, checks }: Rollout) => ({
    from: began!,
    to: Math.max(
        ended!,
        phase.active ? (planned.at(-1)?.time ?? 0) : 0,
        ...checks.map(({ samples }) => samples.at(-1)?.time ?? 0),
    ),
});

function weights(rollout: Rollout): Markup {
    const { began, weights: actual, planned, phase } = rollout;
    if (began === undefined || actual.length === 0) {
        return html``;
    }
    const steps = actual.map(({ value }) => `${value} %`).join(", ");
    const chart = {
        ...span(rollout),
        label: `Traffic on the canary over time: ${steps}.`,
        unit: "% of the traffic",
        includes: [0, 100],
    };
    const until = phase.active ? rollout.ended! : chart.to;
    return html`<section aria-labelledby="weights">
        <h2 id="weights">Traffic, and the plan beside it</h2>
        <figure>
            ${stepsChart(chart, heldUntil(actual, until), planned)}
            <figcaption>
                <span class="key actual">as it was</span
                >${planned.length > 0 && html` <span class="key planned">as planned</span>`}
            </figcaption>
        </figure>
        ${numbers(
            "The weights as a table",
            ["Time", "Canary"],
            actual.map((sample) => [time(sample.time), `${sample.value} %`]),
        )}
    </section>`;
}

/** The last value holds until then. */
function heldUntil<T extends { time: number }>(samples: T[], until: number): T[] {
    return [...samples, ...samples.slice(-1).map((last) => ({ ...last, time: until }))];
}

function checks(rollout: Rollout): Markup {
    if (rollout.checks.length === 0) {
        return html``;
    }
    const { unmeasured, valuesKeptIn } = rollout;
    return html`<section aria-labelledby="checks">
        <h2 id="checks">Checks</h2>
        ${unmeasured !== undefined && html`<p class="note">${unmeasured} What is shown is what Flagger said of checks that failed.</p>`}
        ${valuesKeptIn !== undefined && html`<p class="note">The metrics server has none of these values any more, or could not be asked. They were kept in ConfigMap ${valuesKeptIn}.</p>`}
        <div class="checks">${rollout.checks.map((check) => one(check, rollout))}</div>
    </section>`;
}

function one(check: Check, rollout: Rollout): Markup {
    const { name, unit, samples, failed, min, max } = check;
    const last = samples.at(-1);
    const state =
        last === undefined
            ? failed > 0
                ? "no values"
                : "not measured in this rollout"
            : `${passes(last.value, check) ? "last" : "failed at"} ${valueText(last.value, unit)}`;
    const bad = last === undefined ? failed > 0 : !passes(last.value, check);
    const bounds = [min, max].filter((bound) => bound !== undefined);
    return html`<article class="check ${bad ? "bad" : "fine"}">
        <h3>${name}</h3>
        <p>
            <strong>${state}</strong>; has to be
            ${boundText(check)}${failed > 0 && html`; <strong>failed ${failed === 1 ? "once" : `${failed} times`}</strong>`}
        </p>
        ${
            samples.length > 0 &&
            rollout.began !== undefined &&
            html`<figure>
                    ${boundsChart(
                        {
                            ...span(rollout),
                            label: `${name} over time, last ${valueText(last!.value, unit)}; it has to be ${boundText(check)}.`,
                            unit,
                            includes: unit === "%" ? [100] : [0],
                        },
                        samples,
                        bounds,
                        (value) => passes(value, check),
                    )}
                    <figcaption>
                        ${bounds.length > 0 && html`<span class="key bound">bound</span> `}${samples.some(({ value }) => !passes(value, check)) && html`<span class="key failed">✕ does not pass</span>`}
                    </figcaption>
                </figure>
                ${numbers(
                    `${name} as a table`,
                    ["Time", "Value", ""],
                    samples.map((sample) => [
                        time(sample.time),
                        valueText(sample.value, unit),
                        passes(sample.value, check) ? "passes" : "fails",
                    ]),
                )}`
        }
    </article>`;
}

function numbers(title: string, head: string[], rows: (string | Markup)[][]): Markup {
    return html`<details id="table-${title}">
        <summary>${title}</summary>
        <table>
            <thead>
                <tr>
                    ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
                </tr>
            </thead>
            <tbody>
                ${rows.map(
                    (cells) =>
                        html`<tr>
                            ${cells.map((cell) => html`<td>${cell}</td>`)}
                        </tr>`,
                )}
            </tbody>
        </table>
    </details>`;
}

function events({ moments }: Rollout): Markup {
    if (moments.length === 0) {
        return html`<section>
            <h2>What Flagger said</h2>
            <p class="empty">Nothing that the cluster still holds: Kubernetes keeps events for an hour.</p>
        </section>`;
    }
    return html`<section aria-labelledby="events">
        <h2 id="events">What Flagger said</h2>
        <ol class="events">
            ${[...moments].reverse().map(
                ({ last, text, warning, times }) =>
                    html`<li class="${warning ? "warning" : "normal"}">
                        ${time(last)}
                        <span
                            >${warning && html`<span class="mark" aria-hidden="true">!</span> <span class="unseen">Warning:</span> `}${text}${times > 1 && html` <span class="times">(${times} times)</span>`}</span
                        >
                    </li>`,
            )}
        </ol>
    </section>`;
}
