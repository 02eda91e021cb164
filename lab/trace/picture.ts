import { Markup, html } from "../../components/page/markup";
import { Step, criticalPath, longestChain } from "./criticalPath";

const row = 18;
const left = 330;
const width = 640;
const top = 62;

const colors = { other: "#9db4c8", critical: "#c2452d", waiting: "#e8c9c2", text: "#222222", faint: "#777777" };

/** A resource in a few words: `Release dev-flagger`. */
export function shortName(urn: string): string {
    const [, , type = "", name = ""] = urn.split("::");
    const kind = type.split("$").pop()!;
    return `${kind.startsWith("pulumi:providers:") ? "Provider" : kind.split(":").pop()} ${name}`;
}

/** The critical path in a sentence. */
export function verdict(steps: readonly Step[]): string {
    const total = Math.max(...steps.map(({ end }) => end));
    const { seconds, chain } = longestChain(steps);
    const names = chain.map(({ urn, start, end }) => `${shortName(urn)} (${(end - start).toFixed(1)} s)`);
    return (
        `${total.toFixed(1)} s, ${(total / seconds).toFixed(2)} times the longest chain in which each needs the one before, ` +
        `${seconds.toFixed(1)} s: ${names.join(", ")}`
    );
}

/** An update as a picture: a bar for each resource, those of the critical path in red, and pale where one of them waited. */
export function picture(title: string, steps: readonly Step[]): string {
    const total = Math.max(...steps.map(({ end }) => end));
    const { seconds } = longestChain(steps);
    const x = (at: number) => Math.round((left + (at / total) * width) * 10) / 10;
    const critical = criticalPath(steps);
    const rows = steps.map((step, index) => bar(step, top + index * row, x, critical));
    const height = top + steps.length * row + 12;
    const every = [0.5, 1, 2, 5, 10, 20, 60, 120].find((each) => total / each <= 12) ?? 300;
    const marks = Array.from({ length: Math.floor(total / every) + 1 }, (_, i) => mark(i * every, x, height));
    return html`<svg
        xmlns="http://www.w3.org/2000/svg"
        viewBox="0 0 ${left + width + 60} ${height}"
        font-family="sans-serif"
        font-size="11"
    >
        <rect width="100%" height="100%" fill="#ffffff" />
        <text x="12" y="20" font-size="14" fill="${colors.text}">
            ${title}: ${total.toFixed(1)} s, ${(total / seconds).toFixed(2)} times its longest necessary chain
            (${seconds.toFixed(1)} s)
        </text>
        <text x="12" y="38" fill="${colors.faint}">
            red: the critical path; pale red: one of it had what it needs and was not begun yet; seconds
        </text>
        ${marks}${rows}
    </svg> `.text;
}

function bar(step: Step, y: number, x: (at: number) => number, critical: readonly Step[]): Markup {
    const place = critical.findIndex(({ urn }) => urn === step.urn);
    const is = place >= 0;
    const ready = critical[place - 1]?.end ?? (is ? 0 : step.start);
    const wide = Math.max(x(step.end) - x(step.start), 2).toFixed(1);
    const waited = Math.max(x(step.start) - x(Math.min(ready, step.start)), 0).toFixed(1);
    return html`<text x="${left - 8}" y="${y + 12}" text-anchor="end" fill="${is ? colors.critical : colors.text}"
            >${shortName(step.urn)}</text
        >
        ${is && html`<rect x="${x(Math.min(ready, step.start))}" y="${y + 6}" width="${waited}" height="6" fill="${colors.waiting}" />`}
        <rect
            x="${x(step.start)}"
            y="${y + 3}"
            width="${wide}"
            height="12"
            fill="${is ? colors.critical : colors.other}"
        />
        <text x="${x(step.end) + 4}" y="${y + 13}" font-size="9" fill="${colors.faint}"
            >${(step.end - step.start).toFixed(1)}</text
        > `;
}

function mark(at: number, x: (at: number) => number, height: number): Markup {
    return html`<line x1="${x(at)}" y1="${top - 4}" x2="${x(at)}" y2="${height - 8}" stroke="#eeeeee" />
        <text x="${x(at)}" y="${top - 8}" text-anchor="middle" font-size="9" fill="${colors.faint}">${at}</text> `;
}
