import { Block, blocksOf, documentedPrograms, pages } from "./docs";

export const blocks = pages.flatMap(blocksOf);

export const programs = documentedPrograms();

const isArguments = (text: string) => /^(\/\/.*\n)*\w+: /.test(text);

/** Arguments of a CanaryApp alone. docs/platform.md has fragments with holes in them, which nothing here could read. */
export const fragments = blocks.filter(
    (block) =>
        !block.ofProgram &&
        /^docs\/(canary-app|judging|operating)\.md/.test(block.place) &&
        !/^import /.test(block.text),
);

/** Arguments of a ProgressiveMeshCluster alone, about its cluster. */
export const platformFragments = blocks.filter(({ place, text }) =>
    /^docs\/(existing-clusters|identity|istio|linkerd)\.md/.test(place) ? isArguments(text) : /^eks: \{/.test(text),
);

/** A function around arguments of a platform. */
export function platformArgsOf({ text }: Block): string {
    return `import * as pulumi from "@pulumi/pulumi";
import { ProgressiveMeshClusterArgs } from "pulumi-progressive-mesh";
export function platformArgs(config: pulumi.Config): Partial<ProgressiveMeshClusterArgs> {
    void config;
    return {\n${text}\n};
}
`;
}

/** A function around a fragment, with what a reader of the page has by then. */
export function functionOf({ text }: Block): string {
    const body = isArguments(text)
        ? `const args: Partial<CanaryAppArgs> = {\n${text}\n};\nreturn args;`
        : `${text.replace(/^export /gm, "")}\nreturn undefined;`;
    return `import * as pulumi from "@pulumi/pulumi";
import {
    AlertProvider, CanaryApp, CanaryAppArgs, MeshBackend, MetricTemplate, ProgressiveMeshCluster,
} from "pulumi-progressive-mesh";
export const used = [AlertProvider, CanaryApp, MeshBackend, MetricTemplate];
export function fragment(
    config: pulumi.Config,
    platform: ProgressiveMeshCluster,
    west: ProgressiveMeshCluster,
    east: ProgressiveMeshCluster,
): Partial<CanaryAppArgs> | undefined {
${body}
}
`;
}
