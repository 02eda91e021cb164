import * as awsEc2 from "@pulumi/aws/ec2";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as pulumi from "@pulumi/pulumi";

import { runError } from "../runError";
import { checkFields, checkList } from "../shape";
import { Problems, checkPlain } from "../validation";
import { canDivide, parseCidr, subnetBlocks } from "./subnets";

/**
 * A VPC to build for the cluster: in each zone a public subnet for load balancers, and a private one for the nodes, which
 * reach the internet through a NAT gateway.
 */
export interface NetworkArgs {
    /**
     * The IPv4 addresses of the VPC, /16 to /24. They must not overlap with networks that are to be peered with it. AWS moves
     * no cluster to another VPC, so this stays as it is while there is a cluster.
     * @default "10.0.0.0/16"
     */
    cidr?: string;
    /**
     * Names of the availability zones, two to six: `aws ec2 describe-availability-zones` lists them. Their number decides how
     * the addresses are divided, so a change of it replaces subnets and the nodes in them.
     * @default - the first three of the region that EKS can use, as they were when the network was made
     */
    zones?: string[];
    /**
     * How many NAT gateways: `one` for all zones, whose loss cuts off every private subnet, or `per-zone`. AWS charges for
     * each by the hour.
     * @default "one"
     */
    natGateways?: string;
}

/** A network that was built. */
export interface Network {
    vpcId: pulumi.Output<string>;
    publicSubnetIds: pulumi.Output<string>[];
    privateSubnetIds: pulumi.Output<string>[];
    /** What nodes need to reach the internet, and so the cluster: it has to be there before them and to outlive them. */
    routes: pulumi.Resource[];
}

const defaultCidr = "10.0.0.0/16";
const defaultZones = 3;
const natChoices = ["one", "per-zone"];
/** Zones that have no room for EKS' control planes (docs.aws.amazon.com/eks/latest/userguide/network-reqs.html). */
const zonesWithoutEks = ["use1-az3", "usw1-az2", "cac1-az3"];

/** Checks the network to build. */
export function checkNetwork(problems: Problems, path: string, args: NetworkArgs | undefined): void {
    if (checkFields(problems, path, args, 'Write it like { cidr: "10.0.0.0/16" }.') === undefined) {
        return;
    }
    const { cidr, zones, natGateways } = args!;
    if (checkPlain(problems, `${path}.natGateways`, natGateways)) {
        problems.require(natGateways === undefined || natChoices.includes(natGateways), {
            path: `${path}.natGateways`,
            value: natGateways,
            rule: "does not say how many NAT gateways to build",
            fix: `Use one of ${natChoices.join(", ")}.`,
        });
    }
    const count = checkZones(problems, `${path}.zones`, zones);
    if (cidr === undefined || !checkPlain(problems, `${path}.cidr`, cidr)) {
        return;
    }
    const block = typeof cidr === "string" ? parseCidr(cidr) : undefined;
    problems.require(block !== undefined && block.prefix >= 16 && block.prefix <= 24, {
        path: `${path}.cidr`,
        value: cidr,
        rule: "is not a block of IPv4 addresses that a VPC with subnets can have, /16 to /24",
        fix: `Write it like "${defaultCidr}", with zeros behind the prefix.`,
    });
    problems.require(block === undefined || block.prefix > 24 || canDivide(block, count), {
        path: `${path}.cidr`,
        value: cidr,
        rule: `is too small for two subnets in each of ${count} zones: AWS takes none smaller than /28`,
        fix: "Give a larger block or fewer zones.",
    });
}

/** Checks the zones; answers how many there will be. */
function checkZones(problems: Problems, path: string, zones: string[] | undefined): number {
    if (zones === undefined || !checkPlain(problems, path, zones)) {
        return defaultZones;
    }
    const found = checkList(problems, path, zones, 'Write it like ["us-west-2a", "us-west-2b"].');
    for (const [at, zone] of found) {
        problems.require(typeof zone === "string" && /^[a-z0-9-]+[a-z]$/.test(zone), {
            path: at,
            value: zone,
            rule: "is not the name of an availability zone",
            fix: 'Write it like "us-west-2a".',
        });
    }
    const distinct = new Set(found.map(([, zone]) => zone)).size;
    const enough = problems.require(!Array.isArray(zones) || (distinct >= 2 && distinct <= 6), {
        path,
        value: zones,
        rule: "does not name two to six different zones, and EKS asks for at least two",
        fix: "Name three, or leave it out.",
    });
    problems.require(!enough || distinct === found.length, {
        path,
        value: zones,
        rule: "names a zone twice",
        fix: "Name each once.",
    });
    return enough && Array.isArray(zones) ? distinct : defaultZones;
}

