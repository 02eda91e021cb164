import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import { Chart, charts } from "../../components/charts";
import { root } from "./docs";

const page = fs.readFileSync(path.join(root, "docs/air-gap.md"), "utf8");
const all = Object.values<Chart>(charts);

/** The rows of the table with that first head. */
function rowsUnder(head: string): string[][] {
    const lines = page.split("\n");
    const begin = lines.findIndex((line) => line.startsWith(`| ${head} `));
    assert.ok(begin >= 0, head);
    const rest = lines.slice(begin + 2);
    return rest.slice(0, rest.indexOf("")).map((line) =>
        line
            .split("|")
            .slice(1, -1)
            .map((cell) => cell.trim()),
    );
}

/** The images of a chart that takes them all from one folder. */
const inOneFolder: Record<string, string[]> = { istiod: ["pilot", "proxyv2"] };

/** The images that a key of a chart's values leads elsewhere, with their tags. */
function imagesOf(chart: Chart, key: string, image: string): string[] {
    const tag = tagOf(chart, key);
    if (key.endsWith("hub")) {
        return inOneFolder[chart.chart]!.map((name) => `${image}/${name}:${tag}`);
    }
    return [`${key === "global.imageRegistry" ? `${image}/grafana/grafana` : image}:${tag}`];
}

/** Where the charts name the tags. Flagger's and the load tester's are the charts' own versions. */
function tagOf({ chart, version }: Chart, key: string): string {
    const folder = path.join(root, "lab/charts", chart);
    if (!fs.existsSync(folder)) {
        return version;
    }
    const read = (file: string) => parse(fs.readFileSync(path.join(folder, file), "utf8")) as Record<string, unknown>;
    // `global.imageRegistry` leads every image of its chart, of which one is used.
    const parents = key === "global.imageRegistry" ? ["image"] : key.split(".").slice(0, -1);
    const image = parents.reduce<unknown>((tree, step) => (tree as Record<string, unknown>)[step], read("values.yaml"));
    const { tag, version: named } = image as { tag?: string; version?: string };
    const { appVersion } = read("Chart.yaml") as { appVersion: string };
    const written = tag ?? named ?? "";
    return written !== "" ? written : chart === charts.metricsServer.chart ? `v${appVersion}` : appVersion;
}

describe("docs/air-gap.md", () => {
    it("names every chart of the catalogue", () => {
        assert.deepEqual(
            rowsUnder("chart"),
            all.map(({ chart, version, repository }) => [chart, version, repository]),
        );
    });

    it("names every image that the catalogue leads to a mirror", () => {
        assert.deepEqual(
            rowsUnder("image"),
            all.flatMap((chart) =>
                Object.entries(chart.images).flatMap(([key, image]) =>
                    imagesOf(chart, key, image).map((one) => [one, chart.chart]),
                ),
            ),
        );
    });
});
