import fs from "node:fs";
import path from "node:path";

import { Lab } from "../lab";
import { LabError } from "../labError";
import { note, say, step } from "../screen";
import { Toolchain } from "../toolchain/ensure";
import { StateResource, stepsOf } from "./criticalPath";
import { picture, verdict } from "./picture";
import { EventLog } from "./spans";
import { endWith } from "../ending";
import { ordersFrom } from "../orders";

/** What the outside tells the inside. */
export interface TraceOrders {
    tools: Toolchain;
    mesh: string;
    /** How long the stand-in for AWS takes to make an EKS cluster. */
    clusterSeconds: number;
    /** How long a pod takes to start. */
    podSeconds: number;
    /** An open file for the picture. */
    result: number;
}

async function main(): Promise<void> {
    const { tools, mesh, clusterSeconds, podSeconds, result } = ordersFrom<TraceOrders>("npm run trace");
    const starting = step("start the lab");
    const lab = await Lab.start(tools, note, { podSeconds });
    starting.done();
    const project = await lab.meshStack(mesh);
    const file = path.join(lab.folder, "events.json");
    const events = new EventLog(file);
    const up = step(`pulumi up of a platform on ${mesh} and an application`);
    const done = await project.run(["up", "--yes", "--skip-preview", "--event-log", file], undefined, undefined, {
        PULUMI_DEBUG_COMMANDS: "true",
        LAB_CLUSTER_SECONDS: String(clusterSeconds),
    });
    const spans = events.stop();
    if (done.code !== 0) {
        up.fail();
        throw new LabError(done.output, "The update has to be well to be drawn.");
    }
    up.done();
    const state = JSON.parse((await project.must(["stack", "export"])).output) as {
        deployment: { resources: StateResource[] };
    };
    const steps = stepsOf(spans, state.deployment.resources);
    fs.writeSync(result, picture(`pulumi up, ${mesh}, in the lab`, steps));
    say(verdict(steps));
    await lab.stop();
}

endWith(main());
