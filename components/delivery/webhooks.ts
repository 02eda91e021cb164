import * as pulumi from "@pulumi/pulumi";

import { checkUrl } from "../http";
import { checkSwitch, checkTexts, shown } from "../shape";
import { Problems, checkDuration, checkInteger } from "../validation";

/** A test that the load tester runs before the canary gets traffic. A failing one counts as a failed check. */
export interface AcceptanceTestArgs {
    /** A shell command; it passes when it exits with 0. */
    command: string;
    /**
     * How long it may take: seconds or minutes.
     * @default "30s"
     */
    timeout?: string;
}

/** The load that the load tester puts on the canary while it is analysed. */
export interface LoadTestArgs {
    /** A shell command, usually `hey`. It is started at each step and runs in the background. */
    command: string;
    /**
     * How long the load tester may take to accept the command: seconds or minutes.
     * @default "5s"
     */
    timeout?: string;
}

/** A service of your own that Flagger calls during a rollout. An answer above 202 says no. */
export interface WebhookArgs {
    /** Its name, for events and alerts. */
    name: string;
    /**
     * When it is called: `confirm-rollout`, `pre-rollout`, `rollout`, `confirm-traffic-increase`, `confirm-promotion`,
     * `post-rollout`, `rollback` or `event`.
     * @default "rollout"
     */
    type?: string;
    /** Its address. Kept as a secret where it is given as one. */
    url: pulumi.Input<string>;
    /**
     * How long an answer may take: seconds or minutes.
     * @default "10s"
     */
    timeout?: string;
    /**
     * How often a call that got no answer, or a 5xx one, is tried again.
     * @default 0
     */
    retries?: number;
    /**
     * What is sent along.
     * @default - nothing
     */
    metadata?: Record<string, pulumi.Input<string>>;
    /**
     * Sends no alert while a gate is waited at.
     * @default false
     */
    muteAlert?: boolean;
    /**
     * Trusts any certificate.
     * @default false
     */
    disableTls?: boolean;
}

const types = [
    "confirm-rollout",
    "pre-rollout",
    "rollout",
    "confirm-traffic-increase",
    "confirm-promotion",
    "post-rollout",
    "rollback",
    "event",
];

/** Checks the tests of an application. */
export function checkTests(
    problems: Problems,
    acceptanceTest: AcceptanceTestArgs | undefined,
    loadTest: LoadTestArgs | undefined,
): void {
    for (const [path, test] of [
        ["acceptanceTest", acceptanceTest],
        ["loadTest", loadTest],
    ] as const) {
        if (test === undefined) {
            continue;
        }
        problems.require(typeof test?.command === "string" && test.command.trim() !== "", {
            path: `${path}.command`,
            value: test?.command,
            rule: "is empty",
            fix: `Give a shell command, like "curl -sf http://podinfo-canary.test:9898/healthz".`,
        });
        checkDuration(problems, `${path}.timeout`, test?.timeout);
    }
}

