import assert from "node:assert/strict";
import path from "node:path";

import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { PulumiResult } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { AlertReceiver } from "./alertReceiver";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, podinfo } from "./delivery";
import { Route, applyYaml, meshSpecOf, specOf } from "./objects";
import { pacedApp, rowApps, rowBackends } from "./rowApps";
import { theLab } from "./theLab";

/**
 * The rows of the reference documents that are about one application's release, replayed: every application in one program,
 * released twice.
 */
describe("the reference documents' releases", function () {
    this.timeout(900_000);
    let lab: Lab;
    let platform: SharedPlatform;
    let rollouts: Rollouts;
    let alerts: AlertReceiver;
    let rows: Program;
    let paced: Program;
    let preview: PulumiResult;
    let first: PulumiResult;
    let second: PulumiResult;
    /** What the gates of `gated` were waited at, in each release, and what was done there. */
    const gates: string[] = [];
    let headerRoutes: Promise<Route[]> | undefined;

    before("all applications come up", async () => {
        lab = await theLab();
        await nothingLeft(lab);
        await applyYaml(lab, path.join(__dirname, "crds", "scaledobjects.yaml"));
        [platform, alerts] = await Promise.all([SharedPlatform.up(lab), AlertReceiver.start(lab)]);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        const { metricsServer } = JSON.parse(platform.connection) as { metricsServer: string };
        rows = await platform.program("rows", rowApps(alerts, metricsServer), rowBackends);
        paced = await platform.program("paced", pacedApp(alerts));
        preview = await rows.preview();
        succeeded(preview);
        (await Promise.all([rows.up(), paced.up()])).forEach(succeeded);
    });

    before("all get a new version", async () => {
        for (const name of ["header", "green", "whole", "gated", "metric", "keda"]) {
            rows.image(name, "6.0.1");
        }
        rows.image("cookie", "6.0.1-errors50");
        rows.image("strict", "6.0.1-errors0.4");
        rows.apps.wrong!.args.workload!.config = { MESSAGE: "hello", FAULT: "unready" };
        const commands = (await rows.project.outputs()).commands as Record<string, Record<string, string>>;
        const run = (what: string) => runInLoadTester(lab, "row-gated", commands.gated![what]!);
        paced.image("paced", "6.0.1");
        const pacing = paced.up();
        first = await rows.up((line) => {
            answerGate(line, { Waiting: "approve", WaitingPromotion: "approve" }, run);
            if (headerRoutes === undefined && /CanaryApp header .*check 5/.test(line)) {
                headerRoutes = meshSpecOf(lab, "virtualrouters", "row-header", "header").then((spec) => spec.routes);
            }
        });

        // Those that failed go back; three others get a version that has to be refused.
        rows.image("cookie", "6.0.0");
        rows.image("strict", "6.0.0");
        rows.apps.wrong!.args.workload!.config = { MESSAGE: "hello" };
        rows.image("green", "6.0.2");
        rows.image("gated", "6.0.2");
        rows.image("metric", "6.0.2-errors50");
        gates.push("|");
        second = await rows.up((line) => answerGate(line, { Waiting: "approve", WaitingPromotion: "reject" }, run));
        succeeded(await pacing);
    });

    /** Does what is to be done at a gate, once for each time that it is waited at. */
    function answerGate(line: string, answers: Record<string, string>, run: (what: string) => Promise<void>): void {
        // The line says the same at either; the Canary says at which.
        if (!/CanaryApp gated .*waits for approval/.test(line)) {
            return;
        }
        const gate = rollouts.canary("row-gated", "gated")?.status?.phase ?? "";
        if (gate in answers && !gates.slice(gates.lastIndexOf("|") + 1).includes(gate)) {
            gates.push(gate);
            void run(answers[gate]!);
        }
    }

    const said = (name: string) => rollouts.messages(`row-${name}`, name);
    const primary = (name: string) => rollouts.primaryImage(`row-${name}`, name);
    it("A8, C5: an A/B test by header, ten iterations", async () => {
        const [insiders, others] = await headerRoutes!;
        assert.deepEqual(insiders!.httpRoute!.match, {
            prefix: "/",
            headers: [{ name: "user-agent", match: { regex: ".*(Firefox|curl).*" } }],
        });
        const targets = (route: Route) =>
            route.httpRoute!.action.weightedTargets.map((target) => [target.virtualNodeRef.name, target.weight]);
        assert.deepEqual(targets(insiders!), [
            ["header-canary", 100],
            ["header-primary", 0],
        ]);
        assert.deepEqual(targets(others!), [["header-primary", 100]]);
        assert.ok(said("header").includes("Advance header.row-header canary iteration 10/10"));
        assert.equal(primary("header"), podinfo("6.0.1"));
    });

    it("C5: an A/B test by cookie, whose users meet a bad version", () => {
        assert.match(first.output, /Flagger: Halt cookie\.row-cookie advancement success rate \d+\.\d+% < 99%/);
        assert.equal(primary("cookie"), podinfo("6.0.0"));
    });

    it("A6, B4: an acceptance test lets one version pass and refuses the next; a load test runs", () => {
        assert.ok(said("green").includes("Pre-rollout check acceptance-test passed"));
        assert.ok(said("green").includes("Advance green.row-green primary weight 50"), "promoted in two steps");
        assert.match(
            second.output,
            /Flagger: Halt green\.row-green advancement pre-rollout check acceptance-test failed/,
        );
        assert.equal(primary("green"), podinfo("6.0.1"));
    });

    it("B4, C2: match, rewrite, retries and timeout; backends by name and by ARN; an autoscaler", async () => {
        assert.match(preview.output, /warning: service\.rewrite: ignored on AWS App Mesh/);
        const node = await meshSpecOf(lab, "virtualnodes", "row-whole", "whole-primary");
        assert.deepEqual(
            node.backends.map(({ virtualService: s }) => s.virtualServiceARN ?? s.virtualServiceRef?.name),
            ["beside", "arn:aws:appmesh:us-west-2:123456789012:mesh/other/virtualService/api.example.com"],
        );
        assert.equal(node.listeners[0]!.portMapping.port, 9898);
        const router = await meshSpecOf(lab, "virtualrouters", "row-whole", "whole");
        assert.deepEqual(router.routes[0]!.httpRoute!.timeout, { perRequest: { unit: "ms", value: 15_000 } });
        assert.equal(router.routes[0]!.httpRoute!.retryPolicy!.maxRetries, 3);
        const spec = await specOf(lab, "autoscaling", "v2", "horizontalpodautoscalers", "row-whole", "whole-primary");
        assert.deepEqual([spec.minReplicas, spec.scaleTargetRef.name], [2, "whole-primary"]);
        assert.equal(primary("whole"), podinfo("6.0.1"));
    });

    it("C6: manual gating: waits for approval, goes on when approved, is rejected when rejected", () => {
        assert.deepEqual(gates, ["Waiting", "WaitingPromotion", "|", "Waiting", "WaitingPromotion"]);
        assert.match(second.output, /Flagger: Rolling back gated\.row-gated manual webhook invoked/);
        assert.equal(primary("gated"), podinfo("6.0.1"));
    });

    it("C6, E4: a metric of one's own, and alerts by Slack and Teams", async () => {
        assert.match(second.output, /Flagger: Halt metric\.row-metric advancement good-answers \d+\.\d+ < 99/);
        assert.equal(primary("metric"), podinfo("6.0.1"));
        const [slack, teams] = await Promise.all(["/slack", "/teams"].map((where) => alerts.received(where)));
        assert.ok(slack!.some((body) => body.includes("New revision detected")));
        assert.ok(slack!.some((body) => body.includes("promotion finished")));
        assert.ok(slack!.some((body) => body.includes("Failed checks threshold reached")));
        assert.ok(
            teams!.every((body) => !body.includes("promotion finished")),
            "errors alone",
        );
        assert.ok(teams!.some((body) => body.includes("Failed checks threshold reached")));
        const { output } = await rows.project.must(["stack", "export"]);
        assert.ok(!output.includes(alerts.address("/slack")), "the address is no secret in the state");
    });

    it("E2: a database that is not canaried, allowed as a backend by its ARN", async () => {
        const host = "mariadb.row-data.svc.cluster.local";
        const [node, router, service, caller] = await Promise.all([
            meshSpecOf(lab, "virtualnodes", "row-data", "mariadb"),
            meshSpecOf(lab, "virtualrouters", "row-data", "mariadb"),
            meshSpecOf(lab, "virtualservices", "row-data", "mariadb"),
            meshSpecOf(lab, "virtualnodes", "row-shop", "shop-canary"),
        ]);
        assert.deepEqual(node.listeners[0]!.portMapping, { port: 3306, protocol: "tcp" });
        assert.deepEqual(node.serviceDiscovery, { dns: { hostname: host } });
        assert.ok(router.routes[0]!.tcpRoute, "a TCP route");
        assert.equal(service.awsName, host);
        const arn = `arn:aws:appmesh:us-west-2:123456789012:mesh/shared/virtualService/${host}`;
        assert.deepEqual(caller.backends, [{ virtualService: { virtualServiceARN: arn } }]);
    });

    it("E3: 30 s, steps of 20 to 80, a rollout webhook of one's own", async () => {
        const weights = said("paced").flatMap((message) => /canary weight (\d+)$/.exec(message)?.[1] ?? []);
        assert.deepEqual(weights, ["20", "40", "60", "80"]);
        assert.equal(primary("paced"), podinfo("6.0.1"));
        assert.ok((await alerts.received("/own-check")).length >= 4);
    });

    it("E5: a wrong value in the configuration starts a rollout whose pods never become ready", async () => {
        assert.match(first.output, /Flagger: .*wrong\.row-wrong not ready: .*0 of 1 \(readyThreshold 100%\)/);
        const failed = async () => {
            const events = await alerts.received("/events");
            return events.some((body) => body.includes("Canary failed! Scaling down wrong.row-wrong")) || undefined;
        };
        assert.ok(await poll(failed, 20), "the event reached the webhook");
        // Flagger sends an alert when the rollout begins, but none when pods never become ready: docs/canary-app.md.
        const slack = await alerts.received("/e5");
        assert.ok(slack.some((body) => body.includes("New revision detected")));
        assert.ok(
            slack.every((body) => !/failed|deadline/i.test((JSON.parse(body) as SlackMessage).attachments[0]!.text)),
            slack.join("\n"),
        );
    });

    it("E6: a success rate of 99.6 % under a threshold of 100 %", () => {
        assert.match(first.output, /Flagger: Halt strict\.row-strict advancement success rate 99\.\d+% < 100%/);
        assert.match(first.output, /Flagger: Rolling back strict\.row-strict failed checks threshold reached 3/);
        assert.equal(primary("strict"), podinfo("6.0.0"));
    });

    it("a ScaledObject of KEDA is copied for the primary with its own bounds", async () => {
        const copy = await specOf(lab, "keda.sh", "v1alpha1", "scaledobjects", "row-keda", "keda-primary");
        assert.deepEqual(
            [copy.scaleTargetRef.name, copy.minReplicaCount, copy.maxReplicaCount],
            ["keda-primary", 2, 6],
        );
        assert.match(copy.triggers[0]!.metadata.query!, /app="keda-primary"/);
        assert.equal(primary("keda"), podinfo("6.0.1"));
    });

    it("each update names exactly the applications that failed", () => {
        const failures = ({ output }: PulumiResult) =>
            [
                ...new Set([...output.matchAll(/ error: CanaryApp "(\w+)": .* is not promoted: /g)].map((m) => m[1])),
            ].sort();
        assert.deepEqual(failures(first), ["cookie", "strict", "wrong"]);
        assert.deepEqual(failures(second), ["gated", "green", "metric"]);
    });

    it("leaves nothing behind when it is destroyed, with a target that gets its replicas back first", async () => {
        rollouts.stop();
        (await Promise.all([rows.project.destroy(), paced.project.destroy()])).forEach(succeeded);
        succeeded(await platform.destroy());
        await alerts.stop();
        await nothingLeft(lab);
    });
});

/** What Flagger posts to Slack. */
interface SlackMessage {
    attachments: { text: string }[];
}

/** Runs the curl of a gate's command in the load tester's pod: the lab has no kubelet to exec through. */
async function runInLoadTester(lab: Lab, namespace: string, command: string): Promise<void> {
    const [, body, place] = /-d '(.*)' http:\/\/localhost:8080(\/\S+)$/.exec(command)!;
    const pod = lab.pods
        .all()
        .find((p) => p.metadata?.namespace === namespace && p.metadata.name!.startsWith("flagger-loadtester-"));
    await fetch(`http://${pod!.status!.podIP}:8080${place}`, { method: "POST", body });
}
