import { nice, ticks } from "d3-array";
import { area, curveStepAfter, line } from "d3-shape";
import { timeTicks } from "d3-time";

// Only what charts need of d3, in types of its own: the package brings d3 bundled, without its typings.

/** A direction of a chart: where a value stands, and which values get a label. */
export interface Scale {
    at: (value: number) => number;
    ticks: number[];
}

/** A point of a chart, in its own pixels. */
export type Point = [x: number, y: number];

type Range = [number, number];

/** A scale of numbers that begins and ends at whole ones. */
export function valueScale(domain: Range, range: Range, count: number): Scale {
    const whole = nice(...domain, count);
    return { at: between(whole, range), ticks: ticks(...whole, count) };
}

/** A scale of times in milliseconds, with labels at whole seconds, minutes or hours. */
export function timeScale(domain: Range, range: Range, count: number): Scale {
    const [begin, end] = domain;
    return { at: between(domain, range), ticks: timeTicks(new Date(begin), new Date(end), count).map(Number) };
}

function between([begin, end]: Range, [from, to]: Range): (value: number) => number {
    // A chart of one moment has no width to divide by.
    const length = end === begin ? 1 : end - begin;
    return (value) => from + ((value - begin) / length) * (to - from);
}

/** The path of a line through points. */
export function linePath(points: Point[]): string {
    return line().digits(1)(points) ?? "";
}

/** The path of a line that stays at each point's height until the next. */
export function stepPath(points: Point[]): string {
    return line().digits(1).curve(curveStepAfter)(points) ?? "";
}

/** The path of the area between such a line and a height. */
export function stepArea(points: Point[], base: number): string {
    return area().digits(1).curve(curveStepAfter).y0(base)(points) ?? "";
}
