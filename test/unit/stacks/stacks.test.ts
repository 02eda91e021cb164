import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

import { meshes } from "../../../components/mesh/meshes";
import { CanaryApp, ProgressiveMeshCluster } from "../../../index";
import { meshStacks } from "../../../lab/meshStacks";
import { Settings, checkSettings, readSettings } from "../../../stacks/settings";
import { root } from "../docs";
import { Message, at, awsAnswers, awsOutputs, graph, kubeconfig, secret, valueOf as resolved } from "../graph";
import { linesIn } from "../problems";
import { remove, set, stackSettings, valueOf } from "./stackFiles";

const ended = meshes.appmesh!.warning!;
const openEndpoint = "eks.endpoint: everyone on the internet";

/** Builds what stacks/index.ts builds of settings. */
async function build({ platform, app: { name, ...app } }: Settings, stack: string) {
    return graph(
        () => {
            const made = new ProgressiveMeshCluster(stack, platform);
            return new CanaryApp(name, { ...app, platform: made.connection });
        },
        awsOutputs,
        awsAnswers,
    );
}

const said = (messages: Message[], severity: Message["severity"]) =>
    messages.filter((message) => message.severity === severity).map(({ text }) => text);

/** Settings as they are for a cluster that is there: the kubeconfig is no part of the file. */
function withKubeconfig(settings: Settings): Settings {
    const { platform } = settings;
    return { ...settings, platform: { ...platform, existing: { ...platform.existing, kubeconfig } } };
}

describe("the stacks of the repository", () => {
    it("are these", () => {
        const files = fs.readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
        assert.deepEqual(files.sort(), ["Pulumi.dev.yaml", "Pulumi.local.yaml", "Pulumi.prod.yaml"]);
    });

    it("local: on Istio, in a cluster that is there, without a warning", async () => {
        const settings = stackSettings("local");
        assert.deepEqual(linesIn(checkSettings(settings)), []);
        const { node, nodes, messages } = await build(withKubeconfig(settings), "local");
        assert.deepEqual(said(messages, "warning"), []);
        assert.deepEqual(said(messages, "info"), [
            "podinfo: 10, 20, 30, 40, 50 % every 15 s; promoted after 2 min at the earliest; rolled back within 1 min 30 s of " +
                "turning bad; its metrics need about 16.7 requests a second in all",
        ]);
        assert.deepEqual(
            nodes.filter(({ type }) => type.startsWith("aws:") || type.startsWith("eks:")),
            [],
        );
        assert.equal(at(node("Canary podinfo").props, "spec", "provider"), "istio");
    });

    it("prod: on Istio, in a cluster that is built, without a warning", async () => {
        const settings = stackSettings("prod");
        assert.deepEqual(linesIn(checkSettings(settings)), []);
        const { node, nodes, messages } = await build(settings, "prod");
        assert.deepEqual(said(messages, "warning"), []);
        assert.equal(said(messages, "info").length, 1);
        assert.ok(nodes.some(({ type }) => type === "eks:index:Cluster"));
        assert.equal(at(node("Canary podinfo").props, "spec", "provider"), "istio");
        for (const release of ["prod-istiod", "prod-flagger"]) {
            assert.ok(node(`Release ${release}`), release);
        }
    });

    it("dev: on App Mesh, and says that it ended", async () => {
        const { messages } = await build(stackSettings("dev"), "dev");
        const [first, second, ...more] = said(messages, "warning");
        assert.equal(first, ended);
        assert.ok(second?.startsWith(openEndpoint), second);
        assert.deepEqual(more, []);
    });
});

describe("the kubeconfig of a stack", () => {
    const read = (config: Record<string, unknown>, secrets: string[]): Settings => {
        const all = Object.entries(config).map(([key, value]) => [
            `proj:${key}`,
            typeof value === "string" ? value : JSON.stringify(value),
        ]);
        pulumi.runtime.setAllConfig(
            Object.fromEntries(all) as Record<string, string>,
            secrets.map((key) => `proj:${key}`),
        );
        return readSettings(new pulumi.Config("proj"));
    };
    after(() => pulumi.runtime.setAllConfig({}));

    it("reaches the platform as a secret, beside what the file says of the cluster", async () => {
        const { platform, app } = stackSettings("local");
        const { result, node } = await graph(() => {
            const settings = read({ platform, app, kubeconfig }, ["kubeconfig"]);
            new ProgressiveMeshCluster("local", settings.platform);
            return settings.platform.existing!;
        });
        assert.equal(result.clusterName, "local");
        assert.equal(await pulumi.isSecret(result.kubeconfig as pulumi.Output<string>), true);
        assert.equal(await resolved(result.kubeconfig!), kubeconfig);
        assert.equal(secret(at(node("Provider local").props, "kubeconfig")), kubeconfig);
    });

    it("makes a cluster that exists of it, where the file says nothing of one", async () => {
        const { platform, app } = stackSettings("local");
        const { existing: _, ...bare } = platform;
        const settings = read({ platform: bare, app, kubeconfig }, ["kubeconfig"]);
        assert.deepEqual(Object.keys(settings.platform.existing!), ["kubeconfig"]);
        assert.equal(await pulumi.isSecret(settings.platform.existing!.kubeconfig as pulumi.Output<string>), true);
    });

    it("is nothing that a stack needs", () => {
        const { platform, app } = stackSettings("dev");
        assert.deepEqual(read({ platform, app }, []), { platform, app });
    });
});

