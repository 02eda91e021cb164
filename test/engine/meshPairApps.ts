import type { CanaryAppArgs } from "../../index";
import { Apps, app } from "./delivery";

const load = (namespace: string, name: string) => `hey -z 1m -q 10 -c 2 http://${name}-canary.${namespace}:9898/`;

/** What differs between applications on these meshes. */
const changes: Record<string, (name: string) => Partial<CanaryAppArgs>> = {
    istio: () => ({}),
    "envoy-gateway": () => ({}),
    linkerd: (name) => ({ gateway: undefined, loadTest: { command: load("on-linkerd", name) } }),
    kubernetes: (name) => ({
        gateway: undefined,
        loadTest: { command: load("on-kubernetes", name) },
        workload: {
            ...app(name, "on-kubernetes").workload!,
            podAnnotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9898" },
        },
        analysis: { ...app(name, "on-kubernetes").analysis, steps: undefined, blueGreen: { iterations: 3 } },
    }),
};

/** The users whom an A/B test asks for. */
export const insider = { "x-canary": "insider" };

const abTest = { iterations: 3, match: [{ headers: { "x-canary": { exact: insider["x-canary"] } } }] };

/**
 * The applications on a mesh, in a namespace of its name: one that gets a good release, one that gets a bad one, and where there is a
 * gateway one that gets its good release by an A/B test.
 */
export function appsOn(mesh: string): Apps {
    const namespace = `on-${mesh}`;
    const named = (what: string, more: Partial<CanaryAppArgs> = {}) => {
        const name = `${mesh}-${what}`;
        return [name, app(name, namespace, { mesh, ...changes[mesh]!(name), ...more })] as const;
    };
    const [good, first] = named("good");
    // The first one makes the namespace, and its load tester serves all.
    const beside = { createNamespace: false, loadTester: { enabled: false } };
    const { steps: _, ...analysis } = first.analysis;
    const others = [
        named("bad", beside),
        ...(first.gateway === undefined ? [] : [named("tested", { ...beside, analysis: { ...analysis, abTest } })]),
    ];
    return {
        [good]: { args: first },
        ...Object.fromEntries(others.map(([name, args]) => [name, { args, dependsOn: [good] }])),
    };
}
