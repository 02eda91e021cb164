import fs from "node:fs";
import path from "node:path";

import { Lab } from "../lab";
import { leftovers } from "../leftovers";
import { pause, poll } from "../poll";
import { Project, PulumiResult } from "../pulumi";
import { Rollouts } from "../rollout";
import { ApiRequests, apiRequests } from "./apiRequests";
import { CountedPods } from "./countedPods";
import { ScaleSettings, environmentOf } from "./settings";
import { Usage, Use } from "./usage";

/** The image of all applications. The lab has no program for it. */
const image = (tag: string) => `progressive-mesh.lab/counted:${tag}`;

/** A step of a measurement. */
export interface Step {
    what: string;
    seconds: number;
    /** For an update: how long until the last object was made, changed or gone. */
    appliedAfter?: number;
    uses: Record<string, Use>;
    /** Requests to the API server, by pods and in all. */
    requests: ApiRequests;
    /** How many times an application's counters were read. */
    reads: number;
    /** The size of the state afterwards. */
    stateBytes: number;
    /** What was not as it has to be; empty where all is well. */
    wrong: string[];
}

/** What was measured for a number of applications. */
export interface Measurement {
    apps: number;
    settings: ScaleSettings;
    steps: Step[];
}

/** How long nothing is changed, to see what Flagger does by itself. */
const restSeconds = 30;
export const atRest = `${restSeconds} s at rest`;

/** How long Flagger may take for all of them. */
const patienceSeconds = 1200;

/**
 * Brings up a platform with so many applications, gives all of them a new version, and takes it down. Everything that the
 * steps are to have done is looked at, application by application. `sofar` is told after each step.
 */
export async function measure(
    lab: Lab,
    apps: number,
    settings: ScaleSettings,
    tell: (text: string) => void,
    sofar: (measurement: Measurement) => void = () => undefined,
): Promise<Measurement> {
    const { kubeconfig } = lab.controlPlane;
    const name = `scale-${apps}`;
    const project = await projectOf(lab, name, apps, settings);
    const rollouts = new Rollouts(kubeconfig);
    const counted = new CountedPods(kubeconfig, image("").slice(0, -1));
    const usage = new Usage();
    const steps: Step[] = [];

    const step = async (what: string, act: () => Promise<{ wrong: string[]; appliedAfter?: number }>) => {
        tell(`${apps} applications: ${what}`);
        usage.take();
        const [before, reads, began] = [await apiRequests(kubeconfig), counted.reads, Date.now()];
        const { wrong, appliedAfter } = await act().catch((error: Error) => ({
            wrong: [error.message],
            appliedAfter: undefined,
        }));
        const after = await apiRequests(kubeconfig);
        steps.push({
            what,
            seconds: round((Date.now() - began) / 1000),
            appliedAfter,
            uses: usage.take(),
            requests: {
                pods: after.pods - before.pods,
                all: after.all - before.all,
                canaryLists: after.canaryLists - before.canaryLists,
            },
            reads: counted.reads - reads,
            stateBytes: stateBytes(project),
            wrong,
        });
        wrong.slice(0, 5).forEach((line) => tell(`wrong: ${line}`));
        sofar({ apps, settings, steps });
        return wrong.length === 0;
    };
    const names = Array.from({ length: apps }, (_, i) => ({
        namespace: `team-${Math.floor(i / settings.perNamespace)}`,
        name: `app-${i}`,
    }));
    const all = (phase: string, tag: string) => () =>
        allAre(rollouts, names, phase, image(tag), (done) => tell(`  ${done} of ${apps} are ${phase}`));

    await step("up, create", () => run(project, ["up"], settings, tell));
    await step("all initialised", all("Initialized", "1"));
    await step(atRest, async () => {
        await pause(restSeconds);
        return { wrong: [] };
    });
    await step("up, no change", () => run(project, ["up"], settings, tell));
    if (settings.release) {
        await project.configure({ image: image("2") });
        await step("up, change all", () => run(project, ["up"], settings, tell));
        await step("all promoted", all("Succeeded", "2"));
    }
    await step("destroy", async () => {
        const { wrong, appliedAfter } = await run(project, ["destroy"], settings, tell);
        const left = await nothingLeft(lab);
        return { wrong: [...wrong, ...left.map((line) => `left behind: ${line}`)], appliedAfter };
    });
    usage.stop();
    counted.stop();
    rollouts.stop();
    return { apps, settings, steps };
}

