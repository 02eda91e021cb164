import { messageOf } from "../apiError";
import { keyOf, thresholdOf } from "./canary";
import { Command, Done, Refusal, again, inTime, until } from "./deed";
import { Gate, whileOpen } from "./gate";
import { Cluster, Looked } from "./look";

/** The phases in which Flagger looks at its count of failed checks. */
const abortable = ["Progressing", "WaitingPromotion"];

/** Has Flagger take the version back that is being released. */
export const abort: Command = (cluster, looked) => {
    const { canary, rollout } = looked;
    const key = keyOf(canary);
    const { flagger } = rollout.phase;
    if (canary.spec?.suspend === true) {
        throw new Refusal(`${key} is suspended, and Flagger takes nothing back meanwhile. Take \`suspend\` out first.`);
    }
    if (flagger === "Waiting") {
        throw new Refusal(
            `${key} has not begun: its gate holds it, and Flagger looks at no rollback there. Leave the gate shut, ` +
                "and take the new version out where it came from.",
        );
    }
    if (flagger === "Promoting" || flagger === "Finalising") {
        throw new Refusal(
            `The primary of ${key} already gets the version: it is too late to abort. Release the one before.`,
        );
    }
    if (!abortable.includes(flagger)) {
        throw new Refusal(`Nothing of ${key} is under way that could be aborted: ${rollout.phase.says}`);
    }
    const { gates } = Gate.of(cluster.kubeconfig, canary, "rollback", "reject");
    const what = `Aborts revision ${looked.revision} of ${key} (${rollout.images.target ?? "its target"}): Flagger gives all traffic to the primary and scales the canary down.`;
    if (gates.length > 0) {
        return {
            says: [
                what,
                `The switch to roll back at ${gates.map(({ service }) => service).join(", ")} is opened until it has, and closed again.`,
            ],
            run: (ended) => byGate(cluster, looked, gates, ended),
        };
    }
    return {
        says: [
            what,
            "It has no switch to roll back, so its count of failed checks is set to the threshold. Flagger has no documented way for that, " +
                "but does the whole rollback; a look of its own at the same moment may undo the count, which is then set again.",
        ],
        run: (ended) => byCount(cluster, looked, ended),
    };
};

const isFailed = ({ rollout }: Looked) => rollout.phase.flagger === "Failed";
const aborted: Done = { done: true, says: "Flagger has taken it back; the primary has all the traffic." };
const notAborted =
    "Flagger has not taken it back. It does not look at that while pods of the canary start; if they never do, their deadline takes it back.";

async function byGate(cluster: Cluster, looked: Looked, gates: Gate[], ended: Promise<unknown>): Promise<Done> {
    return whileOpen(gates, async () => {
        const failed = await until(cluster, looked, ended, isFailed);
        return failed === undefined ? { done: false, says: `${notAborted} The switch is closed again.` } : aborted;
    });
}

async function byCount(cluster: Cluster, looked: Looked, ended: Promise<unknown>): Promise<Done> {
    const threshold = thresholdOf(looked.canary);
    const done = await inTime(looked, ended, async (): Promise<Done | undefined> => {
        const now = await again(cluster, looked);
        if (isFailed(now)) {
            return aborted;
        }
        if (!abortable.includes(now.rollout.phase.flagger)) {
            return { done: false, says: `It came too late: ${now.rollout.phase.says}` };
        }
        if ((now.canary.status?.failedChecks ?? 0) < threshold) {
            await setCount(cluster, now, threshold);
        }
        return undefined;
    });
    return (
        done ?? {
            done: false,
            says: `${notAborted} The count stays for this revision: Flagger acts on it as soon as it looks.`,
        }
    );
}

/** With the version of the Canary that was looked at: whatever came between is refused, and looked at again. */
async function setCount({ client, kubeconfig }: Cluster, { canary }: Looked, failedChecks: number): Promise<void> {
    const { name = "", namespace = "", resourceVersion } = canary.metadata ?? {};
    const api = kubeconfig.makeApiClient(client.CustomObjectsApi);
    const body = { metadata: { resourceVersion }, status: { failedChecks } };
    await api
        .patchNamespacedCustomObjectStatus(
            { group: "flagger.app", version: "v1beta1", plural: "canaries", namespace, name, body },
            client.setHeaderOptions("Content-Type", client.PatchStrategy.MergePatch),
        )
        .catch((error: { code?: number }) => {
            if (error.code !== 409) {
                throw new Error(`the status of ${keyOf(canary)} could not be changed: ${messageOf(error)}`);
            }
        });
}
