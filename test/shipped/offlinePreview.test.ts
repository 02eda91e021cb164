import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import pico from "picocolors";
import { parseAllDocuments, stringify } from "yaml";

import { check } from "../../policy/check";
import { placeholder } from "../../scripts/offline/answers";
import { manifestsOf, masked, unknown } from "../../scripts/offline/manifests";
import { UnreadableError, configOf, previewed } from "../../scripts/offline/project";
import { record } from "../../scripts/offline/recording";
import { report } from "../../scripts/offline/report";
import { withStackFrames } from "../stackFrames";
import { root } from "../unit/docs";
import { stackSettings } from "../unit/stacks/stackFiles";

const plain = pico.createColors(false);

/** A stack's settings with what the function changes. */
function changed(stack: string, change: (settings: { platform: Tree; app: Tree }) => void): object {
    const settings = structuredClone(stackSettings(stack)) as unknown as { platform: Tree; app: Tree };
    change(settings);
    return settings;
}
/** As far as the tests go into it. */
interface Tree {
    [key: string]: unknown;
    analysis: Record<string, unknown>;
    workload: Record<string, unknown>;
}

describe("the offline preview", function () {
    // The command is started anew three times, which takes a busy machine long.
    this.timeout(600_000);
    let folder: string;

    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "offline-"));
        fs.writeFileSync(
            path.join(folder, "Pulumi.yaml"),
            stringify({ name: "progressive-mesh", runtime: "nodejs", main: path.join(root, "stacks", "index.ts") }),
        );
    });
    after(() => fs.rmSync(folder, { recursive: true }));

    /** Writes a stack of the repository's program. */
    function write(stack: string, settings: object): void {
        const config = Object.entries(settings).map(([key, value]) => [`progressive-mesh:${key}`, value as unknown]);
        fs.writeFileSync(
            path.join(folder, `Pulumi.${stack}.yaml`),
            stringify({ config: Object.fromEntries(config) as object }),
        );
    }

    /** A stack whose pods take what no policy lets them have. */
    const writeViolation = () =>
        write(
            "violation",
            changed("dev", ({ app }) => {
                app.workload.podSpec = { hostNetwork: true };
            }),
        );

    async function preview(stack: string, where = folder, secrets: string[] = []) {
        const recorded = await withStackFrames(0, () => previewed({ folder: where, stack, secrets }));
        const { sound, lines } = report(stack, recorded, check(recorded.nodes), plain);
        return { sound, text: lines.join("\n"), nodes: recorded.nodes };
    }

    for (const [stack, secrets] of Object.entries({ dev: [], prod: [], local: ["kubeconfig"] })) {
        it(`says of ${stack} what it makes, how it releases, and what the policies say`, async () => {
            const { sound, text } = await preview(stack, root, secrets);
            assert.ok(sound, text);
            assert.match(text, new RegExp(`^  ProgressiveMeshCluster ${stack}: \\d+ resources$`, "m"));
            assert.match(text, /^ {4}Deployment +podinfo$/m);
            assert.match(text, /^Rollouts\n {2}podinfo: .* promoted after/m);
            assert.match(text, /^ {2}warning {2}canary-alerts \(advisory\): podinfo: /m);
            assert.equal(/^Warnings$/m.test(text), stack === "dev", text);
            assert.match(text, /^ok {2}\d+ resources, \d advisory, 0 mandatory$/m);
            // Without colours, when they are off.
            // eslint-disable-next-line no-control-regex
            assert.doesNotMatch(text, /\x1b/);
        });
    }

    it("looks up what a mesh only reads, and counts it as nothing that is made", async () => {
        const { text, nodes } = await preview("dev", root);
        assert.ok(nodes.some(({ read }) => read));
        assert.match(text, new RegExp(`^ok {2}${nodes.filter(({ read }) => !read).length} resources`, "m"));
    });

    it("fails at settings that are wrong, with all that is", async () => {
        write(
            "wrong",
            changed("dev", ({ platform, app }) => {
                platform.mesch = {};
                app.analysis.threshold = "five";
            }),
        );
        const { sound, text } = await preview("wrong");
        assert.equal(sound, false);
        assert.match(text, /Pulumi\.wrong\.yaml: 2 problems in the arguments/);
        assert.match(text, /platform\.mesch: \{\} is set under a key that does not exist there/);
        assert.match(text, /app\.analysis\.threshold: "five" must be number/);
        assert.match(text, /^FAILED: the program ended with an error/m);
    });

    it("fails at arguments that would not work, with all that is wrong", async () => {
        write(
            "trap",
            changed("dev", ({ app }) => {
                app.analysis.interval = "5s";
                app.workload.image = "ghcr.io/stefanprodan/podinfo";
            }),
        );
        const { sound, text } = await preview("trap");
        assert.equal(sound, false);
        assert.match(text, /CanaryApp "podinfo": 2 problems/);
    });

    it("fails at a violation of a mandatory policy, and not at one that is configured away", async () => {
        writeViolation();
        const { sound, text, nodes } = await preview("violation");
        assert.equal(sound, false);
        assert.match(text, /^ {2}FAILED {3}pod-privileges \(mandatory\): podinfo: .*hostNetwork/m);
        assert.match(text, /^FAILED: (1 violation of a mandatory policy|\d violations of mandatory policies)/m);
        const recorded = { nodes, messages: [], failures: [], result: undefined };
        assert.ok(report("violation", recorded, check(nodes, { all: "advisory" }), plain).sound);
    });

    it("says how to give a secret that no file has", async () => {
        const { sound, text } = await preview("local", root);
        assert.equal(sound, false);
        assert.match(text, /--secret kubeconfig/);
        const example = await preview("local", path.join(root, "examples", "existing-cluster"));
        assert.match(example.text, /The setting kubeconfig is missing\.\n.*--secret kubeconfig/);
    });

    it("runs the program of another project", async () => {
        const { sound, text } = await preview("local", path.join(root, "examples", "existing-cluster"), ["kubeconfig"]);
        assert.ok(sound, text);
    });

    it("refuses a stack and a folder that do not exist", async () => {
        await assert.rejects(preview("none"), UnreadableError);
        await assert.rejects(preview("dev", path.join(folder, "none")), /There is no .*Pulumi\.yaml/);
    });

    it("takes encrypted settings for secrets, at any depth", () => {
        fs.writeFileSync(
            path.join(folder, "Pulumi.secure.yaml"),
            stringify({
                config: { "p:a": { b: [{ secure: "v1:x" }] }, "p:c": "open", "p:kubeconfig": { secure: "v1:y" } },
            }),
        );
        const { values, secret } = configOf("p", path.join(folder, "Pulumi.secure.yaml"), ["more"]);
        assert.deepEqual(secret, ["p:a", "p:kubeconfig", "p:more"]);
        assert.deepEqual(values["p:a"], JSON.stringify({ b: [placeholder] }));
        assert.match(values["p:kubeconfig"]!, /cluster\.invalid/);
        assert.deepEqual([values["p:c"], values["p:more"]], ["open", placeholder]);
    });

    describe("'s manifests", () => {
        it("are the objects, by namespace, and the values of charts", async () => {
            const { nodes } = await preview("local", root, ["kubeconfig"]);
            const manifests = manifestsOf(nodes);
            const file = (name: string) => manifests.find((manifest) => manifest.file === name)?.text ?? "";
            const [canary] = parseAllDocuments(file("apps/canary-podinfo.yaml"));
            const { apiVersion, kind, spec } = canary!.toJS() as { apiVersion: string; kind: string; spec: Tree };
            assert.deepEqual([apiVersion, kind, spec.provider], ["flagger.app/v1beta1", "Canary", "istio"]);
            assert.match(file("flagger-system/chart-flagger.yaml"), /^# chart: .*flagger\n# version: 1\.\d+\.\d+\n/);
            assert.match(file("_cluster/namespace-apps.yaml"), /^apiVersion: v1\nkind: Namespace\n/);
            assert.equal(new Set(manifests.map((manifest) => manifest.file)).size, manifests.length);
        });

        it("hold no secret: neither what is one in Pulumi nor what stands in a Secret", async () => {
            write(
                "secrets",
                changed("dev", ({ platform, app }) => {
                    platform.addons = {
                        flagger: { alerts: { slack: { url: { secure: "v1:x" }, channel: "general" } } },
                    };
                    app.workload.secrets = { PASSWORD: { secure: "v1:y" } };
                    app.workload.config = { OPEN: "to see" };
                    app.webhooks = [{ name: "own", type: "event", url: { secure: "v1:z" } }];
                }),
            );
            const { nodes, sound, text } = await preview("secrets");
            assert.ok(sound, text);
            const manifests = manifestsOf(nodes);
            const all = manifests.map((manifest) => manifest.text).join("\n");
            assert.ok(!all.includes("secret.invalid") && !all.includes("cluster.invalid"), all);
            assert.ok(!text.includes("secret.invalid"), text);
            const secrets = manifests.filter((manifest) => /^kind: Secret$/m.test(manifest.text));
            assert.ok(
                secrets.some((manifest) => manifest.file.startsWith("apps/")),
                "the application's",
            );
            const canary = manifests.find((manifest) => manifest.file === "apps/canary-podinfo.yaml")!;
            assert.ok(canary.text.includes(`url: "${masked}"`), canary.text);
            assert.ok(secrets.every((manifest) => manifest.text.includes(masked)));
            assert.ok(all.includes("OPEN: to see"));
        });

        it("mask a secret wherever it stands", async () => {
            const { nodes } = await record(
                () =>
                    new kubernetes.core.v1.ConfigMap("open", {
                        metadata: { name: "open" },
                        data: { token: pulumi.secret("hunter2"), mode: "to see" },
                    }),
                { project: "p", stack: "s", outputs: () => ({}), answers: () => ({}), preview: true },
            );
            const [{ file, text }] = manifestsOf(nodes) as [{ file: string; text: string }];
            assert.equal(file, "_cluster/configmap-open.yaml");
            assert.ok(!text.includes("hunter2") && text.includes(masked), text);
        });

        it("mask what a Secret holds also where Pulumi does not know it for one, and say what is not known yet", () => {
            const node = {
                ...({} as Parameters<typeof manifestsOf>[0][number]),
                type: "kubernetes:core/v1:Secret",
                name: "own",
                custom: true,
                read: false,
                props: {
                    apiVersion: "v1",
                    kind: "Secret",
                    metadata: { name: "own", namespace: "apps", uid: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
                    stringData: { token: "hunter2" },
                },
            };
            const [{ file, text }] = manifestsOf([node]) as [{ file: string; text: string }];
            assert.equal(file, "apps/secret-own.yaml");
            assert.ok(!text.includes("hunter2") && text.includes(masked) && text.includes(unknown), text);
        });
    });

    it("is a command that ends with 0, 1 or 2, and writes what it is asked for", () => {
        const run = (...args: string[]) =>
            spawnSync(process.execPath, ["--import", "tsx", "scripts/previewOffline.ts", ...args], {
                cwd: root,
                encoding: "utf8",
                env: { PATH: process.env.PATH, HOME: folder, CI: "true" },
            });
        const out = path.join(folder, "manifests");
        const good = run("local", "--secret", "kubeconfig", "--manifests", out);
        assert.equal(good.status, 0, good.stdout + good.stderr);
        assert.match(good.stdout, /\d+ manifests are in .*secret values are written as \[secret\]/);
        assert.ok(fs.existsSync(path.join(out, "apps", "canary-podinfo.yaml")));
        writeViolation();
        assert.equal(run("violation", "--project", folder).status, 1);
        const none = run("none");
        assert.deepEqual([none.status, none.stdout], [2, ""]);
        assert.match(none.stderr, /Pulumi\.none\.yaml/);
    });
});
