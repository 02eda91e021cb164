import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";

import { analysisSpec } from "../../components/delivery/analysis";
import { judgedMetrics } from "../../components/delivery/judging/judgedMetrics";
import { HeldRollout, LowTrafficArgs, holdQueries, holdWebhooks } from "../../components/delivery/judging/lowTraffic";
import { leastErrorRate, leastExcess } from "../../components/delivery/judging/promQl";
import { MetricArgs } from "../../components/delivery/metricArgs";
import { metricsSpec } from "../../components/delivery/metrics";
import { appMeshQueries } from "../../components/mesh/appMeshQueries";
import { pause, poll } from "../../lab/poll";
import { Rollout, look } from "../../scripts/judge/flaggerRule";
import { FlaggerBench, canary, deployment, nextVersion } from "./bench/flaggerBench";
import { History } from "./bench/history";
import { Metered } from "./bench/meteredPods";
import { theLab } from "./theLab";

const namespace = "judging";
const weights = [30, 60];
const threshold = 3;
const interval = "30s";

const errors: MetricArgs = { name: "errors", compare: { of: "error-rate" }, max: 0.5, interval };
const latency: MetricArgs = { name: "latency", compare: { of: "latency" }, max: 1.2, interval };
const burn: MetricArgs = { name: "burn", burnRate: { objective: 99, shortInterval: "20s" }, max: 1, interval };
const success: MetricArgs = { name: "request-success-rate", min: 99, minimumSamples: 100, interval };

/** An application on the bench: how it is judged, and what its canary is measured to do. */
interface App {
    name: string;
    metrics: MetricArgs[];
    lowTraffic?: LowTrafficArgs;
    requestsPerSecond: number;
    errors: number;
    milliseconds: number;
    blueGreen?: boolean;
}

const well = { requestsPerSecond: 20, errors: 0, milliseconds: 20 };
const few = { ...well, requestsPerSecond: 1 };

const apps: App[] = [
    { ...well, name: "good", metrics: [errors, latency, burn, success] },
    { ...well, name: "errors", errors: 0.1, metrics: [errors] },
    { ...well, name: "slow", milliseconds: 400, metrics: [errors, latency] },
    { ...well, name: "burns", errors: 0.05, metrics: [burn] },
    // Of 30 requests every one fails: too few to say so.
    { ...few, name: "few", errors: 1, metrics: [success] },
    { ...few, name: "few-then-many", metrics: [errors, latency] },
    { ...few, name: "few-fails", metrics: [errors], lowTraffic: { limit: "20s" } },
    { ...few, name: "few-passes", metrics: [errors], lowTraffic: { limit: "20s", then: "pass" } },
    { ...few, name: "few-blue-green", metrics: [errors], blueGreen: true },
    { ...well, name: "unreached", requestsPerSecond: 0, metrics: [errors, latency] },
    {
        ...well,
        name: "dry-run",
        errors: 0.5,
        milliseconds: 2000,
        metrics: [
            { name: "judged", query: "vector(1)", max: 1 },
            { ...success, dryRun: true },
            { ...errors, dryRun: true },
            { name: "latency", compare: { of: "latency" }, max: 1, interval, dryRun: true },
            { name: "absent", query: "nothing_counts_this", max: 1, dryRun: true },
            { name: "no-number", query: "vector(0) / 0", max: 1, dryRun: true },
        ],
    },
    {
        ...well,
        name: "either",
        errors: 0.1,
        metrics: [
            { ...errors, dryRun: true },
            { ...latency, dryRun: true },
            { name: "either", expression: "errors <= 0.5 or latency <= 1.2" },
        ],
    },
    {
        ...well,
        name: "both",
        errors: 0.1,
        metrics: [
            { ...errors, dryRun: true },
            { ...latency, dryRun: true },
            { name: "both", expression: "errors <= 0.5 and latency <= 1.2" },
        ],
    },
];

const rolloutOf = ({ name, lowTraffic, blueGreen }: App): HeldRollout => ({
    namespace,
    target: name,
    weighted: blueGreen !== true,
    lowTraffic,
});

function judgedOf(app: App) {
    const version = (of: "canary" | "primary") =>
        appMeshQueries.counters({ namespace, target: app.name, service: app.name, version: of });
    return judgedMetrics(app.metrics, {
        versions: { canary: version("canary"), primary: version("primary") },
        rollout: rolloutOf(app),
        metricsServer: FlaggerBench.metricsServer,
    });
}

