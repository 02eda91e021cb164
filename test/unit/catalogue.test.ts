import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { parse } from "yaml";

import { AddonArgs, AddonsArgs, CanaryApp, ProgressiveMeshCluster } from "../../index";
import { Chart, charts } from "../../components/charts";
import { releaseGatewayChart } from "../../lab/gatewayChart";
import { carriedBefore } from "../../lab/toolchain/ensure";
import { connection } from "./devStack";
import { graph, plain } from "./graph";

/** A chart as it lies in a folder: its version, its default values, and the text of its templates. */
interface ChartFiles {
    version: string;
    values: Record<string, unknown>;
    templates: string;
}

const labCharts = path.join(__dirname, "../../lab/charts");
const goModules = process.env.GOMODCACHE ?? path.join(process.env.GOPATH ?? path.join(os.homedir(), "go"), "pkg/mod");

/** Where the real charts of Flagger's release are, if this machine has them: in the lab's cache or among Go's modules. */
const flaggerCharts = [
    carriedBefore("flagger", "charts"),
    path.join(goModules, `github.com/fluxcd/flagger@v${charts.flagger.version}`, "charts"),
].find((folder) => folder !== undefined && fs.existsSync(folder));

/** The real chart of Envoy Gateway, from the same places. */
const gatewayChart = [
    carriedBefore("envoy-gateway", "gateway-helm"),
    path.join(goModules, `github.com/envoyproxy/gateway@${charts.envoyGateway.version}`, "charts/gateway-helm"),
].find((folder) => folder !== undefined && fs.existsSync(folder));

function read(folder: string): ChartFiles {
    const text = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");
    return {
        version: (parse(text("Chart.yaml")) as { version: string }).version,
        values: parse(text("values.yaml")) as Record<string, unknown>,
        templates: fs
            .readdirSync(path.join(folder, "templates"))
            .map((file) => text(path.join("templates", file)))
            .join("\n"),
    };
}

/** Values whose inside Kubernetes, Grafana or Envoy Gateway defines, and the chart hands on as it is. */
const handedOn = new Set([
    "annotations",
    "config",
    "context",
    "dashboardProviders",
    "dashboardsConfigMaps",
    "datasources",
    "env",
    "grafana.ini",
    "meshConfig",
    "nodeSelector",
    "podAnnotations",
    "resources",
    "scrapeConfigs",
    "tolerations",
]);

/** Every key that values set, as Helm's `--set` would name it. */
function keysOf(values: object, before: string[] = []): string[] {
    return Object.entries(values).flatMap(([key, value]) => {
        const at = [...before, key];
        const inner = typeof value === "object" && value !== null && !Array.isArray(value) && !handedOn.has(key);
        return inner ? keysOf(value as object, at) : [at.join(".")];
    });
}

/** Whether a chart has a key: among its default values, or where a template reads it without a default. */
function has({ values, templates }: ChartFiles, key: string): boolean {
    const found = key.split(".").reduce<unknown>((tree, step) => {
        return typeof tree === "object" && tree !== null ? (tree as Record<string, unknown>)[step] : undefined;
    }, values);
    // Grafana's has a dot in a name.
    return (
        found !== undefined ||
        key in values ||
        new RegExp(`\\.Values\\.${key.replaceAll(".", "\\.")}\\b`).test(templates)
    );
}

const pods: AddonArgs = {
    replicas: 2,
    resources: { requests: { cpu: "1" } },
    nodeSelector: { a: "b" },
    tolerations: [{ operator: "Exists" }],
};
const mirror = { imageRegistry: "registry" };
const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/00000000-0000-0000-0000-000000000000";

