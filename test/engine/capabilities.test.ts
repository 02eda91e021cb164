import assert from "node:assert/strict";
import path from "node:path";

import { CustomObjectsApi, KubernetesObject, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import { CanaryApp, CanaryAppArgs, PlatformConnection } from "../../index";
import { meshes } from "../../components/mesh/meshes";
import { Watched } from "../../lab/kubelet/watch";
import { ensureTools } from "../../lab/toolchain/ensure";
import { graph, plain } from "../unit/graph";
import { connection } from "../unit/devStack";
import { Cell, cells, plainAnalysis } from "./bench/capabilityCells";
import { FlaggerBench, deployment, nextVersion } from "./bench/flaggerBench";
import { theLab } from "./theLab";

const namespace = "cells";
const group = "gateway.networking.k8s.io";

/** The routes that Flagger makes, by what it calls a mesh: the kind that leads to the canary. */
const routeKinds: Record<string, { group: string; version: string; plural: string }> = {
    "appmesh:v1beta2": { group: "appmesh.k8s.aws", version: "v1beta2", plural: "virtualrouters" },
    istio: { group: "networking.istio.io", version: "v1beta1", plural: "virtualservices" },
    "gatewayapi:v1": { group, version: "v1", plural: "httproutes" },
    "gatewayapi:v1beta1": { group, version: "v1beta1", plural: "httproutes" },
};

/** What becomes of a cell on a mesh. */
interface Trial {
    mesh: string;
    cell: Cell;
    name: string;
    /** Why the library refuses it. */
    refused?: string;
    /** What the library warns of. */
    warnings: string[];
    /** The Canary that the library makes. */
    canary?: KubernetesObject;
    /** Whether a route has had what was asked for. */
    shown: boolean;
    phase?: string;
}

const platformOf = (provider: string): PlatformConnection => ({
    ...connection,
    mesh: { provider, ...(provider === "appmesh" && { name: "cells" }) },
    gateway: { address: "gateway.example", objectName: "public", objectNamespace: "gateways" },
});

/** What the library makes of a cell on a mesh, or why it does not. */
async function tryOut(mesh: string, cell: Cell, index: number): Promise<Trial> {
    const name = `${mesh}-${index}`;
    const trial: Trial = { mesh, cell, name, warnings: [], shown: false };
    const metrics = plainAnalysis.metrics;
    const blueGreen = { ...plainAnalysis, steps: undefined, blueGreen: { iterations: 2 } };
    const possible = meshes[mesh]!.capabilities.strategies.includes("steps") ? plainAnalysis : blueGreen;
    const args: CanaryAppArgs = {
        platform: platformOf(mesh),
        namespace,
        createNamespace: false,
        loadTester: { enabled: false },
        workload: { image: "example.com/app:1", port: 80 },
        // What needs no route of Flagger's has none to be exposed by.
        ...(meshes[mesh]!.flaggerProvider.startsWith("gatewayapi:v1") &&
            mesh !== "linkerd" && { gateway: { path: "/" } }),
        ...cell.asks,
        analysis: { ...(cell.asks.analysis ?? possible), metrics },
    };
    try {
        const made = await graph(() => {
            new CanaryApp(name, args);
        });
        trial.warnings = made.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);
        const { props } = made.node(`Canary ${name}`);
        trial.canary = plain(props) as KubernetesObject;
    } catch (error) {
        trial.refused = (error as Error).message;
    }
    return trial;
}

/**
 * The table of capabilities, which decides what is refused, what is warned of and what the documents say, against the real
 * Flagger: on each mesh each cell is refused, or is warned of and not in the route, or is in the route.
 */
