import assert from "node:assert/strict";
import path from "node:path";

import { CustomObjectsApi, KubernetesObject } from "@kubernetes/client-node";

import { Answer } from "../../lab/ask";
import { Client } from "../../lab/client";
import { Watched } from "../../lab/kubelet/watch";
import { Lab } from "../../lab/lab";
import { leftovers } from "../../lab/leftovers";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { podinfo } from "./delivery";
import { answersAt, assertShare } from "./served";
import { theLab } from "./theLab";

const group = "gateway.networking.k8s.io";

/** What the tests read of a route: who gets which share, and how far its proxies are. */
interface HttpRoute extends KubernetesObject {
    spec: { rules: { backendRefs: { name: string; weight: number }[] }[] };
    status?: { parents: { conditions: { type: string; observedGeneration: number }[] }[] };
}

/** Since when the canary has had a weight. */
interface Moment {
    at: number;
    weight: number;
    /** Whether the gateway has taken note of it. */
    taken: boolean;
}

/** The real Envoy Gateway and a real Envoy, with the real Flagger turning the weights of an HTTPRoute. */
describe("a Canary of the Gateway API", function () {
    this.timeout(600_000);
    let lab: Lab;
    let stack: Project;
    let rollouts: Rollouts;
    let routes: Watched<HttpRoute>;
    let address: string;
    let moments: Moment[] = [];
    let rolledBack = Infinity;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        const { kubeconfig, kubeconfigFile } = lab.controlPlane;
        rollouts = new Rollouts(kubeconfig);
        routes = new Watched(kubeconfig, { group, version: "v1", plural: "httproutes" }, (_, route: HttpRoute) => {
            const weight = route.spec.rules[0]!.backendRefs.find(({ name }) => name === "podinfo-canary")?.weight ?? 0;
            moments.push({ at: Date.now(), weight, taken: isTaken(route) });
        });
        rollouts.onEvent((message) => {
            if (message.startsWith("Copying")) {
                // From here on the primary is the new version, too, whatever the weight.
                moments.push({ at: Date.now(), weight: 100, taken: false });
            } else if (message.startsWith("Rolling back")) {
                rolledBack = Date.now();
            }
        });
        const program = path.join(__dirname, "programs", "gatewayApi");
        stack = await lab.pulumi.project("gateway-api", program, "test", {
            chartRepository: lab.charts,
            kubeconfig: kubeconfigFile,
            image: podinfo("6.0.0"),
        });
        succeeded(await stack.up());
        await rollouts.phase("apps", "podinfo", ["Initialized"], 180);
        address = await gatewayAddress(lab);
        const client = new Client(`http://${address}/`, { perSecond: 5 });
        const first = await poll(() => client.answers().find(({ status }) => status === 200), 60);
        await client.stop();
        assert.equal(first?.version, "6.0.0");
    });

    after(() => {
        rollouts?.stop();
        routes?.stop();
    });

    /** Brings out another version, with users who ask all the time. */
    async function release(tag: string): Promise<{ phase: string; weights: number[]; answers: Answer[] }> {
        moments = [];
        const client = new Client(`http://${address}/`, { perSecond: 20 });
        await stack.configure({ image: podinfo(tag) });
        succeeded(await stack.up());
        const outcome = await rollouts.outcome("apps", "podinfo", 300);
        await new Promise((resolve) => setTimeout(resolve, 5000));
        return { ...outcome, answers: await client.stop() };
    }

    it("is promoted, while its version gets the share of the requests that its weight says, and none fails", async () => {
        const { phase, weights, answers } = await release("6.0.1");
        assert.deepEqual([phase, weights], ["Succeeded", [30, 60]]);
        assert.deepEqual(
            answers.filter(({ status }) => status !== 200),
            [],
        );
        for (const weight of weights) {
            const during = answersAt(answers, moments, weight);
            assertShare(during, "6.0.1", weight / 100);
        }
        assert.deepEqual(new Set(answers.slice(-40).map(({ version }) => version)), new Set(["6.0.1"]));
    });

    it("is rolled back when its version answers errors, and nothing else does but the gateway in that moment", async () => {
        const { phase, answers } = await release("6.0.2-errors50");
        assert.equal(phase, "Failed");
        const said = rollouts.messages("apps", "podinfo");
        assert.ok(
            said.some((message) => /^Halt podinfo\.apps advancement success-rate \d+\.\d+ < 99$/.test(message)),
            said.join("\n"),
        );
        const failed = answers.filter(({ status }) => status !== 200);
        assert.ok(failed.length > 0);
        // Flagger takes the canary's pods away in the moment in which it takes its weight, and the gateway may hear of the pods
        // first: a request in between gets a 500 of the gateway's own.
        const isGateways = ({ version, status, at }: Answer) =>
            version === undefined && status === 500 && Math.abs(at - rolledBack) < 3000;
        assert.deepEqual(
            failed.filter((answer) => answer.version !== "6.0.2-errors50" && !isGateways(answer)),
            [],
        );
        assert.deepEqual(new Set(answers.slice(-40).map(({ version }) => version)), new Set(["6.0.1"]));
    });

    it("goes, and all that carried it, but for what Helm never deletes", async () => {
        succeeded(await stack.destroy());
        assert.deepEqual((await leftovers(lab)).sort(), [
            "clusterrolebindings eg-gateway-helm-certgen:envoy-gateway-system",
            "clusterroles eg-gateway-helm-certgen:envoy-gateway-system",
            "mutatingwebhookconfigurations envoy-gateway-topology-injector.envoy-gateway-system",
        ]);
    });
});

function isTaken({ metadata, status }: HttpRoute): boolean {
    const conditions = (status?.parents ?? []).flatMap((parent) => parent.conditions);
    const accepted = conditions.find(({ type }) => type === "Accepted");
    return accepted?.observedGeneration === metadata!.generation;
}

async function gatewayAddress(lab: Lab): Promise<string> {
    const api = lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
    const look = async () => {
        const gateway = (await api.getNamespacedCustomObject({
            ...{ group, version: "v1", plural: "gateways" },
            ...{ namespace: "ingress", name: "gateway" },
        })) as { status?: { addresses?: { value: string }[] } };
        return gateway.status?.addresses?.[0]?.value;
    };
    return (await poll(look, 60)) ?? assert.fail("the gateway has no address");
}
