import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { AppsV1Api } from "@kubernetes/client-node";

import { Lab } from "../../lab/lab";
import { meshStacks } from "../../lab/meshStacks";
import { root } from "../../lab/paths";
import { Project } from "../../lab/pulumi";
import { documentedPrograms } from "../unit/docs";
import { allExamples } from "../unit/examples";
import { nothingLeft, succeeded } from "./asserts";
import { podinfo } from "./delivery";
import { InstalledExamples } from "./installedExamples";
import { Judged, PolicyPack, inShort } from "./policyPack";
import { theLab } from "./theLab";

const programs = path.join(__dirname, "programs");

/** What programs of the tests break on purpose or for want of what only users need: pods that are safe. */
const known: Record<string, RegExp> = {
    // Written by hand, to see what the lab and Flagger do.
    ownMesh: /^pod-security: legacy$/,
    violations: /./,
};

/** What is in these, a suite says at each run, or a stack that another program has to make first. */
const filledBySuites = ["referring", "secrets", "upgrade", "whole"];

/** Of the examples: it refers to the stack of the platform, which has to be there. */
const withoutStack = ["many-apps/app"];

/** Every program that tests have in a folder with a Pulumi.yaml: new ones are found. */
function folders(): string[] {
    return fs
        .readdirSync(programs)
        .map((name) => path.join(programs, name))
        .filter((folder) => fs.existsSync(path.join(folder, "Pulumi.yaml")))
        .filter((folder) => !filledBySuites.includes(path.basename(folder)));
}

