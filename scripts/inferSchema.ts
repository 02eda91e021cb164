import fs from "node:fs";
import path from "node:path";

import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";

const root = path.resolve(__dirname, "..");

const { name, version, description } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as Record<
    string,
    string
>;

/** What Pulumi reads for the schema: the sources, with the types of all that they import. */
export function analyzerOf(): Analyzer {
    const components = new Set([
        "AlertProvider",
        "CanaryApp",
        "MeshBackend",
        "MetricTemplate",
        "ProgressiveMeshCluster",
    ]);
    return new Analyzer(root, name!, { name, version, main: "index.ts" }, components);
}

/** The Pulumi schema of the components, as Pulumi itself infers it from the sources. */
export function inferSchema(analyzer = analyzerOf()): unknown {
    const found = analyzer.analyze();
    return generateSchema(name!, version!, description!, found.components, found.typeDefinitions, found.dependencies);
}

if (require.main === module) {
    fs.writeFileSync(path.join(root, "schema.json"), `${JSON.stringify(inferSchema(), undefined, 4)}\n`);
}
