import { meshes } from "../../components/mesh/meshes";
import type { CanaryAppArgs } from "../../index";
import { stackSettings } from "../unit/stacks/stackFiles";
import { Program } from "./program";

const issuer = "oidc.eks.us-west-2.amazonaws.com/id/0123";

/** An identity, for what acts in AWS from a cluster that is there. */
const identity = {
    providerArn: `arn:aws:iam::123456789012:oidc-provider/${issuer}`,
    issuer,
    partition: "aws",
    region: "us-west-2",
    accountId: "123456789012",
};

/** Meshes that bring no way in. */
const withoutGateway = ["kubernetes", "linkerd"];

/** An application with everything that makes an object of its own. */
function everyOption(provider: string): Omit<CanaryAppArgs, "platform"> {
    const mesh = meshes[provider]!;
    const weighted = mesh.capabilities.strategies.includes("steps");
    return {
        namespace: "apps",
        workload: {
            image: "ghcr.io/stefanprodan/podinfo:6.0.0",
            port: 9898,
            readinessPath: "/readyz",
            config: { COLOR: "blue" },
            secrets: { TOKEN: "not-a-secret" },
            autoscaling: { minReplicas: 2, maxReplicas: 4, cpuUtilization: 99 },
        },
        analysis: {
            interval: "10s",
            threshold: 5,
            ...(weighted ? { steps: { stepWeight: 10, maxWeight: 50 } } : { blueGreen: { iterations: 3 } }),
            metrics: [
                {
                    name: "queue",
                    max: 10,
                    template: {
                        provider: "prometheus",
                        address: "http://prometheus.metrics:9090",
                        query: "1",
                        credentials: { token: "not-a-secret" },
                    },
                },
            ],
            alerts: [
                { name: "team", provider: { type: "slack", address: "https://hooks.example/a", channel: "team" } },
            ],
        },
        gates: { promotion: {} },
        acceptanceTest: { command: "true" },
        loadTest: { command: "hey -z 1m -q 10 -c 2 http://podinfo-canary.apps:9898/" },
        webhooks: [{ name: "record", type: "event", url: "http://recorder.apps/" }],
        ...(!withoutGateway.includes(provider) && { gateway: { path: "/" } }),
    };
}

/** A program with every component, on a cluster that is there. */
function everything(provider: string): Program {
    const address = "https://hooks.example/b";
    return {
        name: "all",
        platform: {
            mesh: { provider, ...(provider === "gateway-api" && { gatewayApi: { gatewayClass: "of-the-cluster" } }) },
            existing: { clusterName: "kept", identity },
        },
        apps: { podinfo: everyOption(provider) },
        ...(meshes[provider]!.backend !== undefined && {
            backends: { mariadb: { namespace: "apps", hostname: "mariadb.data.svc.cluster.local", port: 3306 } },
        }),
        alertProviders: { chat: { namespace: "apps", provider: { type: "slack", address, channel: "releases" } } },
        metricTemplates: {
            errors: {
                namespace: "apps",
                template: { provider: "prometheus", address: "http://prometheus.metrics:9090", query: "1" },
            },
        },
    };
}

function ofStack(stack: string): Program {
    const { platform, app } = stackSettings(stack);
    const { name, ...args } = app;
    return { name: stack, platform, apps: { [name]: args } };
}

/** What a release is recorded by: the repository's stacks, and every component on each mesh. */
export function recordedPrograms(): Record<string, Program> {
    return Object.fromEntries([
        ...["dev", "local", "prod"].map((stack) => [stack, ofStack(stack)]),
        ...Object.keys(meshes).map((provider) => [`all-on-${provider}`, everything(provider)]),
    ]) as Record<string, Program>;
}
