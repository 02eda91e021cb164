import assert from "node:assert/strict";

import { parseAllDocuments } from "yaml";

import { stages } from "../../../lab/kubelet/stages";

interface Stage {
    metadata: { name: string };
    spec: { resourceRef: { kind: string }; delay?: { durationMilliseconds: number } };
}

const read = (podSeconds: number) => parseAllDocuments(stages(podSeconds)).map((stage) => stage.toJS() as Stage);

describe("KWOK's stages", () => {
    it("let a pod start after as long as is said, and a node at once", () => {
        const delays = read(20).map(({ spec }) => [spec.resourceRef.kind, spec.delay?.durationMilliseconds]);
        assert.deepEqual(delays, [
            ["Node", undefined],
            ["Pod", 20_000],
        ]);
    });

    it("are otherwise the same", () => {
        const [at, after] = [read(0), read(20)].map((all) =>
            all.map(({ spec: { delay: _, ...spec }, ...stage }) => ({ ...stage, spec })),
        );
        assert.deepEqual(at, after);
    });
});
