import type { Policies, PolicyConfigSchema, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";

import { broken } from "./check";
import { Resource, plainProps } from "./resource";
import { Rule, isStackRule, optionsOf } from "./rule";
import { rules } from "./rules";

/** The rules in the form that CrossGuard takes. */
export function policies(): Policies {
    return rules.map((rule) => {
        const { name, description, enforcementLevel, severity } = rule;
        const common = { name, description, enforcementLevel, severity, configSchema: schemaOf(rule) };
        return isStackRule(rule)
            ? {
                  ...common,
                  validateStack: (stack, report) =>
                      broken(rule, stack.resources.map(resourceOf), stack.getConfig()).forEach(
                          ({ resource, message }) => report(message, resource.urn),
                      ),
              }
            : {
                  ...common,
                  validateResource: (given, report) =>
                      broken(rule, [resourceOf(given)], given.getConfig()).forEach(({ message }) => report(message)),
              };
    });
}

function resourceOf({ urn, type, name, props, provider }: PolicyResource | ResourceValidationArgs): Resource {
    return { urn, type, name, provider: provider?.urn ?? "", props: plainProps(props) };
}

/** What a rule's options have to look like. */
function schemaOf(rule: Rule): PolicyConfigSchema {
    const properties = Object.entries(optionsOf(rule)).map(([name, { description, default: standard }]) => [
        name,
        typeof standard === "boolean"
            ? { type: "boolean", description, default: standard }
            : { type: "array", items: { type: "string" }, description, default: [...standard] },
    ]);
    return { properties: Object.fromEntries(properties) as PolicyConfigSchema["properties"] };
}
