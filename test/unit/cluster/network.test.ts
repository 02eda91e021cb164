import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { checkNetwork, firstZones } from "../../../components/cluster/network";
import { NetworkArgs, ProgressiveMeshCluster } from "../../../index";
import { Answers, awsAnswers, awsOutputs, graph } from "../graph";
import { linesOf } from "../problems";

const program = (network: NetworkArgs, tags?: Record<string, string>) => () =>
    new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" }, eks: { network }, tags });
const built = (network: NetworkArgs = {}, answers: Answers = awsAnswers, tags?: Record<string, string>) =>
    graph(program(network, tags), awsOutputs, answers);

const ec2 = (nodes: { key: string; type: string }[]) =>
    nodes.filter((n) => n.type.startsWith("aws:ec2/")).map((n) => n.key);

describe("a network", () => {
    it("has a public and a private subnet in each of three zones, and one NAT gateway", async () => {
        const { nodes } = await built();
        assert.deepEqual(ec2(nodes), [
            "Eip dev-nat-1",
            "InternetGateway dev",
            "NatGateway dev-nat-1",
            "Route dev-private-1",
            "Route dev-private-2",
            "Route dev-private-3",
            "Route dev-public",
            "RouteTable dev-private-1",
            "RouteTable dev-private-2",
            "RouteTable dev-private-3",
            "RouteTable dev-public",
            "RouteTableAssociation dev-private-1",
            "RouteTableAssociation dev-private-2",
            "RouteTableAssociation dev-private-3",
            "RouteTableAssociation dev-public-1",
            "RouteTableAssociation dev-public-2",
            "RouteTableAssociation dev-public-3",
            "Subnet dev-private-1",
            "Subnet dev-private-2",
            "Subnet dev-private-3",
            "Subnet dev-public-1",
            "Subnet dev-public-2",
            "Subnet dev-public-3",
            "Vpc dev",
        ]);
    });

    it("tags its subnets for load balancers, and everything for the user", async () => {
        const { node, nodes } = await built({}, awsAnswers, { environment: "dev" });
        assert.deepEqual(node("Subnet dev-public-2").props, {
            vpcId: "dev-id",
            cidrBlock: "10.0.208.0/20",
            availabilityZone: "us-west-2b",
            tags: { Name: "dev-public-2", "kubernetes.io/role/elb": "1", environment: "dev" },
        });
        assert.deepEqual(node("Subnet dev-private-3").props, {
            vpcId: "dev-id",
            cidrBlock: "10.0.128.0/18",
            availabilityZone: "us-west-2c",
            tags: { Name: "dev-private-3", "kubernetes.io/role/internal-elb": "1", environment: "dev" },
        });
        const tagless = /^Route(TableAssociation)? /;
        for (const { key, props } of nodes.filter((n) => n.type.startsWith("aws:ec2/") && !tagless.test(n.key))) {
            assert.equal((props.tags as Record<string, string>).environment, "dev", key);
        }
    });

    it("keeps subnets where they are when AWS lists other zones, unless the zones are named", async () => {
        const ignored = async (network: NetworkArgs) => {
            const { node } = await built(network);
            return node("Subnet dev-private-1").ignoreChanges;
        };
        assert.deepEqual(await ignored({}), ["availabilityZone"]);
        assert.deepEqual(await ignored({ zones: ["us-west-2b", "us-west-2c"] }), []);
    });

    it("asks AWS for zones that EKS can use, and for none when they are named", async () => {
        const asked: pulumi.runtime.MockCallArgs[] = [];
        const answers: Answers = (call) => {
            if (call.token.startsWith("aws:")) {
                asked.push(call);
            }
            return awsAnswers(call);
        };
        await built({ zones: ["us-west-2b", "us-west-2c"] }, answers);
        assert.deepEqual(asked, []);
        await built({}, answers);
        assert.deepEqual(
            asked.map(({ inputs }) => inputs),
            [
                {
                    filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
                    excludeZoneIds: ["use1-az3", "usw1-az2", "cac1-az3"],
                },
            ],
        );
    });

    it("leads private subnets outward through the one gateway, or each through its own", async () => {
        const gateway = ({ props }: { props: Record<string, unknown> }) => props.natGatewayId;
        const one = await built();
        assert.deepEqual(
            [1, 2, 3].map((zone) => gateway(one.node(`Route dev-private-${zone}`))),
            ["dev-nat-1-id", "dev-nat-1-id", "dev-nat-1-id"],
        );
        const each = await built({ natGateways: "per-zone" });
        assert.deepEqual(
            [1, 2, 3].map((zone) => gateway(each.node(`Route dev-private-${zone}`))),
            ["dev-nat-1-id", "dev-nat-2-id", "dev-nat-3-id"],
        );
        assert.deepEqual(each.node("NatGateway dev-nat-2").props.subnetId, "dev-public-2-id");
        assert.deepEqual(one.node("Route dev-public").props, {
            routeTableId: "dev-public-id",
            destinationCidrBlock: "0.0.0.0/0",
            gatewayId: "dev-id",
        });
    });

    it("has the nodes in its private subnets, while they reach the internet", async () => {
        const { node, before } = await built();
        const subnets = (kind: string) => [1, 2, 3].map((zone) => `dev-${kind}-${zone}-id`);
        const { vpcId, subnetIds, publicSubnetIds, privateSubnetIds } = node("Cluster dev").props;
        assert.deepEqual(
            [vpcId, subnetIds, publicSubnetIds, privateSubnetIds],
            ["dev-id", undefined, subnets("public"), subnets("private")],
        );
        assert.deepEqual(node("NodeGroup dev-nodes").props.subnetIds, subnets("private"));
        const first = before("NodeGroup dev-nodes");
        for (const key of ["Route dev-private-3", "RouteTableAssociation dev-private-3", "NatGateway dev-nat-1"]) {
            assert.ok(first.has(key), key);
        }
        const gateway = before("NatGateway dev-nat-1");
        assert.ok(gateway.has("Route dev-public") && gateway.has("RouteTableAssociation dev-public-1"));
        assert.ok(before("Release dev-appmesh-gateway").has("RouteTableAssociation dev-public-2"));
    });

    it("is there before the cluster of Auto Mode, whose nodes come by themselves", async () => {
        const { before } = await graph(
            () =>
                new ProgressiveMeshCluster("dev", {
                    mesh: { provider: "appmesh" },
                    eks: { network: {}, autoMode: true },
                }),
            awsOutputs,
            awsAnswers,
        );
        assert.ok(before("Cluster dev").has("Route dev-private-2"));
    });
});

