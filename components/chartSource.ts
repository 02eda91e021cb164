import type { AddonArgs, AddonScope } from "./addonArgs";
import { Chart } from "./charts";
import { Mirror } from "./connection";
import { checkPattern } from "./shape";
import { Problems, checkPlain } from "./validation";

/** Where Helm finds one chart. */
export interface ChartSource {
    /** Its name in the repository, or its whole address in an OCI registry. */
    chart: string;
    /** Address of the repository; none for a chart in an OCI registry. */
    repository?: string;
    version: string;
    /** Its digest in an OCI registry. */
    digest?: string;
    /** Path of the public keys that its signature is held against. */
    keyring?: string;
}

const isOci = (address: string) => address.startsWith("oci://");

/** Where an add-on's chart comes from: what the user says, else the mirror, else the catalogue. */
export function chartSource(chart: Chart, addon: AddonArgs | undefined, mirror: Mirror | undefined): ChartSource {
    const name = addon?.chart ?? chart.chart;
    const repository = addon?.repository ?? mirror?.chartRepository ?? chart.repository;
    const common = {
        version: addon?.version ?? chart.version,
        ...(addon?.chartDigest !== undefined && { digest: addon.chartDigest }),
        ...(addon?.keyring !== undefined && { keyring: addon.keyring }),
    };
    if (isOci(name)) {
        return { chart: name, ...common };
    }
    return isOci(repository)
        ? { chart: `${repository.replace(/\/+$/, "")}/${name}`, ...common }
        : { chart: name, repository, ...common };
}

/** How Helm is told the chart: with the digest, where there is one, behind the address. */
export function chartReference({ chart, digest }: ChartSource): string {
    return digest === undefined ? chart : `${chart}@${digest}`;
}

/** Checks a text of which resources are made, so that it has to be known when the program runs; an absent one passes. */
export function checkPlainText(problems: Problems, path: string, value: unknown): void {
    if (checkPlain(problems, path, value)) {
        checkPattern(problems, path, value, /\S/, "is no text", "Give one, or leave it out.");
    }
}

/** Checks where an add-on's chart is said to come from. */
export function checkSource(problems: Problems, path: string, addon: AddonArgs, { chart, mirror }: AddonScope): void {
    for (const key of ["repository", "chart", "chartDigest", "keyring"] as const) {
        checkPlainText(problems, `${path}.${key}`, addon[key]);
    }
    const { version, chartDigest } = addon;
    if (version !== undefined && checkPlain(problems, `${path}.version`, version)) {
        checkChartVersion(problems, `${path}.version`, version);
    }
    if (typeof chartDigest !== "string" || chartDigest === "") {
        return;
    }
    problems.require(/^sha256:[0-9a-f]{64}$/.test(chartDigest), {
        path: `${path}.chartDigest`,
        value: chartDigest,
        rule: "is not a digest",
        fix: 'Write it as `helm pull` prints it: "sha256:" and 64 digits of hexadecimal.',
    });
    const addresses = [addon.chart, addon.repository ?? mirror?.chartRepository ?? chart?.repository];
    problems.require(chart === undefined || addresses.some((a) => typeof a === "string" && isOci(a)), {
        path: `${path}.chartDigest`,
        value: chartDigest,
        rule: "cannot be held against a chart that comes from no OCI registry: Helm takes what the repository sends",
        fix: `Name an \`oci://\` repository as \`${path}.repository\`, or check who signed the chart with \`${path}.keyring\`.`,
    });
}

/** Checks that a chart's version is one version. */
export function checkChartVersion(problems: Problems, path: string, version: unknown): void {
    problems.require(typeof version === "string" && /^v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/.test(version), {
        path,
        value: version,
        rule: "is not one exact chart version",
        fix: `Pin it, like "1.44.0": a range or "latest" makes two runs of one program differ.`,
    });
}