/** The Canary and the templates that CanaryApp makes of it. */
async function objectsOf(app: App): Promise<KubernetesObject[]> {
    const { metrics, enough } = judgedOf(app);
    const templates = metrics!.flatMap(({ name, template }) =>
        template === undefined ? [] : [{ name: `${app.name}-${name}`, template }],
    );
    const refs = new Map(
        metrics!.flatMap(({ name, template }, index) =>
            template === undefined ? [] : [[index, { name: `${app.name}-${name}`, namespace }] as const],
        ),
    );
    const hooks = holdWebhooks(
        holdQueries(rolloutOf(app), enough),
        FlaggerBench.loadTester,
        FlaggerBench.metricsServer,
    );
    const strategy = app.blueGreen === true ? { blueGreen: { iterations: 2 } } : { steps: { stepWeights: weights } };
    const analysis = {
        ...analysisSpec({ interval: "10s", threshold, ...strategy }),
        metrics: metricsSpec(metrics, refs),
        webhooks: await new Promise<unknown>((resolve) => pulumi.output(hooks).apply(resolve)),
    };
    return [
        ...templates.map(
            ({ name, template }) =>
                ({
                    apiVersion: "flagger.app/v1beta1",
                    kind: "MetricTemplate",
                    metadata: { name, namespace },
                    spec: { provider: { type: "prometheus", address: template.address }, query: template.query },
                }) as KubernetesObject,
        ),
        deployment(namespace, app.name),
        canary(namespace, app.name, analysis),
    ];
}

const primaryOf = (name: string): Metered => ({ namespace, workload: `${name}-primary`, ...well, errors: 0.001 });
const canaryOf = ({ name, requestsPerSecond, errors: share, milliseconds }: App): Metered => ({
    namespace,
    workload: name,
    requestsPerSecond,
    errors: share,
    milliseconds,
});

/**
 * The metrics that the library compiles, asked by the real Flagger of the real Prometheus, and the load tester's question by which a
 * rollout waits. All Canaries run at once.
 */
