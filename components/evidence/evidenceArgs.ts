import { checkObject } from "../shape";
import { Problems, checkInteger, checkName } from "../validation";

/** Keeps what every check of a rollout saw, for when Kubernetes and Prometheus have forgotten it. */
export interface EvidenceArgs {
    /**
     * The ConfigMap that it is kept in, in the application's namespace. The wait makes it, and it goes with the Canary.
     * @default - the application's name with "-evidence"
     */
    configMap?: string;
    /**
     * How many of the last rollouts are kept, from 1 to 20. All of them share 256 KiB.
     * @default 5
     */
    rollouts?: number;
}

/** The Canary's annotation that says which ConfigMap its evidence is in, for whoever shows it. */
export const evidenceAnnotation = "progressive-mesh/evidence";

/** Where evidence is kept and how much of it, with what was left out. */
export function evidenceOf(appName: string, { configMap, rollouts }: EvidenceArgs): Required<EvidenceArgs> {
    return { configMap: configMap ?? `${appName}-evidence`, rollouts: rollouts ?? 5 };
}

/** Checks where evidence is to be kept; an absent value passes. */
export function checkEvidence(problems: Problems, path: string, evidence: unknown): void {
    const fix = 'Write {} or { configMap: "podinfo-evidence", rollouts: 5 }.';
    if (evidence === undefined || !checkObject(problems, path, evidence, fix)) {
        return;
    }
    if (evidence.configMap !== undefined) {
        checkName(problems, `${path}.configMap`, evidence.configMap);
    }
    checkInteger(problems, `${path}.rollouts`, evidence.rollouts, 1, 20, "rollouts");
}
