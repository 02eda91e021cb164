import { Compared } from "./evaluation";
import { Machine } from "./machine";
import { EngineTaken } from "./engine/measure";
import { OtherTaken } from "./others";
import { StartUp } from "./startUp";
import { Spread } from "./statistics";

/** All that was measured. */
export interface Results {
    machine: Machine;
    pairs: number;
    startUp?: StartUp;
    evaluation: Compared[];
    others: OtherTaken[];
    engine?: EngineTaken[];
}

export interface Shown {
    head: string[];
    rows: string[][];
}

const seconds = ({ median }: Spread) => `${median.toFixed(2)} s`;
const mebibytes = ({ median }: Spread) => `${Math.round(median / 2 ** 20)} MiB`;
const ratio = ({ median, least, most }: Spread) => `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;

/** What importing costs. */
export function startUpTable({ nothing, imported, ratio: ofNothing, files, importSeconds }: StartUp): Shown {
    const more = Object.entries(files).map(([name, count]) => `${count} of ${name}`);
    const { median, least, most } = importSeconds;
    const milliseconds = (s: number) => Math.round(s * 1000);
    return {
        head: ["program", "CPU", "files loaded"],
        rows: [
            ["imports @pulumi/pulumi", seconds(nothing.cpuSeconds), String(nothing.modules)],
            ["imports the library", seconds(imported.cpuSeconds), String(imported.modules)],
            ["the second / the first", ratio(ofNothing), ""],
            [
                "the import by itself, by the clock",
                `${milliseconds(median)} ms (${milliseconds(least)} to ${milliseconds(most)})`,
                more.join(", "),
            ],
        ],
    };
}

/** The library beside the raw program. */
export function evaluationTable(compared: Compared[]): Shown {
    return {
        head: [
            "apps",
            "resources",
            "raw: CPU",
            "library: CPU",
            "library / raw, CPU",
            "raw: time",
            "library: time",
            "library / raw, first resource",
            "raw: memory",
            "library: memory",
            "load",
        ],
        rows: compared.map(({ apps, raw, library, cpuRatio, firstRatio, load }) => [
            String(apps),
            `${raw.resources}, ${library.resources}`,
            seconds(raw.cpuSeconds),
            seconds(library.cpuSeconds),
            ratio(cpuRatio),
            seconds(raw.seconds),
            seconds(library.seconds),
            ratio(firstRatio),
            mebibytes(raw.peakBytes),
            mebibytes(library.peakBytes),
            load.toFixed(1),
        ]),
    };
}

/** What else there is, beside. */
export function othersTable(others: OtherTaken[]): Shown {
    const or = (of: Spread | undefined, show: (of: Spread) => string) => (of === undefined ? "-" : show(of));
    return {
        head: ["", "apps", "CPU", "time", "memory", ""],
        rows: others.map(({ title, apps, cpuSeconds, seconds: taken, peakBytes, failed = "" }) => [
            title,
            String(apps),
            or(cpuSeconds, seconds),
            or(taken, seconds),
            or(peakBytes, mebibytes),
            failed,
        ]),
    };
}

/** Both programs by the real engine. */
export function engineTable(engine: EngineTaken[]): Shown {
    const whats = Object.keys(engine[0]?.seconds ?? {});
    return {
        head: ["apps", "settings", "program", ...whats],
        rows: engine.map(({ apps, settings, program, seconds: times }) => [
            String(apps),
            settings,
            program,
            ...whats.map((what) => (times[what] === undefined ? "-" : `${times[what].toFixed(1)} s`)),
        ]),
    };
}
