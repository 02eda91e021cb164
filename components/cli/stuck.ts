import { everyObject } from "../destroy/everyObject";
import { describeStuck, stuckObjects } from "../destroy/stuck";
import { Streams } from "./command";
import { load } from "./kubeconfig";
import { Values } from "./options";

/** Says what is stuck, and answers with the exit code. */
export async function stuck(values: Values, { out }: Streams): Promise<number> {
    const { objects, unseen } = await everyObject(load(values.kubeconfig, values.context));
    const found = stuckObjects(objects, new Date());
    out(describeStuck(found, unseen));
    return found.length === 0 ? 0 : 1;
}
