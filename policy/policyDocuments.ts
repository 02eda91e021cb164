import { isObject } from "../components/shape";
import { Resource, listAt } from "./resource";

/** A policy of IAM with its place. */
export interface PolicyDocument {
    path: string;
    statements: Statement[];
}

/** A statement of a policy; AWS takes one word for a list of one. */
export interface Statement {
    effect: unknown;
    actions: string[];
    /** Whether it is about all actions but those that it names. */
    inverted: boolean;
}

const policyTypes = ["policy:Policy", "rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"].map(
    (type) => `aws:iam/${type}`,
);

/** The permissions that a resource grants: a policy's, or those inside a role. What is not known yet is left out. */
export function policyDocumentsOf({ type, props }: Resource): PolicyDocument[] {
    const given: [string, unknown][] = policyTypes.includes(type)
        ? [["policy", props.policy]]
        : type === "aws:iam/role:Role"
          ? listAt(props, "inlinePolicies").map((inline, index) => [
                `inlinePolicies[${index}].policy`,
                isObject(inline) ? inline.policy : undefined,
            ])
          : [];
    return given.flatMap(([path, value]) => {
        const document = parsed(value);
        return isObject(document) ? [{ path, statements: wordsOf(document.Statement).map(statementOf) }] : [];
    });
}

function parsed(value: unknown): unknown {
    if (typeof value !== "string") {
        return value;
    }
    try {
        return JSON.parse(value);
    } catch {
        // AWS refuses it.
        return undefined;
    }
}

function wordsOf(value: unknown): unknown[] {
    return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function statementOf(value: unknown): Statement {
    const { Effect, Action, NotAction } = isObject(value) ? value : {};
    return {
        effect: Effect,
        actions: wordsOf(Action ?? NotAction).filter((action) => typeof action === "string"),
        inverted: Action === undefined && NotAction !== undefined,
    };
}
