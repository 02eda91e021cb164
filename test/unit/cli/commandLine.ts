import fs from "node:fs";
import os from "node:os";
import path from "node:path";

import { run } from "../../../components/cli/command";
import { ApiServer, Script, kubeconfigFor } from "../delivery/promotion/apiServer";
import { Scene } from "../page/scenes";

/** What a command has said so far, and how it ends. */
export interface Ran {
    stdout: string;
    stderr: string;
    code: Promise<number>;
    /** What Ctrl-C does. */
    end: () => void;
}

/** A folder with a kubeconfig for an API server that reads from a script, and the command in front of it. */
export class CommandLine {
    private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "command-"));

    private constructor(readonly server: ApiServer) {
        fs.writeFileSync(this.kubeconfig, kubeconfigFor(server.port));
    }

    static async before(script: Script): Promise<CommandLine> {
        return new CommandLine(await new ApiServer(script).start());
    }

    get kubeconfig(): string {
        return this.file("kubeconfig");
    }

    file(name: string): string {
        return path.join(this.folder, name);
    }

    start(...args: string[]): Ran {
        let end = () => undefined as void;
        const ended = new Promise<void>((resolve) => {
            end = resolve;
        });
        const said = { stdout: "", stderr: "" };
        const code = run(
            [...args, "--kubeconfig", this.kubeconfig],
            { out: (text) => (said.stdout += text), error: (text) => (said.stderr += text) },
            () => ended,
        );
        return Object.assign(said, { code, end: () => end() });
    }

    remove(): void {
        this.server.stop();
        fs.rmSync(this.folder, { recursive: true });
    }
}

/** A cluster that holds these scenes, seen as a whole or of their namespace alone. */
export function clusterOf(...scenes: Scene[]): Script {
    const items = scenes.map(({ canary }) => canary);
    const events = scenes.flatMap((scene) => scene.events);
    const workload = (image: string | undefined) => [{ spec: { template: { spec: { containers: [{ image }] } } } }];
    const workloads = scenes.flatMap(({ canary, images }) => {
        const path = `/apis/apps/v1/namespaces/apps/deployments/${canary.spec!.targetRef!.name}`;
        return [
            [path, workload(images.target)],
            [`${path}-primary`, workload(images.primary)],
        ];
    });
    const which = "?fieldSelector=involvedObject.kind%3DCanary&resourceVersion=0";
    return {
        ...(Object.fromEntries(workloads) as Script),
        "/apis/flagger.app/v1beta1/canaries": [{ items }],
        [`/api/v1/events${which}`]: [{ items: events }],
        "/apis/flagger.app/v1beta1/namespaces/apps/canaries": [{ items }],
        [`/api/v1/namespaces/apps/events${which}`]: [{ items: events }],
    };
}
