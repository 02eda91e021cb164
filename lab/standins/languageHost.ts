import { ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

import * as grpc from "@grpc/grpc-js";

import { diesWithParent, emptyMessage, messages, reply, services } from "./protocol";

/**
 * Stands in for Pulumi's Node.js language host, which cannot be built from its module: runs a program or a policy pack with the
 * SDK's own entry points, as the real one does. What a program is installed with and depends on, the lab's projects do not need.
 */
const { language, plugin } = messages;
const engine = process.argv.findLast((word) => /^[\w.:[\]]+:\d+$/.test(word)) ?? "";
const children = new Set<ChildProcess>();
const killAll = (signal: NodeJS.Signals) => children.forEach((child) => child.kill(signal));

function run(call: any, callback: any): void {
    const request = call.request;
    const info = request.getInfo();
    const options: Record<string, unknown> = info?.getOptions()?.toJavaScript() ?? {};
    const root: string = info?.getProgramDirectory() || request.getPwd();
    const entry = createRequire(path.join(root, "package.json")).resolve("@pulumi/pulumi/cmd/run");
    const nodeArgs = typeof options.nodeargs === "string" ? options.nodeargs.split(/\s+/).filter(Boolean) : [];
    const flags = Object.entries({
        monitor: request.getMonitorAddress(),
        engine,
        organization: request.getOrganization(),
        project: request.getProject(),
        "root-directory": info?.getRootDirectory(),
        stack: request.getStack(),
        pwd: request.getPwd(),
        parallel: request.getParallel(),
    }).flatMap(([flag, value]) => (value ? [`--${flag}=${String(value)}`] : []));
    const program: string = info?.getEntryPoint() || request.getProgram() || ".";
    const child = spawn(
        process.execPath,
        [...nodeArgs, entry, ...flags, ...(request.getDryrun() ? ["--dry-run"] : []), program],
        {
            cwd: request.getPwd() || root,
            stdio: ["ignore", "inherit", "inherit"],
            env: {
                ...process.env,
                PULUMI_NODEJS_TYPESCRIPT: String(options.typescript !== false),
                PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
                PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
            },
        },
    );
    children.add(child);
    let answered = false;
    const answer = (error: string, bail: boolean) => {
        children.delete(child);
        if (answered) {
            return;
        }
        answered = true;
        const response = new language.RunResponse();
        response.setError(error);
        response.setBail(bail);
        callback(null, response);
    };
    child.on("error", (error) => answer(`could not start node: ${error.message}`, false));
    // 32 says that the program failed and has told why.
    child.on("exit", (code, signal) =>
        answer(code === 0 || code === 32 ? "" : `program ended with ${signal ?? `code ${code}`}`, code === 32),
    );
}

/** By the kinds of plugins there are: the SDK's program that loads one, and whether the plugin's folder comes before its arguments. */
const loaders: Record<string, { entry: string; folderFirst: boolean }> = {
    analyzer: { entry: "run-policy-pack", folderFirst: false },
    resource: { entry: "run-plugin", folderFirst: true },
};

/**
 * Runs a policy pack or components: its process says at which port it serves the engine, and ends when the engine cancels the call.
 * The real one also tells a pack the stack's configuration by its environment; this project's pack reads none.
 */
function runPlugin(call: any): void {
    const request = call.request;
    const folder: string = request.getInfo().getProgramDirectory();
    const loader = loaders[request.getKind()];
    if (loader === undefined) {
        call.destroy({
            code: grpc.status.UNIMPLEMENTED,
            details: `the lab runs no plugins of kind ${request.getKind()}`,
        });
        return;
    }
    const entry = createRequire(path.join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${loader.entry}`);
    const variables = (request.getEnvList() as string[]).map((pair) => {
        const [name, ...value] = pair.split("=");
        return [name, value.join("=")];
    });
    const args: string[] = request.getArgsList();
    const child = spawn(process.execPath, [entry, ...(loader.folderFirst ? [folder, ...args] : [...args, folder])], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
        env: Object.fromEntries(variables) as NodeJS.ProcessEnv,
    });
    children.add(child);
    const send = (fill: (response: any) => void) => {
        const response = new language.RunPluginResponse();
        fill(response);
        call.write(response);
    };
    child.stdout.on("data", (data: Buffer) => send((response) => response.setStdout(data)));
    child.stderr.on("data", (data: Buffer) => send((response) => response.setStderr(data)));
    call.on("cancelled", () => child.kill());
    child.on("error", (error) => call.destroy({ code: grpc.status.INTERNAL, details: error.message }));
    child.on("close", (code) => {
        children.delete(child);
        if (!call.cancelled) {
            send((response) => response.setExitcode(code ?? 1));
            call.end();
        }
    });
}

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(services.LanguageRuntimeService, {
    handshake: reply(() => new language.LanguageHandshakeResponse()),
    getPluginInfo: reply(() => {
        const response = new plugin.PluginInfo();
        response.setVersion(process.env.LAB_PULUMI_VERSION!);
        return response;
    }),
    getRequiredPackages: reply(() => new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: reply(() => new language.GetRequiredPluginsResponse()),
    getProgramDependencies: reply(() => new language.GetProgramDependenciesResponse()),
    // The lab's projects and plugins lie beside all that they need.
    installDependencies: (call: any) => call.end(),
    runtimeOptionsPrompts: reply(() => new language.RuntimeOptionsResponse()),
    about: reply(() => {
        const response = new language.AboutResponse();
        response.setExecutable(process.execPath);
        response.setVersion(process.version);
        return response;
    }),
    cancel: (_: unknown, callback: any) => {
        killAll("SIGINT");
        callback(null, emptyMessage());
    },
    run,
    runPlugin,
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
        throw error;
    }
    process.stdout.write(`${port}\n`);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
        killAll(signal);
        process.exit(1);
    });
}
diesWithParent(() => killAll("SIGKILL"));
