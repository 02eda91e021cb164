import assert from "node:assert/strict";

import { AlertProvider, CanaryApp, MeshBackend, MetricTemplate, ProgressiveMeshCluster } from "../../index";
import { givenAsSecrets, secretInputs } from "../secretInputs";
import { connection } from "./devStack";

const marker = "planted0123456789";
/** A namespace that is refused, so that every one of the arguments below fails before anything is registered. */
const namespace = "No Name";

type Args = Record<string, unknown>;

/** Each component with arguments of which only one is wrong, and nothing to do with secrets. */
const components: Record<string, { args: () => Args; make: (args: Args) => unknown }> = {
    ProgressiveMeshCluster: {
        args: () => ({
            mesh: { provider: "linkerd" },
            secondMesh: { provider: "linkerd" },
            existing: { kubeconfig: "clusters: []" },
            addons: { flagger: { namespace } },
            metricsServer: "http://prometheus.monitoring:9090",
            gitOps: {
                repository: { url: "https://git.example/apps" },
                kustomizations: { shared: { path: "./shared" } },
            },
        }),
        make: (args) => new ProgressiveMeshCluster("dev", args as never),
    },
    CanaryApp: {
        args: () => ({
            platform: connection,
            namespace,
            workload: { image: "podinfo:1", port: 9898 },
            analysis: {
                interval: "10s",
                threshold: 2,
                steps: { stepWeights: [50] },
                metrics: [
                    { name: "errors", max: 1, template: { provider: "influxdb", address: "http://i", query: "q" } },
                ],
                alerts: [{ name: "chat", severity: "info", provider: { type: "slack" } }],
            },
            webhooks: [{ name: "smoke", url: "http://tests.ops" }],
        }),
        make: (args) => new CanaryApp("podinfo", args as never),
    },
    AlertProvider: {
        args: () => ({
            platform: connection,
            namespace,
            provider: { type: "slack", address: "https://hooks.example" },
        }),
        make: (args) => new AlertProvider("chat", args as never),
    },
    MetricTemplate: {
        args: () => ({
            platform: connection,
            namespace,
            template: { provider: "influxdb", address: "http://i", query: "q" },
        }),
        make: (args) => new MetricTemplate("errors", args as never),
    },
    MeshBackend: {
        args: () => ({ platform: connection, namespace, hostname: "db.data", port: 5432 }),
        make: (args) => new MeshBackend("db", args as never),
    },
};

/** What people write by mistake in place of a secret, or of what should hold it. */
const mistakes: Record<string, unknown> = {
    "a text": marker,
    "a text that begins well": `https://hooks.example/${marker} and more`,
    "a list": [marker],
    "an object": { [`key`]: marker, url: { text: marker } },
    "a list of objects": [{ url: { text: marker } }],
};

/** Puts a value where a path of the schema leads. */
function put(args: Args, keys: string[], value: unknown): void {
    const [first, ...rest] = keys as [string, ...string[]];
    if (rest.length === 0) {
        args[first] = value;
        return;
    }
    const there = args[first];
    const inner = Array.isArray(there) ? [...(there as unknown[])] : { ...(there as Args | undefined) };
    args[first] = inner;
    put(inner as Args, rest, value);
}

describe("errors in the arguments", () => {
    for (const path of [...Object.keys(secretInputs), ...Object.keys(givenAsSecrets)]) {
        it(`never tell what is given as ${path}, or in place of what holds it`, () => {
            const [component, ...keys] = path.replaceAll("[]", ".0").replaceAll("*", "PASSWORD").split(".");
            const { args, make } = components[component!]!;
            for (let depth = 1; depth <= keys.length; depth++) {
                for (const [title, mistake] of Object.entries(mistakes)) {
                    const wrong = args();
                    put(wrong, keys.slice(0, depth), mistake);
                    assert.throws(
                        () => make(wrong),
                        (error: Error) => {
                            const told = `${error.message} ${JSON.stringify(error)} ${error.stack}`;
                            assert.ok(!told.includes(marker), `${keys.slice(0, depth).join(".")}, ${title}: ${told}`);
                            assert.ok(error.message.includes("in the arguments"), told);
                            return true;
                        },
                    );
                }
            }
        });
    }
});
