import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { canaryAppWarnings, checkCanaryApp, planOf } from "../../components/canaryAppCheck";
import { appMesh } from "../../components/mesh/appMesh";
import { meshes } from "../../components/mesh/meshes";
import { CanaryAppArgs, ProgressiveMeshCluster, ProgressiveMeshClusterArgs } from "../../index";
import schema from "../../schema.json";
import { traps } from "../engine/bench/traps";
import { connection } from "./devStack";
import { pages, root } from "./docs";
import { run } from "./docsCompiler";
import { blocks, fragments, functionOf, platformArgsOf, platformFragments, programs } from "./fragments";
import { Message, awsAnswers, awsOutputs, graph, kubeconfig } from "./graph";

const textOf = (page: string) => fs.readFileSync(path.join(root, page), "utf8");
const saying = (messages: Message[], severity: Message["severity"]) =>
    messages.filter((message) => message.severity === severity).map(({ text }) => text);

describe("the pages' TypeScript", function () {
    this.timeout(240_000);

    it("is all of it found", () => {
        assert.equal(blocks.filter((block) => block.ofProgram).length, 4);
        assert.deepEqual(
            programs.map(({ place }) => place.split(":")[0]),
            [
                "docs/canary-app.md",
                "README.md",
                "docs/destroy.md",
                "docs/existing-clusters.md",
                "docs/gateway-api.md",
                "docs/gateway-api.md",
                "docs/gateway-api.md",
                "docs/gitops.md",
                "docs/istio.md",
                "docs/kubernetes.md",
                "docs/linkerd.md",
                "docs/migration.md",
                "docs/migration.md",
                "docs/how-to/ab-test.md",
                "docs/how-to/alerts.md",
                "docs/how-to/approval.md",
                "docs/how-to/custom-metrics.md",
            ],
        );
        assert.equal(platformFragments.length, 8);
        assert.ok(fragments.length > 20, `only ${fragments.length}`);
        assert.deepEqual(
            blocks.filter((b) => b.ofProgram && !b.place.startsWith("docs/canary-app.md")),
            [],
        );
    });

    for (const { place, text } of programs) {
        it(`runs: ${place}`, async () => {
            const { messages } = await graph(() => {
                pulumi.runtime.setAllConfig({
                    "proj:kubeconfig": kubeconfig,
                    "proj:slackUrl": "https://hooks.slack.com/services/x",
                });
                return run(text);
            });
            const warnings = saying(messages, "warning");
            const asked = [...text.matchAll(/[mM]esh: \{\s*provider: "([\w-]+)"/g)].map((match) => meshes[match[1]!]!);
            const expected = [
                ...asked.flatMap(({ warning }) => (warning === undefined ? [] : [warning.slice(0, 20)])),
                ...(text.includes("existing: {") ? [] : ["eks.endpoint: everyo"]),
            ];
            assert.deepEqual(
                warnings.map((warning) => warning.slice(0, 20)),
                expected,
            );
            const plans = saying(messages, "info");
            assert.equal(plans.length, text.split("new CanaryApp(").length - 1);
            const page = textOf(place.split(":")[0]!);
            for (const plan of plans) {
                assert.ok(page.includes(plan), `the page does not show: ${plan}`);
            }
        });
    }

    it("of docs/judging.md waits as the page says", () => {
        const block = fragments.find(({ place }) => place.startsWith("docs/judging.md"))!;
        const { fragment } = run(functionOf(block)) as { fragment: () => Partial<CanaryAppArgs> };
        const { summary } = planOf("podinfo", wholeArgs(fragment()));
        assert.ok(textOf("docs/judging.md").includes(summary), summary);
    });

    for (const block of platformFragments) {
        it(`is accepted: ${block.place}`, async () => {
            const { platformArgs } = run(platformArgsOf(block)) as {
                platformArgs: (config: pulumi.Config) => Partial<ProgressiveMeshClusterArgs>;
            };
            const keys = [...block.text.matchAll(/config\.requireSecret\("(\w+)"\)/g)].map((match) => match[1]!);
            await graph(
                () => {
                    const secrets = Object.fromEntries(keys.map((key) => [`docs:${key}`, "a secret"]));
                    pulumi.runtime.setAllConfig({ ...secrets, "docs:kubeconfig": kubeconfig });
                    return new ProgressiveMeshCluster("dev", {
                        mesh: { provider: "appmesh" },
                        ...platformArgs(new pulumi.Config("docs")),
                    });
                },
                awsOutputs,
                awsAnswers,
            );
        });
    }

    for (const block of fragments) {
        it(`is accepted: ${block.place}`, async () => {
            const keys = [...block.text.matchAll(/config\.requireSecret\("(\w+)"\)/g)].map((match) => match[1]!);
            await graph(() => {
                pulumi.runtime.setAllConfig(
                    Object.fromEntries(keys.map((key) => [`docs:${key}`, "https://chat.example/x"])),
                );
                const platform = new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh" } });
                const { fragment } = run(functionOf(block)) as {
                    fragment: (...given: unknown[]) => object | undefined;
                };
                const args = fragment(new pulumi.Config("docs"), platform, platform, platform);
                if (args !== undefined) {
                    checkCanaryApp("podinfo", wholeArgs(args));
                }
            });
        });
    }
});

/** The arguments of an application of which a page shows some. */
function wholeArgs(shown: Partial<CanaryAppArgs>): CanaryAppArgs {
    return {
        platform: connection,
        namespace: "apps",
        ...(shown.target === undefined && { workload: { image: "ghcr.io/stefanprodan/podinfo:6.0.0", port: 9898 } }),
        analysis: { interval: "1m", threshold: 5, steps: { stepWeight: 10, maxWeight: 50 } },
        ...shown,
    };
}

/** A row of a table, cell by cell. */
const cellsOf = (line: string) =>
    line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());