describe("judging", function () {
    this.timeout(400_000);
    let bench: FlaggerBench;
    const histories = new Map(
        apps.map(({ name }) => [name, new History(name, () => bench.rollouts.messages(namespace, name))]),
    );
    const of = (name: string) => histories.get(name)!;

    before(async () => {
        const canaries = new Map(apps.map((app) => [app.name, canaryOf(app)]));
        const reached = [...canaries.values()].filter(({ requestsPerSecond }) => requestsPerSecond > 0);
        bench = await FlaggerBench.start(await theLab(), [...apps.map(({ name }) => primaryOf(name)), ...reached]);
        await bench.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        await Promise.all(
            apps.map(async (app) => {
                for (const object of await objectsOf(app)) {
                    await bench.create(object);
                }
            }),
        );
        const noting = setInterval(() => {
            histories.forEach((history, name) => history.note(bench.canary(namespace, name)));
        }, 250);
        await Promise.all(apps.map(({ name }) => bench.rollouts.phase(namespace, name, ["Initialized"], 120)));
        await Promise.all(apps.map(({ name }) => bench.patch(nextVersion(namespace, name))));
        const waits = ["few", "few-then-many", "unreached"];
        await poll(() => (waits.every((name) => of(name).weights.length > 0) ? true : undefined), 90);
        // Four looks and more.
        await pause(50);
        for (const name of waits) {
            of(name).standsStillAt(30);
        }
        of("few-blue-green").standsIn("WaitingPromotion");
        for (const name of ["few-then-many", "few-blue-green"]) {
            canaries.get(name)!.requestsPerSecond = 20;
        }
        const ends = apps.map(({ name }) => name).filter((name) => !["few", "unreached"].includes(name));
        await poll(
            () => (ends.every((name) => ["Succeeded", "Failed"].includes(of(name).phase)) ? true : undefined),
            120,
        );
        clearInterval(noting);
    });

    after(() => bench?.stop());

    const ended: [string, "Succeeded" | "Failed"][] = [
        ["good", "Succeeded"],
        ["errors", "Failed"],
        ["slow", "Failed"],
        ["burns", "Failed"],
        ["few-then-many", "Succeeded"],
        ["few-fails", "Failed"],
        ["few-passes", "Succeeded"],
        ["few-blue-green", "Succeeded"],
        ["dry-run", "Succeeded"],
        ["either", "Succeeded"],
        ["both", "Failed"],
    ];
    for (const [name, phase] of ended) {
        it(`${name}: ${phase}`, () => of(name).ended(phase));
    }

    it("few requests, or none: the weight stays, and no check has failed", () => {
        for (const name of ["few", "unreached"]) {
            of(name).standsIn("Progressing");
            assert.deepEqual(of(name).weights, [30], name);
            of(name).said(/waiting for traffic increase approval minimum-samples/);
        }
        for (const name of ["few", "unreached", "few-then-many", "few-passes", "few-blue-green", "dry-run", "good"]) {
            assert.equal(of(name).mostFailedChecks, 0, name);
        }
    });

    it("Flagger says of what fails by how much", () => {
        of("errors").said(/^Halt errors\.judging advancement errors [0-9.]+ > 0\.5$/);
        of("slow").said(/^Halt slow\.judging advancement latency [0-9.]+ > 1\.2$/);
        of("burns").said(/^Halt burns\.judging advancement burn [0-9.]+ > 1$/);
        of("both").said(/^Halt both\.judging advancement both 0\.00 < 1$/);
        of("few-fails").said(/^Halt few-fails\.judging advancement errors 1\.50 > 0\.5$/);
    });

    it("what is in dry run is shown", async () => {
        const answer = await fetch("http://127.0.0.1:9203/metrics");
        const gauge = (metric: string) =>
            new RegExp(`^flagger_canary_metric_analysis\\{metric="${metric}",name="dry-run",.*\\} (.+)$`, "m");
        const text = await answer.text();
        const shown = (metric: string) => Number(gauge(metric).exec(text)?.[1]);
        assert.ok(shown("mesh-request-success-rate") < 60, "half of the requests fail");
        assert.ok(shown("errors") > 30, "they exceed the primary's");
        assert.ok(shown("latency") > 2, "it is slower");
        assert.deepEqual([shown("absent"), shown("no-number")], [-1, -1]);
    });

    it("the statistics are those of the books", async () => {
        const ask = async (query: string) => {
            const answer = await fetch(`${FlaggerBench.metricsServer}/api/v1/query?query=${encodeURIComponent(query)}`);
            const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
            return Number(data.result[0]?.value[1]).toFixed(4);
        };
        const outcomesOf = (errorsOf: number, requests: number) => ({
            requests: `vector(${requests})`,
            errors: `vector(${errorsOf})`,
        });
        // R. G. Newcombe, Statistics in Medicine 17 (1998): the score interval of 81/263, and method 10 for 56/70 - 48/80, which is
        // 0.0524 there.
        assert.equal(await ask(leastErrorRate(outcomesOf(81, 263), 1.96)), "0.2553");
        assert.equal(await ask(leastExcess(outcomesOf(56, 70), outcomesOf(48, 80), 1.96)), "5.2429");
    });

    /** The rule of the simulation, from answers that do not change. */
    async function course(answer: number | undefined, confirmed: boolean): Promise<string[]> {
        const rule = {
            weights,
            threshold,
            metrics: [{ query: "metric", max: 1 }],
            step: "step",
            promotion: "promotion",
        };
        let rollout: Rollout = { phase: "progressing", weight: 0, failedChecks: 0 };
        const seen: string[] = [];
        const ends = ["promoted", "rolled back"];
        for (let looks = 0; looks < 12 && !ends.includes(rollout.phase); looks++) {
            seen.push(`${rollout.weight} % ${rollout.failedChecks} failed`);
            const atStart = rollout.weight === 0;
            rollout = await look(rollout, rule, (query) =>
                Promise.resolve(query === "metric" ? answer : confirmed || atStart ? 1 : undefined),
            );
        }
        return seen.filter((moment, index) => seen[index - 1] !== moment);
    }

    it("goes as the rule of the simulation has it", async () => {
        assert.deepEqual(of("good").course, await course(0, true));
        assert.deepEqual(of("errors").course, await course(2, true));
        assert.deepEqual(of("unreached").course, await course(0, false));
    });
});
