import { createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

import { create } from "tar";
import { parse, stringify } from "yaml";

import { releaseGatewayChart } from "./gatewayChart";
import { Toolchain } from "./toolchain/ensure";

/** A Helm repository on loopback: the real charts of Flagger and, where it is there, of Envoy Gateway, and the lab's own small ones. */
export async function serveCharts(folder: string, tools: Toolchain): Promise<{ address: string; close: () => void }> {
    fs.mkdirSync(folder, { recursive: true });
    const own = path.join(__dirname, "charts");
    const beside = (tool: string, ...chart: string[]) => path.join(path.dirname(tools[tool]!), ...chart);
    const released = path.join(folder, "released");
    const sources = [
        ...["flagger", "loadtester"].map((name) => beside("flagger", "charts", name)),
        ...(tools["envoy-gateway"] === undefined
            ? []
            : [releaseGatewayChart(beside("envoy-gateway", "gateway-helm"), released)]),
        ...fs.readdirSync(own).map((name) => path.join(own, name)),
    ].map((source) => withIstioDefinitions(source, tools["istio-definitions"]!, released));
    const entries: Record<string, unknown[]> = {};
    for (const source of sources) {
        const chart = parse(fs.readFileSync(path.join(source, "Chart.yaml"), "utf8")) as {
            name: string;
            version: string;
        };
        const archive = `${chart.name}-${chart.version}.tgz`;
        const file = path.join(folder, archive);
        await create({ gzip: true, file, cwd: path.dirname(source), portable: true }, [path.basename(source)]);
        const digest = createHash("sha256").update(fs.readFileSync(file)).digest("hex");
        entries[chart.name] = [{ ...chart, digest, urls: [archive], created: "2026-01-01T00:00:00Z" }];
    }
    fs.writeFileSync(
        path.join(folder, "index.yaml"),
        stringify({ apiVersion: "v1", entries, generated: "2026-01-01T00:00:00Z" }),
    );

    const server = http.createServer((request, response) => {
        const file = path.join(folder, path.basename(request.url ?? ""));
        if (!fs.existsSync(file) || !fs.statSync(file).isFile()) {
            response.writeHead(404).end();
            return;
        }
        fs.createReadStream(file).pipe(response.writeHead(200));
    });
    await new Promise<void>((resolve) => server.listen(8879, "127.0.0.1", resolve));
    return { address: "http://127.0.0.1:8879", close: () => server.close() };
}

/** The lab's chart of Istio's definitions is a shell for the real ones, which are a tool. */
function withIstioDefinitions(source: string, definitions: string, folder: string): string {
    const chart = path.join(folder, path.basename(source));
    if (path.basename(source) !== "base") {
        return source;
    }
    fs.cpSync(source, chart, { recursive: true });
    fs.mkdirSync(path.join(chart, "files"));
    fs.copyFileSync(definitions, path.join(chart, "files", "crd-all.gen.yaml"));
    return chart;
}
