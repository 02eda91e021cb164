import fs from "node:fs";
import http from "node:http";
import path from "node:path";

import { KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";

import { Lab } from "../../../lab/lab";
import { root } from "../../../lab/paths";
import { Daemon } from "../../../lab/processes";
import { Canary, Rollouts } from "../../../lab/rollout";
import { ensureTools } from "../../../lab/toolchain/ensure";
import { applyYaml } from "../objects";
import { Metered, serveMetered } from "./meteredPods";

const meteredPort = 9200;
const prometheusPort = 9201;
/** Where alerts of the bench go; each path is kept apart, and one that begins with /refuse is answered with 403. */
const alertPort = 9202;
const flaggerPort = 9203;
const loadTesterPort = 9204;
const secondFlaggerPort = 9205;

/**
 * The real Flagger, the real API server and the real Prometheus, with nothing of this library between them: what Flagger does
 * with a Canary is seen here. Pods are KWOK's, which are ready at once; App Mesh's definitions are there, its controller is
 * not, since Flagger alone decides.
 */
export class FlaggerBench {
    private constructor(
        readonly lab: Lab,
        readonly rollouts: Rollouts,
        private readonly api: KubernetesObjectApi,
        private readonly daemons: Daemon[],
        private readonly servers: http.Server[],
        readonly alerts: Map<string, string[]>,
    ) {}

    /**
     * `definitions` are files with more CustomResourceDefinitions; `namespace` is the only one that Flagger watches, which are all where it
     * is left out.
     */
    static async start(
        lab: Lab,
        metered: Metered[],
        { definitions = [], namespace }: { definitions?: string[]; namespace?: string } = {},
    ): Promise<FlaggerBench> {
        const tools = await ensureTools();
        const { kubeconfig } = lab.controlPlane;
        const api = KubernetesObjectApi.makeApiClient(kubeconfig);
        const folders = [
            path.join(path.dirname(tools["flagger"]!), "charts/flagger/crds"),
            path.join(root, "lab/charts/appmesh-controller/crds"),
            path.join(__dirname, "../crds"),
        ];
        const files = [
            ...folders.flatMap((folder) => fs.readdirSync(folder).map((file) => path.join(folder, file))),
            ...definitions,
        ];
        await Promise.all(files.map((file) => applyYaml(lab, file)));

        const alerts = new Map<string, string[]>();
        const receiver = http.createServer((request, response) => {
            let body = "";
            request.on("data", (data: Buffer) => (body += data.toString()));
            request.on("end", () => {
                alerts.set(request.url!, [...(alerts.get(request.url!) ?? []), body]);
                response.writeHead(request.url!.startsWith("/refuse") ? 403 : 200).end("ok");
            });
        });
        const servers = [serveMetered(metered, meteredPort), receiver.listen(alertPort, "127.0.0.1")];
        const config = path.join(lab.folder, "bench-prometheus.yml");
        fs.writeFileSync(
            config,
            JSON.stringify({
                global: { scrape_interval: "2s" },
                scrape_configs: [
                    {
                        job_name: "metered",
                        honor_labels: true,
                        static_configs: [{ targets: [`127.0.0.1:${meteredPort}`] }],
                    },
                    { job_name: "flagger", static_configs: [{ targets: [`127.0.0.1:${flaggerPort}`] }] },
                ],
            }),
        );
        const prometheus = Daemon.start(
            "bench-prometheus",
            [
                tools["prometheus"]!,
                `--config.file=${config}`,
                `--storage.tsdb.path=${path.join(lab.folder, "bench-prometheus")}`,
                `--web.listen-address=127.0.0.1:${prometheusPort}`,
            ],
            lab.logs,
        );
        const flagger = startFlagger(lab, tools["flagger"]!, { port: flaggerPort, namespace });
        const loadTester = Daemon.start(
            "bench-loadtester",
            [tools["loadtester"]!, `-port=${loadTesterPort}`],
            lab.logs,
        );
        await prometheus.until(async () => (await fetch(`${FlaggerBench.metricsServer}/-/ready`)).ok, 30);
        await isHealthy(flagger, flaggerPort);
        const daemons = [flagger, loadTester, prometheus];
        return new FlaggerBench(lab, new Rollouts(kubeconfig), api, daemons, servers, alerts);
    }

    static readonly metricsServer = `http://127.0.0.1:${prometheusPort}`;
    static readonly loadTester = `http://127.0.0.1:${loadTesterPort}`;
    static readonly alertAddress = `http://127.0.0.1:${alertPort}`;

    /** A second Flagger, for this namespace alone; whoever starts it stops it. */
    async secondFlagger(namespace: string): Promise<Daemon> {
        const tools = await ensureTools();
        const flagger = startFlagger(this.lab, tools["flagger"]!, { port: secondFlaggerPort, namespace });
        this.daemons.unshift(flagger);
        await isHealthy(flagger, secondFlaggerPort);
        return flagger;
    }

    create(object: KubernetesObject): Promise<KubernetesObject> {
        return this.api.create(object);
    }

    /** Whether the API server would take the object; what it says if not. */
    async admits(object: KubernetesObject): Promise<string | undefined> {
        try {
            await this.api.create(object, undefined, "All");
            return undefined;
        } catch (error) {
            return (error as { body?: string }).body ?? (error as Error).message;
        }
    }

    async remove(apiVersion: string, kind: string, namespace: string, name: string): Promise<void> {
        await this.api.delete({ apiVersion, kind, metadata: { name, namespace } });
    }

    /** Changes an object by a merge patch. */
    async patch(object: KubernetesObject): Promise<void> {
        await this.api.patch(object, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
    }

    canary(namespace: string, name: string): Canary["status"] {
        return this.rollouts.canary(namespace, name)?.status;
    }

    async stop(): Promise<void> {
        this.rollouts.stop();
        this.servers.forEach((server) => server.close());
        for (const daemon of this.daemons) {
            await daemon.stop("SIGKILL");
        }
    }
}

function startFlagger(
    { controlPlane, logs }: Lab,
    flagger: string,
    { port, namespace }: { port: number; namespace?: string },
): Daemon {
    const flags = [
        `-kubeconfig=${controlPlane.kubeconfigFile}`,
        "-mesh-provider=appmesh:v1beta2",
        `-metrics-server=${FlaggerBench.metricsServer}`,
        `-port=${port}`,
        "-threadiness=8",
        "-kubeconfig-qps=500",
        "-kubeconfig-burst=1000",
        ...(namespace === undefined ? [] : [`-namespace=${namespace}`]),
    ];
    return Daemon.start(`bench-flagger-${port}`, [flagger, ...flags], logs);
}

function isHealthy(flagger: Daemon, port: number): Promise<void> {
    return flagger.until(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, 30);
}

/** A Deployment to be released, with pods that KWOK calls ready. */
export function deployment(namespace: string, name: string): KubernetesObject {
    const labels = { app: name };
    return {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: {
            selector: { matchLabels: labels },
            template: {
                metadata: { labels },
                spec: { containers: [{ name, image: "example.com/app:1" }] },
            },
        },
    } as KubernetesObject;
}

/** The same with its next version, as a merge patch. */
export function nextVersion(namespace: string, name: string, tag = "2"): KubernetesObject {
    return {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name, namespace },
        spec: { template: { spec: { containers: [{ name, image: `example.com/app:${tag}` }] } } },
    } as KubernetesObject;
}

/** A Canary with this spec, for the Deployment of its name. */
export function canary(namespace: string, name: string, analysis: object, more: object = {}): KubernetesObject {
    return {
        apiVersion: "flagger.app/v1beta1",
        kind: "Canary",
        metadata: { name, namespace },
        spec: {
            provider: "appmesh:v1beta2",
            targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
            service: { port: 80, targetPort: 80 },
            analysis: { interval: "10s", threshold: 3, metrics: [], ...analysis },
            ...more,
        },
    } as KubernetesObject;
}
