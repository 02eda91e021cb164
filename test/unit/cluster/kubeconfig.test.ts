import assert from "node:assert/strict";

import { parse } from "yaml";

import { eksKubeconfig, isKubeconfig, withContext } from "../../../components/cluster/kubeconfig";

const yaml = `apiVersion: v1
kind: Config
clusters: # two of them
- name: kind-a
  cluster: { server: https://127.0.0.1:1 }
current-context: kind-a
users: []
`;

describe("eksKubeconfig", () => {
    it("asks the aws command for a token, as the one of Pulumi's EKS component does", () => {
        const made = eksKubeconfig({ name: "shop", region: "eu-west-1", endpoint: "https://x", certificate: "Y2E=" });
        assert.deepEqual(JSON.parse(made), {
            apiVersion: "v1",
            kind: "Config",
            clusters: [{ name: "kubernetes", cluster: { server: "https://x", "certificate-authority-data": "Y2E=" } }],
            contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
            "current-context": "aws",
            users: [
                {
                    name: "aws",
                    user: {
                        exec: {
                            apiVersion: "client.authentication.k8s.io/v1beta1",
                            command: "aws",
                            args: "--region eu-west-1 eks get-token --cluster-name shop --output json".split(" "),
                        },
                    },
                },
            ],
        });
        assert.ok(isKubeconfig(made));
    });
});

describe("withContext", () => {
    it("changes that one line of YAML, or adds it", () => {
        const moved = withContext(yaml, "kind-b");
        assert.equal(moved, yaml.replace("current-context: kind-a", 'current-context: "kind-b"'));
        const without = yaml.replace("current-context: kind-a\n", "").trimEnd();
        assert.deepEqual(parse(withContext(without, "kind-b")), parse(moved));
    });

    it("takes a context's name as it is written", () => {
        const odd = 'arn:aws:eks:$&"#1';
        assert.equal((parse(withContext(yaml, odd)) as Record<string, string>)["current-context"], odd);
    });

    it("changes JSON too, and leaves what has no word about it", () => {
        assert.deepEqual(JSON.parse(withContext('{"clusters":[],"current-context":"a"}', "b")), {
            clusters: [],
            "current-context": "b",
        });
        assert.equal(withContext(yaml, undefined), yaml);
    });

    it("does not show the secret when it cannot be read", () => {
        assert.throws(() => withContext("{ token: abc }", "b"), {
            message: "existing.kubeconfig begins like JSON and is none; its context cannot be changed",
        });
    });
});

describe("isKubeconfig", () => {
    it("tells a kubeconfig from a path", () => {
        for (const text of [yaml, '{"kind":"Config","clusters":[]}', '{ "clusters" : [] }', "clusters: []"]) {
            assert.equal(isKubeconfig(text), true, text);
        }
        for (const text of ["~/.kube/config", "/home/me/clusters/dev.yaml", "./clusters", "dev"]) {
            assert.equal(isKubeconfig(text), false, text);
        }
    });
});
