import net from "node:net";

import { isDuration } from "../validation";

/** Every option of the commands; each command reads some of them. */
export const options = {
    kubeconfig: { type: "string" },
    context: { type: "string" },
    namespace: { type: "string" },
    port: { type: "string" },
    address: { type: "string" },
    grafana: { type: "string" },
    out: { type: "string" },
    output: { type: "string" },
    watch: { type: "boolean" },
    timeout: { type: "string" },
    revision: { type: "string" },
    yes: { type: "boolean" },
    help: { type: "boolean" },
} as const;

/** The options that were given. */
export type Values = {
    [name in keyof typeof options]?: (typeof options)[name]["type"] extends "string" ? string : boolean;
};

/** A command's own part of the command line. */
export interface Reads {
    options: readonly (keyof Values)[];
    /** What stands beside the options, for people. */
    argument?: string;
    /** Whether the argument may be left out. */
    optional?: boolean;
    /** What else is wrong with what was given. */
    check?: (values: Values, rest: string[]) => string[];
}

/** Everything that is wrong with a command line, in sentences. */
export function mistakes(
    command: string,
    { options: read, argument, optional = false, check }: Reads,
    values: Values,
    rest: string[],
): string[] {
    const found: string[] = [];
    for (const name of Object.keys(values) as (keyof Values)[]) {
        if (!read.includes(name)) {
            found.push(`--${name} is no option of ${command}: leave it out.`);
        }
    }
    if (argument === undefined && rest.length > 0) {
        found.push(`${command} takes options alone: leave ${rest.map((one) => JSON.stringify(one)).join(" ")} out.`);
    }
    const left = optional && rest.length === 0;
    if (argument !== undefined && !left && (rest.length !== 1 || !/^[^/]+\/[^/]+$/.test(rest[0]!))) {
        found.push(
            `${command} takes one ${argument}, like apps/podinfo; it was given ${rest.length === 0 ? "none" : rest.map((one) => JSON.stringify(one)).join(" ")}.`,
        );
    }
    found.push(...(check?.(values, rest) ?? []));
    const { port, address, grafana, output, timeout } = values;
    if (output !== undefined && output !== "json") {
        found.push(`--output ${JSON.stringify(output)} is no form that it has: give json, or leave it out.`);
    }
    if (timeout !== undefined && !isDuration(timeout)) {
        found.push(`--timeout ${JSON.stringify(timeout)} is no duration: give seconds or minutes, like 90s or 30m.`);
    }
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535)) {
        found.push(
            `--port ${JSON.stringify(port)} is no port: give a number from 0 to 65535; with 0 a free one is taken.`,
        );
    }
    if (address !== undefined && net.isIP(address) === 0 && address !== "localhost") {
        found.push(
            `--address ${JSON.stringify(address)} is no address in numbers: give one of this machine, like 127.0.0.1.`,
        );
    }
    if (grafana !== undefined && !(URL.canParse(grafana) && /^https?:$/.test(new URL(grafana).protocol))) {
        found.push(`--grafana ${JSON.stringify(grafana)} is no URL: give one like https://grafana.example.`);
    }
    return found;
}
