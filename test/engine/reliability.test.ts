import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { CoreV1Api } from "@kubernetes/client-node";

import { Answer, isFailure } from "../../lab/ask";
import { Client } from "../../lab/client";
import { Lab } from "../../lab/lab";
import { pause, poll } from "../../lab/poll";
import { Rollouts } from "../../lab/rollout";
import { quantile } from "../../lab/tally";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, app } from "./delivery";
import { Stretches, assertServed, assertShare, during, sinceServed } from "./served";
import { theLab } from "./theLab";
import { together } from "./together";

const everyone = { "user-agent": "Safari" };
const insider = { "user-agent": "Firefox", "x-canary": "insider" };
const perSecond = 12;

/**
 * What users see while things happen: a client at a steady pace asks each application through the gateway, and every answer
 * counts.
 */
describe("requests are not lost", function () {
    this.timeout(900_000);
    let lab: Lab;
    let platform: SharedPlatform;
    let rollouts: Rollouts;
    let gateway: string;
    let program: Program;
    const clients = new Map<string, Client>();
    const rows: { what: string; answers: Answer[] }[] = [];

    const namespace = (name: string) => `calm-${name}`;
    const twoPods = (changes: Parameters<typeof app>[2] = {}, name: string) => {
        const made = app(name, namespace(name), changes);
        const autoscaling = { minReplicas: 2, maxReplicas: 2, cpuUtilization: 99 };
        return { args: { ...made, workload: { ...made.workload!, autoscaling } } };
    };
    const retries = { attempts: 3, perTryTimeout: "2s", retryOn: ["gateway-error", "client-error", "stream-error"] };
    // Not how long requests take: that measures how busy the machine is.
    const metrics = [{ name: "request-success-rate", min: 99, interval: "30s" }];
    const insiders = { iterations: 3, match: [{ headers: { "x-canary": { exact: "insider" } } }] };

    const client = (name: string, headers: Record<string, string> = everyone) =>
        new Client(`http://${gateway}/${name}/`, { perSecond, headers });
    const core = () => lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
    const ended = (name: string) => rollouts.outcome(namespace(name), name, 300);
    /** Until the last pods of the old version have ended. */
    const settled = () => pause(10);
    const count = (what: string, answers: Answer[]) => {
        rows.push({ what, answers });
        return answers;
    };

    before("applications come up that are asked from before they exist", async () => {
        lab = await theLab();
        await nothingLeft(lab);
        platform = await SharedPlatform.up(lab);
        rollouts = new Rollouts(lab.controlPlane.kubeconfig);
        gateway = await lab.loadBalancer("appmesh-gateway");
        program = await platform.program("calm", {
            good: twoPods({}, "good"),
            bad: twoPods({}, "bad"),
            header: twoPods({ analysis: { interval: "10s", threshold: 3, abTest: insiders, metrics } }, "header"),
            restarted: twoPods({}, "restarted"),
            lost: twoPods({ service: { retries } }, "lost"),
        });
        for (const name of Object.keys(program.apps)) {
            clients.set(name, client(name));
        }
        clients.set("insider", client("header", insider));
        succeeded(await program.up());
        await Promise.all(
            Object.keys(program.apps).map((name) => rollouts.phase(namespace(name), name, ["Initialized"], 180)),
        );
        for (const name of ["good", "header", "restarted"]) {
            program.image(name, "6.0.1");
        }
        program.image("bad", "6.0.1-errors50");
        succeeded(await program.up());
    });

    together({
        "through initialisation and promotion, and the canary gets its share at each weight": async () => {
            const stretches = new Stretches(rollouts, namespace("good"), "good");
            const { phase, weights } = await ended("good");
            assert.deepEqual([phase, weights], ["Succeeded", [30, 60]]);
            await settled();
            const answers = sinceServed(await clients.get("good")!.stop());
            assertServed(count("initialisation and promotion", answers));
            for (const weight of [30, 60]) {
                const stretch = stretches.all.find((s) => s.weight === weight && s.phase === "Progressing")!;
                assertShare(during(answers, stretch), "6.0.1", weight / 100);
            }
            assert.equal(answers.at(-1)!.version, "6.0.1");
            stretches.stop();
        },

        "through a rollback, but for those that the faulty version answers": async () => {
            assert.equal((await ended("bad")).phase, "Failed");
            const rolledBack = Date.now();
            await settled();
            const answers = sinceServed(await clients.get("bad")!.stop());
            assertServed(count("rollback of a version that fails half of its requests", answers), {
                faulty: "6.0.1-errors50",
            });
            assert.ok(answers.filter(isFailure).length > 10);
            assertServed(answers.filter(({ at }) => at > rolledBack + 1000));
        },

        "through an A/B test, in which only the users that match see the canary": async () => {
            const stretches = new Stretches(rollouts, namespace("header"), "header");
            assert.equal((await ended("header")).phase, "Succeeded");
            await settled();
            const [all, inside] = [await clients.get("header")!.stop(), await clients.get("insider")!.stop()];
            assertServed(count("A/B test, everyone", sinceServed(all)));
            assertServed(count("A/B test, insiders", sinceServed(inside)));
            const analysed = stretches.stop().find((s) => s.phase === "Progressing" && s.iteration === 1)!;
            assertShare(during(all, analysed), "6.0.1", 0);
            assertShare(during(inside, analysed), "6.0.1", 1);
        },

        "through a restart of Flagger in the middle of a rollout": async () => {
            const weight = () => rollouts.canary(namespace("restarted"), "restarted")?.status?.canaryWeight;
            assert.ok(await poll(() => weight() === 30 || undefined, 120, 100));
            const { items } = await core().listNamespacedPod({ namespace: "flagger-system" });
            const flagger = items.find(({ metadata }) => metadata!.name!.startsWith("flagger-"))!.metadata!;
            await core().deleteNamespacedPod({
                name: flagger.name!,
                namespace: flagger.namespace!,
                gracePeriodSeconds: 0,
            });
            const { phase } = await ended("restarted");
            assert.equal(phase, "Succeeded");
            await settled();
            assertServed(count("restart of Flagger in a rollout", sinceServed(await clients.get("restarted")!.stop())));
        },
    });

    it("when a node is lost, with retries", async () => {
        const labels = "app=lost-primary";
        const { items: pods } = await core().listNamespacedPod({ namespace: namespace("lost"), labelSelector: labels });
        const gateways = await core().listNamespacedPod({ namespace: "appmesh-gateway" });
        const safe = gateways.items.map(({ spec }) => spec!.nodeName);
        const node = pods.map(({ spec }) => spec!.nodeName!).find((name) => !safe.includes(name));
        assert.ok(node, `both pods are beside the gateway: ${JSON.stringify(pods.map((p) => p.spec!.nodeName))}`);
        await lab.loseNode(node);
        const isUnreachable = async () => {
            const { status } = await core().readNode({ name: node });
            return status!.conditions!.some((c) => c.type === "Ready" && c.status === "Unknown") || undefined;
        };
        assert.ok(await poll(isUnreachable, 120), "Kubernetes never noticed");
        await settled();
        assertServed(count("loss of a node, with retries", sinceServed(await clients.get("lost")!.stop())));
    });

    after("what was counted is kept for docs/reliability.md", async () => {
        const lines = rows.map(({ what, answers }) => {
            const own = answers.filter(isFailure);
            const p99 = quantile(
                answers.map(({ milliseconds }) => milliseconds),
                0.99,
            );
            return `| ${what} | ${answers.length} | ${own.length} | ${Math.round(p99)} ms |`;
        });
        fs.writeFileSync(path.join(lab.logs, "reliability.md"), `${lines.join("\n")}\n`);
        console.log(lines.map((line) => `      ${line}`).join("\n"));
        await Promise.all([...clients.values()].map((c) => c.stop()));
        rollouts.stop();
    });
});
