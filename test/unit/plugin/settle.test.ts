import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { packageSchema } from "../../../plugin/packageSchema";
import { settle } from "../../../plugin/settle";

const inputsOf = (component: string) =>
    packageSchema.resources[`pulumi-progressive-mesh:index:${component}`]!.inputProperties!;
const settled = (inputs: pulumi.Inputs) => settle('CanaryApp "app"', inputs, inputsOf("CanaryApp"));

/** What an output holds, and whether it is a secret; any other value as it is. */
async function held(value: unknown): Promise<unknown> {
    if (!pulumi.Output.isInstance(value)) {
        return value;
    }
    const output = value as unknown as { promise(): Promise<unknown>; isSecret: Promise<boolean> };
    return (await output.isSecret) ? { secret: await output.promise() } : { output: await output.promise() };
}

const connection = {
    kubeconfig: "the kubeconfig",
    mesh: { provider: "istio" },
    metricsServer: "http://prometheus",
    roles: { "apps/podinfo": "arn" },
};

describe("arguments from another language", () => {
    before(() => pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) }));

    it("are plain where they have to be, and secret where they were, when a platform comes as one secret", async () => {
        const { args, later } = await settled({
            platform: pulumi.secret(connection),
            namespace: pulumi.output("apps"),
        });
        const platform = args.platform as typeof connection;
        assert.deepEqual(platform.mesh, { provider: "istio" });
        assert.deepEqual(await held(platform.kubeconfig), { secret: "the kubeconfig" });
        assert.deepEqual(await held(platform.roles["apps/podinfo"]), { secret: "arn" });
        assert.deepEqual([args.namespace, later], ["apps", []]);
    });

    it("keep outputs where outputs are taken, and what nobody knows", async () => {
        const image = pulumi.output("podinfo");
        const { args } = await settled({ workload: { image, port: 9898, unheardOf: [1] }, nonsense: { a: 1 } });
        const workload = args.workload as Record<string, unknown>;
        assert.deepEqual(await held(workload.image), { output: "podinfo" });
        assert.deepEqual([workload.port, workload.unheardOf, args.nonsense], [9898, [1], { a: 1 }]);
    });

    it("are text again where YAML has read a setting as JSON", async () => {
        const kubeconfig = { apiVersion: "v1", clusters: [{ name: "kind" }] };
        const platform = await settle(
            'ProgressiveMeshCluster "platform"',
            { existing: { kubeconfig: pulumi.secret(kubeconfig), clusterName: 12 } },
            inputsOf("ProgressiveMeshCluster"),
        );
        const existing = platform.args.existing as Record<string, unknown>;
        assert.deepEqual(await held(existing.kubeconfig), { secret: JSON.stringify(kubeconfig) });
        assert.equal(existing.clusterName, "12");
        const { args } = await settled({ namespace: pulumi.output(true), workload: { image: pulumi.secret(5) } });
        assert.equal(args.namespace, "true");
        assert.deepEqual(await held((args.workload as { image: unknown }).image), { secret: "5" });
    });

    it("say which of them are not known yet, and leave unknown what may be", async () => {
        const unknown = pulumi.output(pulumi.unknown);
        const { args, later } = await settled({
            platform: { ...connection, kubeconfig: pulumi.unknown, mesh: unknown },
            analysis: { steps: { stepWeights: [unknown, 20] } },
        });
        assert.deepEqual(later, ["analysis.steps.stepWeights[0]", "platform.mesh"]);
        const { kubeconfig } = args.platform as { kubeconfig: { isKnown: Promise<boolean> } };
        assert.equal(await kubeconfig.isKnown, false);
    });

    it("say so of an output that the engine sends without a value, as a platform's connection in its first preview", async () => {
        const { specialSigKey, specialOutputValueSig, deserializeProperty } = pulumi.runtime;
        const withoutValue = { [specialSigKey]: specialOutputValueSig, secret: true };
        const { args, later } = await settled({
            platform: deserializeProperty(withoutValue) as unknown,
            namespace: deserializeProperty(withoutValue) as unknown,
        });
        assert.deepEqual([args.platform, later], [undefined, ["namespace", "platform"]]);
    });

    it("are found in an output with a secret in it, which is how YAML hands on a platform's connection", async () => {
        const { specialSigKey, specialOutputValueSig, specialSecretSig, deserializeProperty } = pulumi.runtime;
        const kubeconfig = { [specialSigKey]: specialSecretSig, value: "the kubeconfig" };
        const value = { ...connection, kubeconfig };
        const { args, later } = await settled({
            platform: deserializeProperty({ [specialSigKey]: specialOutputValueSig, secret: true, value }) as unknown,
        });
        const platform = args.platform as typeof connection;
        assert.deepEqual(platform.mesh, { provider: "istio" });
        assert.deepEqual(await held(platform.kubeconfig), { secret: "the kubeconfig" });
        assert.deepEqual(later, []);
    });

    it("are refused where a secret would not stay one, without a word of it", async () => {
        const command = pulumi.secret("hey -H 'token: hush'");
        await assert.rejects(settled({ loadTest: { command } }), (error: Error) => {
            assert.match(
                error.message,
                /CanaryApp "app": 1 problem in the arguments\n {2}- loadTest\.command: .*secret, not shown/,
            );
            assert.doesNotMatch(error.message, /hush/);
            return true;
        });
    });

    it("make the component depend on what they come from", async () => {
        const resource = new pulumi.DependencyResource("urn:of:a:namespace");
        const namespace = new (pulumi.Output as unknown as new (...parts: unknown[]) => pulumi.Output<string>)(
            [resource],
            Promise.resolve("apps"),
            Promise.resolve(true),
            Promise.resolve(false),
            Promise.resolve([resource]),
        );
        const { dependencies } = await settled({ namespace });
        assert.deepEqual(dependencies, [resource]);
    });
});
