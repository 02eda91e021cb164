import assert from "node:assert/strict";
import http from "node:http";
import { AddressInfo } from "node:net";
import path from "node:path";

import {
    ApiextensionsV1Api,
    AppsV1Api,
    CoordinationV1Api,
    CustomObjectsApi,
    KubernetesObjectApi,
    PolicyV1Api,
} from "@kubernetes/client-node";

import type { ProgressiveMeshClusterArgs } from "../../index";
import { Lab } from "../../lab/lab";
import { network } from "../../lab/network";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { AlertReceiver } from "./alertReceiver";
import { Program, app, give, givenPlatform, podinfo } from "./delivery";
import { theLab } from "./theLab";

const off = { enabled: false };
const registry = "registry.example.com/mirror";
const mesh = { provider: "appmesh" };
const few = { grafana: off, metricsServer: off };
const roles = {
    "appmesh-system/appmesh-controller": "arn:aws:iam::123456789012:role/controller",
    "appmesh-gateway/appmesh-gateway": "arn:aws:iam::123456789012:role/gateway",
};

/** A definition as an older chart could have left it: the right name, and nothing of what Flagger writes today. */
const oldDefinition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "alertproviders.flagger.app", annotations: { "helm.sh/resource-policy": "keep" } },
    spec: {
        group: "flagger.app",
        names: {
            kind: "AlertProvider",
            listKind: "AlertProviderList",
            plural: "alertproviders",
            singular: "alertprovider",
        },
        scope: "Namespaced",
        versions: [
            {
                name: "v1beta1",
                served: true,
                storage: true,
                schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            },
        ],
    },
};

