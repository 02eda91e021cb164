import { Problems, checkDuration } from "../validation";

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
        problems.require(typeof test.command === "string" && test.command.trim() !== "", {
            path: `${path}.command`,
            value: test.command,
            rule: "is empty",
            fix: `Give a shell command, like "curl -sf http://podinfo-canary.test:9898/healthz".`,
        });
        checkDuration(problems, `${path}.timeout`, test.timeout);
    }
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
