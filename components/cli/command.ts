import { parseArgs } from "node:util";

import { messageOf } from "../apiError";
import { Reads, Values, mistakes, options } from "./options";
import { usage } from "./usage";

/** Where the command writes. */
export interface Streams {
    out: (text: string) => void;
    error: (text: string) => void;
}

interface Command extends Reads {
    run: (values: Values, rest: string[], streams: Streams, ended: () => Promise<unknown>) => Promise<number>;
}

const cluster = ["kubeconfig", "context"] as const;

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
        argument: "namespace and Canary",
        run: async (values, rest, streams) => (await import("./report.js")).report(values, rest, streams),
    },
};

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
