import { PolicyDocument, PolicyStatement, Registered } from "../document";
import { actionFacts } from "../reference";
import { childrenOfCluster } from "./eksComponent";
import { Context, Need, Place, needs, role } from "./needs";

const component = "eks:index:Cluster";

/** What a program asks AWS before it makes anything: zones for a network, and where a cluster is that it does not make. */
function lookups(resources: readonly Registered[]): Need[] {
    const has = (type: string) => resources.some((resource) => resource.type === type);
    const found: Need[] = [];
    if (has("aws:ec2/subnet:Subnet")) {
        found.push({ sid: "Lookups", actions: ["ec2:DescribeAvailabilityZones"], resources: [] });
    } else if (has(component)) {
        found.push({ sid: "Lookups", actions: ["ec2:DescribeVpcs", "ec2:DescribeSubnets"], resources: [] });
    }
    if (!has(component) && resources.some(({ type }) => type.startsWith("aws:"))) {
        const issuers = ["iam:ListOpenIDConnectProviders", "iam:GetOpenIDConnectProvider"];
        const resource = "iam:oidc-provider/oidc.eks.{region}.amazonaws.com/id/*";
        found.push({ sid: "Issuer", actions: issuers, resources: [resource] });
        found.push({ sid: "Cluster", actions: ["eks:DescribeCluster"], resources: ["eks:cluster/*"] });
    }
    return found;
}

/** The resources of a program that AWS has, those inside Pulumi's component of a cluster among them. */
export function inAws(resources: readonly Registered[]): Registered[] {
    return resources
        .flatMap((resource) => (resource.type === component ? childrenOfCluster(resource) : [resource]))
        .filter(({ type }) => /^aws:\w+\//.test(type));
}

/**
 * What whoever deploys a program has to be allowed in AWS: to create, read, change and delete what it makes there, and nothing else.
 *
 * @throws Error for a type of resource that the table does not know.
 */
export async function deployPolicy(resources: readonly Registered[], place: Place): Promise<PolicyDocument> {
    const asked = lookups(resources);
    const all = inAws(resources);
    const made = all.find(({ type }) => type === "aws:eks/cluster:Cluster");
    const context: Context = {
        cluster: made === undefined ? "*" : `${made.name}-*`,
        roles: all.filter(({ type }) => type === "aws:iam/role:Role").map(role),
    };
    for (const resource of all) {
        const known = needs[resource.type];
        if (known === undefined) {
            throw new Error(`scripts/policies/deploy/needs.ts does not say what ${resource.type} takes`);
        }
        asked.push(...known(resource, context));
    }
    const unbound = new Set<string>();
    const merged = new Map<string, Need>();
    for (const need of asked) {
        const bound: string[] = [];
        for (const action of need.actions) {
            const facts = await actionFacts(action);
            if (facts?.unbound === true) {
                unbound.add(action);
            } else {
                bound.push(action);
            }
        }
        const known = merged.get(need.sid);
        merged.set(
            need.sid,
            known === undefined ? { ...need, actions: bound } : join(known, { ...need, actions: bound }),
        );
    }
    const statements = [...merged.values()]
        .filter(({ actions }) => actions.length > 0)
        .map((need) => statement(need, place));
    if (unbound.size > 0) {
        statements.push({ Sid: "Unbound", Effect: "Allow", Action: [...unbound].sort(), Resource: "*" });
    }
    return { Version: "2012-10-17", Statement: statements.sort((a, b) => (a.Sid! < b.Sid! ? -1 : 1)) };
}

/** Two needs of one name as one: what their conditions list is joined, too. */
function join(a: Need, b: Need): Need {
    const both = (first: string[], second: string[]) => [...new Set([...first, ...second])];
    const conditions = Object.fromEntries(
        Object.entries(a.conditions ?? {}).map(([operator, keys]) => [
            operator,
            Object.fromEntries(
                Object.entries(keys).map(([key, value]) => {
                    const all = both([value].flat(), [b.conditions?.[operator]?.[key] ?? []].flat());
                    return [key, all.length === 1 ? all[0]! : all];
                }),
            ),
        ]),
    );
    return {
        sid: a.sid,
        actions: both(a.actions, b.actions),
        resources: both(a.resources, b.resources),
        ...(a.conditions !== undefined && { conditions }),
    };
}

function statement({ sid, actions, resources, conditions }: Need, place: Place): PolicyStatement {
    const text = JSON.stringify(conditions ?? {}).replaceAll("{partition}", place.partition);
    return {
        Sid: sid,
        Effect: "Allow",
        Action: [...new Set(actions)].sort(),
        Resource: covering(resources.map((resource) => arn(resource, place))),
        ...(conditions !== undefined && { Condition: JSON.parse(text) as PolicyStatement["Condition"] }),
    };
}

/** The resources, without those that a wider one among them covers. */
function covering(arns: string[]): string[] {
    const all = [...new Set(arns)];
    const within = (narrow: string, wide: string) => wide.endsWith("*") && narrow.startsWith(wide.slice(0, -1));
    return all.filter((each) => !all.some((other) => other !== each && within(each, other))).sort();
}

function arn(resource: string, { partition, region, account }: Place): string {
    const [service, ...name] = resource.split(":");
    const where = service === "iam" ? "" : region;
    return `arn:${partition}:${service}:${where}:${account}:${name.join(":").replaceAll("{region}", region)}`;
}
