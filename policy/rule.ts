import { Problems } from "../components/validation";
import { Resource } from "./resource";

/** What becomes of a violation: it fails the update, or it is only shown. */
export type Level = "mandatory" | "advisory";

/** What a rule can be told beside its level: its type is that of its default. */
export interface Option {
    description: string;
    default: boolean | readonly string[];
}

/** The options of a rule, each as it was given or at its default. */
export type Options = Readonly<Record<string, boolean | readonly string[]>>;

interface RuleBase {
    /** By which it is configured. */
    readonly name: string;
    /** What has to hold, in one sentence. */
    readonly description: string;
    readonly enforcementLevel: Level;
    /** How bad a violation is. */
    readonly severity: "low" | "medium" | "high" | "critical";
    readonly options?: Readonly<Record<string, Option>>;
}

/** A rule about one resource. It is held against its inputs before anything is made. */
export interface ResourceRule extends RuleBase {
    check(problems: Problems, resource: Resource, options: Options): void;
}

/** A rule about resources that belong together. It is held against all of a stack, in an update at its end. */
export interface StackRule extends RuleBase {
    checkStack(problemsOf: (resource: Resource) => Problems, resources: readonly Resource[], options: Options): void;
}

export type Rule = ResourceRule | StackRule;

export function isStackRule(rule: Rule): rule is StackRule {
    return "checkStack" in rule;
}

const common: Readonly<Record<string, Option>> = {
    except: { description: "Pulumi names of resources that the rule leaves alone.", default: [] },
};

/** All that a rule can be told beside its level. */
export function optionsOf(rule: Rule): Readonly<Record<string, Option>> {
    return { ...common, ...rule.options };
}

/** An option that is a list. */
export function textsOf(options: Options, name: string): readonly string[] {
    return options[name] as readonly string[];
}
