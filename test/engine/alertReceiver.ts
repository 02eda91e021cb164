import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";

const [namespace, name, port] = ["ops", "alerts", 8080];

/** Something that takes what Flagger sends to a chat or a webhook, inside the lab's cluster. */
export class AlertReceiver {
    private constructor(
        private readonly lab: Lab,
        private readonly clusterIp: string,
    ) {}

    static async start(lab: Lab): Promise<AlertReceiver> {
        const core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        const labels = { app: name };
        await core.createNamespace({ body: { metadata: { name: namespace } } });
        await lab.controlPlane.kubeconfig.makeApiClient(AppsV1Api).createNamespacedDeployment({
            namespace,
            body: {
                metadata: { name },
                spec: {
                    selector: { matchLabels: labels },
                    template: {
                        metadata: { labels },
                        spec: {
                            containers: [
                                {
                                    name,
                                    image: "progressive-mesh.lab/alert-receiver:1",
                                    ports: [{ containerPort: port }],
                                    readinessProbe: { tcpSocket: { port } },
                                },
                            ],
                        },
                    },
                },
            },
        });
        const service = await core.createNamespacedService({
            namespace,
            body: { metadata: { name }, spec: { selector: labels, ports: [{ port }] } },
        });
        const receiver = new AlertReceiver(lab, service.spec!.clusterIP!);
        if ((await poll(() => receiver.received("/").catch(() => undefined), 60)) === undefined) {
            throw new Error("the alert receiver does not answer");
        }
        return receiver;
    }

    /** The address of a path, as Flagger reaches it. */
    address(path: string): string {
        return `http://${name}.${namespace}:${port}${path}`;
    }

    /** What has arrived at a path, as text, the first first. */
    async received(path: string): Promise<string[]> {
        const response = await fetch(`http://${this.clusterIp}:${port}/received`, {
            signal: AbortSignal.timeout(5_000),
        });
        const all = (await response.json()) as { path: string; body: unknown }[];
        return all.filter((alert) => alert.path === path).map(({ body }) => JSON.stringify(body));
    }

    async stop(): Promise<void> {
        const core = this.lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        await core.deleteNamespace({ name: namespace });
        const gone = () =>
            core.readNamespace({ name: namespace }).then(
                () => undefined,
                () => true,
            );
        await poll(gone, 60);
    }
}