async function projectOf(lab: Lab, name: string, apps: number, settings: ScaleSettings): Promise<Project> {
    const { perNamespace, interval, wait, flagger } = settings;
    const project = await lab.pulumi.project(name, path.join(__dirname, "program"), "scale", {
        apps: String(apps),
        perNamespace: String(perNamespace),
        wait: String(wait),
        image: image("1"),
        chartRepository: lab.charts,
    });
    await project.must(["config", "set", "--type", "string", "interval", interval]);
    await project.must(["config", "set", "flagger", JSON.stringify(flagger)]);
    const text = fs.readFileSync(lab.controlPlane.kubeconfigFile, "utf8");
    await project.must(["config", "set", "--secret", "kubeconfig", text]);
    return project;
}

/** Runs an update, with a line for each hundred objects. */
async function run(
    project: Project,
    args: string[],
    settings: ScaleSettings,
    tell: (text: string) => void,
): Promise<{ wrong: string[]; appliedAfter: number }> {
    const began = Date.now();
    let objects = 0;
    let last = began;
    const onLine = (line: string) => {
        if (/^ *[+~-]+ +kubernetes:\S+ \S+ (created|updated|deleted) /.test(line)) {
            last = Date.now();
            objects += 1;
            if (objects % 100 === 0) {
                tell(`  ${objects} objects`);
            }
        }
    };
    const result: PulumiResult = await project.run(
        [...args, "--yes", "--skip-preview"],
        onLine,
        undefined,
        environmentOf(settings),
    );
    const errors = result.output.split("\n").filter((line) => /error/i.test(line));
    const summary = [...new Set(errors), ...result.output.trimEnd().split("\n").slice(-6)].join("\n");
    return {
        wrong: result.code === 0 ? [] : [`pulumi ${args.join(" ")} ended with ${result.code}: ${summary}`],
        appliedAfter: round((last - began) / 1000),
    };
}

/** Waits until every Canary is in a phase and its primary runs an image; says of each other one how it is. */
async function allAre(
    rollouts: Rollouts,
    names: { namespace: string; name: string }[],
    phase: string,
    running: string,
    tell: (done: number) => void,
): Promise<{ wrong: string[] }> {
    const state = ({ namespace, name }: { namespace: string; name: string }) => {
        const is = rollouts.canary(namespace, name)?.status?.phase ?? "not there";
        const runs = rollouts.primaryImage(namespace, name) ?? "nothing";
        return is === phase && runs === running ? undefined : { is, runs, namespace, name };
    };
    let told = Date.now();
    const others = () => names.flatMap((each) => state(each) ?? []);
    await poll(
        () => {
            const left = others();
            if (Date.now() - told > 15_000) {
                told = Date.now();
                tell(names.length - left.length);
            }
            // One that was rolled back stays so until its next version.
            return left.every(({ is }) => is === "Failed") || undefined;
        },
        patienceSeconds,
        500,
    );
    return {
        wrong: others().map(({ is, runs, namespace, name }) => {
            const said = rollouts.messages(namespace, name).at(-1) ?? "nothing";
            return `${namespace}/${name} is ${is}, its primary runs ${runs}; Flagger said last: ${said}`;
        }),
    };
}

/** What Flagger made goes after its Canary, a moment after Pulumi has ended: the garbage collector takes it. */
async function nothingLeft(lab: Lab): Promise<string[]> {
    let left: string[] = [];
    await poll(
        async () => {
            left = await leftovers(lab);
            return left.length === 0 || undefined;
        },
        60,
        2000,
    );
    return left;
}

/** The size of the stack's state, as the file backend keeps it. */
function stateBytes(project: Project): number {
    const folder = path.join(project.backend, ".pulumi", "stacks");
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    const state = files.find((file) => file.endsWith(`${project.stack}.json`));
    return state === undefined ? 0 : fs.statSync(path.join(folder, state)).size;
}

const round = (seconds: number) => Math.round(seconds * 10) / 10;
