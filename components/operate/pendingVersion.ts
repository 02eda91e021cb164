import { isCopy } from "../delivery/promotion/podTemplate";
import { CanaryObject } from "./canary";
import { Workload, changedAt, templateOf } from "./revision";

/** The target of a Canary and its primary, where they exist. */
export interface Workloads {
    target?: Workload;
    primary?: Workload;
}

/** Whether the target is something else than what the primary runs; undefined where that is not known. */
export function isPending({ target, primary }: Workloads = {}): boolean | undefined {
    return target === undefined || primary === undefined ? undefined : !isCopy(templateOf(target), templateOf(primary));
}

/** When the last rollout failed, in milliseconds. Flagger renews its other times at every look. */
function failedAt({ status }: CanaryObject): number | undefined {
    const time = status?.conditions?.find(({ reason }) => reason === "Failed")?.lastUpdateTime;
    return time === undefined ? undefined : Number(new Date(time));
}

/** Whether somebody changed the target after its last rollout had failed. */
export function changedSinceFailure(canary: CanaryObject, target: Workload | undefined): boolean {
    const [changed, failed] = [changedAt(target), failedAt(canary)];
    return canary.status?.phase === "Failed" && changed !== undefined && failed !== undefined && changed > failed;
}
