import assert from "node:assert/strict";

import { Chart, charts, mirroredImage, mirroredImages } from "../../components/charts";

const chart = (images: Record<string, string>): Chart => ({
    chart: "c",
    repository: "https://c",
    version: "1.2.3",
    namespace: "n",
    images,
    podValues: {},
});

describe("charts", () => {
    it("are pinned to one exact version each", () => {
        for (const [name, { version }] of Object.entries(charts)) {
            assert.match(version, /^v?\d+\.\d+\.\d+$/, name);
        }
    });
});

describe("mirroredImages", () => {
    it("are none without a mirror", () => {
        assert.deepEqual(mirroredImages(charts.flagger, undefined), {});
    });

    it("keep their path below the registry", () => {
        assert.deepEqual(mirroredImages(chart({ "image.repository": "ghcr.io/a/b/c" }), "registry:5000"), {
            image: { repository: "registry:5000/a/b/c" },
        });
        assert.deepEqual(mirroredImages(chart({ "image.repository": "ghcr.io/a" }), "registry/below/here"), {
            image: { repository: "registry/below/here/a" },
        });
    });

    it("are the registry alone where the chart asks for that", () => {
        assert.deepEqual(mirroredImages(chart({ "global.imageRegistry": "docker.io" }), "registry"), {
            global: { imageRegistry: "registry" },
        });
    });

    it("stand beside each other where keys begin alike", () => {
        assert.deepEqual(mirroredImages(chart({ "a.b.image": "x/1", "a.b.sidecar": "x/2", "a.c": "x/3" }), "r"), {
            a: { b: { image: "r/1", sidecar: "r/2" }, c: "r/3" },
        });
    });
});

describe("mirroredImage", () => {
    it("is found below the mirror under its own path, or at home", () => {
        assert.equal(mirroredImage("docker.io/a/b:v1", "registry/below"), "registry/below/a/b:v1");
        assert.equal(mirroredImage("docker.io/a/b:v1", undefined), "docker.io/a/b:v1");
    });
});
