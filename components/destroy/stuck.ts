import { duration } from "../units";
import { FoundObject } from "./everyObject";
import { holderOf } from "./finalizers";

/** An object that is to go and is still there. */
export interface Stuck {
    object: FoundObject;
    /** What has to be taken off before Kubernetes forgets it. */
    finalizers: string[];
    /** How many seconds ago it was deleted. */
    seconds: number;
    /** Whether it goes by itself once others have gone. */
    follows: boolean;
}

/** What is being deleted and still there: first what holds others, then what follows it; the longest first. */
export function stuckObjects(objects: FoundObject[], now: Date): Stuck[] {
    const stuck = objects.flatMap((object): Stuck[] => {
        const { deletionTimestamp, finalizers = [] } = object.metadata;
        if (deletionTimestamp === undefined) {
            return [];
        }
        // The API server's dates are texts; its client makes dates of some.
        const seconds = Math.max(0, Math.round((now.getTime() - new Date(deletionTimestamp).getTime()) / 1000));
        // A Namespace's own finalizer stands elsewhere, and a pod ends without one.
        return [{ object, finalizers, seconds, follows: finalizers.every((name) => holderOf(name).follows) }];
    });
    return stuck.sort((a, b) => Number(a.follows) - Number(b.follows) || b.seconds - a.seconds);
}

/** The report on what is stuck, for people. */
export function describeStuck(stuck: Stuck[], unseen: string[]): string {
    const lines =
        stuck.length === 0
            ? ["Nothing in the cluster waits for its deletion."]
            : [`${stuck.length} ${stuck.length === 1 ? "object is" : "objects are"} deleted and still there:`];
    for (const one of stuck) {
        lines.push("", ...describe(one).map((line, index) => (index === 0 ? line : `  ${line}`)));
    }
    if (unseen.length > 0) {
        lines.push("", "Not looked at, so there may be more:", ...unseen.map((what) => `  ${what}`));
    }
    return `${lines.join("\n")}\n`;
}

function describe({ object, finalizers, seconds }: Stuck): string[] {
    const { kind, metadata } = object;
    const place = metadata.namespace === undefined ? "" : `${metadata.namespace}/`;
    return [
        `${kind} ${place}${metadata.name}, deleted ${duration(seconds)} ago`,
        ...(finalizers.length === 0 ? [withoutFinalizer(kind)] : []),
        ...finalizers.flatMap((name) => {
            const { by, remedy, follows } = holderOf(name);
            return [`held by ${name}: ${by}.`, `${remedy}${follows ? "." : `:\n    ${command(object, name)}`}`];
        }),
    ];
}

/** What is waited for where no finalizer says so. */
function withoutFinalizer(kind: string): string {
    switch (kind) {
        case "Namespace":
            return "goes when everything in it is gone.";
        case "Pod":
            return "goes when its containers have ended, for which it has its grace period; on a node that is lost, never.";
        default:
            return "has no finalizer and should be gone in a moment.";
    }
}

/** The command that takes one finalizer off and leaves others. */
function command({ apiVersion, plural, metadata }: FoundObject, finalizer: string): string {
    const { name, namespace, finalizers = [] } = metadata;
    const [group] = apiVersion.includes("/") ? apiVersion.split("/") : [];
    const rest = JSON.stringify({ metadata: { finalizers: finalizers.filter((other) => other !== finalizer) } });
    const where = namespace === undefined ? "" : ` -n ${namespace}`;
    return `kubectl${where} patch ${group === undefined ? plural : `${plural}.${group}`} ${name} --type merge -p '${rest}'`;
}
