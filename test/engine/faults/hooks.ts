import assert from "node:assert/strict";

import { succeeded } from "../asserts";
import { podinfo } from "../delivery";
import { serve } from "./serve";
import { Fault, Stage, Subject } from "./stage";
import { steps } from "./steps";

const said = ({ rollouts }: Stage, name: string) => rollouts.messages(name, name).join("\n");

/** It does not answer twice, and then does. Each time is one failed check; three would end the rollout. */
export const hangingHook: Fault = {
    fault: "Webhook that hangs, then answers",
    run: async (stage) => {
        let calls = 0;
        const hook = await serve((_, response) => {
            calls++;
            if (calls > 2) {
                response.end("ok");
            }
        });
        const webhooks = [{ name: "hanging", type: "rollout", url: hook.url, timeout: "2s" }];
        const subject = await Subject.up(stage, "hook-hangs", { webhooks });
        succeeded(await subject.release("6.0.1"));
        assert.match(said(stage, "hook-hangs"), /Halt .* external check hanging failed .*(timeout|deadline) exceeded/i);
        await subject.converged();
        await subject.destroy();
        hook.close();
        return [];
    },
};

/** It says no as often as it is asked, until somebody repairs it. */
export const failingHook: Fault = {
    fault: "Webhook that answers 500",
    run: async (stage) => {
        let broken = true;
        const hook = await serve((_, response) => {
            response.writeHead(broken ? 500 : 200).end();
        });
        const webhooks = [{ name: "failing", type: "rollout", url: hook.url }];
        const subject = await Subject.up(stage, "hook-fails", { webhooks });
        const rolledBack = await subject.release("6.0.1");
        assert.equal(rolledBack.code, 1, rolledBack.output);
        assert.match(rolledBack.output, /Flagger: Halt .* external check failing failed /);
        assert.equal(stage.rollouts.primaryImage("hook-fails", "hook-fails"), podinfo("6.0.0"));
        broken = false;
        succeeded(await subject.retry());
        await subject.converged();
        await subject.destroy();
        hook.close();
        return [steps.retry];
    },
};

/** A gate behind a login: Flagger follows to the login's page, which answers 200, and takes that for a yes. */
export const redirectingHook: Fault = {
    fault: "Webhook that redirects to a page that answers 200",
    run: async (stage) => {
        const asked: string[] = [];
        const hook = await serve(({ method, url }, response) => {
            asked.push(`${method} ${url}`);
            if (url === "/login") {
                response.end("<html>Please log in</html>");
            } else {
                response.writeHead(302, { location: "/login" }).end();
            }
        });
        const webhooks = [{ name: "approval", type: "confirm-rollout", url: hook.url }];
        const subject = await Subject.up(stage, "hook-redirects", { webhooks });
        succeeded(await subject.release("6.0.1"));
        assert.ok(asked.includes("POST /") && asked.includes("GET /login"), asked.join(", "));
        await subject.converged();
        await subject.destroy();
        hook.close();
        return [steps.noRedirects];
    },
};
