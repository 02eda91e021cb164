import assert from "node:assert/strict";

import { CanaryApp, CanaryAppArgs, ProgressiveMeshCluster } from "../../index";
import { graph, kubeconfig } from "./graph";

const off = { enabled: false };

/** How many resources of each type a platform with so many applications has. */
async function resources(count: number): Promise<Map<string, number>> {
    const { nodes } = await graph(() => {
        const { connection } = new ProgressiveMeshCluster("many", {
            mesh: { provider: "kubernetes" },
            existing: { kubeconfig },
        });
        const args: Omit<CanaryAppArgs, "namespace"> = {
            platform: connection,
            createNamespace: false,
            loadTester: off,
            workload: { image: "example.com/app:1", port: 80 },
            analysis: { interval: "1m", threshold: 5, blueGreen: { iterations: 2 } },
            waitForPromotion: {},
        };
        for (let i = 0; i < count; i++) {
            new CanaryApp(`app-${i}`, { ...args, namespace: `team-${i % 10}` });
        }
    });
    const counted = new Map<string, number>();
    nodes.forEach(({ type }) => counted.set(type, (counted.get(type) ?? 0) + 1));
    return counted;
}

describe("many applications", () => {
    it("add the same few resources each, and no provider", async () => {
        const [few, many] = [await resources(10), await resources(300)];
        const added = [...many].map(([type, count]) => [type, count - (few.get(type) ?? 0)]);
        assert.deepEqual(
            added.filter(([, count]) => count !== 0).sort(),
            [
                "kubernetes:apps/v1:Deployment",
                "kubernetes:core/v1:ServiceAccount",
                "kubernetes:flagger.app/v1beta1:Canary",
                "pulumi-progressive-mesh:index:CanaryApp",
            ].map((type) => [type, 290]),
        );
    });
});
