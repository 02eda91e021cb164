import assert from "node:assert/strict";

import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { SharedPlatform, givenPlatform } from "./delivery";
import { canaryEdited, deleteNamespace, namespaceDeleted } from "./faults/byHand";
import { canaryForgotten } from "./faults/canaryForgotten";
import { FaultyCharts, forgetCharts } from "./faults/chartRepository";
import { diskFull } from "./faults/diskFull";
import { flaggerKilled } from "./faults/flaggerKilled";
import { failingHook, hangingHook, redirectingHook } from "./faults/hooks";
import { metricsGone } from "./faults/metricsGone";
import { Report } from "./faults/report";
import { serveMetrics } from "./faults/serve";
import { smallPlatform } from "./faults/smallApp";
import { Fault, Stage, Subject } from "./faults/stage";
import { steps } from "./faults/steps";
import { twoUps } from "./faults/twoUps";
import { theLab } from "./theLab";
import { together } from "./together";

const faults: Fault[] = [
    metricsGone,
    hangingHook,
    failingHook,
    redirectingHook,
    flaggerKilled,
    namespaceDeleted,
    canaryEdited,
    twoUps,
    diskFull,
];

/** What breaks around a program, and what leads on. */
describe("after a fault", function () {
    this.timeout(600_000);
    const report = new Report("faults");
    let lab: Lab;
    let charts: FaultyCharts;
    let stack: Project;
    let metrics: { url: string; close: () => void };
    const stage = {} as Stage;
    /** An application that lives through all of it. */
    let steady: Subject;

    before("charts that cannot be had, and then can", async () => {
        lab = await theLab();
        await nothingLeft(lab);
        charts = new FaultyCharts(lab.charts);
        await charts.start();
        stack = await givenPlatform(lab, "faults", smallPlatform, {
            kubeconfig: lab.controlPlane.kubeconfig.exportConfig(),
        });
        await stack.configure({ chartRepository: charts.address });

        await report.try("Chart repository down", async () => {
            charts.stop();
            const down = await stack.up();
            assert.notEqual(down.code, 0);
            assert.match(down.output, /connection refused/);
            return [steps.again];
        });
        await charts.start();
        await report.try("Chart repository serves half of each archive", async () => {
            charts.state = "broken";
            const broken = await stack.up();
            assert.notEqual(broken.code, 0);
            assert.match(broken.output, /unexpected EOF|gzip|does not appear to be a/i);
            forgetCharts(lab.pulumi.environment.HELM_CACHE_HOME!);
            return [steps.again];
        });
        await report.try("Chart repository slow: 3 s for each answer", async () => {
            charts.state = "slow";
            stage.platform = await SharedPlatform.of(lab, stack);
            charts.state = "well";
            succeeded(await stack.preview("--expect-no-changes"));
            return [];
        });
        stage.lab = lab;
        metrics = await serveMetrics();
        stage.metricsServer = metrics.url;
        stage.rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        steady = await Subject.up(stage, "steady");
    });

    after(() => {
        stage.rollouts?.stop();
        charts?.stop();
        metrics?.close();
        report.show();
    });

    together(
        Object.fromEntries(faults.map(({ fault, run }) => [fault, () => report.try(fault, () => run(stage))] as const)),
    );

    it("Flagger's namespace deleted by hand: it comes back, and knows its Canaries", () =>
        report.try("Namespace of Flagger deleted by hand", async () => {
            await deleteNamespace(lab, "flagger-system");
            succeeded(await stack.run(["up", "--yes", "--skip-preview", "--refresh"]));
            succeeded(await stack.preview("--expect-no-changes"));
            succeeded(await steady.release("6.0.1"));
            await steady.converged();
            return [steps.refresh];
        }));

    it("a Canary that Flagger has forgotten: the wait says what to do, and a restart brings it back", () =>
        report.try("Answer lost to Flagger's first word of a Canary", () => canaryForgotten(stage)));

    it("all of it goes, also while the charts cannot be had", async () => {
        await steady.destroy();
        charts.stop();
        succeeded(await stack.destroy());
        await nothingLeft(lab);
    });
});
