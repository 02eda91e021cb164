import fs from "node:fs";
import path from "node:path";

import { envoyGatewayVersion } from "./toolchain/tools";

/** What the release of Envoy Gateway puts in the place of the variables of its chart's values. */
const variables: Record<string, string> = {
    GatewayImage: `docker.io/envoyproxy/gateway:${envoyGatewayVersion}`,
    GatewayImagePullPolicy: "IfNotPresent",
};

/**
 * Makes the chart of Envoy Gateway as it is released from the one in its module, whose versions and values are still to be
 * filled in. Answers the chart's folder.
 */
export function releaseGatewayChart(source: string, folder: string): string {
    const chart = path.join(folder, path.basename(source));
    const template = "values.tmpl.yaml";
    fs.cpSync(source, chart, { recursive: true, filter: (file) => path.basename(file) !== template });
    const values = fs.readFileSync(path.join(source, template), "utf8");
    fs.writeFileSync(path.join(chart, "values.yaml"), filledIn(values));
    const about = path.join(chart, "Chart.yaml");
    fs.writeFileSync(about, released(fs.readFileSync(about, "utf8")));
    return chart;
}

function filledIn(values: string): string {
    return values.replace(/\$\{(\w+)\}/g, (all, name: string) => variables[name] ?? all);
}

function released(about: string): string {
    return about
        .replace(/^version: .*$/m, `version: ${envoyGatewayVersion}`)
        .replace(/^appVersion: .*$/m, `appVersion: ${envoyGatewayVersion}`);
}
