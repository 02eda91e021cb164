import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { Lab } from "../../lab/lab";
import { Project } from "../../lab/pulumi";
import { Checkpoint, Places, restored, scrubbed } from "../upgrade/checkpoint";
import { Program } from "../upgrade/program";
import { nothingLeft, succeeded } from "./asserts";
import { theLab } from "./theLab";

const states = path.join(__dirname, "../fixtures/states");
const programFolder = path.join(__dirname, "programs/upgrade");

/** The programs whose state is kept: every component, on the mesh that most are on, and on the one that acts in AWS. */
const kept = ["all-on-istio", "all-on-appmesh"];

/** The release that is being recorded: then the states are written and not compared. */
const recording = process.env.PROGRESSIVE_MESH_RECORD;

interface Plan {
    steps: { op: string; urn: string }[];
    changeSummary: Record<string, number>;
}

/** What `pulumi preview --json` plans; other lines may be around it. */
function planIn(output: string): Plan {
    const lines = output.split("\n");
    return JSON.parse(lines.slice(lines.indexOf("{"), lines.lastIndexOf("}") + 1).join("\n")) as Plan;
}

/** Steps that take something from users. */
const costly = ["delete", "replace", "create-replacement", "delete-replaced", "discard-replaced"];

describe("the state of an older release", function () {
    this.timeout(900_000);
    let lab: Lab;
    let places: Places;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        const kubeconfig = fs.readFileSync(lab.controlPlane.kubeconfigFile, "utf8");
        places = { kubeconfig, chartRepository: lab.charts };
    });

    /** A stack of the program of a release, without anything in it yet. */
    async function stackOf(release: string, name: string): Promise<Project> {
        const file = path.join(states, release, `${name}.json`);
        const { program } = JSON.parse(fs.readFileSync(file, "utf8")) as { program: Program };
        const mirror = { chartRepository: lab.charts };
        const project = await lab.pulumi.project(`${name}-${release}`, programFolder, "test", {});
        await project.must([
            "config",
            "set",
            "program",
            JSON.stringify({ ...program, platform: { ...program.platform, mirror } }),
        ]);
        await project.must(["config", "set", "--secret", "kubeconfig", places.kubeconfig!]);
        return project;
    }

    const exported = async (project: Project) =>
        JSON.parse((await project.must(["stack", "export", "--show-secrets"])).output) as Checkpoint;

    async function imported(project: Project, checkpoint: Checkpoint): Promise<void> {
        const file = path.join(project.folder, "imported.json");
        fs.writeFileSync(file, JSON.stringify(checkpoint));
        await project.must(["stack", "import", "--file", file]);
    }

    for (const release of recording === undefined ? fs.readdirSync(states) : [recording]) {
        for (const name of kept) {
            const file = path.join(states, release, "engine", `${name}.json`);
            it(`${recording === undefined ? "is taken over" : "is recorded"}: ${release}, ${name}`, async () => {
                const project = await stackOf(release, name);
                // Its objects have to be there: the provider asks the API server what would come of each change.
                succeeded(await project.up());
                const own = await exported(project);
                try {
                    if (recording !== undefined) {
                        fs.mkdirSync(path.dirname(file), { recursive: true });
                        fs.writeFileSync(file, `${JSON.stringify(scrubbed(own, places))}\n`);
                        return;
                    }
                    const old = restored(JSON.parse(fs.readFileSync(file, "utf8")) as Checkpoint, places, own);
                    assert.ok(old.deployment.resources.length > 30, "the record is of a whole program");
                    await imported(project, old);
                    const preview = await project.preview("--json");
                    succeeded(preview);
                    const { steps, changeSummary } = planIn(preview.output);
                    const planned = Object.values(changeSummary).reduce((sum, count) => sum + count, 0);
                    assert.ok(planned > 30, `the plan is of a whole program: ${JSON.stringify(changeSummary)}`);
                    const lost = steps.filter(({ op }) => costly.includes(op)).map(({ op, urn }) => `${op} ${urn}`);
                    assert.deepEqual(lost, []);
                    // What is new is in the cluster already, from this test's own update.
                    if (!steps.some(({ op }) => op === "create")) {
                        succeeded(await project.up());
                        succeeded(await project.preview("--expect-no-changes"));
                    }
                } finally {
                    await imported(project, own);
                    succeeded(await project.destroy());
                }
                await nothingLeft(lab);
            });
        }
    }
});