/** The policy pack in the real engine: over all programs that there are, and over one that breaks its rules. */
describe("the policy pack", function () {
    this.timeout(600_000);
    let lab: Lab;
    let pack: PolicyPack;
    let kubeconfig: string;

    before(async () => {
        lab = await theLab();
        kubeconfig = fs.readFileSync(lab.controlPlane.kubeconfigFile, "utf8");
        pack = await PolicyPack.prepare(path.join(lab.folder, "policy-pack"));
    });

    const preview = (project: Project, config?: object) => pack.judge(project, ["preview"], config);
    const lines = ({ violations }: Judged, level: string) =>
        violations
            .filter(({ enforcementLevel }) => enforcementLevel === level)
            .map((violation) => inShort(violation).replace(`${level} `, ""))
            .sort();

    /** Fails unless the program was looked at and nothing of it breaks a mandatory rule. */
    function passes(judged: Judged): void {
        assert.deepEqual(lines(judged, "mandatory"), [], judged.output);
        succeeded(judged);
        assert.match(judged.output, /progressive-mesh@v\d/, "no pack was run");
    }

    /** All that a program of the tests may ask its configuration for. */
    const settings = () => ({
        chartRepository: lab.charts,
        image: podinfo("6.0.0"),
        kubeconfig,
        connection: JSON.stringify({
            kubeconfig,
            clusterName: "lab",
            mesh: { provider: "kubernetes" },
            metricsServer: "http://prometheus.monitoring",
            mirror: { chartRepository: lab.charts },
        }),
        "platform.mesh.provider": "kubernetes",
        "apps.podinfo.args.namespace": "apps",
        "apps.podinfo.args.workload.image": podinfo("6.0.0"),
        "apps.podinfo.args.workload.port": "9898",
        "apps.podinfo.args.analysis.interval": "10s",
        "apps.podinfo.args.analysis.threshold": "2",
        "apps.podinfo.args.analysis.blueGreen.iterations": "2",
        ...Object.fromEntries(
            ["weighted", "faulty", "compared", "linked", "broken"].map((name) => [`tags.${name}`, "6.0.0"]),
        ),
    });

    describe("over the repository's stacks", () => {
        it("dev", async () => {
            const judged = await preview(await lab.devStack("policy-dev"));
            passes(judged);
            assert.deepEqual(lines(judged, "advisory"), [
                "canary-alerts: podinfo",
                "deletion-protection: dev-eksCluster",
                "eks-endpoint: dev-eksCluster",
                "gateway-source-ranges: dev-appmesh-gateway",
                "node-disk-encryption: dev-nodes",
            ]);
        });

        it("prod", async () => {
            const judged = await preview(await lab.pulumi.project("policy-prod", root, "prod", lab.settings));
            passes(judged);
            assert.deepEqual(lines(judged, "advisory"), [
                "canary-alerts: podinfo",
                "gateway-source-ranges: prod-istio-ingressgateway",
                "node-disk-encryption: prod-nodes-apps",
                "node-disk-encryption: prod-nodes-platform",
            ]);
        });

        for (const [mesh, { stack }] of Object.entries(meshStacks)) {
            if (stack === "local") {
                it(`local, on ${mesh}`, async () => {
                    passes(await preview(await lab.meshStack(mesh, {}, `policy-${mesh}`)));
                });
            }
        }
    });

    describe("over every program in a folder", () => {
        for (const folder of folders()) {
            const name = path.basename(folder);
            it(name, async () => {
                const project = await lab.pulumi.project(`policy-${name}`, folder, "test", settings());
                const judged = await preview(project);
                const allowed = known[name];
                if (allowed === undefined) {
                    passes(judged);
                } else {
                    const found = lines(judged, "mandatory");
                    assert.ok(found.length > 0, `nothing is wrong with it any more:\n${judged.output}`);
                    assert.deepEqual(
                        found.filter((line) => !allowed.test(line)),
                        [],
                        judged.output,
                    );
                }
            });
        }
    });

    describe("over the examples", () => {
        let installed: InstalledExamples;

        before(async () => {
            installed = await InstalledExamples.prepare(lab);
        });

        for (const example of allExamples().flatMap(({ projects }) => projects)) {
            if (!withoutStack.includes(example.name)) {
                it(example.name, async () => {
                    passes(await preview(await installed.project(example, example.stacks[0]!)));
                });
            }
        }
    });

    // Each takes as long as a stack does, and the unit tests hold the same rules against the same programs' recorded graphs.
    const pages = process.env.PROGRESSIVE_MESH_POLICY_PAGES === undefined ? describe.skip : describe;
    pages("over the pages' programs", () => {
        documentedPrograms().forEach(({ place, text }, index) => {
            it(place, async () => {
                const folder = fs.mkdtempSync(path.join(lab.folder, "documented-"));
                fs.copyFileSync(path.join(programs, "violations", "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
                const mirrored = text
                    .replace(/new ProgressiveMeshCluster\(\s*"[^"]+",\s*\{/g, (begin) => `${begin} ${mirror()}`)
                    .replace(
                        'from "pulumi-progressive-mesh"',
                        () => `from ${JSON.stringify(path.join(root, "index"))}`,
                    );
                fs.writeFileSync(path.join(folder, "index.ts"), mirrored);
                const project = await lab.pulumi.project(`documented-${index}`, folder, "test", {
                    kubeconfig,
                    slackUrl: "https://hooks.slack.example/services/x",
                });
                passes(await preview(project));
            });
        });

        const mirror = () => `mirror: { chartRepository: ${JSON.stringify(lab.charts)} },`;
    });

    describe("over what breaks its rules", () => {
        let project: Project;

        before(async () => {
            await nothingLeft(lab);
            const program = path.join(programs, "violations");
            project = await lab.pulumi.project("violations", program, "test", { kubeconfig, canary: "true" });
        });

        it("names each resource and each rule, and fails the preview", async () => {
            const judged = await preview(project);
            assert.notEqual(judged.code, 0);
            assert.deepEqual(
                [...new Set(lines(judged, "mandatory"))],
                [
                    "canary-analysis: shop-canary",
                    "canary-metrics: shop-canary",
                    "iam-wildcards: shop-storage",
                    "image-tags: shop",
                    "mesh-namespaces: shop",
                    "pod-privileges: shop",
                    "pod-security: shop",
                ],
                judged.output,
            );
            assert.match(judged.output, /spec\.analysis\.stepWeight: 0 is not a whole number from 1 to 100/);
        });

        it("only shows what the configuration makes advisory, leaves out what it excepts, and refuses a wrong one", async () => {
            const judged = await preview(project, {
                all: "advisory",
                "iam-wildcards": { allowedActions: ["s3:*"] },
                "image-tags": { except: ["shop"] },
                "pod-security": "disabled",
            });
            succeeded(judged);
            assert.deepEqual(lines(judged, "mandatory"), []);
            const rules = new Set(judged.violations.map(({ policyName }) => policyName));
            assert.deepEqual(
                [...rules].sort(),
                ["canary-alerts", "canary-analysis", "canary-metrics", "mesh-namespaces", "pod-privileges"],
                judged.output,
            );
            const wrong = await preview(project, { "image-tags": { except: "shop" } });
            assert.notEqual(wrong.code, 0);
            assert.match(wrong.output, /image-tags: except: Invalid type\. Expected: array, given: string/);
        });

        it("lets no update make what it refuses, and takes it once it is mended", async () => {
            const up = ["up", "--yes", "--skip-preview"];
            await project.configure({ canary: "false" });
            const refused = await pack.judge(project, up);
            assert.notEqual(refused.code, 0);
            // An update ends at the first that is refused, and which one that is lies with the engine.
            assert.ok(lines(refused, "mandatory").length > 0, refused.output);
            const apps = lab.controlPlane.kubeconfig.makeApiClient(AppsV1Api);
            assert.deepEqual((await apps.listNamespacedDeployment({ namespace: "shop" })).items, []);
            assert.deepEqual(
                lab.pulumi.awsResources().filter((line) => line.includes("rolePolicy")),
                [],
            );
            await project.configure({ mended: "true" });
            const taken = await pack.judge(project, up);
            succeeded(taken);
            assert.deepEqual(lines(taken, "mandatory"), []);
            assert.equal((await apps.listNamespacedDeployment({ namespace: "shop" })).items.length, 1);
        });

        after(async () => {
            succeeded(await project.destroy());
            await nothingLeft(lab);
        });
    });
});