/** "a.(b, c)" as "a.b" and "a.c". */
function expanded(text: string): string[] {
    const [, before, choice, after] = /^(.*?)\((.*?)\)(.*)$/.exec(text) ?? [];
    return choice === undefined ? [text] : choice.split(", ").flatMap((one) => expanded(`${before}${one}${after}`));
}

const inCode = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

interface Property {
    $ref?: string;
    items?: Property;
    additionalProperties?: Property;
}

/** Whether a component takes an argument at that path: `a.b[].c{}`. */
function isArgument(component: string, argument: string): boolean {
    const resources = schema.resources as unknown as Record<string, { inputProperties: Record<string, Property> }>;
    const types = schema.types as Record<string, { properties: Record<string, Property> }>;
    let properties: Record<string, Property> | undefined =
        resources[`pulumi-progressive-mesh:index:${component}`]!.inputProperties;
    for (const step of argument.split(".")) {
        let property: Property | undefined = properties?.[/^\w+/.exec(step)![0]];
        for (const [container] of step.matchAll(/\[\]|\{\}/g)) {
            property = container === "[]" ? property?.items : property?.additionalProperties;
        }
        if (property === undefined) {
            return false;
        }
        properties = types[property.$ref?.split("/").pop() ?? ""]?.properties;
    }
    return true;
}

