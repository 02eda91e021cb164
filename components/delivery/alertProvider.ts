import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { checkUrl, hasUserInfo, redacted } from "../http";
import { checkSecretText, isLater, isObject, outline } from "../shape";
import { Problems } from "../validation";

/** Where alerts are sent. */
export interface AlertProviderArgs {
    /** The kind of chat: `slack`, `msteams`, `discord`, `rocket` or `gchat`. */
    type: string;
    /** The address of the chat's webhook, an http or https URL. It is kept in a Secret. */
    address: pulumi.Input<string>;
    /**
     * The token of a Slack app, for `slack` alone. It is kept in the same Secret.
     * @default - none: the webhook's address is all it takes
     */
    token?: pulumi.Input<string>;
    /**
     * The channel, for `slack`, `discord` and `rocket` alone.
     * @default "general"
     */
    channel?: pulumi.Input<string>;
    /**
     * The name that the alerts are sent under, for `slack`, `discord` and `rocket` alone.
     * @default "flagger"
     */
    username?: pulumi.Input<string>;
    /**
     * The address of an HTTP or SOCKS5 proxy on the way to the chat, as a URL. It is no secret.
     * @default - none
     */
    proxy?: pulumi.Input<string>;
}

/** Which optional fields Flagger reads for a kind of chat. */
const types: Record<string, { token: boolean; sender: boolean }> = {
    slack: { token: true, sender: true },
    msteams: { token: false, sender: false },
    discord: { token: false, sender: true },
    rocket: { token: false, sender: true },
    gchat: { token: false, sender: false },
};

const otherwise = "Flagger would send no alert";

/** Checks an alert provider for what Kubernetes would refuse, and for what would make Flagger lose alerts. */
export function checkAlertProvider(problems: Problems, path: string, provider: AlertProviderArgs | undefined): void {
    if (!isObject(provider)) {
        problems.add({
            path,
            value: outline(provider),
            rule: "does not say the kind of chat and the address of its webhook",
            fix: 'Write it like { type: "slack", address: config.requireSecret("slackWebhook") }.',
        });
        return;
    }
    const { address, token, proxy } = provider;
    if (address === undefined) {
        problems.add({
            path: `${path}.address`,
            rule: "is required",
            fix: "Give the whole URL as the chat shows it, as a secret.",
        });
    }
    checkUrl(problems, `${path}.address`, address, { otherwise });
    checkSecretText(problems, `${path}.token`, token);
    checkProxy(problems, `${path}.proxy`, proxy);
    checkType(problems, path, provider);
}

function checkType(problems: Problems, path: string, provider: AlertProviderArgs): void {
    const { type } = provider;
    const known = typeof type === "string" && Object.hasOwn(types, type) ? types[type] : undefined;
    if (known === undefined) {
        problems.add({
            path: `${path}.type`,
            value: type,
            rule: "is not a kind of chat that Flagger knows: Kubernetes would refuse the provider",
            fix: `Use one of ${Object.keys(types).join(", ")}.`,
        });
        return;
    }
    problems.require(known.token || provider.token === undefined, {
        path: `${path}.type`,
        value: type,
        rule: "takes no token: Flagger sends one to Slack alone",
        fix: "Leave `token` out.",
    });
    for (const field of ["channel", "username"] as const) {
        const value = provider[field];
        if (value === undefined) {
            continue;
        }
        problems.require(known.sender, {
            path: `${path}.${field}`,
            value,
            rule: `is not sent to ${type}, whose webhook decides it`,
            fix: "Leave it out.",
        });
        problems.require(isLater(value) || (typeof value === "string" && value.trim() !== ""), {
            path: `${path}.${field}`,
            value,
            rule: "is empty or no text",
            fix: "Give a text, or leave it out.",
        });
    }
}

function checkProxy(problems: Problems, path: string, proxy: unknown): void {
    const rules = { schemes: ["http", "https", "socks5"], otherwise, shown: true };
    if (!checkUrl(problems, path, proxy, rules) || typeof proxy !== "string") {
        return;
    }
    problems.require(!hasUserInfo(proxy), {
        path,
        value: redacted(proxy),
        rule: "holds credentials, which everyone could read in the provider",
        fix: "Use a proxy that asks for none.",
    });
}

/**
 * Makes an AlertProvider and the Secret with its address. Names of children begin with `childName`. The provider is
 * named `name`, the Secret `<name>-webhook`.
 */
export function alertProvider(
    childName: string,
    name: string,
    namespace: string,
    args: AlertProviderArgs,
    opts: pulumi.CustomResourceOptions,
): { ref: { name: string; namespace: string }; resource: pulumi.Resource } {
    const { type, address, token, channel, username, proxy } = args;
    const secretName = `${name}-webhook`;
    const secret = new Secret(
        `${childName}-webhook`,
        {
            metadata: { name: secretName, namespace },
            type: "Opaque",
            stringData: {
                address: pulumi.secret(address),
                ...(token !== undefined && { token: pulumi.secret(token) }),
            },
        },
        opts,
    );
    const resource = new CustomResource(
        childName,
        {
            apiVersion: "flagger.app/v1beta1",
            kind: "AlertProvider",
            metadata: { name, namespace },
            spec: {
                type,
                ...(channel !== undefined && { channel }),
                ...(username !== undefined && { username }),
                ...(proxy !== undefined && { proxy }),
                // Without `address`: the CRD refuses the two together.
                secretRef: { name: secretName },
            },
        },
        { ...opts, dependsOn: [secret] },
    );
    return { ref: { name, namespace }, resource };
}
