import http from "node:http";

import { weightIn } from "../components/page/weights";
import { duration } from "../components/units";
import { Answer } from "./ask";
import { Lab } from "./lab";
import { leftovers } from "./leftovers";
import { pause, poll } from "./poll";
import { Project, PulumiResult } from "./pulumi";
import { Rollouts } from "./rollout";
import { bar, chapter, color, command, live, mark, note, say, step, table } from "./screen";
import { perSecond, tally } from "./tally";

const namespace = "apps";
const app = "podinfo";
const image = (tag: string) => `ghcr.io/stefanprodan/podinfo:${tag}`;

interface Result {
    what: string;
    outcome: string;
    milliseconds: number;
    ok: boolean;
}

/** Brings the platform up, releases a good and a bad version, and takes it all down again. Answers whether all went as it should. */
export async function rehearse(lab: Lab, mesh: string, pace: Record<string, string>): Promise<boolean> {
    const results: Result[] = [];
    const run = async (what: string, act: () => Promise<{ outcome: string; ok: boolean }>) => {
        const began = Date.now();
        const { outcome, ok } = await act().catch((error: Error) => ({ outcome: error.message, ok: false }));
        results.push({ what, outcome, milliseconds: Date.now() - began, ok });
        if (!ok) {
            say(`${mark.failed} ${outcome}`);
        }
        return ok;
    };

    const project = await lab.meshStack(mesh, pace);
    const rollouts = new Rollouts(lab.controlPlane.kubeconfig);
    rollouts.onEvent((message) => tell(lab, message));

    const isUp = await run("platform and podinfo 6.0.0", () => bringUp(lab, project, rollouts));
    if (isUp) {
        await run("good release 6.0.1", () => release(lab, project, rollouts, "6.0.1", "Succeeded"));
        await run("bad release 6.0.2-errors50", () => release(lab, project, rollouts, "6.0.2-errors50", "Failed"));
    }
    await run("destroy", () => takeDown(lab, project));
    rollouts.stop();

    chapter("What happened");
    table(
        ["", "step", "outcome", "time"],
        results.map((r) => [r.ok ? mark.ok : mark.failed, r.what, r.outcome, duration(r.milliseconds / 1000)]),
    );
    return results.every((r) => r.ok);
}

/** Brings a stack up and waits until podinfo answers, through the gateway where there is one. Answers where, too. */
export async function bringUp(
    lab: Lab,
    project: Project,
    rollouts: Rollouts,
): Promise<{ outcome: string; ok: boolean; url: string }> {
    chapter("1. The platform, and podinfo 6.0.0 on it");
    command(`pulumi up --stack ${project.stack}`);
    const up = await shown("pulumi up", (onLine) => project.up(onLine));
    if (up.code !== 0) {
        return { ...failed("pulumi up", up), url: "" };
    }
    note(`Flagger takes podinfo over ${color.dim("(it makes the primary, the services and the routes)")}`);
    await rollouts.phase(namespace, app, ["Initialized"], 180);
    const exposed = String((await project.outputs()).url);
    const url = await lab.addressOf(namespace, app, exposed);
    const answer = await answered(url);
    command(`curl ${url}`);
    say(answer.trim());
    lab.traffic.at(url);
    return {
        outcome: `podinfo answers ${exposed === "" ? "at its service" : "through the gateway"}`,
        ok: answer.includes("6.0.0"),
        url,
    };
}

async function release(
    lab: Lab,
    project: Project,
    rollouts: Rollouts,
    tag: string,
    expected: "Succeeded" | "Failed",
): Promise<{ outcome: string; ok: boolean }> {
    const good = expected === "Succeeded";
    chapter(good ? `2. A good release: ${tag}` : `3. A bad release: ${tag} answers half of its requests with 500`);
    command(`pulumi config set --path app.workload.image ${image(tag)} && pulumi up --stack ${project.stack}`);
    await project.configure({ "app.workload.image": image(tag) });
    const reasons: string[] = [];
    rollouts.onEvent((message) => {
        reasons.push(message);
        tell(lab, message);
    });
    lab.traffic.take();
    const up = await shown("pulumi up", (onLine) => project.up(onLine));
    if (up.code !== 0) {
        return failed("pulumi up", up);
    }
    const { phase, weights } = await rollouts.outcome(namespace, app, 900);
    // The last event is written a moment after the phase.
    await pause(1);
    const primary = rollouts.primaryImage(namespace, app) ?? "nothing";
    const halted = reasons.findLast((reason) => reason.startsWith("Halt "));
    const served = /:([^:]+)$/.exec(primary)?.[1] ?? primary;
    note(`the primary runs ${color.bold(served)}`);
    return {
        outcome: good
            ? `promoted${weights.length === 0 ? "" : ` after weights ${weights.join(", ")}`}`
            : `rolled back: ${halted?.replace(/^Halt \S+ advancement /, "") ?? "for a reason unknown"}; ${served} still serves`,
        ok: phase === expected && (primary === image(tag)) === good,
    };
}

