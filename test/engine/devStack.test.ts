import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

import { AppsV1Api, CustomObjectsApi } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { leftovers } from "../../lab/leftovers";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { controllerActions } from "./controllerActions";
import { dashboardsIn, emptyPanels } from "./panels";
import { theLab } from "./theLab";
import { WatchedPage } from "./watchedPage";

const namespace = "apps";
const image = (tag: string) => `ghcr.io/stefanprodan/podinfo:${tag}`;

/** The life of the checked-in dev stack (row A of the reference documents), from nothing to nothing. */
describe("the dev stack", function () {
    // Each step stands on the one before.
    this.bail(true);
    let lab: Lab;
    let stack: Project;
    let rollouts: Rollouts;
    let page: WatchedPage;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        // As it is checked in, at its own pace; but its pods take no longer to end than the lab's proxies need.
        stack = await lab.devStack("dev", { "app.workload.preStopSeconds": "8" });
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        page = await WatchedPage.start(lab);
    });

    after(async () => {
        rollouts.stop();
        assert.equal(await page.stop(), 0);
    });

    it("has a page before it is there, which says what is missing", async () => {
        const { problems, rollouts: shown } = await page.all();
        assert.deepEqual([problems.length, shown], [1, []]);
        assert.match(problems[0]!, /Flagger is not installed/);
    });

    it("is refused at preview with every problem of its arguments at once, and nothing else", async () => {
        const wrong = await lab.devStack("wrong", {
            "app.analysis.steps.maxWeight": "200",
            "app.analysis.interval": "500ms",
            "app.service.retries.retryOn[0]": "5xx",
        });
        const preview = await wrong.preview();
        assert.notEqual(preview.code, 0);
        assert.match(preview.output, /CanaryApp "podinfo": 3 problems in the arguments\n/);
        for (const path of ["analysis.interval", "analysis.steps.maxWeight", "service.retries.retryOn\\[0\\]"]) {
            assert.match(preview.output, new RegExp(`- ${path}: `));
        }
        assert.doesNotMatch(preview.output, /\n\s+at .*\(|propertyPath/, "the message is enough");
        await nothingLeft(lab);
    });

    it("comes up", async () => {
        const preview = await stack.preview();
        succeeded(preview);
        const [, diagnostics = ""] = preview.output.split("Diagnostics:");
        assert.equal(diagnostics.match(/warning: AWS App Mesh ended on 2026-09-30/g)?.length, 1, preview.output);
        succeeded(await stack.up());
        await rollouts.phase(namespace, "podinfo", ["Initialized"], 120);
    });

    it("expects no changes right after", async () => {
        succeeded(await stack.preview("--expect-no-changes"));
        succeeded(await stack.refresh("--expect-no-changes"));
        succeeded(await stack.preview("--expect-no-changes"));
    });

    it("lets podinfo answer at the gateway's address", async () => {
        const { url } = await stack.outputs();
        assert.equal((await get(String(url))).version, "6.0.0");
    });

    it("gives Flagger the routes that the settings ask for", async () => {
        const router = (await lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi).getNamespacedCustomObject({
            group: "appmesh.k8s.aws",
            version: "v1beta2",
            plural: "virtualrouters",
            namespace,
            name: "podinfo",
        })) as { spec: { routes: unknown[] } };
        assert.deepEqual(router.spec.routes, [
            {
                name: "podinfo",
                httpRoute: {
                    match: { prefix: "/" },
                    timeout: { perRequest: { unit: "ms", value: 15_000 } },
                    retryPolicy: {
                        maxRetries: 3,
                        perRetryTimeout: { unit: "ms", value: 5_000 },
                        httpRetryEvents: ["gateway-error", "client-error", "stream-error"],
                    },
                    action: {
                        weightedTargets: [
                            { virtualNodeRef: { name: "podinfo-canary" }, weight: 0 },
                            { virtualNodeRef: { name: "podinfo-primary" }, weight: 100 },
                        ],
                    },
                },
            },
        ]);
    });

    it("gives the controller exactly its actions in AWS, and each proxy its own virtual nodes", () => {
        const policies = awsState(lab, "aws:iam/rolePolicy:RolePolicy");
        const statements = (name: string) =>
            (JSON.parse(policies[name]!.policy!) as { Statement: { Action: string[]; Resource: string[] }[] })
                .Statement;
        assert.deepEqual(
            statements("dev-appmesh-controller")
                .flatMap((s) => s.Action)
                .sort(),
            [...controllerActions].sort(),
        );
        const mesh = "arn:aws:appmesh:us-west-2:123456789012:mesh/dev";
        assert.deepEqual(
            ["podinfo-proxies", "podinfo-loadtester", "dev-appmesh-gateway"].map((name) =>
                statements(name).map((s) => [s.Action, s.Resource]),
            ),
            [
                [`${mesh}/virtualNode/podinfo-primary_apps`, `${mesh}/virtualNode/podinfo-canary_apps`],
                [`${mesh}/virtualNode/flagger-loadtester_apps`],
                [`${mesh}/virtualGateway/appmesh-gateway_appmesh-gateway`],
            ].map((resources) => [[["appmesh:StreamAggregatedResources"], resources]]),
        );
    });

    it("keeps its secrets out of the plain state", async () => {
        const { grafanaPassword, connection } = (await stack.outputs()) as {
            grafanaPassword: string;
            connection: { kubeconfig: string };
        };
        assert.equal(grafanaPassword.length, 32);
        const token = (JSON.parse(connection.kubeconfig) as { users: { user: { token: string } }[] }).users[0]!.user
            .token;
        const { output } = await stack.must(["stack", "export"]);
        const secrets = { grafanaPassword, encoded: Buffer.from(grafanaPassword).toString("base64"), token };
        const told = Object.entries(secrets).filter(([, secret]) => output.includes(secret));
        assert.deepEqual(
            told.map(([name]) => name),
            [],
        );
    });

    it("promotes a good release through every weight", async () => {
        await stack.configure({ "app.workload.image": image("6.0.1") });
        succeeded(await stack.up());
        const [{ phase, weights }] = await Promise.all([
            rollouts.outcome(namespace, "podinfo", 600),
            // A value that Flagger judged by stands there while the rollout is under way.
            page.until("apps/podinfo", /Under way[\s\S]*last [\d.]+ %<\/strong>; has to be\s+at least 99 %/, 600),
        ]);
        assert.equal(phase, "Succeeded");
        assert.deepEqual(weights, [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
        assert.equal(rollouts.primaryImage(namespace, "podinfo"), image("6.0.1"));
    });

    it("shows the promotion on the page: each weight beside its plan, and the values that Flagger judged by", async () => {
        const shown = await page.until("apps/podinfo", /class="badge good"[\s\S]*Promoted/, 30);
        assert.match(shown, /aria-label="Traffic on the canary over time: 0 %, 5 %, 10 %, .*50 %, 0 %\."/);
        assert.match(shown, /as planned/);
        assert.doesNotMatch(shown, /id="cause"|What is shown is what Flagger said/);
        for (const metric of ["request-success-rate", "request-duration"]) {
            assert.match(shown, new RegExp(`<summary>${metric} as a table</summary>`));
        }
        const [rollout] = (await page.all()).rollouts;
        assert.deepEqual(
            rollout!.planned.slice(0, 10).map(({ value }) => value),
            [5, 10, 15, 20, 25, 30, 35, 40, 45, 50],
        );
    });

    it("shows the rollout in every panel of Grafana's dashboards", async () => {
        const dashboards = Object.values(await dashboardsIn(lab, "flagger-system"));
        assert.deepEqual(dashboards.map((d) => d.title).sort(), ["All canaries", "Canary"]);
        const { metricsServer } = (await stack.outputs()).connection as { metricsServer: string };
        const empty = await emptyPanels(lab, metricsServer, dashboards, { namespace, canary: "podinfo" });
        assert.deepEqual(empty, []);
    });

    it("has nothing to change after a promotion: replicas are Flagger's", async () => {
        succeeded(await stack.preview("--expect-no-changes"));
        succeeded(await stack.refresh("--expect-no-changes"));
        const deployment = await lab.controlPlane.kubeconfig
            .makeApiClient(AppsV1Api)
            .readNamespacedDeployment({ namespace, name: "podinfo" });
        assert.equal(deployment.spec?.replicas, 0);
    });

    it("ran the acceptance test and the load test that the settings name", () => {
        const log = podLog(lab, "flagger-loadtester", "loadtester");
        assert.match(log, /command finished curl -sd 'test' http:\/\/podinfo-canary\.apps:9898\/token \| grep token/);
        assert.match(log, /task starting hey -z 1m -q 10 -c 2 http:\/\/podinfo-canary\.apps:9898\//);
    });

    it("rolls back a release that answers with 500s, and leaves the primary alone", async () => {
        const said: string[] = [];
        rollouts.onEvent((message) => said.push(message));
        // Its own pace is that of the good release.
        await stack.configure({
            "app.workload.image": image("6.0.2-errors50"),
            "app.analysis.interval": "10s",
            "app.analysis.threshold": "2",
        });
        succeeded(await stack.up());
        const { phase } = await rollouts.outcome(namespace, "podinfo", 300);
        assert.equal(phase, "Failed");
        assert.equal(rollouts.primaryImage(namespace, "podinfo"), image("6.0.1"));
        assert.ok(
            said.some((message) => /^Halt podinfo\.apps advancement success rate \d+\.\d+% < 99%$/.test(message)),
            said.join("\n"),
        );
        const { url } = await stack.outputs();
        assert.equal((await get(String(url))).version, "6.0.1");
    });

    it("shows the cause of the rollback on the page, and in a report that is one file", async () => {
        const cause = /^Success rate was [\d.]+ %, and has to be at least 99 %\.$/;
        const shown = await page.until("apps/podinfo", /class="badge bad"[\s\S]*Rolled back/, 30);
        const text = /<h2 id="cause">(.*)<\/h2>/.exec(shown)?.[1];
        assert.match(text ?? "", cause);
        assert.match(shown, /<path class="failed"/, "a value that does not pass is marked by its form");
        assert.match(shown, /podinfo:6\.0\.2-errors50[\s\S]*podinfo:6\.0\.1/);
        const report = await page.report("apps/podinfo");
        assert.equal(/<h2 id="cause">(.*)<\/h2>/.exec(report)?.[1], text);
        assert.doesNotMatch(report, /<script|<link|src=/);
        const read = await page.causeInChromium("apps/podinfo");
        assert.ok(read === undefined || read === text, read);
    });

    it("leaves nothing behind when it is destroyed", async () => {
        assert.ok((await leftovers(lab)).length > 20, "what is to go has to be there first");
        succeeded(await stack.destroy());
        await nothingLeft(lab);
    });
});

async function get<T = { version: string }>(url: string): Promise<T> {
    return new Promise((resolve, reject) => {
        http.get(url, { agent: false }, (response) => {
            let body = "";
            response.on("data", (data: Buffer) => (body += data.toString()));
            response.on("end", () => resolve(JSON.parse(body) as T));
        }).on("error", reject);
    });
}

/** The resources of a type in the account that stands in for AWS, by their Pulumi names. */
function awsState(lab: Lab, type: string): Record<string, Record<string, string>> {
    const resources = fs
        .readdirSync(lab.pulumi.awsAccount)
        .map((file) => JSON.parse(fs.readFileSync(path.join(lab.pulumi.awsAccount, file), "utf8")) as Kept)
        .filter((kept) => kept.type === type);
    return Object.fromEntries(resources.map((kept) => [kept.name, kept.state]));
}

interface Kept {
    type: string;
    name: string;
    state: Record<string, string>;
}

function podLog(lab: Lab, pod: string, container: string): string {
    const files = fs.readdirSync(lab.logs).filter((f) => f.includes(pod) && f.endsWith(`_${container}.log`));
    return files.map((file) => fs.readFileSync(path.join(lab.logs, file), "utf8")).join("\n");
}