/** Builds the network. */
export function buildNetwork(
    name: string,
    args: NetworkArgs,
    tags: Record<string, pulumi.Input<string>> | undefined,
    parent: pulumi.Resource,
): Network {
    const opts = { parent };
    const tagged = (own: string, more: Record<string, string> = {}) => ({ Name: own, ...more, ...tags });
    const count = args.zones?.length ?? defaultZones;
    const blocks = subnetBlocks(parseCidr(args.cidr ?? defaultCidr)!, count);
    const zones = args.zones === undefined ? zonesOfRegion(parent) : pulumi.output(args.zones);

    const vpc = new awsEc2.Vpc(
        name,
        {
            cidrBlock: args.cidr ?? defaultCidr,
            // Nodes find a private endpoint by name.
            enableDnsSupport: true,
            enableDnsHostnames: true,
            tags: tagged(name),
        },
        opts,
    );
    const subnet = (kind: "public" | "private", zone: number, role: string) =>
        new awsEc2.Subnet(
            `${name}-${kind}-${zone + 1}`,
            {
                vpcId: vpc.id,
                cidrBlock: blocks[kind][zone]!,
                availabilityZone: zones.apply((names) => names[zone]!),
                tags: tagged(`${name}-${kind}-${zone + 1}`, { [`kubernetes.io/role/${role}`]: "1" }),
            },
            // A zone that AWS opens or closes later must not move a subnet that has nodes in it.
            { ...opts, ignoreChanges: args.zones === undefined ? ["availabilityZone"] : [] },
        );
    const publicSubnets = blocks.public.map((_, zone) => subnet("public", zone, "elb"));
    const privateSubnets = blocks.private.map((_, zone) => subnet("private", zone, "internal-elb"));

    const internet = new awsEc2.InternetGateway(name, { vpcId: vpc.id, tags: tagged(name) }, opts);
    const routeTable = (own: string) => new awsEc2.RouteTable(own, { vpcId: vpc.id, tags: tagged(own) }, opts);
    const association = (own: string, of: awsEc2.Subnet, table: awsEc2.RouteTable) =>
        new awsEc2.RouteTableAssociation(own, { subnetId: of.id, routeTableId: table.id }, opts);

    const publicTable = routeTable(`${name}-public`);
    const outward = new awsEc2.Route(
        `${name}-public`,
        { routeTableId: publicTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: internet.id },
        opts,
    );
    const publicAssociations = publicSubnets.map((each, zone) =>
        association(`${name}-public-${zone + 1}`, each, publicTable),
    );

    const natCount = args.natGateways === "per-zone" ? count : 1;
    const gateways = publicSubnets.slice(0, natCount).map((each, zone) => {
        const own = `${name}-nat-${zone + 1}`;
        const address = new awsEc2.Eip(own, { domain: "vpc", tags: tagged(own) }, opts);
        return new awsEc2.NatGateway(
            own,
            { allocationId: address.id, subnetId: each.id, tags: tagged(own) },
            // It works only while its own subnet leads outward.
            { ...opts, dependsOn: [outward, publicAssociations[zone]!] },
        );
    });
    const privateRoutes = privateSubnets.flatMap((each, zone) => {
        const own = `${name}-private-${zone + 1}`;
        const table = routeTable(own);
        const gateway = gateways[zone] ?? gateways[0]!;
        return [
            new awsEc2.Route(
                own,
                { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: gateway.id },
                opts,
            ),
            association(own, each, table),
        ];
    });

    return {
        vpcId: vpc.id,
        publicSubnetIds: publicSubnets.map((each) => each.id),
        privateSubnetIds: privateSubnets.map((each) => each.id),
        // The public ones too: the addresses of load balancers keep the internet gateway from going.
        routes: [outward, ...publicAssociations, ...privateRoutes],
    };
}

/** The zones of the region that EKS can use and that need no consent. */
function zonesOfRegion(parent: pulumi.Resource): pulumi.Output<string[]> {
    const filters = [{ name: "opt-in-status", values: ["opt-in-not-required"] }];
    return getAvailabilityZonesOutput({ filters, excludeZoneIds: zonesWithoutEks }, { parent }).apply(({ names }) =>
        firstZones(names),
    );
}

/** The zones to use when none are named. */
export function firstZones(names: readonly string[]): string[] {
    if (names.length < defaultZones) {
        throw runError(
            `eks.network.zones: EKS can use ${names.length} zones of this region (${names.join(", ")}), and the network is ` +
                `for ${defaultZones}. Name the zones.`,
        );
    }
    return names.slice(0, defaultZones);
}
