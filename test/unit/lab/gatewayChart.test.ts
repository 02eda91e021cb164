import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { releaseGatewayChart } from "../../../lab/gatewayChart";
import { envoyGatewayVersion } from "../../../lab/toolchain/tools";

describe("the chart of Envoy Gateway", () => {
    let folder: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "gateway-chart-"));
        const source = path.join(folder, "gateway-helm");
        fs.mkdirSync(path.join(source, "crds"), { recursive: true });
        fs.writeFileSync(path.join(source, "crds", "some.yaml"), "kind: CustomResourceDefinition\n");
        fs.writeFileSync(
            path.join(source, "Chart.yaml"),
            'name: gateway-helm\nversion: v0.0.0-latest\nappVersion: "x"\n',
        );
        const values = "image: ${GatewayImage}\npull: ${GatewayImagePullPolicy}\nother: ${Other}\n";
        fs.writeFileSync(path.join(source, "values.tmpl.yaml"), values);
    });

    afterEach(() => fs.rmSync(folder, { recursive: true }));

    const release = () => {
        const chart = releaseGatewayChart(path.join(folder, "gateway-helm"), path.join(folder, "released"));
        return { chart, read: (file: string): unknown => parse(fs.readFileSync(path.join(chart, file), "utf8")) };
    };

    it("has the version of its release", () => {
        assert.deepEqual(release().read("Chart.yaml"), {
            name: "gateway-helm",
            version: "v1.5.0",
            appVersion: "v1.5.0",
        });
    });

    it("has values in which its image is filled in", () => {
        assert.deepEqual(release().read("values.yaml"), {
            image: `docker.io/envoyproxy/gateway:${envoyGatewayVersion}`,
            pull: "IfNotPresent",
            other: "${Other}",
        });
    });

    it("has all that is in its module, but for the template of its values", () => {
        const { chart } = release();
        assert.deepEqual(fs.readdirSync(chart).sort(), ["Chart.yaml", "crds", "values.yaml"]);
        assert.deepEqual(fs.readdirSync(path.join(chart, "crds")), ["some.yaml"]);
    });
});
