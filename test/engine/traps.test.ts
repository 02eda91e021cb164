import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";

import { canaryAppWarnings, checkCanaryApp, planOf } from "../../components/canaryAppCheck";
import { AnalysisArgs } from "../../components/delivery/analysis";
import { canarySpec } from "../../components/delivery/canary";
import { awaitPromotion } from "../../components/delivery/promotion/promotion";
import { metricsSpec } from "../../components/delivery/metrics";
import { appMesh } from "../../components/mesh/appMesh";
import type { CanaryAppArgs } from "../../index";
import { pause, poll } from "../../lab/poll";
import { connection } from "../unit/devStack";
import { accepted } from "./bench/drawn";
import { FlaggerBench, canary, deployment, nextVersion } from "./bench/flaggerBench";
import { History } from "./bench/history";
import { namespace, traps } from "./bench/traps";
import { theLab } from "./theLab";

/** How long each Canary is watched after its new version, in seconds. A good one is promoted in a minute. */
const watched = 150;

const base: CanaryAppArgs = {
    platform: connection,
    namespace,
    workload: { image: "example.com/app:1", port: 80 },
    analysis: { interval: "10s", threshold: 3, steps: { stepWeight: 50, maxWeight: 50 } },
    loadTest: { command: "hey -z 1m http://app-canary.traps/" },
};

const always = { name: "always", query: "vector(1)", max: 1 };

const metered = (workload: string, errors: number) => ({
    namespace,
    workload,
    requestsPerSecond: 20,
    errors,
    milliseconds: 20,
});

/** Analyses that the library accepts, from thousands that are drawn anew at each run. */
const seed = Date.now() % 2 ** 31;
const drawn = accepted(6000, seed);

/**
 * Some of them, of every strategy, to be run to their end: as quick as there is, and with a metric that always passes, since
 * nobody uses these canaries.
 */
const sample = (["steps", "abTest", "blueGreen"] as const).flatMap((strategy) =>
    drawn
        .filter((analysis) => analysis[strategy] !== undefined)
        .map((analysis): AnalysisArgs => ({ ...analysis, interval: "10s", metrics: [always] }))
        .filter((analysis) => planOf("drawn", { ...base, analysis }).promotionSeconds <= 80)
        .slice(0, 8),
);

/** The Canary that the library makes of an analysis. */
function canaryOf(name: string, analysis: AnalysisArgs): KubernetesObject {
    return {
        ...canary(namespace, name, {}),
        spec: canarySpec({
            namespace,
            provider: "appmesh:v1beta2",
            targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
            port: 80,
            service: {},
            analysis,
            metrics: metricsSpec(analysis.metrics, new Map()),
            alerts: [],
        }),
    } as KubernetesObject;
}

/** A good analysis whose only fault is who is told. */
const alerting = (severity: string | undefined) => ({
    stepWeight: 50,
    maxWeight: 50,
    alerts: [{ name: "team", providerRef: { name: `alerts-${severity ?? "none"}` }, ...(severity && { severity }) }],
});

/**
 * What Flagger does with mistakes that it and the API server accept, seen on the real ones; and that this library refuses
 * each, or warns of it, at preview. All Canaries run at once in one Flagger.
 */