describe("firstZones", () => {
    it("takes three, and says so when a region has fewer", () => {
        assert.deepEqual(firstZones(["a", "b", "c", "d"]), ["a", "b", "c"]);
        assert.throws(() => firstZones(["us-west-1a", "us-west-1c"]), {
            message:
                "eks.network.zones: EKS can use 2 zones of this region (us-west-1a, us-west-1c), and the network is for 3. " +
                "Name the zones.",
        });
    });
});

describe("checkNetwork", () => {
    const check = (args: unknown) => linesOf((problems) => checkNetwork(problems, "network", args as NetworkArgs));

    it("accepts what can be built", () => {
        for (const args of [
            undefined,
            {},
            { cidr: "10.8.0.0/20", zones: ["eu-west-1a", "eu-west-1b"], natGateways: "per-zone" },
            { cidr: "10.0.0.0/24" },
            { zones: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f"] },
        ]) {
            assert.deepEqual(check(args), []);
        }
    });

    const form = 'Write it like "10.0.0.0/16", with zeros behind the prefix.';
    const traps: [string, unknown, string[]][] = [
        ["what is no network", true, ['network: true is not an object. Write it like { cidr: "10.0.0.0/16" }.']],
        ...["10.0.0.1/16", "10.0.0.0/8", "10.0.0.0/25", 10].map((cidr): [string, unknown, string[]] => [
            `addresses like ${cidr}`,
            { cidr },
            [
                `network.cidr: ${JSON.stringify(cidr)} is not a block of IPv4 addresses that a VPC with subnets can have, ` +
                    `/16 to /24. ${form}`,
            ],
        ]),
        [
            "a block too small for its zones",
            { cidr: "10.0.0.0/24", zones: ["a-1a", "a-1b", "a-1c", "a-1d"] },
            [
                'network.cidr: "10.0.0.0/24" is too small for two subnets in each of 4 zones: AWS takes none smaller than ' +
                    "/28. Give a larger block or fewer zones.",
            ],
        ],
        [
            "one zone, or one twice",
            { zones: ["us-west-2a", "us-west-2a"] },
            [
                'network.zones: ["us-west-2a","us-west-2a"] does not name two to six different zones, and EKS asks for at ' +
                    "least two. Name three, or leave it out.",
            ],
        ],
        [
            "a zone that is named again",
            { zones: ["us-west-2a", "us-west-2b", "us-west-2a"] },
            ['network.zones: ["us-west-2a","us-west-2b","us-west-2a"] names a zone twice. Name each once.'],
        ],
        [
            "what is no zone",
            { zones: ["us-west-2a", "use1-az1"] },
            ['network.zones[1]: "use1-az1" is not the name of an availability zone. Write it like "us-west-2a".'],
        ],
        [
            "another number of gateways",
            { natGateways: "two" },
            ['network.natGateways: "two" does not say how many NAT gateways to build. Use one of one, per-zone.'],
        ],
        [
            "zones that are known too late",
            { zones: pulumi.output(["us-west-2a", "us-west-2b"]) },
            [
                "network.zones: a value that is known only at deployment decides which resources exist, so it has to be " +
                    "known when the program runs. Give a plain value, for example from config.",
            ],
        ],
    ];
    for (const [what, args, lines] of traps) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(check(args), lines);
        });
    }
});