/** Meshes that no machine can rehearse alone. */
const notRehearsed: Record<string, string> = {
    "vpc-lattice": "its gateways and their proxies are AWS' own",
    "gateway-api": "it brings no controller that would make its Gateway real",
};

describe("the rehearsals of the meshes", () => {
    it("are of every mesh, or it is said why not", () => {
        assert.deepEqual([...Object.keys(meshStacks), ...Object.keys(notRehearsed)].sort(), Object.keys(meshes).sort());
    });

    for (const [mesh, { stack, settings: changes, texts, without, pace, weighted }] of Object.entries(meshStacks)) {
        it(`of ${mesh} have settings that the platform and the application take`, async () => {
            const settings = stackSettings(stack);
            without.forEach((key) => remove(settings, key));
            for (const [key, value] of Object.entries({ ...changes, ...pace })) {
                set(settings, key, valueOf(value));
            }
            for (const [key, text] of Object.entries(texts ?? {})) {
                set(settings, key, text);
            }
            assert.deepEqual(linesIn(checkSettings(settings)), []);
            assert.equal(settings.platform.mesh.provider, mesh);
            assert.equal(settings.app.analysis.steps !== undefined, weighted);
            const { messages } = await build(stack === "local" ? withKubeconfig(settings) : settings, stack);
            assert.deepEqual(
                said(messages, "warning").map((text) => text.slice(0, openEndpoint.length)),
                mesh === "appmesh" ? [ended.slice(0, openEndpoint.length), openEndpoint] : [],
            );
        });
    }
});

describe("docs/migration.md", () => {
    const page = fs.readFileSync(path.join(root, "docs", "migration.md"), "utf8");

    /** Changes settings by the commands of a block of the page. */
    function follow(settings: object, block: string): void {
        const [, commands] = new RegExp(`<!-- dev stack: ${block} -->\n\n\`\`\`sh\n([^]*?)\`\`\``).exec(page) ?? [];
        assert.ok(commands, `the page has no commands for ${block}`);
        for (const line of commands.trim().split("\n")) {
            const [, verb, setting, value] = /^pulumi config (set|rm) --path '?([^' ]+)'?(?: (\S+))?$/.exec(line) ?? [];
            if (verb === "set") {
                set(settings, setting!, valueOf(value!));
            } else if (verb === "rm") {
                remove(settings, setting!);
            } else {
                assert.equal(line, "pulumi up");
            }
        }
    }

    it("moves the dev stack from App Mesh to Istio, and then there is nothing of App Mesh", async () => {
        const settings = stackSettings("dev");
        const warned = async () => {
            assert.deepEqual(linesIn(checkSettings(settings)), []);
            const made = await build(settings, "dev");
            return { ...made, warnings: said(made.messages, "warning") };
        };
        const appMeshAlone = [ended, openEndpoint];
        const like = (warnings: string[], expected: string[]) =>
            assert.deepEqual(
                warnings.map((text, index) => text.slice(0, expected[index]?.length)),
                expected,
            );

        follow(settings, "second mesh");
        const both = await warned();
        like(both.warnings, appMeshAlone);
        assert.equal(at(both.node("Canary podinfo").props, "spec", "provider"), "appmesh:v1beta2");

        follow(settings, "move");
        const moved = await warned();
        like(moved.warnings, appMeshAlone);
        assert.equal(at(moved.node("Canary podinfo").props, "spec", "provider"), "istio");
        // The old gateway still leads to it, and the old mesh lets its pods be.
        assert.ok(moved.node("GatewayRoute podinfo-gateway-route"));
        const template = at(moved.node("Deployment podinfo").props, "spec", "template", "metadata");
        assert.deepEqual(at(template, "labels"), { app: "podinfo", "sidecar.istio.io/inject": "true" });
        assert.equal(at(template, "annotations", "appmesh.k8s.aws/sidecarInjectorWebhook"), "disabled");

        follow(settings, "home");
        const home = await warned();
        like(home.warnings, [openEndpoint]);
        const left = home.nodes.filter(({ props }) => JSON.stringify(props).includes("appmesh"));
        assert.deepEqual(
            left.map(({ key }) => key),
            [],
        );
        assert.deepEqual(at(home.node("Namespace podinfo-apps").props, "metadata", "labels"), {
            "istio-injection": "enabled",
        });
        // What the second mesh had made is the first one's as it is, so that nothing of it is replaced.
        const ofIstio = (nodes: typeof home.nodes) =>
            nodes
                .filter(({ name }) => name.includes("istio") || name === "dev-gateway")
                .map(({ key, parent, props }) => [key, parent, props]);
        assert.ok(ofIstio(home.nodes).length >= 4);
        assert.deepEqual(ofIstio(home.nodes).sort(), ofIstio(moved.nodes).sort());
    });

    it("shows settings of a platform that are sound", () => {
        const blocks = [...page.matchAll(/```yaml\n(progressive-mesh:platform:[^]*?)```/g)];
        assert.equal(blocks.length, 2);
        const { app } = stackSettings("dev");
        for (const [, text] of blocks) {
            const shown = parse(text!) as Record<string, unknown>;
            assert.deepEqual(linesIn(checkSettings({ platform: shown["progressive-mesh:platform"], app })), []);
        }
    });
});
