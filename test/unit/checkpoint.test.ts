import assert from "node:assert/strict";

import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime";

import { Checkpoint, restored, scrubbed } from "../upgrade/checkpoint";

const password = "0123456789abcdefABCDEF0123456789";
const here = { kubeconfig: '{"token": "t0ken"}\n', chartRepository: "http://10.0.0.1:80" };
const there = { kubeconfig: "token: other\n", chartRepository: "http://10.9.9.9:80" };

const checkpoint = (places: typeof here, more: object = {}): Checkpoint => ({
    version: 3,
    deployment: {
        resources: [
            {
                urn: "urn:pulumi:test::p::pulumi:providers:kubernetes::a",
                type: "pulumi:providers:kubernetes",
                inputs: {
                    kubeconfig: { [specialSigKey]: specialSecretSig, plaintext: JSON.stringify(places.kubeconfig) },
                },
                outputs: { metadata: { name: "a" }, repo: places.chartRepository },
                ...more,
            },
        ],
    },
});

describe("a recorded checkpoint", () => {
    it("holds nothing of the machine that it is from, and is one of the machine that takes it over", () => {
        const record = scrubbed(checkpoint(here), here);
        assert.doesNotMatch(JSON.stringify(record), /t0ken|10\.0\.0\.1/);
        assert.deepEqual(restored(record, there, checkpoint(there)), checkpoint(there));
    });

    it("says once what stands in it several times", () => {
        const data = { page: "x".repeat(1000) };
        const full = checkpoint(here, { inputs: { data }, outputs: { __inputs: { data }, data, id: "a" } });
        const record = scrubbed(full, here);
        assert.equal(JSON.stringify(record).split(data.page).length - 1, 1);
        assert.deepEqual(restored(record, here, full), full);
    });

    it("is encrypted by the key of the stack that takes it over", () => {
        const own = checkpoint(there);
        own.deployment.secrets_providers = { type: "passphrase" };
        const { deployment } = restored(scrubbed(checkpoint(here), here), there, own);
        assert.deepEqual(deployment.secrets_providers, { type: "passphrase" });
    });

    it("leaves out times and what no provider compares, and passwords", () => {
        const { deployment } = scrubbed(
            checkpoint(here, {
                created: "2026-01-01T00:00:00Z",
                outputs: {
                    metadata: { name: "a", managedFields: [{ manager: "pulumi" }] },
                    password: { plaintext: `"${password}"` },
                },
            }),
            here,
        );
        const { outputs, created } = deployment.resources[0]!;
        assert.equal(created, undefined);
        assert.deepEqual(JSON.parse(JSON.stringify(outputs)), {
            metadata: { name: "a" },
            password: { plaintext: `"${"x".repeat(32)}"` },
        });
    });
});
