import fs from "node:fs";
import path from "node:path";

import { parseAllDocuments } from "yaml";

/** What KWOK does with nodes and pods (stages.yaml), each of which takes so long to start: to pull its images, and to begin. */
export function stages(podSeconds: number): string {
    const documents = parseAllDocuments(fs.readFileSync(path.join(__dirname, "stages.yaml"), "utf8"));
    const start = documents.find((document) => document.getIn(["metadata", "name"]) === "pod-starts")!;
    start.setIn(["spec", "delay"], { durationMilliseconds: podSeconds * 1000 });
    return documents.map(String).join("");
}
