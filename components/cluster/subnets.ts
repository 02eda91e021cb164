/** A block of IPv4 addresses. */
export interface CidrBlock {
    /** The first address, as a number. */
    base: number;
    /** How many bits of it are fixed. */
    prefix: number;
}

/** The blocks of a network's subnets, one of each kind a zone. */
export interface SubnetBlocks {
    /** For load balancers and NAT gateways. */
    public: string[];
    /** For nodes and pods, which need most of the addresses. */
    private: string[];
}

/** The smallest block that AWS takes for a subnet. */
const smallestSubnet = 28;

/** A block as AWS writes it, "10.0.0.0/16"; undefined for anything else, also for one with bits set behind its prefix. */
export function parseCidr(text: string): CidrBlock | undefined {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
    if (match === null) {
        return undefined;
    }
    const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
    if ([a, b, c, d].some((byte) => byte > 255) || prefix > 32) {
        return undefined;
    }
    const base = ((a * 256 + b) * 256 + c) * 256 + d;
    const block = { base, prefix };
    // Leading zeros and bits behind the prefix are taken by some tools and read differently by others.
    return base % sizeOf(prefix) === 0 && formatCidr(block) === text ? block : undefined;
}

/** The block as text. */
export function formatCidr({ base, prefix }: CidrBlock): string {
    const bytes = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
    return `${bytes.join(".")}/${prefix}`;
}

/** How many addresses a block of that prefix has. */
export function sizeOf(prefix: number): number {
    return 2 ** (32 - prefix);
}

/** Whether a network can be divided for that many zones. */
export function canDivide({ prefix }: CidrBlock, zones: number): boolean {
    return prefix + privateBits(zones) + publicBits(zones) <= smallestSubnet;
}

/**
 * Divides a network: each zone gets a private block, and the block after those is divided into the public ones. For three
 * zones of a /16 that makes three private /18 and three public /20.
 */
export function subnetBlocks(network: CidrBlock, zones: number): SubnetBlocks {
    const privatePrefix = network.prefix + privateBits(zones);
    const publicPrefix = privatePrefix + publicBits(zones);
    const publicBase = network.base + zones * sizeOf(privatePrefix);
    const blocks = (base: number, prefix: number) =>
        Array.from({ length: zones }, (_, zone) => formatCidr({ base: base + zone * sizeOf(prefix), prefix }));
    return { public: blocks(publicBase, publicPrefix), private: blocks(network.base, privatePrefix) };
}

/** Room for the zones' private blocks and one more. */
function privateBits(zones: number): number {
    return Math.ceil(Math.log2(zones + 1));
}

function publicBits(zones: number): number {
    return Math.ceil(Math.log2(zones));
}