describe("docs/canary-fields.md", () => {
    const rows = textOf("docs/canary-fields.md")
        .split(/^## /m)
        .slice(1)
        .flatMap((section) =>
            section
                .split("\n")
                .filter((line) => line.startsWith("| `"))
                .map((line) => ({ kind: section.split("\n")[0]!, cells: cellsOf(line) })),
        );

    it("has every field of Flagger's resources, once, and none that is not there", () => {
        const fields = fs
            .readFileSync(path.join(__dirname, "delivery", "canaryFields.txt"), "utf8")
            .split("\n")
            .filter((line) => line !== "" && !line.startsWith("#"))
            .map((line) => line.split(" ").slice(0, 2).join(" "));
        assert.equal(fields.length, 230);
        const documented = rows.flatMap(({ kind, cells }) =>
            inCode(cells[0]!).flatMap((field) => expanded(field).map((one) => `${kind} ${one}`)),
        );
        assert.deepEqual(documented.sort(), fields.sort());
    });

    it("names arguments that there are, or who sets the field", () => {
        for (const { kind, cells } of rows) {
            const [field, way] = cells as [string, string];
            if (["the component", "Flagger", "through `canarySpec`"].includes(way)) {
                continue;
            }
            const component = kind === "Canary" ? "CanaryApp" : kind;
            const named = inCode(way).flatMap(expanded);
            assert.equal(way.replace(/`[^`]+`/g, "").replace(/[, ]/g, ""), "", `${field}: ${way}`);
            assert.deepEqual(
                named.filter((argument) => !isArgument(component, argument)),
                [],
                `${field}: no such arguments`,
            );
            assert.ok(named.length > 0, field);
        }
    });

    it("says why a field is left to canarySpec", () => {
        const left = rows.filter(({ cells }) => cells[1] === "through `canarySpec`");
        assert.deepEqual(
            left.filter(({ cells }) => cells[2] === ""),
            [],
        );
        assert.equal(left.length, 7);
    });
});

/** The arguments of an application with a mistake, as the engine's bench has them. */
function wholeTrap(args: Partial<CanaryAppArgs>): CanaryAppArgs {
    return {
        platform: connection,
        namespace: "traps",
        workload: { image: "example.com/app:1", port: 80 },
        analysis: { interval: "10s", threshold: 3, steps: { stepWeight: 50, maxWeight: 50 } },
        loadTest: { command: "hey -z 1m http://app-canary.traps/" },
        ...args,
    };
}

function errorsOf(name: string, args: Partial<CanaryAppArgs>): string[] {
    try {
        checkCanaryApp(name, wholeTrap(args));
    } catch (error) {
        if (pulumi.InputPropertiesError.isInstance(error)) {
            return error.errors.map(({ propertyPath, reason }) => `${propertyPath}: ${reason}`);
        }
        throw error;
    }
    return [];
}

describe("docs/flagger-traps.md", () => {
    const page = textOf("docs/flagger-traps.md");
    const rows = page.split("\n").filter((line) => line.startsWith("| "));

    for (const { name, title, args, refused } of traps) {
        it(`has, with what the library says: ${title}`, () => {
            const [written, ...does] = title.split(": ");
            const row = rows.map(cellsOf).find(([first, second]) => first === written && second === does.join(": "));
            assert.ok(row, "it is not in the page");
            const [, kind, place, text] = /^(error|warning) at `([^`]+)`: (.+)$/.exec(row[2]!) ?? [];
            assert.equal(kind, refused === undefined ? "warning" : "error");
            const said =
                kind === "error"
                    ? errorsOf(name, args)
                    : canaryAppWarnings(name, wholeTrap(args), appMesh, planOf(name, wholeTrap(args)));
            assert.ok(
                said.some((line) => line.startsWith(`${place!}: `) && line.includes(text!)),
                `the library says: ${said.join("\n")}`,
            );
        });
    }

    it("has no trap that they do not reproduce", () => {
        const table = page.split("## Seen and refused\n")[1]!.split("\n## ")[0]!;
        assert.equal(table.split("\n").filter((line) => line.startsWith("| ")).length - 2, traps.length);
    });
});

describe("links", () => {
    for (const page of [...pages, "CHANGELOG.md", "CONTRIBUTING.md"]) {
        it(`of ${page} lead somewhere`, () => {
            const broken = [...textOf(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)]
                .map((match) => match[1]!)
                .filter((link) => !/^https?:/.test(link))
                .filter((link) => !fs.existsSync(path.join(root, path.dirname(page), link)));
            assert.deepEqual(broken, []);
        });
    }
});