/** The keys that the library sets in each chart's values when everything is asked for, by the chart's name. */
async function allKeys(): Promise<Record<string, string[]>> {
    const high = { ...pods, priorityClassName: "high" };
    const addons: AddonsArgs = {
        meshController: pods,
        prometheus: pods,
        gateway: pods,
        flagger: {
            ...high,
            leaderElection: true,
            podMonitor: true,
            threadiness: 1,
            kubernetesQps: 1,
            kubernetesBurst: 1,
            alerts: { slack: { url: "https://a", channel: "b", user: "c" } },
        },
        grafana: high,
        metricsServer: high,
    };
    const community: AddonsArgs["prometheus"] = {
        ...high,
        source: "community",
        retention: "6h",
        storage: { size: "1Gi", storageClass: "fast" },
        scrapeInterval: "5s",
    };
    const tracing = { provider: "jaeger", address: "a", port: 1 };
    const platform = await graph(
        () => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh", tracing }, addons, mirror }),
    );
    const other = await graph(
        () =>
            new ProgressiveMeshCluster("dev", {
                mesh: { provider: "appmesh" },
                addons: {
                    prometheus: community,
                    gateway: { internal: true, sourceRanges: ["10.0.0.0/8"], tls: { certificateArn } },
                    grafana: { ingress: { host: "a.example", className: "b", tlsSecretName: "c" } },
                },
                gitOps: { repository: { url: "https://a" }, kustomizations: { a: { path: "./" } } },
                mirror,
            }),
    );
    const istio = await graph(
        () =>
            new ProgressiveMeshCluster("dev", {
                mesh: { provider: "istio", allowEgress: false, tracing: { ...tracing, address: "a.b" } },
                addons: { meshDefinitions: {}, meshController: high, gateway: { ...high, type: "NodePort" } },
                mirror,
            }),
    );
    const ofLinkerd = await graph(
        () =>
            new ProgressiveMeshCluster("dev", {
                mesh: { provider: "linkerd" },
                addons: { meshController: { ...high, resources: undefined } },
                mirror,
            }),
    );
    const gatewayApis = [];
    for (const provider of ["envoy-gateway", "vpc-lattice"]) {
        const vpcLattice = provider === "vpc-lattice" ? { vpcId: "vpc-01234567" } : undefined;
        const args = { mesh: { provider, vpcLattice }, addons: { meshController: high }, mirror };
        gatewayApis.push(await graph(() => new ProgressiveMeshCluster("dev", args)));
    }
    const app = await graph(
        () =>
            new CanaryApp("podinfo", {
                platform: { ...connection, mirror },
                namespace: "apps",
                workload: { image: "a/b:1", port: 1 },
                analysis: { interval: "1m", threshold: 1, steps: { stepWeight: 10, maxWeight: 50 } },
                loadTester: high,
            }),
    );
    const keys = new Map<string, Set<string>>();
    for (const { key, props } of [platform, other, istio, ofLinkerd, ...gatewayApis, app].flatMap(
        ({ nodes }) => nodes,
    )) {
        if (key.startsWith("Release ")) {
            const chart = path.posix.basename(props.chart as string);
            keys.set(chart, new Set([...(keys.get(chart) ?? []), ...keysOf(plain(props.values) as object)]));
        }
    }
    return Object.fromEntries([...keys].map(([chart, set]) => [chart, [...set]]));
}

describe("the catalogue", () => {
    let set: Record<string, string[]>;

    before(async () => {
        set = await allKeys();
    });

    /** Asserts that a chart is the pinned one and knows every key. */
    function holds(chart: Chart, folder: string): void {
        const files = read(path.join(folder, chart.chart));
        assert.equal(files.version, chart.version);
        assert.ok(set[chart.chart]!.length > 0);
        assert.deepEqual(
            set[chart.chart]!.filter((key) => !has(files, key)),
            [],
            `keys that the chart ${chart.chart} ${chart.version} does not have`,
        );
    }

    it("sets values in every one of its charts that it installs", () => {
        assert.deepEqual(
            Object.keys(set).sort(),
            Object.values<Chart>(charts)
                // Read for its definitions alone.
                .filter((c) => c !== charts.gatewayApiDefinitions)
                .map((c) => c.chart)
                .sort(),
        );
    });

    for (const chart of [charts.flagger, charts.loadtester]) {
        it(`sets nothing that the real chart ${chart.chart} does not have`, function () {
            if (flaggerCharts === undefined) {
                // Not on this machine before the lab has built Flagger.
                this.skip();
            }
            holds(chart, flaggerCharts);
        });
    }

    it("sets nothing that the real chart of Envoy Gateway does not have", function () {
        if (gatewayChart === undefined) {
            this.skip();
        }
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gateway-chart-"));
        try {
            releaseGatewayChart(gatewayChart, folder);
            holds(charts.envoyGateway, folder);
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    });

    const standIns = Object.values<Chart>(charts).filter((c) => fs.existsSync(path.join(labCharts, c.chart)));
    for (const chart of standIns) {
        it(`sets nothing that the lab's stand-in for the chart ${chart.chart} does not have`, () => {
            holds(chart, labCharts);
        });
    }

    it("has no chart that nothing is held against", () => {
        assert.deepEqual(
            Object.values<Chart>(charts).filter((c) => !standIns.includes(c)),
            [charts.envoyGateway, charts.gatewayApiDefinitions, charts.flagger, charts.loadtester],
        );
    });
});
