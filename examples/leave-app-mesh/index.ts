import * as pulumi from "@pulumi/pulumi";
import { CanaryApp, CanaryAppArgs, Mirror, ProgressiveMeshCluster, ServiceArgs } from "pulumi-progressive-mesh";

const config = new pulumi.Config();
const stage = config.require("stage", { allowedValues: ["appmesh", "both", "istio"] });
const moved = config.requireObject<string[]>("moved");

const platform = new ProgressiveMeshCluster("prod", {
    mesh: { provider: stage === "istio" ? "istio" : "appmesh" },
    secondMesh: stage === "both" ? { provider: "istio" } : undefined,
    existing: { eksClusterName: config.require("cluster") },
    mirror: config.getObject<Mirror>("mirror"),
});

/** What an application's routes are on either mesh. */
function serviceOf(name: string, onIstio: boolean): ServiceArgs {
    const retries = { attempts: 3, perTryTimeout: "5s" };
    return onIstio
        ? {
              retries: { ...retries, retryOn: ["gateway-error", "connect-failure", "refused-stream"] },
              // App Mesh's gateway cuts the path off and looks at no names. Istio's does neither.
              rewrite: { uri: "/" },
              hosts: [`${name}.example.com`],
          }
        : { retries: { ...retries, retryOn: ["gateway-error", "client-error", "stream-error"] } };
}

function app(name: string): CanaryApp {
    const onIstio = stage === "istio" || moved.includes(name);
    const args: CanaryAppArgs = {
        platform: platform.connection,
        // The line that moves it. Where there is only one mesh nothing needs to be said.
        mesh: stage === "both" && onIstio ? "istio" : undefined,
        namespace: name,
        workload: {
            image: `ghcr.io/stefanprodan/podinfo:${config.require("tag")}`,
            port: 9898,
            readinessPath: "/readyz",
        },
        service: serviceOf(name, onIstio),
        analysis: { interval: "30s", threshold: 3, steps: { stepWeight: 10, maxWeight: 50 } },
        loadTest: { command: `hey -z 1m -q 10 -c 2 http://${name}-canary.${name}:9898/` },
        gateway: { path: `/${name}/` },
        waitForPromotion: {},
    };
    return new CanaryApp(name, args);
}

const apps = ["shop", "search"].map(app);

export const urls = apps.map(({ url }) => url);
export const plans = apps.map(({ plan }) => plan.summary);
