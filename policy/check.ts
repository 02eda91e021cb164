import { isLater } from "../components/shape";
import { Problems, describe } from "../components/validation";
import { Resource, plainProps } from "./resource";
import { Level, Options, Rule, isStackRule, optionsOf, textsOf } from "./rule";
import { rules } from "./rules";

/** A rule that a resource breaks. */
export interface Violation {
    rule: string;
    level: Level;
    type: string;
    /** The resource's Pulumi name. */
    name: string;
    /** Which value breaks it, and what to write instead. */
    message: string;
}

/** What a pack is told of its rules, by their names: a level, or a level and options. As Pulumi's `--policy-pack-config`. */
export type PackConfig = Readonly<Record<string, Setting | ({ enforcementLevel?: Setting } & Record<string, unknown>)>>;

type Setting = Level | "disabled";

/** A resource as a program registered it, in an engine or in a graph that was recorded without one. */
export interface Registered {
    type: string;
    name: string;
    provider?: string;
    /** The inputs as they go over the wire. */
    props: object;
}

/**
 * Holds the rules against all resources that a program registered, without an engine: what `pulumi preview --policy-pack` would
 * say of them, as far as their inputs are known.
 */
export function check(registered: readonly Registered[], config: PackConfig = {}): Violation[] {
    const resources = registered.map(({ type, name, provider = "", props }) => ({
        urn: `${type}::${name}`,
        type,
        name,
        provider,
        props: plainProps(props),
    }));
    return rules.flatMap((rule) => {
        const { level, given } = settingsOf(rule, config);
        return level === "disabled"
            ? []
            : broken(rule, resources, given).map(({ resource: { type, name }, message }) => ({
                  rule: rule.name,
                  level,
                  type,
                  name,
                  message,
              }));
    });
}

/** What a pack's configuration says of a rule; what it says of `all` is for those that it does not name. */
function settingsOf(rule: Rule, config: PackConfig): { level: Setting; given: Record<string, unknown> } {
    const own = config[rule.name] ?? config.all ?? {};
    const { enforcementLevel, ...given } = typeof own === "string" ? { enforcementLevel: own } : own;
    return { level: enforcementLevel ?? rule.enforcementLevel, given };
}

/** What breaks a rule, among resources that are all of a stack if the rule is about stacks. */
export function broken(
    rule: Rule,
    resources: readonly Resource[],
    given: object,
): { resource: Resource; message: string }[] {
    const defaults = Object.entries(optionsOf(rule)).map(([name, option]) => [name, option.default]);
    const options: Options = { ...(Object.fromEntries(defaults) as Options), ...given };
    const found = new Map<Resource, Problems>();
    const problemsOf = (resource: Resource) => {
        const problems = found.get(resource) ?? new Problems();
        found.set(resource, problems);
        return problems;
    };
    if (isStackRule(rule)) {
        rule.checkStack(problemsOf, resources, options);
    } else {
        resources.forEach((resource) => rule.check(problemsOf(resource), resource, options));
    }
    return [...found]
        .filter(([{ name }]) => !textsOf(options, "except").includes(name))
        .flatMap(([resource, problems]) => linesOf(problems).map((message) => ({ resource, message })));
}

/** Problems in words. A value that is not known yet is judged when it is. */
function linesOf(problems: Problems): string[] {
    return problems.all.filter(({ value }) => !isLater(value)).map(describe);
}
