import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { Settings, checkSettings, readSettings } from "../../../stacks/settings";
import { devSettings } from "../devStack";
import { linesIn, refusal } from "../problems";

const minimal = {
    platform: { mesh: { provider: "appmesh" } },
    app: {
        name: "podinfo",
        namespace: "apps",
        analysis: { interval: "1m", threshold: 1, steps: {} },
    },
};
const check = (settings: unknown) => linesIn(checkSettings(settings));

const appKeys =
    "name, namespace, createNamespace, mesh, appName, workload, target, service, analysis, progressDeadlineSeconds, " +
    "skipAnalysis, suspend, revertOnDeletion, waitForPromotion, fastRollback, gates, acceptanceTest, loadTest, webhooks, " +
    "metricsServer, canaryAnnotations, canarySpec, loadTester, gateway, roles, tags";

describe("checkSettings", () => {
    it("accepts the stack that the repository brings", () => {
        assert.deepEqual(check(devSettings), []);
    });

    it("accepts the least", () => {
        assert.deepEqual(check(minimal), []);
    });

    it("accepts anything among a chart's values", () => {
        const values = { any: [{ thing: 1 }, null], of: { "a/ny~kind": true } };
        assert.deepEqual(check({ ...minimal, platform: { ...minimal.platform, addons: { flagger: { values } } } }), []);
    });

    it("accepts anything among the fields of a Canary that the library has no word for", () => {
        const canarySpec = { analysis: { match: [{ queryParams: { beta: { exact: "1" } } }] }, upstreamRef: null };
        assert.deepEqual(check({ ...minimal, app: { ...minimal.app, canarySpec } }), []);
    });

    it("asks for what is missing, at every depth", () => {
        const fix = "Set it, or see the docs for what it means.";
        const required = (path: string) => `${path}: nothing given, but it is required. ${fix}`;
        assert.deepEqual(check({}), [required("platform"), required("app")]);
        assert.deepEqual(check({ platform: { mesh: {} }, app: { name: "podinfo" } }).sort(), [
            required("app.analysis"),
            required("app.namespace"),
            required("platform.mesh.provider"),
        ]);
    });

    it("refuses a key that does not exist, and names those that do", () => {
        assert.deepEqual(check({ ...minimal, app: { ...minimal.app, analysys: 1 } }), [
            `app.analysys: 1 is set under a key that does not exist there. Use one of ${appKeys}.`,
        ]);
        assert.deepEqual(
            check({
                ...minimal,
                platform: { ...minimal.platform, mirror: { chartRepository: "https://a", images: {} } },
            }),
            [
                "platform.mirror.images: {} is set under a key that does not exist there. " +
                    "Use one of chartRepository, imageRegistry.",
            ],
        );
    });

    it("does not let an application bring its own platform", () => {
        assert.deepEqual(check({ ...minimal, app: { ...minimal.app, platform: {} } }), [
            `app.platform: {} is set under a key that does not exist there. Use one of ${appKeys}.`,
        ]);
    });

    it("refuses values of the wrong type, also in lists", () => {
        const analysis = { interval: 60, threshold: "1", steps: { stepWeights: [1, "2"] } };
        assert.deepEqual(check({ ...minimal, app: { ...minimal.app, analysis } }).sort(), [
            "app.analysis.interval: 60 must be string. Give a string.",
            'app.analysis.steps.stepWeights[1]: "2" must be number. Give a number.',
            'app.analysis.threshold: "1" must be number. Give a number.',
        ]);
    });

    it("refuses a misspelt gate, which Flagger would never ask", () => {
        assert.deepEqual(check({ ...minimal, app: { ...minimal.app, gates: { promote: {} } } }), [
            "app.gates.promote: {} is set under a key that does not exist there. " +
                "Use one of rollout, trafficIncrease, promotion, rollback.",
        ]);
    });

    it("says a key as it is written, also where JSON pointers write it otherwise", () => {
        const tags = { "team/web~1": 5 };
        assert.deepEqual(check({ ...minimal, platform: { ...minimal.platform, tags } }), [
            "platform.tags.team/web~1: 5 must be string. Give a string.",
        ]);
    });
});

describe("readSettings", () => {
    const read = (config: Record<string, unknown>): Settings => {
        pulumi.runtime.setAllConfig(
            Object.fromEntries(Object.entries(config).map(([key, value]) => [`proj:${key}`, JSON.stringify(value)])),
        );
        return readSettings(new pulumi.Config("proj"));
    };
    after(() => pulumi.runtime.setAllConfig({}));

    it("gives the settings as they were set", () => {
        assert.deepEqual(read(minimal), minimal);
    });

    it("refuses a stack that sets nothing, under the name of its file", async () => {
        assert.deepEqual(await refusal(() => read({})), [
            "platform: nothing given, but it is required. Set it, or see the docs for what it means.",
            "app: nothing given, but it is required. Set it, or see the docs for what it means.",
        ]);
        assert.throws(() => read({ app: minimal.app }), /^Error: Pulumi\.dev\.yaml: 1 problem in the arguments\n/);
    });
});
