import { NamedPolicy, PolicyStatement, listOf } from "./document";
import { open } from "./open";
import { ActionFacts, actionFacts, fits, hasConditionKey } from "./reference";

/** What is wrong with a policy, one line each; nothing where it grants what it says and no more than it has to. */
export async function findings(policy: NamedPolicy): Promise<string[]> {
    const lines = await Promise.all(
        policy.document.Statement.map(async (statement, index) => {
            const found = policy.kind === "trust" ? trustFindings(statement) : await grantFindings(statement);
            return found.map((line) => `${policy.name}, ${statement.Sid ?? `statement ${index}`}: ${line}`);
        }),
    );
    return [...(policy.document.Version === "2012-10-17" ? [] : [`${policy.name}: an old version`]), ...lines.flat()];
}

async function grantFindings(statement: PolicyStatement): Promise<string[]> {
    const resources = listOf(statement.Resource);
    const found: string[] = [];
    if (statement.Effect !== "Allow" || statement.Principal !== undefined || resources.length === 0) {
        found.push("does not simply allow actions on resources");
    }
    for (const resource of resources.filter((each) => each !== "*")) {
        found.push(...openParts(resource));
    }
    for (const action of listOf(statement.Action)) {
        const facts = /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action) ? await actionFacts(action) : undefined;
        found.push(
            ...(facts === undefined ? [`${action} is no single action of AWS`] : bound(action, facts, statement)),
        );
    }
    return found;
}

/** An action is bound to a resource wherever it can be, and to one that it can be done to. */
function bound(action: string, facts: ActionFacts, { Resource, Condition = {} }: PolicyStatement): string[] {
    const resources = listOf(Resource);
    const unknown = Object.values(Condition)
        .flatMap((keys) => Object.keys(keys))
        .filter((key) => !hasConditionKey(facts, key));
    const found = unknown.map((key) => `${action} knows no condition ${key}`);
    if (resources.includes("*")) {
        return facts.unbound ? found : [...found, `${action} is allowed on everything, and could be bound`];
    }
    if (facts.unbound) {
        return [...found, `${action} can be bound to no resource, so it is allowed on none`];
    }
    const missing = facts.required.filter((form) => !resources.some((resource) => fits(resource, form)));
    found.push(...missing.map((form) => `${action} needs a resource like ${form}`));
    const forms = [...facts.required, ...facts.optional];
    if (!resources.some((resource) => forms.some((form) => fits(resource, form)))) {
        found.push(`${action} is done to nothing that is named`);
    }
    return found;
}

/** What an ARN leaves open besides the resource's own name. */
function openParts(resource: string): string[] {
    const [scheme, partition = "", service = "", region = "", account = "", ...name] = resource.split(":");
    if (scheme !== "arn" || [partition, service].some((part) => part.includes("*") || part === "")) {
        return [`${resource} is no ARN of one service`];
    }
    const wide = [region, account].some((part) => part.includes("*")) || name.join(":").startsWith("*");
    return wide && !open.some((each) => each.resource.test(resource))
        ? [`${resource} leaves open more than a name`]
        : [];
}

const sessions = ["aws:RequestTag/eks-cluster-arn", "aws:RequestTag/kubernetes-namespace"];
/** The services of AWS that take roles of a cluster, and what they do to take one. */
const services: Record<string, string[]> = {
    "eks.amazonaws.com": ["sts:AssumeRole", "sts:TagSession"],
    "ec2.amazonaws.com": ["sts:AssumeRole"],
};

/** Whether a role is for one service account of one cluster, or for one service of AWS. */
function trustFindings({ Effect, Principal = {}, Action, Condition = {}, Resource }: PolicyStatement): string[] {
    const actions = listOf(Action);
    const principals = Object.entries(Principal).flatMap(([kind, who]) => listOf(who).map((each) => `${kind} ${each}`));
    const [principal = ""] = principals;
    const exact = Condition.StringEquals ?? {};
    const single = Object.values(exact).every((value) => typeof value === "string" && !/[*?]/.test(value));
    const operators = Object.keys(Condition).join();
    if (Effect !== "Allow" || Resource !== undefined || principals.length !== 1) {
        return ["does not simply trust one principal"];
    }
    const [kind, who] = principal.split(" ") as [string, string];
    if (kind === "Federated") {
        const issuer = who.replace(/^arn:aws[a-z-]*:iam::\d+:oidc-provider\//, "");
        const keys = Object.keys(exact).sort().join();
        const sound =
            issuer !== who &&
            actions.join() === "sts:AssumeRoleWithWebIdentity" &&
            operators === "StringEquals" &&
            keys === `${issuer}:aud,${issuer}:sub` &&
            exact[`${issuer}:aud`] === "sts.amazonaws.com" &&
            single &&
            /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/.test(String(exact[`${issuer}:sub`]));
        return sound ? [] : ["does not trust exactly one service account, for AWS STS, of the one issuer"];
    }
    if (principal === "Service pods.eks.amazonaws.com") {
        const keys = Object.keys(exact).sort().join();
        const sound =
            actions.sort().join() === "sts:AssumeRole,sts:TagSession" &&
            operators === "StringEquals" &&
            keys === [...sessions, "aws:RequestTag/kubernetes-service-account"].join() &&
            single &&
            /^arn:aws[a-z-]*:eks:[a-z0-9-]+:\d+:cluster\/[\w-]+$/.test(String(exact[sessions[0]!]));
        return sound ? [] : ["does not trust exactly one service account of one cluster"];
    }
    const taken = kind === "Service" ? services[who] : undefined;
    return taken !== undefined && operators === "" && actions.every((action) => taken.includes(action))
        ? []
        : [`trusts ${principal}`];
}
