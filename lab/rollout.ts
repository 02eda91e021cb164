import { CoreV1Event, KubeConfig, KubernetesObject, V1Deployment } from "@kubernetes/client-node";

import { phaseWord } from "../components/delivery/phaseWords";
import { plain } from "../components/delivery/promotion/flaggerWords";
import { duration } from "../components/units";
import { Watched } from "./kubelet/watch";
import { poll } from "./poll";

/** What the lab reads of a Canary. */
export interface Canary extends KubernetesObject {
    status?: {
        phase?: string;
        canaryWeight?: number;
        iterations?: number;
        failedChecks?: number;
        conditions?: { message?: string; reason?: string }[];
    };
}

/** Follows Canaries and what Flagger says of them. */
export class Rollouts {
    private readonly canaries: Watched<Canary>;
    private readonly deployments: Watched<V1Deployment>;
    private readonly events: Watched<CoreV1Event>;
    private readonly said = new Map<string, string>();
    private readonly history = new Map<string, string[]>();
    private listener: (message: string, event: CoreV1Event) => void = () => undefined;

    constructor(kubeconfig: KubeConfig) {
        this.canaries = new Watched(kubeconfig, { group: "flagger.app", version: "v1beta1", plural: "canaries" });
        this.deployments = new Watched(kubeconfig, { group: "apps", version: "v1", plural: "deployments" });
        this.events = new Watched(kubeconfig, { group: "", version: "v1", plural: "events" }, (change, event) => {
            // An event that happens again is the same object with a higher count.
            const key = `${event.metadata?.uid}`;
            const state = `${event.count ?? 1}`;
            if (change === "set" && event.involvedObject?.kind === "Canary" && this.said.get(key) !== state) {
                this.said.set(key, state);
                const message = plain(event.message);
                const { namespace, name } = event.involvedObject;
                this.history.set(`${namespace}/${name}`, [...this.messages(namespace!, name!), message]);
                this.listener(message, event);
            }
        });
    }

    /** Calls back for everything that Flagger says from now on. */
    onEvent(listener: (message: string, event: CoreV1Event) => void): void {
        this.listener = listener;
    }

    /** Everything that Flagger has said of a Canary since this began to follow, in the order in which it came. */
    messages(namespace: string, name: string): string[] {
        return this.history.get(`${namespace}/${name}`) ?? [];
    }

    canary(namespace: string, name: string): Canary | undefined {
        return this.canaries.get(namespace, name);
    }

    /** The image that the primary runs: what users get when no rollout is under way. */
    primaryImage(namespace: string, name: string): string | undefined {
        return this.deployments.get(namespace, `${name}-primary`)?.spec?.template.spec?.containers[0]?.image;
    }

    /**
     * Waits until the Canary is in one of the phases.
     *
     * @throws Error with the last status when the time is over.
     */
    async phase(namespace: string, name: string, phases: string[], seconds: number): Promise<string> {
        const status = () => this.canary(namespace, name)?.status;
        const phase = await poll(() => phases.find((wanted) => wanted === status()?.phase), seconds);
        if (phase === undefined) {
            throw new Error(
                `${namespace}/${name} is not ${phases.map(phaseWord).join(" or ")} after ${duration(seconds)}, but ` +
                    `${phaseWord(status()?.phase ?? "")}: ${JSON.stringify(status())}`,
            );
        }
        return phase;
    }

    /** Waits for the end of a rollout that begins with the change just made: its phase, and the weights it passed through. */
    async outcome(namespace: string, name: string, seconds: number): Promise<{ phase: string; weights: number[] }> {
        await this.phase(namespace, name, ["Progressing"], 60);
        const weights: number[] = [];
        const look = () => {
            const status = this.canary(namespace, name)?.status;
            const weight = status?.canaryWeight ?? 0;
            if (weight > 0 && weights.at(-1) !== weight) {
                weights.push(weight);
            }
            return ["Succeeded", "Failed"].find((end) => end === status?.phase);
        };
        const phase = await poll(look, seconds, 100);
        if (phase === undefined) {
            const status = JSON.stringify(this.canary(namespace, name)?.status);
            throw new Error(`the rollout of ${namespace}/${name} has not ended after ${duration(seconds)}: ${status}`);
        }
        return { phase, weights };
    }

    stop(): void {
        for (const watched of [this.canaries, this.deployments, this.events]) {
            watched.stop();
        }
    }
}
