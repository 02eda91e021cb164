import type { KubeConfig } from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { post } from "../apiGet";
import { CanaryObject } from "./canary";
import { servicePath } from "../page/servicePath";

/** What Flagger asks at a gate of the load tester. */
const places = { approve: "gate", reject: "rollback" } as const;

/** A switch of the load tester: one serves every approval of a Canary, another its rollback. */
export class Gate {
    private constructor(
        private readonly kubeconfig: KubeConfig,
        private readonly path: string,
        private readonly canary: CanaryObject,
        /** Where it is, for people. */
        readonly service: string,
    ) {}

    /** The gates among the Canary's webhooks of a type: those in a load tester of the cluster, and the names of the others. */
    static of(
        kubeconfig: KubeConfig,
        canary: CanaryObject,
        type: string,
        what: keyof typeof places,
    ): { gates: Gate[]; elsewhere: string[] } {
        const gates = new Map<string, Gate>();
        const elsewhere: string[] = [];
        for (const hook of (canary.spec?.analysis?.webhooks ?? []).filter((one) => one.type === type)) {
            const path = servicePath(hook.url ?? "", canary.metadata?.namespace ?? "");
            const [, base, namespace, service] =
                /^(.*namespaces\/([^/]+)\/services\/https?:([^/:]+):[^/]+\/proxy)\/(?:gate|rollback)\/check$/.exec(
                    path ?? "",
                ) ?? [];
            if (base !== undefined && path!.endsWith(`/${places[what]}/check`)) {
                const at = `${base}/${places[what]}`;
                gates.set(at, new Gate(kubeconfig, at, canary, `${namespace}/${service}`));
            } else if (!isCloser(hook.url)) {
                elsewhere.push(hook.name ?? "");
            }
        }
        return { gates: [...gates.values()], elsewhere };
    }

    async isOpen(): Promise<boolean> {
        return (await this.ask("check")) === 200;
    }

    async open(): Promise<void> {
        await this.ask("open");
    }

    /** Closes it, and sees that it is closed. */
    async close(): Promise<void> {
        await this.ask("close");
        if (await this.isOpen()) {
            throw new Error("it was closed and is open: its load tester has more than one pod, or somebody opened it");
        }
    }

    private async ask(what: "check" | "open" | "close"): Promise<number> {
        const { name, namespace } = this.canary.metadata ?? {};
        const { code, body } = await post(this.kubeconfig, `${this.path}/${what}`, { name, namespace });
        // The API server refuses with an object, the load tester with a word.
        const shut = what === "check" && code === 403 && !body.startsWith("{");
        if (code > 202 && !shut) {
            throw new Error(`the gate at ${this.service} answered ${code}: ${messageOf({ body, message: body })}`);
        }
        return code;
    }
}

/** What CanaryApp calls at the same moment to close a gate. */
function isCloser(url = ""): boolean {
    return /\/(gate|rollback)\/close$/.test(url);
}

/** Does something while gates are open. Whatever comes of it, they are closed; an error says where that failed. */
export async function whileOpen<T>(gates: readonly Gate[], work: () => Promise<T>): Promise<T> {
    let outcome: T;
    try {
        await Promise.all(gates.map((gate) => gate.open()));
        outcome = await work();
    } catch (error) {
        const left = await closeAll(gates);
        throw left === undefined ? error : new Error(`${messageOf(error)} ${left}`);
    }
    const left = await closeAll(gates);
    if (left !== undefined) {
        throw new Error(left);
    }
    return outcome;
}

/** Closes them all; what is left open, if anything is. */
async function closeAll(gates: readonly Gate[]): Promise<string | undefined> {
    const left = await Promise.all(
        gates.map((gate) =>
            gate.close().then(
                () => [],
                (error: unknown) => [
                    `The gate at ${gate.service} may be open for the next release (${messageOf(error)}).`,
                ],
            ),
        ),
    );
    return left.flat().length === 0
        ? undefined
        : `${left.flat().join(" ")} Run the load tester anew: it begins with all of them shut.`;
}
