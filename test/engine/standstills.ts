import { CoreV1Api, KubernetesObject, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import { awaitPromotion } from "../../components/delivery/promotion/promotion";
import { poll } from "../../lab/poll";
import { transcribe } from "./operating";
import { FlaggerBench, canary, deployment, nextVersion } from "./bench/flaggerBench";

const quick = { stepWeight: 50, maxWeight: 50 };
const slow = { stepWeight: 2, maxWeight: 90 };

/** Rollouts that the real Flagger begins, or should begin, and does not end. */
export class Standstills {
    constructor(
        private readonly bench: FlaggerBench,
        private readonly namespace: string,
    ) {}

    /** One of four pods is lost in the midst, and no node has room for another: the Deployment is available, and Flagger waits for all. */
    async unready(name: string): Promise<void> {
        const { namespace } = this;
        await this.bench.create(withSpec(deployment(namespace, name), { replicas: 4 }));
        await this.bench.create(canary(namespace, name, slow, { progressDeadlineSeconds: 10 }));
        await this.underWayWhereRoomWas(name);
        const core = this.core();
        const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${name}` });
        await core.deleteNamespacedPod({ name: items[0]!.metadata!.name!, namespace, gracePeriodSeconds: 0 });
    }

    /** No node has room for the primary's new pods. */
    async unpromotable(name: string): Promise<void> {
        const { namespace } = this;
        await this.bench.create(withSpec(deployment(namespace, name), { progressDeadlineSeconds: 10 }));
        await this.bench.create(canary(namespace, name, quick, { progressDeadlineSeconds: 10 }));
        await this.underWayWhereRoomWas(name);
    }

    /** Flagger goes while one rollout is under way, and then a version of another comes. */
    async unwatched(silent: string, unstarted: string): Promise<void> {
        const { namespace } = this;
        const flagger = await this.bench.secondFlagger(namespace);
        for (const name of [silent, unstarted]) {
            await this.bench.create(deployment(namespace, name));
            await this.bench.create(canary(namespace, name, slow));
        }
        await this.phase(unstarted, ({ phase }) => phase === "Initialized");
        await this.underWay(silent);
        await flagger.stop("SIGKILL");
        await this.bench.patch(nextVersion(namespace, unstarted));
    }

    /** Waits for its promotion as an update does, for a little; answers with what that said, and at last why it failed. */
    async wait(name: string): Promise<string[]> {
        const said: string[] = [];
        const { namespace } = this;
        const args = {
            subject: `CanaryApp "${name}"`,
            namespace,
            canaryName: name,
            target: { kind: "Deployment", name },
            kubeconfig: this.bench.lab.controlPlane.kubeconfig.exportConfig(),
            intervalSeconds: 10,
            timeoutSeconds: 190,
        };
        await awaitPromotion(args, (line) => said.push(line)).catch((error: Error) => said.push(error.message));
        transcribe(`wait for ${namespace}/${name}\n${said.join("\n")}\n\n`);
        return said;
    }

    /** Releases a version as soon as that can be, and waits until it has some of the traffic. */
    private async underWay(name: string, podSpec: object = {}): Promise<void> {
        await this.phase(name, ({ phase }) => phase === "Initialized");
        const next = nextVersion(this.namespace, name) as unknown as { spec: { template: { spec: object } } };
        Object.assign(next.spec.template.spec, podSpec);
        await this.bench.patch(next as unknown as KubernetesObject);
        await this.phase(name, ({ canaryWeight = 0 }) => canaryWeight > 0);
    }

    /** The canary's pods find a node, and no pod after them does. */
    private async underWayWhereRoomWas(name: string): Promise<void> {
        const room = `example.com/${name}`;
        await this.label(room, "true");
        await this.underWay(name, { nodeSelector: { [room]: "true" } });
        await this.label(room, null);
    }

    private async phase(
        name: string,
        wanted: (status: NonNullable<ReturnType<FlaggerBench["canary"]>>) => boolean,
    ): Promise<void> {
        const status = () => this.bench.canary(this.namespace, name);
        const found = await poll(() => wanted(status() ?? {}) || undefined, 120);
        if (found === undefined) {
            throw new Error(`${name} is ${JSON.stringify(status())}`);
        }
    }

    private core(): CoreV1Api {
        return this.bench.lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
    }

    private async label(name: string, value: string | null): Promise<void> {
        await this.core().patchNode(
            { name: "lab-node-0", body: { metadata: { labels: { [name]: value } } } },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
    }
}

function withSpec(object: KubernetesObject, more: object): KubernetesObject {
    const { spec } = object as unknown as { spec: object };
    return { ...object, spec: { ...spec, ...more } } as KubernetesObject;
}
