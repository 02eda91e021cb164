import { Fields } from "../components/shape";
import { Resource, at, fieldsAt } from "./resource";

/** A chart that Helm, or Pulumi in its place, installs. */
export interface InstalledChart {
    /** The chart's own name, whatever repository it comes from; empty where it is not known. */
    name: string;
    values: Fields;
}

const types = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart"];

/** The chart that a resource installs, if it installs one. */
export function chartOf({ type, props }: Resource): InstalledChart | undefined {
    if (!types.includes(type)) {
        return undefined;
    }
    const chart = at(props, "chart");
    return { name: typeof chart === "string" ? nameOf(chart) : "", values: fieldsAt(props, "values") };
}

/** The last part of an address, without the digest behind it. */
function nameOf(chart: string): string {
    return chart.split("@")[0]!.split("/").at(-1)!;
}

/** Whether a chart lies in a folder or in an archive, and so is of one version whatever is said of it. */
export function isLocal(chart: unknown): boolean {
    return typeof chart === "string" && /^\.{0,2}\/|\.tgz$/.test(chart);
}
