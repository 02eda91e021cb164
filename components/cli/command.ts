import { parseArgs } from "node:util";

import { messageOf } from "../apiError";
import { Reads, Values, mistakes, options } from "./options";
import { usage } from "./usage";

/** Where the command writes. */
export interface Streams {
    out: (text: string) => void;
    error: (text: string) => void;
    /** Asks whoever sits there; absent where nobody does. */
    ask?: (question: string) => Promise<string>;
}

interface Command extends Reads {
    run: (values: Values, rest: string[], streams: Streams, ended: () => Promise<unknown>) => Promise<number>;
}

const cluster = ["kubeconfig", "context"] as const;
const canary = "namespace and Canary";

const deed = (name: "approve" | "abort" | "retry" | "rollback"): Command => ({
    options: [...cluster, "revision", "yes", "output"],
    argument: canary,
    check: ({ yes, revision }) =>
        yes === true && revision === undefined
            ? [`${name} --yes needs --revision: the one that \`status\` shows, so that no other is meant.`]
            : [],
    run: async (values, rest, streams, ended) => (await import("./deeds.js")).act(name, values, rest, streams, ended),
});

/** Each is loaded when it is asked for. */
const commands: Record<string, Command> = {
    stuck: {
        options: cluster,
        run: async (values, _, streams) => (await import("./stuck.js")).stuck(values, streams),
    },
    watch: {
        options: [...cluster, "namespace", "port", "address", "grafana"],
        run: async (values, _, streams, ended) => (await import("./watch.js")).watch(values, streams, ended()),
    },
    report: {
        options: [...cluster, "out"],
        argument: canary,
        run: async (values, rest, streams) => (await import("./report.js")).report(values, rest, streams),
    },
    status: {
        options: [...cluster, "namespace", "watch", "timeout", "revision", "output"],
        argument: canary,
        optional: true,
        check: checkStatus,
        run: async (values, rest, streams, ended) =>
            (await import("./status.js")).status(values, rest, streams, values.watch === true ? ended() : never),
    },
    explain: {
        options: [...cluster, "output"],
        argument: canary,
        run: async (values, rest, streams) => (await import("./explain.js")).explain(values, rest, streams),
    },
    plan: {
        options: [...cluster, "output"],
        argument: canary,
        run: async (values, rest, streams) => (await import("./plan.js")).plan(values, rest, streams),
    },
    approve: deed("approve"),
    abort: deed("abort"),
    retry: deed("retry"),
    rollback: deed("rollback"),
};

const never = new Promise<never>(() => {});

function checkStatus({ watch, timeout, revision, namespace }: Values, rest: string[]): string[] {
    return [
        ...(watch === true && rest.length === 0
            ? ["status --watch watches one Canary: name it, like apps/podinfo."]
            : []),
        ...(watch !== true && (timeout !== undefined || revision !== undefined)
            ? ["--timeout and --revision are for status --watch: add it, or leave them out."]
            : []),
        ...(namespace !== undefined && rest.length > 0
            ? ["--namespace is for all Canaries of one: leave it out where a Canary is named."]
            : []),
    ];
}

/** Runs the command and answers with its exit code. What goes on until it is told to end is told so by `ended`. */
export async function run(
    args: string[],
    streams: Streams,
    ended: () => Promise<unknown> = untilStopped,
): Promise<number> {
    try {
        return await main(args, streams, ended);
    } catch (error) {
        streams.error(`The cluster could not be looked at: ${messageOf(error)}\n`);
        return 2;
    }
}

async function main(args: string[], streams: Streams, ended: () => Promise<unknown>): Promise<number> {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (values.help === true) {
        streams.out(usage);
        return 0;
    }
    const [name = "", ...rest] = positionals;
    const command = Object.hasOwn(commands, name) ? commands[name]! : undefined;
    if (command === undefined) {
        streams.error(usage);
        return 2;
    }
    const wrong = mistakes(name, command, values, rest);
    if (wrong.length > 0) {
        streams.error(`${wrong.join("\n")}\n`);
        return 2;
    }
    return command.run(values, rest, streams, ended);
}

function untilStopped(): Promise<unknown> {
    return new Promise((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
}