/** Checks webhooks of one's own. */
export function checkWebhooks(
    problems: Problems,
    path: string,
    webhooks: WebhookArgs[] | undefined,
    strategy: string | undefined,
): void {
    if (webhooks === undefined) {
        return;
    }
    if (
        !problems.require(Array.isArray(webhooks), {
            path,
            // An address may hold a token.
            value: shown(webhooks),
            rule: "is not a list",
            fix: 'Write it like [{ name: "smoke", url: "http://tests.ops/smoke" }].',
        })
    ) {
        return;
    }
    webhooks.forEach((webhook, index) => {
        const at = `${path}[${index}]`;
        if (
            !problems.require(typeof webhook === "object" && webhook !== null, {
                path: at,
                value: shown(webhook),
                rule: "is not a webhook",
                fix: 'Write it like { name: "smoke", url: "http://tests.ops/smoke" }.',
            })
        ) {
            return;
        }
        problems.require(typeof webhook.name === "string" && webhook.name !== "", {
            path: `${at}.name`,
            value: webhook.name,
            rule: "is not a name",
            fix: "Give one: events and alerts use it.",
        });
        problems.require(webhook.type === undefined || types.includes(webhook.type), {
            path: `${at}.type`,
            value: webhook.type,
            rule: "is not a moment at which Flagger calls",
            fix: `Use one of ${types.join(", ")}.`,
        });
        problems.require(
            webhook.type !== "confirm-traffic-increase" || strategy === undefined || strategy === "steps",
            {
                path: `${at}.type`,
                value: webhook.type,
                rule: `is never called in ${strategy}: the release would go on without it`,
                fix: "Use confirm-promotion, or release in `steps`.",
            },
        );
        if (webhook.url === undefined || webhook.url === null) {
            problems.add({ path: `${at}.url`, rule: "is required", fix: "Give the address to call." });
        } else {
            checkUrl(problems, `${at}.url`, webhook.url);
        }
        checkDuration(problems, `${at}.timeout`, webhook.timeout);
        checkInteger(problems, `${at}.retries`, webhook.retries, 0, 100, "tries");
        checkSwitch(problems, `${at}.muteAlert`, webhook.muteAlert);
        checkSwitch(problems, `${at}.disableTls`, webhook.disableTls);
        checkTexts(problems, `${at}.metadata`, webhook.metadata);
    });
    const names = webhooks.map((webhook) => webhook?.name);
    names.forEach((name, index) =>
        problems.require(typeof name !== "string" || names.indexOf(name) === index, {
            path: `${path}[${index}].name`,
            value: name,
            rule: "is the name of another webhook, so that events could not tell them apart",
            fix: "Give each a name of its own.",
        }),
    );
}

/** The webhooks of a Canary that let the load tester at `url` run the application's tests. */
export function testWebhooks(
    url: string,
    acceptanceTest: AcceptanceTestArgs | undefined,
    loadTest: LoadTestArgs | undefined,
): Record<string, unknown>[] {
    const webhooks: Record<string, unknown>[] = [];
    if (acceptanceTest !== undefined) {
        webhooks.push({
            name: "acceptance-test",
            type: "pre-rollout",
            url,
            timeout: acceptanceTest.timeout ?? "30s",
            metadata: { type: "bash", cmd: acceptanceTest.command },
        });
    }
    if (loadTest !== undefined) {
        webhooks.push({
            name: "load-test",
            type: "rollout",
            url,
            timeout: loadTest.timeout ?? "5s",
            metadata: { type: "cmd", cmd: loadTest.command },
        });
    }
    return webhooks;
}

/** Webhooks of one's own, as a Canary has them. */
export function webhooksSpec(webhooks: WebhookArgs[] | undefined): Record<string, unknown>[] {
    return (webhooks ?? []).map(({ name, type, url, timeout, retries, metadata, muteAlert, disableTls }) => ({
        name,
        type: type ?? "rollout",
        url,
        timeout: timeout ?? "10s",
        ...(retries !== undefined && { retries }),
        ...(metadata !== undefined && { metadata }),
        ...(muteAlert !== undefined && { muteAlert }),
        ...(disableTls !== undefined && { disableTLS: disableTls }),
    }));
}

/** What was given as a secret among webhooks of one's own. */
export function webhookSecrets(webhooks: WebhookArgs[] = []): pulumi.Output<string[]> {
    const given = webhooks.flatMap(({ url, metadata }) => [url, ...Object.values(metadata ?? {})]);
    const isSecret = async (value: pulumi.Input<string>) =>
        pulumi.Output.isInstance(value) && (await pulumi.isSecret(value as pulumi.Output<string>));
    const secrets = Promise.all(given.map(async (value) => ((await isSecret(value)) ? [value] : [])));
    return pulumi.output(secrets).apply((lists) => lists.flat());
}
