import { Sample } from "../checks";
import { Markup, html } from "../markup";
import { clock } from "../render/times";
import { Point, Scale, linePath, stepArea, stepPath, timeScale, valueScale } from "./scales";

/** A chart of values over time. */
export interface Chart {
    /** What it shows, in a sentence, for those who do not see it. */
    label: string;
    unit: string;
    from: number;
    to: number;
    /** The values that the scale has to have, such as a bound. */
    includes: number[];
}

// Narrow enough for its texts to be read on a phone.
const width = 480;
const height = 190;
const plot = { left: 46, right: 474, top: 24, bottom: 160 };

interface Axes {
    x: Scale;
    y: Scale;
}

function axesOf({ from, to, includes }: Chart, samples: readonly Sample[]): Axes {
    const values = [...includes, ...samples.map(({ value }) => value)].filter(Number.isFinite);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return {
        x: timeScale([from, Math.max(to, from + 1000)], [plot.left, plot.right], 4),
        y: valueScale([low, high === low ? low + 1 : high], [plot.bottom, plot.top], 4),
    };
}

/** Half of a time's width: where there is less room to the right it ends there. */
const halfTime = 28;

function timeAt(tick: number, at: number): Markup {
    const [place, x] = at > width - halfTime ? ["time last", width] : ["time", at];
    return html`<text class="${place}" x="${x.toFixed(1)}" y="${plot.bottom + 18}">${clock(tick)}</text>`;
}

function frame({ label, unit }: Chart, { x, y }: Axes, content: Markup[]): Markup {
    return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
        ${y.ticks.map((tick) => {
            const at = y.at(tick).toFixed(1);
            return html`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${at}" y2="${at}" /><text
                    class="value"
                    x="${plot.left - 6}"
                    y="${at}"
                    dy="4"
                    >${tick}</text
                >`;
        })}
        ${x.ticks.map((tick) => timeAt(tick, x.at(tick)))}
        <text class="unit" x="0" y="12">${unit}</text>
        ${content}
    </svg>`;
}

const at =
    ({ x, y }: Axes) =>
    ({ time, value }: Sample): Point => [x.at(time), y.at(value)];

/** Values that hold until the next, such as weights: as they were, and dashed as they were planned. */
export function stepsChart(chart: Chart, actual: readonly Sample[], planned: readonly Sample[]): Markup {
    const axes = axesOf(chart, [...actual, ...planned]);
    const points = actual.map(at(axes));
    return frame(chart, axes, [
        html`<path class="area" d="${stepArea(points, plot.bottom)}" />`,
        html`<path class="planned" d="${stepPath(planned.filter(({ time }) => time <= chart.to).map(at(axes)))}" />`,
        html`<path class="actual" d="${stepPath(points)}" />`,
    ]);
}

/** Measured values with their bounds. What does not pass is marked by its form too, not by its colour alone. */
export function boundsChart(
    chart: Chart,
    samples: readonly Sample[],
    bounds: readonly number[],
    passes: (value: number) => boolean,
): Markup {
    const shown = samples.filter(({ value }) => Number.isFinite(value));
    const axes = axesOf({ ...chart, includes: [...chart.includes, ...bounds] }, shown);
    return frame(chart, axes, [
        ...bounds.map((bound) => {
            const y = axes.y.at(bound).toFixed(1);
            return html`<line class="bound" x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}" />`;
        }),
        html`<path class="actual" d="${linePath(shown.map(at(axes)))}" />`,
        ...shown.map((sample) => {
            const [x, y] = at(axes)(sample);
            return passes(sample.value)
                ? html`<circle class="passed" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.5" />`
                : html`<path class="failed" d="M${(x - 4).toFixed(1)},${(y - 4).toFixed(1)}l8,8m0,-8l-8,8" />`;
        }),
    ]);
}
