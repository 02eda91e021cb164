import { Problems } from "../../components/validation";
import { policyDocumentsOf } from "../policyDocuments";
import { Resource, listAt } from "../resource";
import { ResourceRule, textsOf } from "../rule";

/** Roles get the actions that they need, one by one. */
export const iamWildcards: ResourceRule = {
    name: "iam-wildcards",
    description: "Permissions in AWS name their actions: no wildcard, and no managed policy with full access.",
    enforcementLevel: "mandatory",
    severity: "critical",
    options: {
        allowedActions: {
            description: "Actions with a wildcard that are allowed nevertheless, as they are written.",
            default: [],
        },
    },
    check(problems, resource, options) {
        const allowed = textsOf(options, "allowedActions");
        for (const { path, statements } of policyDocumentsOf(resource)) {
            statements.forEach(({ effect, actions, inverted }, index) => {
                if (effect !== "Allow") {
                    return;
                }
                const at = `${path}: Statement[${index}]`;
                problems.require(!inverted, {
                    path: `${at}.NotAction`,
                    value: actions,
                    rule: "allows every action but these, and all that AWS will ever add",
                    fix: "Name the actions that are needed.",
                });
                for (const action of inverted ? [] : actions.filter((one) => /[*?]/.test(one))) {
                    problems.require(allowed.includes(action), {
                        path: `${at}.Action`,
                        value: action,
                        rule: "allows more than it names, and all that AWS will ever add",
                        fix: "Name the actions that are needed.",
                    });
                }
            });
        }
        checkManaged(problems, resource);
    },
};

function checkManaged(problems: Problems, { type, props }: Resource): void {
    const attached: [string, unknown][] = /^aws:iam\/\w+PolicyAttachment:/.test(type)
        ? [["policyArn", props.policyArn]]
        : type === "aws:iam/role:Role"
          ? listAt(props, "managedPolicyArns").map((arn, index) => [`managedPolicyArns[${index}]`, arn])
          : [];
    for (const [path, arn] of attached) {
        problems.require(!isFullAccess(arn), {
            path,
            value: arn,
            rule: "grants everything, or everything of a service",
            fix: "Write a policy with the actions that are needed.",
        });
    }
}

function isFullAccess(arn: unknown): boolean {
    return (
        typeof arn === "string" &&
        /^arn:aws[-a-z]*:iam::aws:policy\/(.*\/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/.test(arn)
    );
}
