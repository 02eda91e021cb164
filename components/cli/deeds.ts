import * as client from "@kubernetes/client-node";

import { messageOf } from "../apiError";
import { abort } from "../operate/abort";
import { approve } from "../operate/approve";
import { Command, Deed, Refusal, again, sameRevision } from "../operate/deed";
import { look } from "../operate/look";
import { retry } from "../operate/retry";
import { rollback } from "../operate/rollback";
import { Streams } from "./command";
import { load } from "./kubeconfig";
import { none } from "./none";
import { Values } from "./options";

const commands = { approve, abort, retry, rollback } satisfies Record<string, Command>;

/** Does to a Canary what its name says, after it has said what that is; answers with the exit code. */
export async function act(
    name: keyof typeof commands,
    values: Values,
    [key]: string[],
    streams: Streams,
    ended: () => Promise<unknown>,
): Promise<number> {
    const cluster = { client, kubeconfig: load(values.kubeconfig, values.context) };
    const { looked, others } = await look(cluster, key!.split("/")[0], key);
    const seen = looked[0];
    if (seen === undefined) {
        streams.error(none(key!, others));
        return 2;
    }
    const say = (done: boolean, says: string[], code: number) => {
        if (values.output === "json") {
            streams.out(`${JSON.stringify({ canary: key, command: name, revision: seen.revision, done, says })}\n`);
        } else {
            (done ? streams.out : streams.error)(`${says.join("\n")}\n`);
        }
        return code;
    };
    try {
        if (values.revision !== undefined) {
            sameRevision(seen, values.revision);
        }
        const shown = await commands[name](cluster, seen);
        if (values.yes !== true && !(await confirmed(shown, streams))) {
            return say(false, ["Nothing is done."], 2);
        }
        // Between the question and its answer much may have happened.
        const now = await again(cluster, seen);
        const deed = await commands[name](cluster, now);
        if (deed.says.join() !== shown.says.join()) {
            throw new Refusal("It stands otherwise by now. Nothing is done; ask again to see how.");
        }
        if (values.yes === true && values.output !== "json") {
            streams.out(`${deed.says.join("\n")}\n`);
        }
        const { done, says } = await deed.run(ended()).catch((error: unknown) => {
            if (error instanceof Refusal) {
                throw error;
            }
            return { done: false, says: `It was tried, and failed: ${messageOf(error)}` };
        });
        return say(done, values.output === "json" ? [...deed.says, says] : [says], done ? 0 : 1);
    } catch (error) {
        if (error instanceof Refusal) {
            return say(false, [error.message], 2);
        }
        throw error;
    }
}

async function confirmed({ says }: Deed, { error, ask }: Streams): Promise<boolean> {
    if (ask === undefined) {
        error(`${says.join("\n")}\nNobody is there to be asked: give --yes and the revision.\n`);
        return false;
    }
    return /^y(es)?$/i.test((await ask(`${says.join("\n")}\nGo on? (yes/no) `)).trim());
}