async function takeDown(lab: Lab, project: Project): Promise<{ outcome: string; ok: boolean }> {
    chapter("4. Taking it down");
    command(`pulumi destroy --stack ${project.stack}`);
    const destroy = await shown("pulumi destroy", (onLine) => project.destroy(onLine));
    if (destroy.code !== 0) {
        return failed("pulumi destroy", destroy);
    }
    const left = await leftovers(lab);
    left.forEach((line) => note(`${mark.failed} left behind: ${line}`));
    return {
        outcome: left.length === 0 ? "nothing left behind" : `${left.length} things left behind`,
        ok: left.length === 0,
    };
}

/** Says what Flagger said, with a bar for a weight and with what users saw meanwhile. */
function tell(lab: Lab, message: string): void {
    const weight = message.startsWith("Advance ") ? weightIn(message) : undefined;
    // Taken only where it is shown: it is what users saw since the last time.
    const seen = () => color.dim(describeTraffic(lab.traffic.take()));
    if (weight !== undefined) {
        note(`${bar(weight)}  ${seen()}`);
    } else if (/^(Rolling back|Canary failed)/.test(message)) {
        note(`${mark.failed} ${message}  ${seen()}`);
    } else if (/^Halt|failed/.test(message)) {
        note(`${mark.warning} ${message}  ${seen()}`);
    } else {
        note(message);
    }
}

function describeTraffic(answers: Answer[]): string {
    if (answers.length === 0) {
        return "no requests";
    }
    const versions = tally(answers).map(
        ({ version, share, failures, p99 }) =>
            `${version}: ${Math.round(share * 100)} %, ${failures} failed, p99 ${Math.round(p99)} ms`,
    );
    return `${Math.round(perSecond(answers))} requests/s; ${versions.join("; ")}`;
}

/** Pulumi says it at every run; here once is enough. */
let warned = false;

/** Runs a Pulumi command and shows how far it is; its summary stays. */
async function shown(
    what: string,
    run: (onLine: (line: string) => void) => Promise<PulumiResult>,
): Promise<PulumiResult> {
    const progress = step(what);
    let finished = 0;
    const result = await run((line) => {
        const [, change] = /^ *[+~-]+ +\S+ (\S+) (created|updated|deleted) /.exec(line) ?? [];
        if (change !== undefined) {
            finished += 1;
            if (live) {
                progress.update(`${finished} done, last ${change}`);
            }
        }
    });
    const summary = /Resources:\n((?: +.*\n)+)/.exec(result.output)?.[1]?.trim().split(/\n\s*/).join(", ");
    const warning = /warning: (AWS App Mesh ended .*)/.exec(result.output)?.[1];
    if (warning !== undefined && !warned) {
        warned = true;
        say(`${mark.warning} ${warning}`);
    }
    if (result.code === 0) {
        progress.done(`${what}: ${summary ?? "nothing to do"}`);
    } else {
        progress.fail(`${what} ended with code ${result.code}`);
    }
    return result;
}

function failed(what: string, result: PulumiResult): { outcome: string; ok: boolean } {
    say(result.output);
    return { outcome: `${what} ended with code ${result.code}`, ok: false };
}

async function answered(url: string): Promise<string> {
    const ask = () =>
        new Promise<string | undefined>((resolve) => {
            http.get(url, { agent: false }, (response) => {
                let body = "";
                response.on("data", (data: Buffer) => (body += data.toString()));
                response.on("end", () => resolve(response.statusCode === 200 ? body : undefined));
            }).on("error", () => resolve(undefined));
        });
    return (await poll(ask, 30)) ?? "";
}