describe("capabilities", function () {
    this.timeout(600_000);
    let bench: FlaggerBench;
    const trials: Trial[] = [];
    const watched: { stop(): void }[] = [];

    before(async () => {
        for (const mesh of Object.keys(meshes)) {
            for (const [index, cell] of cells.entries()) {
                trials.push(await tryOut(mesh, cell, index));
            }
        }
        const lab = await theLab();
        const tools = await ensureTools();
        bench = await FlaggerBench.start(lab, [], {
            definitions: [
                tools["istio-definitions"]!,
                path.join(path.dirname(tools["envoy-gateway"]!), "gateway-helm/crds/gatewayapi-crds.yaml"),
            ],
        });
        const { kubeconfig } = lab.controlPlane;
        const api = kubeconfig.makeApiClient(CustomObjectsApi);
        await bench.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
        const made = trials.filter(({ canary }) => canary !== undefined);
        const noted = new Map(made.map((trial) => [trial.name, trial]));
        const kinds = new Set(
            made.map(({ mesh }) => routeKinds[meshes[mesh]!.flaggerProvider]).filter((k) => k !== undefined),
        );
        for (const kind of kinds) {
            watched.push(
                new Watched<KubernetesObject & { spec?: unknown }>(kubeconfig, kind, (_, route) => {
                    const { metadata, spec } = route;
                    const trial = noted.get(metadata?.name?.replace(/-canary$/, "") ?? "");
                    if (trial !== undefined && routeKinds[meshes[trial.mesh]!.flaggerProvider] === kind) {
                        trial.shown ||= trial.cell.shows(spec, trial.name);
                    }
                    if (kind === routeKinds["gatewayapi:v1"]) {
                        // As a gateway would: Flagger goes on once the route is taken.
                        void api
                            .patchNamespacedCustomObjectStatus(
                                {
                                    ...kind,
                                    namespace,
                                    name: metadata!.name!,
                                    body: { status: { parents: [accepted(metadata!.generation!)] } },
                                },
                                setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
                            )
                            .catch(() => undefined);
                    }
                }),
            );
        }
        await Promise.all(
            made.map(async ({ name, canary }) => {
                await bench.create(deployment(namespace, name));
                await bench.create(canary!);
            }),
        );
        await Promise.all(made.map(({ name }) => bench.rollouts.phase(namespace, name, ["Initialized"], 180)));
        await Promise.all(made.map(({ name }) => bench.patch(nextVersion(namespace, name))));
        await Promise.all(
            made.map(async (trial) => {
                const end = await bench.rollouts.outcome(namespace, trial.name, 150).catch(() => undefined);
                trial.phase = end?.phase ?? "never ended";
            }),
        );
    });

    after(async () => {
        watched.forEach((kind) => kind.stop());
        await bench?.stop();
    });

    it("says what each mesh has (+), ignores (-) and cannot (x), in the order of the cells", () => {
        const letters = (mesh: string) =>
            trials
                .filter((trial) => trial.mesh === mesh)
                .map((trial) => (trial.refused !== undefined ? "x" : isWarnedOf(trial) ? "-" : "+"))
                .join("");
        assert.deepEqual(Object.fromEntries(Object.keys(meshes).map((mesh) => [mesh, letters(mesh)])), {
            appmesh: "+++++xxxx+++----------",
            istio: "+++x++++++++++++++++++",
            linkerd: "++xx++xx+--++++++x+--+",
            kubernetes: "xxxxxxxxx-------------",
            "envoy-gateway": "++xx++x+++-+++++++++x+",
            "vpc-lattice": "++xxxxxxx--++x++xxxxx+",
            "gateway-api": "++xx++x+++-+++++++++x+",
        });
    });

    for (const mesh of Object.keys(meshes)) {
        describe(meshes[mesh]!.title, () => {
            for (const cell of cells) {
                it(cell.title, () => {
                    const trial = trials.find((t) => t.mesh === mesh && t.cell === cell)!;
                    if (trial.refused !== undefined) {
                        assert.match(trial.refused, new RegExp(`- ${cell.path.replaceAll(".", "\\.")}`));
                        return;
                    }
                    const said = bench.rollouts.messages(namespace, trial.name).join("\n");
                    assert.equal(trial.phase, "Succeeded", said);
                    const warned = isWarnedOf(trial);
                    // What its controller leaves out is in the route all the same.
                    const leftOut = warned && mesh === "vpc-lattice";
                    assert.equal(
                        trial.shown || leftOut,
                        !warned || leftOut,
                        `${warned ? "warned of, and there" : "not in the route"}\n${said}`,
                    );
                });
            }
        });
    }
});

function isWarnedOf({ cell, warnings }: Trial): boolean {
    return warnings.some((text) => text.startsWith(cell.path));
}

/** What a gateway says of a route that it has taken. */
function accepted(observedGeneration: number): object {
    const condition = (type: string) => ({
        type,
        status: "True",
        reason: type,
        message: "",
        observedGeneration,
        lastTransitionTime: "2026-01-01T00:00:00Z",
    });
    return {
        parentRef: { group, kind: "Gateway", name: "public", namespace: "gateways" },
        controllerName: "example.com/bench",
        conditions: [condition("Accepted"), condition("ResolvedRefs")],
    };
}
