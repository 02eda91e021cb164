import { Problems } from "../validation";

/** What Pulumi adds to a name for AWS: a dash and seven hexadecimal digits. */
const suffix = 8;

/** What AWS takes for a name. */
interface NameRule {
    title: string;
    longest: number;
    characters: RegExp;
    takes: string;
}

const eksNames = { characters: /^[A-Za-z0-9][A-Za-z0-9_-]*$/, takes: "letters, digits, dashes and underscores" };

/** By kind, from the API references of EKS (CreateCluster, CreateNodegroup) and IAM (CreateRole). */
const rules = {
    role: {
        title: "IAM role",
        longest: 64,
        characters: /^[\w+=,.@-]+$/,
        takes: "letters, digits and any of _+=,.@-",
    },
    cluster: { title: "EKS cluster", longest: 100, ...eksNames },
    nodeGroup: { title: "node group", longest: 63, ...eksNames },
} satisfies Record<string, NameRule>;

/** A resource whose name in AWS is made of a component's name. */
export interface NamedInAws {
    kind: keyof typeof rules;
    /** The child's name in Pulumi: the component's name with something behind it. */
    childName: string;
}

/**
 * Checks that AWS takes what Pulumi makes of children's names. `path` is where `chosen` stands, the part of those names that is
 * the user's. Of several that are too long the one is told that asks for the shortest.
 */
export function checkAwsNames(problems: Problems, path: string, chosen: string, children: readonly NamedInAws[]): void {
    const odd = children.map(({ kind }) => rules[kind]).find(({ characters }) => !characters.test(chosen));
    if (odd !== undefined) {
        problems.add({
            path,
            value: chosen,
            rule: `is a part of the name of the ${odd.title}, and AWS takes ${odd.takes} there`,
            fix: "Use those, beginning with a letter or digit.",
        });
        return;
    }
    const over = ({ kind, childName }: NamedInAws) => childName.length + suffix - rules[kind].longest;
    const [worst] = [...children].sort((a, b) => over(b) - over(a));
    if (worst === undefined || over(worst) <= 0) {
        return;
    }
    const { title, longest } = rules[worst.kind];
    problems.add({
        path,
        value: chosen,
        rule: `makes the ${title} "${worst.childName}-0123abc", ${over(worst)} more than the ${longest} characters that AWS takes`,
        fix: `Give at most ${Math.max(1, chosen.length - over(worst))} characters.`,
    });
}
