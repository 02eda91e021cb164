import { CoreV1Api, KubeConfig, PatchStrategy, V1Container, V1Pod, setHeaderOptions } from "@kubernetes/client-node";

import { endPatch, readinessPatch } from "./podStatus";
import { Place, isContainerReady } from "./probe";

/** What is known of a container's readiness. */
interface State {
    ready: boolean;
    /** Of a program that has ended and is not started again. */
    exitCode?: number;
    /** Ends the probing of the program that runs. */
    timer?: NodeJS.Timeout;
}

/**
 * Tells Kubernetes whether a pod can take requests: its programs run, and their readiness probes succeed. And how a pod that
 * is to end has ended.
 */
export class Readiness {
    private readonly states = new Map<string, State>();
    private stopped = false;

    /** `pod` gives the pod as it was seen last; `containers` are those that have a program. */
    constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly pod: () => V1Pod | undefined,
        containers: V1Container[],
    ) {
        for (const container of containers) {
            this.states.set(container.name, { ready: false });
        }
    }

    /**
     * A container's program runs now. It is probed for as long as it runs, at the pace of the probe, but every second while it
     * is not ready: nobody wants to wait for the rest of a period.
     */
    started(container: V1Container, place: Place): void {
        const { periodSeconds = 10, failureThreshold = 3 } = container.readinessProbe ?? {};
        const state: State = { ready: false };
        this.states.set(container.name, state);
        let failures = 0;
        const look = async () => {
            const succeeds = await isContainerReady(container, place);
            if (this.stopped || this.states.get(container.name) !== state) {
                return;
            }
            failures = succeeds ? 0 : failures + 1;
            state.ready = succeeds || (state.ready && failures < failureThreshold);
            this.settle();
            state.timer = setTimeout(() => void look(), (state.ready ? Math.max(periodSeconds, 1) : 1) * 1000);
        };
        // A program that has just been started listens a moment later. Without a probe it only has to live, and one that
        // crashes would look alive at first.
        state.timer = setTimeout(() => void look(), container.readinessProbe === undefined ? 1000 : 300);
    }

    /** A container's program has ended; with an exit code where it is not started again. */
    ended(container: V1Container, exitCode?: number): void {
        clearTimeout(this.states.get(container.name)!.timer);
        this.states.set(container.name, { ready: false, exitCode });
        this.settle();
    }

    stop(): void {
        this.stopped = true;
        this.states.forEach(({ timer }) => clearTimeout(timer));
    }

    /** Puts the pod's status right where it says something else. */
    settle(): void {
        const pod = this.pod();
        const ready = new Map([...this.states].map(([name, state]) => [name, state.ready]));
        const exitCodes = new Map([...this.states].map(([name, state]) => [name, state.exitCode]));
        const body = pod && (endPatch(pod, exitCodes, new Date()) ?? readinessPatch(pod, ready, new Date()));
        if (body === undefined || this.stopped) {
            return;
        }
        const { name, namespace } = pod!.metadata!;
        // What fails is tried again: at the next probe, and whenever the pod changes.
        this.kubeconfig
            .makeApiClient(CoreV1Api)
            .patchNamespacedPodStatus(
                { name: name!, namespace: namespace!, body },
                setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
            )
            .catch(() => undefined);
    }
}
