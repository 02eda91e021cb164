import fs from "node:fs";
import path from "node:path";

import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";

const root = path.resolve(__dirname, "..");

/** The Pulumi schema of the components, as Pulumi itself infers it from the sources. */
export function inferSchema(): unknown {
    const { name, version, description } = JSON.parse(
        fs.readFileSync(path.join(root, "package.json"), "utf8"),
    ) as Record<string, string>;
    const components = new Set([
        "AlertProvider",
        "CanaryApp",
        "MeshBackend",
        "MetricTemplate",
        "ProgressiveMeshCluster",
    ]);
    const analyzer = new Analyzer(root, name!, { name, version, main: "index.ts" }, components);
    const found = analyzer.analyze();
    return generateSchema(name!, version!, description!, found.components, found.typeDefinitions, found.dependencies);
}

if (require.main === module) {
    fs.writeFileSync(path.join(root, "schema.json"), `${JSON.stringify(inferSchema(), undefined, 4)}\n`);
}
