import assert from "node:assert/strict";

import { encode } from "../../../components/evidence/codec";
import { deployment } from "../delivery/promotion/apiServer";
import { record } from "../evidence/records";
import { scenes, start } from "../page/scenes";
import { CommandLine, clusterOf } from "./commandLine";

const configMap = "/api/v1/namespaces/apps/configmaps/rolled-back-evidence";

/** A cluster that has forgotten the rollout, with what it answers about its evidence. */
function forgotten(answer?: object, annotations: object = {}) {
    const { canary, ...scene } = scenes.rolledBack();
    const lastUpdateTime = new Date(start + 70_000).toISOString();
    const kept = {
        ...canary,
        metadata: {
            ...canary.metadata,
            annotations: { "progressive-mesh/evidence": "rolled-back-evidence", ...annotations },
        },
        status: { ...canary.status, conditions: [{ reason: "Failed", lastUpdateTime }] },
    };
    const nothing = { items: [] };
    const running = (name: string, image: string) => {
        const { metadata, spec, status } = deployment(image);
        return { metadata: { ...metadata, namespace: "apps", name }, spec: { ...spec, selector: {} }, status };
    };
    return {
        ...clusterOf({ ...scene, canary: kept, events: [] }),
        "/apis/apps/v1/namespaces/apps/deployments": [
            { items: [running("rolled-back", "web:2"), running("rolled-back-primary", "web:1")] },
        ],
        "/apis/apps/v1/namespaces/apps/daemonsets": [nothing],
        "/api/v1/namespaces/apps/pods": [nothing],
        ...(answer !== undefined && { [configMap]: [answer] }),
    };
}

const holding = (data: Record<string, string>) => ({
    metadata: { annotations: { "progressive-mesh/evidence-of": "rolled-back" } },
    data,
});

describe("npx pulumi-progressive-mesh explain, of what is kept,", () => {
    let line: CommandLine;

    afterEach(() => line.remove());

    async function explained(answer: object | undefined, ...args: string[]): Promise<string> {
        line = await CommandLine.before(forgotten(answer));
        const ran = line.start("explain", "apps/rolled-back", ...args);
        assert.equal(await ran.code, 0, ran.stderr);
        return ran.stdout;
    }
    const older = record({
        began: "2026-11-27T11:00:00Z",
        ended: "2026-11-27T11:02:00Z",
        outcome: "promoted",
        says: "It was promoted.",
    });
    const both = holding({ old: encode(older), new: encode(record()) });

    it("shows the last rollout as it was, and those before it, newest first", async () => {
        const text = await explained(both);
        assert.match(text, /\nSuccess rate was 50\.31 %, and has to be at least 99 %\.\n/);
        assert.match(text, /\n {2}request-success-rate: last 50\.31 %, has to be at least 99 %; failed 3 times\n/);
        assert.match(text, /\n {2}These values were kept in ConfigMap apps\/rolled-back-evidence\.\n/);
        assert.equal(
            text.slice(text.indexOf("The last rollouts")),
            [
                "The last rollouts, as ConfigMap apps/rolled-back-evidence has them",
                "  2026-11-27T12:00:00Z  rolled-back after 1 min 10 s  revision 2230c306d0  web:2 over web:1",
                "    Success rate was 50.31 %, and has to be at least 99 %.",
                "    - 3 checks have failed; 3 roll it back.",
                "    request-success-rate (at least 99 %): 100 % at 0 %, 50.31 % at 30 % FAILED",
                "    request-duration (at most 500 ms): 14 ms at 30 %",
                "  2026-11-27T11:00:00Z  promoted after 2 min  revision 2230c306d0  web:2 over web:1",
                "    It was promoted.",
                "    - 3 checks have failed; 3 roll it back.",
                "    request-success-rate (at least 99 %): 100 % at 0 %, 50.31 % at 30 % FAILED",
                "    request-duration (at most 500 ms): 14 ms at 30 %",
                "",
            ].join("\n"),
        );
    });

    it("gives all of it to programs", async () => {
        const { kept } = JSON.parse(await explained(both, "--output", "json")) as { kept: object };
        assert.deepEqual(kept, { configMap: "apps/rolled-back-evidence", rollouts: [record(), older] });
    });

    it("says where there is nothing yet, and what it may not or cannot read", async () => {
        assert.match(await explained(undefined), /has them\n {2}nothing yet\n$/);
        line.remove();
        assert.match(
            await explained([403, "configmaps is forbidden"]),
            /has them\n {2}ConfigMap apps\/rolled-back-evidence, which has its evidence, could not be read: configmaps is forbidden\.\n$/,
        );
        line.remove();
        const newer = holding({ one: encode(record()), two: '{"version":2}' });
        assert.match(await explained(newer), /1 of the entries of ConfigMap \S+ cannot be read by this version\.\n$/);
        line.remove();
        assert.match(await explained({ data: { one: encode(record()) } }), /is not of this Canary's evidence\.\n$/);
    });
});

describe("an analysis that is skipped", () => {
    const said = async (annotations: object, ...args: string[]): Promise<string> => {
        const line = await CommandLine.before(forgotten(undefined, annotations));
        const [command = "", ...options] = args;
        const ran = line.start(command, "apps/rolled-back", ...options);
        await ran.code;
        line.remove();
        return ran.stdout;
    };
    const skipped = { "progressive-mesh/fast-rollback": "2026-01-01T00:00:00.000Z" };

    it("is told by status and explain, with what takes it back", async () => {
        for (const command of ["status", "explain"]) {
            assert.match(
                await said(skipped, command),
                /^ *Its analysis is skipped by a fast rollback since 2026-01-01T00:00:00.000Z\. .*promoted unseen: .* kubectl -n apps patch canary rolled-back --type merge -p '.*"skipAnalysis":null/m,
            );
            assert.doesNotMatch(await said({}, command), /skipped/);
        }
    });

    it("is told to programs", async () => {
        const since = async (annotations: object) =>
            (JSON.parse(await said(annotations, "status", "--output", "json")) as { analysisSkippedSince?: string })
                .analysisSkippedSince;
        assert.equal(await since(skipped), "2026-01-01T00:00:00.000Z");
        assert.equal(await since({}), undefined);
    });
});
