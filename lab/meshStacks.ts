/** How a mesh is rehearsed: with which of the repository's stacks, and what is set otherwise. */
export interface MeshStack {
    /** `dev` builds an EKS cluster, by stand-ins; `local` takes the cluster that is there. */
    stack: "dev" | "local";
    /** Settings by path, for the mesh and for what it cannot do. */
    settings: Record<string, string>;
    /** Settings that are text although they look like a number or a switch, by path. */
    texts?: Record<string, string>;
    /** Settings that have no place on the mesh. */
    without: string[];
    /** What makes it quick enough to watch. */
    pace: Record<string, string>;
    /** How a good release goes: by these weights, or at once after the analysis. */
    weighted: boolean;
}

const quick = { "app.analysis.interval": "10s", "app.workload.preStopSeconds": "8" };
const quickSteps = { ...quick, "app.analysis.steps.stepWeight": "10" };

/** Every mesh that can be rehearsed on one machine, by the name that a user gives it. */
export const meshStacks: Readonly<Record<string, MeshStack>> = {
    appmesh: { stack: "dev", settings: {}, without: [], pace: quickSteps, weighted: true },
    istio: { stack: "local", settings: {}, without: [], pace: quickSteps, weighted: true },
    "envoy-gateway": {
        stack: "local",
        settings: { "platform.mesh.provider": "envoy-gateway" },
        without: [],
        pace: quickSteps,
        weighted: true,
    },
    linkerd: {
        stack: "local",
        settings: { "platform.mesh.provider": "linkerd" },
        // It has no gateway.
        without: ["app.gateway"],
        pace: quickSteps,
        weighted: true,
    },
    kubernetes: {
        stack: "local",
        settings: {
            "platform.mesh.provider": "kubernetes",
            "app.analysis.blueGreen.iterations": "4",
        },
        // The application counts its requests itself.
        texts: {
            'app.workload.podAnnotations["prometheus.io/scrape"]': "true",
            'app.workload.podAnnotations["prometheus.io/port"]': "9898",
        },
        without: ["app.gateway", "app.analysis.steps"],
        pace: quick,
        weighted: false,
    },
};
