import type { Policies, PolicyConfigSchema, PolicyResource, ResourceValidationArgs } from "@pulumi/policy";

import { broken } from "./check";
import { isShownTwice } from "./eksClusters";
import { Resource, plainProps } from "./resource";
import { Rule, isStackRule, optionsOf } from "./rule";
import { rules } from "./rules";

/** The rules in the form that CrossGuard takes. */
export function policies(): Policies {
    // What a rule about a stack is shown are outputs, and of what is in a cluster that is yet to be made a preview has none. So they
    // are held against the inputs, which the rules about single resources have been shown by then.
    const shown = new Map<string, Resource>();
    return rules.map((rule) => {
        const { name, description, enforcementLevel, severity } = rule;
        const common = { name, description, enforcementLevel, severity, configSchema: schemaOf(rule) };
        return isStackRule(rule)
            ? {
                  ...common,
                  validateStack: (stack, report) => {
                      const resources = stack.resources.map((given) => shown.get(given.urn) ?? resourceOf(given));
                      for (const { resource, message } of broken(rule, resources, stack.getConfig())) {
                          report(message, resource.urn);
                      }
                  },
              }
            : {
                  ...common,
                  validateResource: (given, report) => {
                      const resource = resourceOf(given);
                      shown.set(given.urn, resource);
                      for (const { message } of isShownTwice(given)
                          ? []
                          : broken(rule, [resource], given.getConfig())) {
                          report(message);
                      }
                  },
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
