import { Markup, html } from "../markup";

const two = (number: number) => String(number).padStart(2, "0");

/** A time of day of this machine, as people read it: 14:03:07. */
export function clock(milliseconds: number): string {
    const date = new Date(milliseconds);
    return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A day and a time of it, with its distance from UTC: a report is read elsewhere. */
export function dayAndClock(milliseconds: number): string {
    const date = new Date(milliseconds);
    const offset = -date.getTimezoneOffset();
    const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    return `${day} ${clock(milliseconds)} UTC${zone}`;
}

/** A time for people and machines. */
export function time(milliseconds: number, text = clock(milliseconds)): Markup {
    return html`<time datetime="${new Date(milliseconds).toISOString()}">${text}</time>`;
}