describe("traps of Flagger", function () {
    this.timeout(400_000);
    let bench: FlaggerBench;
    const daemonsSaid: string[] = [];
    const histories = new Map<string, History>();

    before(async () => {
        bench = await FlaggerBench.start(await theLab(), [
            metered("duration-without-range", 0),
            metered("success-without-range", 0.5),
            metered("no-metrics", 0.5),
            metered("skipped-analysis", 0.5),
        ]);
        await bench.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        for (const severity of ["info", undefined]) {
            await bench.create({
                apiVersion: "flagger.app/v1beta1",
                kind: "AlertProvider",
                metadata: { name: `alerts-${severity ?? "none"}`, namespace },
                spec: { type: "slack", address: `${FlaggerBench.alertAddress}/${severity ?? "none"}` },
            } as KubernetesObject);
        }
        await Promise.all(
            traps.map(async ({ name, objects = [], ...trap }) => {
                for (const object of [...objects, deployment(namespace, name)]) {
                    await bench.create(object);
                }
                await bench.create(canary(namespace, name, trap.analysis, trap.spec));
            }),
        );
        for (const severity of ["info", undefined]) {
            const name = `alerts-${severity ?? "none"}`;
            await bench.create(deployment(namespace, name));
            await bench.create(canary(namespace, name, alerting(severity)));
        }
        // A DaemonSet, which is not a trap: it is released, and the wait for its promotion sees it.
        await bench.create({ ...deployment(namespace, "daemons"), kind: "DaemonSet" });
        await bench.create(
            canary(
                namespace,
                "daemons",
                { stepWeight: 50, maxWeight: 50 },
                { targetRef: { apiVersion: "apps/v1", kind: "DaemonSet", name: "daemons" } },
            ),
        );
        // Edited in the middle of its rollout.
        await bench.create(deployment(namespace, "edited"));
        await bench.create(canary(namespace, "edited", { stepWeights: [10, 20, 30] }));

        await Promise.all(
            sample.map(async (analysis, index) => {
                await bench.create(deployment(namespace, `drawn-${index}`));
                await bench.create(canaryOf(`drawn-${index}`, analysis));
            }),
        );

        const names = [
            ...sample.map((_, index) => `drawn-${index}`),
            ...traps.map((trap) => trap.name),
            "alerts-info",
            "alerts-none",
            "daemons",
            "edited",
        ];
        for (const name of names) {
            histories.set(name, new History(name, () => bench.rollouts.messages(namespace, name)));
        }
        const noting = setInterval(() => {
            histories.forEach((history, name) => history.note(bench.canary(namespace, name)));
        }, 250);
        await bench.rollouts.phase(namespace, "overshoot", ["Initialized"], 120);
        await pause(15);
        await Promise.all(
            names.map(async (name) => {
                const change = nextVersion(namespace, name) as KubernetesObject & {
                    spec: { template: { spec: object } };
                };
                Object.assign(change.spec.template.spec, traps.find((trap) => trap.name === name)?.version);
                if (name === "daemons") {
                    change.kind = "DaemonSet";
                }
                if (name !== "service-target") {
                    await bench.patch(change);
                }
            }),
        );
        await Promise.all([pause(watched), approveOnce(), editWeights(), waitForDaemons()]);
        clearInterval(noting);
    });

    after(() => bench?.stop());

    /** Opens the one switch of the load tester, once. */
    async function approveOnce(): Promise<void> {
        await bench.rollouts.phase(namespace, "one-switch", ["Progressing"], 60);
        await fetch(`${FlaggerBench.loadTester}/gate/open`, {
            method: "POST",
            body: JSON.stringify({ name: "one-switch", namespace }),
        });
    }

    async function editWeights(): Promise<void> {
        const edited = histories.get("edited")!;
        await poll(() => edited.weights[0], 60);
        await bench.patch({
            apiVersion: "flagger.app/v1beta1",
            kind: "Canary",
            metadata: { name: "edited", namespace },
            spec: { analysis: { stepWeights: [15, 25, 35] } },
        } as KubernetesObject);
    }

    async function waitForDaemons(): Promise<void> {
        const args = {
            subject: "test",
            kubeconfig: bench.lab.controlPlane.kubeconfig.exportConfig(),
            namespace,
            canaryName: "daemons",
            target: { kind: "DaemonSet", name: "daemons" },
            intervalSeconds: 10,
            timeoutSeconds: 200,
        };
        await awaitPromotion(args, (line) => daemonsSaid.push(line));
    }

    for (const { name, title, saw, args, refused, warned } of traps) {
        it(title, async () => {
            await saw(histories.get(name)!, bench);
            if (refused !== undefined) {
                const paths = refusals(name, args);
                assert.ok(
                    paths.some((path) => path.startsWith(refused)),
                    `${refused} is not among ${paths.join(", ") || "no errors"}`,
                );
            } else {
                assert.deepEqual(refusals(name, args), []);
                assert.match(warningsOf(name, { ...base, ...args }).join("\n"), warned!);
            }
        });
    }

    it("an alert without a severity is never sent, one with info is", () => {
        histories.get("alerts-info")!.ended("Succeeded");
        histories.get("alerts-none")!.ended("Succeeded");
        assert.ok(bench.alerts.get("/info")!.some((body) => body.includes("promotion finished")));
        assert.equal(bench.alerts.get("/none"), undefined);
    });

    it("a DaemonSet is released like a Deployment, and its promotion is waited for", () => {
        histories.get("daemons")!.ended("Succeeded");
        assert.ok(daemonsSaid.some((line) => line.startsWith("[##########----------]  50 %  under way")));
        assert.equal(daemonsSaid.at(-1), "ok promoted");
    });

    it("stepWeights that are edited in the middle of a rollout: it jumps to 100", () => {
        assert.deepEqual(histories.get("edited")!.weights, [10, 100]);
    });

    describe("what the library accepts", () => {
        it("is admitted by the API server, of any kind", async () => {
            assert.ok(drawn.length > 500, `only ${drawn.length} were accepted (seed ${seed})`);
            const left = [...drawn];
            const worker = async () => {
                for (let analysis = left.pop(); analysis !== undefined; analysis = left.pop()) {
                    const said = await bench.admits(canaryOf("admitted", analysis));
                    assert.equal(said, undefined, `seed ${seed}: ${JSON.stringify(analysis)}\n${said}`);
                }
            };
            await Promise.all(Array.from({ length: 8 }, worker));
        });

        it("comes to an end, through the weights and in the time of its plan", () => {
            assert.equal(sample.length, 24, `seed ${seed}`);
            const late = sample.map((analysis, index) => {
                const history = histories.get(`drawn-${index}`)!;
                const plan = planOf("drawn", { ...base, analysis });
                const about = `seed ${seed}: ${JSON.stringify(analysis)}`;
                assert.equal(history.phase, "Succeeded", about);
                assert.deepEqual(history.weights, plan.weights, about);
                return history.secondsFrom("Progressing", "Succeeded") - plan.promotionSeconds;
            });
            // It is the least time. A busy machine moves looks, the first or the last one too, by most of an interval or more:
            // none comes much sooner, and some come in time.
            const quickest = Math.min(...late);
            assert.ok(Math.abs(quickest) < 12, `late by ${late.map(Math.round).join(", ")} s; seed ${seed}`);
        });
    });

    describe("that the API server already refuses, at up", () => {
        const refusedByApi: [string, object, Partial<CanaryAppArgs>, string][] = [
            [
                'interval "1h"',
                canary(namespace, "x", { stepWeight: 10, interval: "1h" }),
                { analysis: { ...base.analysis, interval: "1h" } },
                "analysis.interval",
            ],
            [
                "two strategies",
                canary(namespace, "x", { stepWeight: 10, iterations: 2 }),
                { analysis: { ...base.analysis, blueGreen: { iterations: 2 } } },
                "analysis.blueGreen",
            ],
            [
                "no strategy",
                canary(namespace, "x", {}),
                { analysis: { interval: "10s", threshold: 3 } },
                "analysis.steps",
            ],
            [
                "two ways to match a header",
                canary(namespace, "x", { iterations: 2, match: [{ headers: { a: { exact: "1", prefix: "1" } } }] }),
                {
                    analysis: {
                        interval: "10s",
                        threshold: 3,
                        abTest: { iterations: 2, match: [{ headers: { a: { exact: "1", prefix: "1" } } }] },
                    },
                },
                'analysis.abTest.match[0].headers["a"]',
            ],
            [
                "an unknown kind of target",
                canary(namespace, "x", { stepWeight: 10 }, { targetRef: { apiVersion: "v1", kind: "Pod", name: "x" } }),
                { workload: undefined, target: { name: "x", kind: "Pod" }, service: { port: 80 } },
                "target.kind",
            ],
        ];
        for (const [what, object, args, path] of refusedByApi) {
            it(what, async () => {
                assert.match((await bench.admits(object)) ?? "admitted", /is invalid|Unsupported value/);
                assert.ok(refusals("x", args).includes(path), refusals("x", args).join(", "));
            });
        }

        it("an alert's address given twice", async () => {
            const said = await bench.admits({
                apiVersion: "flagger.app/v1beta1",
                kind: "AlertProvider",
                metadata: { name: "twice", namespace },
                spec: { type: "slack", address: "http://example.com/", secretRef: { name: "x" } },
            } as KubernetesObject);
            assert.match(said ?? "admitted", /must validate one and only one schema/);
        });
    });
});

/** The warnings that the library gives at preview. */
function warningsOf(name: string, args: CanaryAppArgs): string[] {
    return canaryAppWarnings(name, args, appMesh, planOf(name, args));
}

/** The paths of the errors that the library finds at preview. */
function refusals(name: string, args: Partial<CanaryAppArgs>): string[] {
    try {
        checkCanaryApp(name, { ...base, ...args });
        return [];
    } catch (error) {
        if (!pulumi.InputPropertiesError.isInstance(error)) {
            throw error;
        }
        return error.errors.map((problem) => problem.propertyPath);
    }
}
