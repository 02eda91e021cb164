import assert from "node:assert/strict";

import { Mesh } from "../../components/mesh/mesh";
import { appMesh } from "../../components/mesh/appMesh";
import { PlatformMesh, scrapeJobsOf } from "../../components/platformMeshes";

const of = (mesh: Mesh): PlatformMesh => ({
    mesh,
    args: { provider: "some" },
    addons: {},
    paths: { mesh: "mesh", addons: "addons" },
});
const meshWith = (scrapeJobs: Mesh["scrapeJobs"]) => of({ ...appMesh, scrapeJobs });

describe("the scrape jobs of two meshes", () => {
    it("stand beside each other", () => {
        const [one, other] = [{ metrics_path: "/a" }, { metrics_path: "/b" }];
        assert.deepEqual(scrapeJobsOf([meshWith({ one }), meshWith({ other })]), { one, other });
    });

    it("leave out, in a job of both, what either leaves out", () => {
        const pods = (...relabel_configs: string[]) => ({ kubernetes_sd_configs: [{ role: "pod" }], relabel_configs });
        assert.deepEqual(scrapeJobsOf([meshWith({ pods: pods("a", "b") }), meshWith({ pods: pods("c") })]), {
            pods: pods("a", "b", "c"),
        });
        assert.deepEqual(scrapeJobsOf([meshWith({ pods: { a: 1 } })]), { pods: { a: 1 } });
    });
});
