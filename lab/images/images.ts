import path from "node:path";

import { V1Container } from "@kubernetes/client-node";
import { build } from "esbuild";

import { appMesh } from "../mesh/appMesh/appMesh";
import { configFolder } from "../mesh/envoy";
import { istio } from "../mesh/istio/istio";
import { linkerd } from "../mesh/linkerd/linkerd";
import { Mesh } from "../mesh/mesh";
import { cache, root } from "../paths";
import { Toolchain } from "../toolchain/ensure";

const standIns = ["alertReceiver", "appMeshController", "application", "istiod", "linkerdProxyInjector"] as const;

/** The images that the lab has a program for: the real one where it can be built, a stand-in where not. */
export class Images {
    private constructor(
        private readonly tools: Toolchain,
        private readonly bundles: string,
        /** Folders of the machine that programs need besides the system's own. */
        readonly folders: string[],
    ) {}

    static async prepare(tools: Toolchain, folder: string): Promise<Images> {
        const bundles = path.join(folder, "images");
        await bundle(
            standIns.map((name) => path.join(__dirname, `${name}.ts`)),
            bundles,
        );
        const executables = Object.values(tools).map((tool) => path.dirname(tool));
        return new Images(tools, bundles, [
            ...new Set([root, cache, folder, path.dirname(process.execPath), ...executables]),
        ]);
    }

    /** Where a container finds programs by name. */
    get path(): string {
        return [this.tools["hey"]!, this.tools["envoy-gateway"] ?? [], process.execPath]
            .flat()
            .map((file) => path.dirname(file))
            .join(":");
    }

    readonly environment = { NODE_PATH: path.join(root, "node_modules") };

    /** What a container runs, or undefined for an image that the lab leaves to KWOK. */
    program(container: V1Container): string[] | undefined {
        const repository = (container.image ?? "").replace(/[:@][^/]*$/, "");
        // The first word of a command is the program in the image; the rest are arguments, as are all of `args`.
        const args = [...(container.command ?? []).slice(1), ...(container.args ?? [])];
        const standIn = (name: (typeof standIns)[number], ...more: string[]) => [
            process.execPath,
            path.join(this.bundles, `${name}.js`),
            ...more,
        ];
        const port = String(container.ports?.[0]?.containerPort ?? 8080);
        const proxy = (mesh: Mesh) => [
            ...["bash", path.join(__dirname, "meshEnvoy.sh"), this.tools["envoy"]!, configFolder],
            String(mesh.ports.admin),
        ];
        switch (repository.split("/").slice(-2).join("/")) {
            case "fluxcd/flagger":
                return [this.tools["flagger"]!, ...args];
            case "fluxcd/flagger-loadtester":
                return [this.tools["loadtester"]!, ...args];
            case "envoyproxy/gateway":
                return [this.tools["envoy-gateway"]!, ...args];
            case "envoyproxy/envoy":
                return [this.tools["envoy"]!, ...args];
            case "prom/prometheus":
            case "prometheus/prometheus":
                return [this.tools["prometheus"]!, ...args];
            case "amazon/appmesh-controller":
                return standIn("appMeshController", ...args);
            case "linkerd/proxy":
                return proxy(linkerd);
            case "linkerd/controller":
                // The image holds all of the control plane.
                return args[0] === "proxy-injector" ? standIn("linkerdProxyInjector", ...args.slice(1)) : undefined;
            case "stefanprodan/podinfo":
                return standIn("application", container.image!, port);
            case "progressive-mesh.lab/alert-receiver":
                return standIn("alertReceiver", port);
        }
        // Wherever they are mirrored.
        switch (repository.split("/").at(-1)) {
            case "aws-appmesh-envoy":
                return proxy(appMesh);
            case "pilot":
                return standIn("istiod", ...args);
            case "proxyv2":
                return proxy(istio);
        }
        return undefined;
    }
}

/** Bundles programs of the lab, so that starting one does not compile TypeScript. Packages stay in node_modules. */
export async function bundle(entryPoints: string[], outdir: string): Promise<void> {
    await build({
        entryPoints,
        outdir,
        bundle: true,
        platform: "node",
        target: "node20",
        format: "cjs",
        packages: "external",
        logLevel: "error",
    });
}
