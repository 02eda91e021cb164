import * as pulumi from "@pulumi/pulumi";

import { meshes } from "../../components/mesh/meshes";
import * as library from "../../index";
import { connection, devSettings } from "../unit/devStack";
import { blocksOf, documentedProgram } from "../unit/docs";
import { run } from "../unit/docsCompiler";
import { kubeconfig } from "../unit/graph";
import { stackSettings } from "../unit/stacks/stackFiles";

/** Sound arguments of a component, and where they are from. */
export interface Seed {
    from: string;
    name: string;
    args: object;
}

const pages = ["README", "canary-app", "existing-clusters", "gateway-api", "gitops", "istio", "kubernetes", "linkerd"];

/** What the programs in the pages give the components, by component. */
function documented(): Record<string, Seed[]> {
    const seeds: Record<string, Seed[]> = {};
    let page = "";
    const recorder = (component: string) =>
        class {
            // What the programs read of the components that they make.
            readonly connection = connection;
            readonly ref = { name: "shared", namespace: "monitoring" };
            readonly backendName = "backend";
            constructor(name: string, args: object) {
                (seeds[component] ??= []).push({ from: page, name, args });
            }
        };
    const recorders = Object.fromEntries(
        ["AlertProvider", "CanaryApp", "MeshBackend", "MetricTemplate", "ProgressiveMeshCluster"].map((component) => [
            component,
            recorder(component),
        ]),
    );
    pulumi.runtime.setAllConfig({ "proj:kubeconfig": kubeconfig, "proj:slackUrl": "https://hooks.example/services/x" });
    pulumi.runtime.resetOptions("proj", "dev", -1, "in-process", "mock", true, "");
    for (page of pages) {
        const file = page === "README" ? "README.md" : `docs/${page}.md`;
        const whole = blocksOf(file).filter(({ ofProgram, text }) => !ofProgram && /^import /.test(text));
        for (const text of [...(page === "canary-app" ? [documentedProgram()] : []), ...whole.map((b) => b.text)]) {
            run(text, { ...library, ...recorders });
        }
    }
    pulumi.runtime.setAllConfig({});
    return seeds;
}

const onMesh = (provider: string) => ({ ...connection, mesh: { provider, name: "dev" } });
const { name: _, ...devApp } = devSettings.app;
const steps = { interval: "30s", threshold: 3, steps: { stepWeight: 10, maxWeight: 50 } };
const workload = { image: "example.org/web:1.0", port: 8080 };

/** Sound arguments of every component: of the pages, of the stacks, and one for each mesh. */
export function allSeeds(): Record<string, Seed[]> {
    const seeds = documented();
    const add = (component: string, from: string, name: string, args: object) =>
        (seeds[component] ??= []).push({ from, name, args });
    for (const stack of ["dev", "prod", "local"]) {
        const { platform, app } = stackSettings(stack);
        const { name, ...args } = app;
        const existing = stack === "local" ? { existing: { ...platform.existing, kubeconfig } } : {};
        add("ProgressiveMeshCluster", `the ${stack} stack`, stack, { ...platform, ...existing });
        add("CanaryApp", `the ${stack} stack`, name, { ...args, platform: onMesh(platform.mesh.provider) });
    }
    for (const provider of Object.keys(meshes)) {
        add("ProgressiveMeshCluster", provider, "dev", { mesh: { provider }, existing: { kubeconfig } });
        const strategy =
            provider === "kubernetes" ? { ...steps, steps: undefined, blueGreen: { iterations: 3 } } : steps;
        add("CanaryApp", provider, "web", {
            platform: onMesh(provider),
            namespace: "apps",
            workload,
            analysis: strategy,
        });
    }
    add("CanaryApp", "a target", "web", {
        ...devApp,
        workload: undefined,
        target: { name: "web" },
        platform: connection,
        service: { port: 80 },
    });
    add("MeshBackend", "its test", "mariadb", {
        platform: connection,
        namespace: "apps",
        hostname: "mariadb.data.svc.cluster.local",
        port: 3306,
    });
    add("AlertProvider", "its test", "chat", {
        platform: connection,
        namespace: "monitoring",
        provider: { type: "slack", address: "https://hooks.example/services/x", channel: "releases" },
    });
    add("MetricTemplate", "its test", "errors", {
        platform: connection,
        namespace: "monitoring",
        template: {
            provider: "prometheus",
            address: "http://prometheus:9090",
            query: 'errors{app="{{ target }}"}',
            credentials: { token: "a-token" },
        },
    });
    return seeds;
}
