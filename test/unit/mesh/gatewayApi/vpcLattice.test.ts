import assert from "node:assert/strict";

import { ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../../../index";
import { at, awsOutputs, chartTemplates, definition, graph, helmAnswers, plain } from "../../graph";
import { refusal } from "../../problems";
import { refused } from "./platform";

const gatewayDefinition = "httproutes.gateway.networking.k8s.io";

const answers = helmAnswers((options) =>
    options.chart.endsWith("/gateway-crds-helm")
        ? { result: [definition(gatewayDefinition)] }
        : options.chart.endsWith("/aws-gateway-controller-chart")
          ? { result: [definition("targetgrouppolicies.application-networking.k8s.aws")] }
          : chartTemplates(options),
);

const platform = (args: Partial<ProgressiveMeshClusterArgs> = {}) =>
    graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "vpc-lattice" }, ...args }), awsOutputs, answers);

const mesh = (vpcLattice: object, more: object = {}) => ({ mesh: { provider: "vpc-lattice", vpcLattice, ...more } });

describe("VPC Lattice", () => {
    it("makes the Gateway after its class, the controller and the definitions of both", async () => {
        const { node, before } = await platform();
        assert.deepEqual(node("Gateway dev-gateway").dependsOn, ["GatewayClass dev-gateway-class"]);
        const needed = before("Gateway dev-gateway");
        for (const key of [
            "Release dev-lattice-controller",
            `CustomResourceDefinition dev-${gatewayDefinition}`,
            "CustomResourceDefinition dev-targetgrouppolicies.application-networking.k8s.aws",
            "RolePolicy dev-lattice-controller",
        ]) {
            assert.ok(needed.has(key), key);
        }
        assert.ok(node(`CustomResourceDefinition dev-${gatewayDefinition}`).retainOnDelete);
        assert.deepEqual(at(node("GatewayClass dev-gateway-class").props, "metadata"), { name: "amazon-vpc-lattice" });
    });

    it("asks the chart of the definitions for the standard ones", async () => {
        let asked: unknown;
        await graph(
            () => new ProgressiveMeshCluster("dev", { mesh: { provider: "vpc-lattice" } }),
            awsOutputs,
            (call) => {
                const options = JSON.parse((call.inputs as { jsonOpts: string }).jsonOpts) as { chart: string };
                asked = options.chart.endsWith("/gateway-crds-helm") ? options : asked;
                return answers(call);
            },
        );
        assert.deepEqual(asked, {
            chart: "oci://docker.io/envoyproxy/gateway-crds-helm",
            version: "v1.9.0",
            release_name: "definitions",
            values: { crds: { gatewayAPI: { enabled: true, channel: "standard" } } },
            fetch_opts: {},
        });
    });

    it("leaves the definitions to others when told so", async () => {
        const { nodes } = await platform({ addons: { meshDefinitions: { enabled: false } } });
        assert.ok(!nodes.some(({ key }) => key.includes("gateway.networking.k8s.io")));
    });

    it("tells the controller where it is, and to make the service network of the Gateway's name", async () => {
        const { node } = await platform(mesh({ vpcId: "vpc-01234567" }, { name: "shop" }));
        assert.deepEqual(plain(node("Release dev-lattice-controller").props.values), {
            awsRegion: "us-west-2",
            awsAccountId: "123456789012",
            clusterVpcId: "vpc-01234567",
            clusterName: "dev",
            defaultServiceNetwork: "shop",
            serviceAccount: { create: true, name: "gateway-api-controller", annotations: {} },
        });
        assert.equal(at(node("Gateway dev-gateway").props, "metadata", "name"), "shop");
    });

    it("leaves the service network to others when told so", async () => {
        const { node } = await platform(mesh({ createServiceNetwork: false }));
        assert.ok(!("defaultServiceNetwork" in (node("Release dev-lattice-controller").props.values as object)));
    });

    it("lets the controller alone act in AWS, by Pod Identity, and by no wildcard of actions", async () => {
        const { node } = await platform();
        const association = node("PodIdentityAssociation dev-lattice-controller").props;
        assert.equal(association.namespace, "aws-application-networking-system");
        assert.equal(association.serviceAccount, "gateway-api-controller");
        const { Statement } = JSON.parse(node("RolePolicy dev-lattice-controller").props.policy as string) as {
            Statement: { Sid: string; Action: string[]; Resource: string[] }[];
        };
        assert.deepEqual(
            Statement.map(({ Sid }) => Sid),
            ["VpcLattice", "SharedNetworks", "Surroundings", "ServiceLinkedRole"],
        );
        const actions = Statement.flatMap(({ Action }) => Action);
        assert.deepEqual(
            actions.filter((action) => action.includes("*")),
            [],
        );
        assert.equal(new Set(actions).size, actions.length);
        assert.deepEqual(
            actions.filter((action) => action.startsWith("vpc-lattice:Update")),
            ["ServiceNetworkVpcAssociation", "Service", "TargetGroup", "Listener", "Rule"].map(
                (kind) => `vpc-lattice:Update${kind}`,
            ),
        );
    });

    it("has a gateway without an address: each route has its own", async () => {
        const { result } = await platform();
        assert.deepEqual(result.connection.gateway, {
            address: "",
            objectName: "dev",
            objectNamespace: "aws-application-networking-system",
        });
    });

    it("needs an identity on a cluster that is not built here", async () => {
        const [line] = await refused({ mesh: { provider: "vpc-lattice" } });
        assert.match(
            line!,
            /^existing\.identity: nothing given, but it is needed by VPC Lattice, which acts in AWS as /,
        );
    });

    it("refuses what is no VPC, what belongs to another mesh, and options of a gateway that is none", async () => {
        const args = mesh({ vpcId: "my-vpc", createServiceNetwork: "no" }, { gatewayApi: { gatewayClass: "a" } });
        const addons = { gateway: { internal: true } };
        assert.deepEqual(await refusal(() => new ProgressiveMeshCluster("dev", { ...args, addons })), [
            'mesh.vpcLattice.vpcId: "my-vpc" is not the id of a VPC. Write it like "vpc-0123456789abcdef0".',
            'mesh.vpcLattice.createServiceNetwork: "no" is neither true nor false. Give one of the two, without quotes.',
            'mesh.gatewayApi.gatewayClass: "a" is another\'s: VPC Lattice comes with its own, amazon-vpc-lattice. ' +
                'Leave it out, or choose the mesh "gateway-api".',
            'addons.gateway.internal: "a boolean" is nothing that the gateway of VPC Lattice can be told: it comes of ' +
                "no chart. Leave it out.",
        ]);
    });
});
