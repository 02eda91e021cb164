import type { KubeConfig } from "@kubernetes/client-node";

import type { RecordOutcome } from "../../evidence/record";
import type { Canary, CanaryFeed } from "./canaryFeed";
import type { PromotionArgs } from "./promotion";
import type { Sight, Verdict } from "./verdict";
import type { Workloads } from "./workloads";

/** What a wait has to keep evidence by. */
interface Access {
    client: typeof import("@kubernetes/client-node");
    kubeconfig: KubeConfig;
    feed: CanaryFeed;
    workloads: Workloads;
    warn: (line: string) => void;
}

/** What the error of a wait says of what was kept. */
export interface KeptLines {
    /** Each metric's last value against its bounds. */
    checks: string[];
    /** Where all of them are. */
    where?: string;
}

/** A wait's evidence. */
export interface Evidence {
    /** Takes in how the Canary stands. */
    saw: (canary: Canary | undefined) => void;
    /** Keeps how it ended. */
    end: (verdict: Verdict, sight: Sight) => Promise<KeptLines>;
}

/** Begins to keep what is seen, where that is asked for; whoever does not ask loads none of it. */
export async function keepEvidence(
    { namespace, canaryName, target, evidence, metricsServer, hidden = [] }: PromotionArgs,
    { client, kubeconfig, feed, workloads, warn }: Access,
): Promise<Evidence | undefined> {
    if (evidence === undefined) {
        return undefined;
    }
    const [{ Keeper }, { keptLines }] = await Promise.all([
        import("../../evidence/keeper.js"),
        import("../../evidence/lines.js"),
    ]);
    const keeper = new Keeper(client, kubeconfig, feed, {
        ...{ namespace, canaryName, metricsServer, hidden, ...evidence },
        workload: (which) => workloads.workload(which === "target" ? target.name : `${target.name}-primary`),
    });
    return {
        saw: (canary) => keeper.saw(canary),
        end: async (verdict, sight) => {
            const end = await keeper.end(outcomeOf(verdict, sight), saysOf(verdict));
            if (end.problem !== undefined) {
                warn(end.problem);
            }
            return keptLines(end, { namespace, canaryName, configMap: evidence.configMap });
        },
    };
}

function outcomeOf({ state, rolledBack, timedOut }: Verdict, { superseded }: Sight): RecordOutcome {
    if (state === "promoted") {
        return "promoted";
    }
    if (rolledBack === true) {
        return "rolled-back";
    }
    return timedOut === true ? "timed-out" : superseded ? "superseded" : "not-promoted";
}

/** What came of it; of what was taken back Flagger's own words say why. */
function saysOf({ state, what = "", rolledBack }: Verdict): string | undefined {
    if (state === "promoted") {
        return "It was promoted.";
    }
    return rolledBack === true ? undefined : `${what.charAt(0).toUpperCase()}${what.slice(1)}.`;
}