/** Platforms on clusters of all kinds, with add-ons as somebody would size, place and replace them. */
describe("platforms", function () {
    this.timeout(600_000);
    let lab: Lab;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
    });

    async function settled(project: Project): Promise<void> {
        succeeded(await project.preview("--expect-no-changes"));
        succeeded(await project.refresh("--expect-no-changes"));
    }

    /** What the API server knows of the fields of an AlertProvider. */
    async function definedFields(): Promise<object | undefined> {
        const { name } = oldDefinition.metadata;
        const api = lab.controlPlane.kubeconfig.makeApiClient(ApiextensionsV1Api);
        const { spec } = await api.readCustomResourceDefinition({ name });
        return spec.versions[0]!.schema!.openAPIV3Schema!.properties;
    }

    describe("on a cluster by its kubeconfig", () => {
        let stack: Project;
        let alerts: AlertReceiver;
        const args: ProgressiveMeshClusterArgs = {
            mesh,
            iam: { roles },
            addons: {
                meshController: { values: { region: "us-west-2", accountId: "123456789012" } },
                prometheus: { source: "community", retention: "2h", scrapeInterval: "5s" },
                gateway: { type: "ClusterIP" },
                grafana: off,
                flagger: {
                    replicas: 2,
                    disruptionBudget: { maxUnavailable: "1" },
                    nodeSelector: { "kubernetes.io/os": "linux" },
                    resources: { requests: { cpu: "50m" } },
                    alerts: { slack: { url: "http://alerts.ops:8080/slack", channel: "releases", user: "flagger" } },
                },
            },
        };

        it("asks nothing of AWS, installs no second metrics server, and expects no changes", async () => {
            await KubernetesObjectApi.makeApiClient(lab.controlPlane.kubeconfig).create(oldDefinition);
            assert.equal(await definedFields(), undefined);
            alerts = await AlertReceiver.start(lab);
            stack = await givenPlatform(lab, "by-kubeconfig", args, {
                kubeconfig: lab.controlPlane.kubeconfig.exportConfig(),
            });
            await stack.configure({ imageRegistry: registry });
            succeeded(await stack.up());
            assert.deepEqual(lab.pulumi.awsResources(), []);
            const apps = lab.controlPlane.kubeconfig.makeApiClient(AppsV1Api);
            assert.deepEqual((await apps.listNamespacedDeployment({ namespace: "kube-system" })).items, []);
            await settled(stack);
        });

        it("has taken over the definitions that were there, and brought them up to the chart's version", async () => {
            assert.ok(await definedFields(), "still the old one");
        });

        it("takes every image from the mirror, as it takes every chart", () => {
            const pods = lab.pods.all().filter(({ metadata }) => metadata!.namespace !== "ops");
            const images = pods.flatMap(({ spec }) => spec!.containers.map(({ image }) => image!));
            assert.ok(images.length >= 5, images.join(", "));
            assert.deepEqual(
                images.filter((image) => !image.startsWith(`${registry}/`)),
                [],
            );
        });

        it("runs as many Flaggers as asked for, of which one leads, and lets one of them go", async () => {
            const { kubeconfig } = lab.controlPlane;
            const namespace = "flagger-system";
            const budget = await kubeconfig
                .makeApiClient(PolicyV1Api)
                .readNamespacedPodDisruptionBudget({ namespace, name: "flagger-disruption-budget" });
            assert.equal(budget.spec!.maxUnavailable, 1);
            const allowed = async () => {
                const { status } = await kubeconfig
                    .makeApiClient(PolicyV1Api)
                    .readNamespacedPodDisruptionBudgetStatus({ namespace, name: "flagger-disruption-budget" });
                return (status!.currentHealthy === 2 && status!.disruptionsAllowed === 1) || undefined;
            };
            assert.ok(await poll(allowed, 30), "the budget does not find its two pods");
            const { items } = await kubeconfig.makeApiClient(CoordinationV1Api).listNamespacedLease({ namespace });
            assert.equal(items.length, 1);
            assert.ok(items[0]!.spec!.holderIdentity);
            const { spec } = await kubeconfig
                .makeApiClient(AppsV1Api)
                .readNamespacedDeployment({ namespace, name: "flagger" });
            assert.deepEqual(spec!.template.spec!.nodeSelector, { "kubernetes.io/os": "linux" });
            assert.equal(spec!.template.spec!.containers[0]!.resources!.requests!.cpu, "50m");
        });

        it("promotes and rolls back by what the community's Prometheus has read", async () => {
            const { connection } = await stack.outputs();
            const project = await lab.pulumi.project("shop", path.join(__dirname, "programs", "apps"), "test", {});
            await project.must(["config", "set", "--secret", "connection", JSON.stringify(connection)]);
            const load = { command: "hey -z 2m -q 10 -c 1 http://shop-canary.shop:9898/" };
            const args = app("shop", "shop", { waitForPromotion: { timeout: "6m" }, loadTest: load });
            const shop = new Program(project, { shop: { args } });
            const rollouts = new Rollouts(lab.controlPlane.kubeconfig);
            succeeded(await shop.up());
            shop.image("shop", "6.0.1");
            succeeded(await shop.up());
            assert.equal(rollouts.primaryImage("shop", "shop"), podinfo("6.0.1"));
            shop.image("shop", "6.0.2-errors50");
            const rolledBack = await shop.up();
            assert.equal(rolledBack.code, 1);
            assert.match(rolledBack.output, /Flagger: .*Halt shop\.shop advancement success rate \d+\.\d+% < 99%/);
            rollouts.stop();

            const told = await alerts.received("/slack");
            assert.ok(told.some((body) => body.includes("promotion finished") && body.includes("releases")));
            assert.ok(told.some((body) => body.includes("Failed checks threshold reached")));
            const { output } = await stack.must(["stack", "export"]);
            assert.ok(!output.includes("alerts.ops"), "the address is no secret in the state");
            succeeded(await project.destroy());
            await alerts.stop();
        });

        it("goes; its definitions stay, and only go when that is asked for", async () => {
            succeeded(await stack.destroy());
            await nothingLeft(lab);
            assert.ok(await definedFields());
            const { addons } = args;
            const deletable: ProgressiveMeshClusterArgs = {
                ...args,
                addons: { ...addons, flagger: { ...addons!.flagger, deleteDefinitions: true } },
            };
            await give(stack, deletable);
            succeeded(await stack.up());
            succeeded(await stack.destroy());
            await nothingLeft(lab);
            await assert.rejects(definedFields(), /404|not found/i);
        });
    });

    // After the other: mocha runs a suite's own tests before those of suites inside.
    describe("on other clusters", () => {
        it("of EKS by its name, with metrics that want a password: AWS is asked where it is, and given its roles", async () => {
            const asked: string[] = [];
            const metrics = http.createServer((request, response) => {
                asked.push(`${request.headers.authorization} ${request.url!.split("?")[0]}`);
                response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
            });
            await new Promise<void>((resolve) => metrics.listen(0, network.node, resolve));
            const stack = await givenPlatform(lab, "by-name", {
                mesh,
                existing: { eksClusterName: "lab" },
                addons: { ...few, prometheus: off },
                metricsServer: `http://${network.node}:${(metrics.address() as AddressInfo).port}`,
                metricsServerAuth: { token: "of-the-metrics" },
            });
            succeeded(await stack.up());
            const question = "Bearer of-the-metrics /api/v1/query";
            assert.ok(
                await poll(() => asked.includes(question) || undefined, 90),
                `Flagger has not asked: ${asked.join()}`,
            );
            metrics.close();
            assert.ok(!(await stack.must(["stack", "export"])).output.includes("of-the-metrics"));
            assert.deepEqual(
                lab.pulumi.awsResources().filter((resource) => /cluster|nodeGroup/i.test(resource)),
                [],
            );
            assert.ok(lab.pulumi.awsResources().includes("aws:iam/role:Role given-appmesh-controller"));
            await settled(stack);
            succeeded(await stack.destroy());
            await nothingLeft(lab);
        });

        it("built with a network, several groups of nodes and others who are let in", async () => {
            const stack = await givenPlatform(lab, "built", {
                // Rows E1 and E8: pods may call what is outside the mesh, and X-Ray gets the proxies' traces.
                mesh: { ...mesh, name: "global", allowEgress: true, tracing: { provider: "x-ray", samplingRate: 0.5 } },
                eks: {
                    network: { natGateways: "per-zone" },
                    nodeGroups: { general: { min: 3, max: 6 }, batch: { spot: true, architecture: "arm64", min: 0 } },
                    accessEntries: { team: { principalArn: "arn:aws:iam::123456789012:role/team" } },
                    endpoint: { allowedCidrs: ["203.0.113.0/24"] },
                },
                addons: few,
            });
            succeeded(await stack.up());
            const made = lab.pulumi.awsResources();
            assert.equal(made.filter((resource) => resource.startsWith("aws:ec2/subnet:Subnet")).length, 6);
            assert.equal(made.filter((resource) => resource.startsWith("aws:ec2/natGateway:NatGateway")).length, 3);
            assert.deepEqual(made.filter((resource) => resource.includes("nodeGroup")).sort(), [
                "aws:eks/nodeGroup:NodeGroup given-nodes-batch",
                "aws:eks/nodeGroup:NodeGroup given-nodes-general",
            ]);
            const meshes = { group: "appmesh.k8s.aws", version: "v1beta2", plural: "meshes", name: "global" };
            const global: unknown = await lab.controlPlane.kubeconfig
                .makeApiClient(CustomObjectsApi)
                .getClusterCustomObject(meshes);
            const { egressFilter } = (global as { spec: { egressFilter: object } }).spec;
            assert.deepEqual(egressFilter, { type: "ALLOW_ALL" });
            const { spec } = await lab.controlPlane.kubeconfig
                .makeApiClient(AppsV1Api)
                .readNamespacedDeployment({ namespace: "appmesh-system", name: "appmesh-controller" });
            const { args = [] } = spec!.template.spec!.containers[0]!;
            assert.ok(
                args.includes("--enable-tracing=true") && args.includes("--tracing-provider=x-ray"),
                args.join(" "),
            );
            await settled(stack);
            succeeded(await stack.destroy());
            await nothingLeft(lab);
        });
    });
});
