import { keyOf } from "./canary";
import { Command, Done, Refusal, until } from "./deed";
import { Gate, whileOpen } from "./gate";
import { Cluster, Looked } from "./look";

const purposes: Record<string, string> = {
    "confirm-rollout": "to begin",
    "confirm-traffic-increase": "to give the canary more traffic, once",
    "confirm-promotion": "to promote",
};

/** Lets a rollout pass the gate that it waits at. */
export const approve: Command = (cluster, looked) => {
    const { canary, rollout } = looked;
    const key = keyOf(canary);
    if (rollout.phase.standing !== "approval") {
        throw new Refusal(`${key} waits at no gate: ${rollout.phase.says}`);
    }
    const type =
        { Waiting: "confirm-rollout", WaitingPromotion: "confirm-promotion" }[rollout.phase.flagger] ??
        "confirm-traffic-increase";
    const { gates, elsewhere } = Gate.of(cluster.kubeconfig, canary, type, "approve");
    if (gates.length === 0) {
        throw new Refusal(
            `The gate that ${key} waits at is not in a load tester of this cluster` +
                `${elsewhere.length > 0 ? ` (${elsewhere.join(", ")})` : ""}: its owner opens it.`,
        );
    }
    return {
        says: [
            `Approves revision ${looked.revision} of ${key} (${rollout.images.target ?? "its target"}) ${purposes[type]}.`,
            `The gate at ${gates.map(({ service }) => service).join(", ")} is opened until Flagger has passed it, and closed again.`,
            ...(elsewhere.length > 0 ? [`Flagger also asks ${elsewhere.join(", ")}, which this does not open.`] : []),
        ],
        run: (ended) => pass(cluster, looked, gates, ended),
    };
};

async function pass(cluster: Cluster, looked: Looked, gates: Gate[], ended: Promise<unknown>): Promise<Done> {
    const { phase, weight } = looked.rollout;
    return whileOpen(gates, async () => {
        const moved = await until(
            cluster,
            looked,
            ended,
            ({ rollout }) => rollout.phase.flagger !== phase.flagger || rollout.weight !== weight,
        );
        return moved === undefined
            ? { done: false, says: "Flagger has not passed the gate. It is closed again, so nothing is approved." }
            : {
                  done: true,
                  says: `Flagger has passed the gate, which is closed again: ${moved.rollout.phase.word.toLowerCase()}.`,
              };
    });
}
