import * as pulumi from "@pulumi/pulumi";

import * as library from "../../index";
import { readSettings } from "../../stacks/settings";
import { awsAnswers, awsOutputs, record } from "../unit/graph";
import { Case } from "./cases";
import { rejection } from "./values";

/** How a try ended, where it ended well. */
export type Outcome =
    /** It was taken: the resources were registered, or the plan was made. */
    | "accepted"
    /** One error, with everything that is wrong, before anything was registered. */
    | "refused"
    /** A value that was known only later was refused when it was known. */
    | "refused later"
    /** What the user's own promise was rejected with came back. */
    | "rejected";

/** A try that ended as none may. */
export class Defect extends Error {
    constructor(
        /** What tells it from other defects: what went wrong, and where. */
        readonly signature: string,
        message: string,
    ) {
        super(message);
    }
}

type Component = new (name: string, args: never) => pulumi.ComponentResource;

function program({ subject, name, make }: Case): () => unknown {
    switch (subject) {
        case "rolloutPlan":
            return () => library.rolloutPlan(make() as never);
        case "settings":
            return () => {
                const config = Object.entries(make() ?? {}).flatMap(([key, value]) => {
                    const text = JSON.stringify(value) as string | undefined;
                    return text === undefined ? [] : [[`proj:${key}`, text]];
                });
                pulumi.runtime.setAllConfig(Object.fromEntries(config) as Record<string, string>);
                const { platform, app } = readSettings(new pulumi.Config("proj"));
                const made = new library.ProgressiveMeshCluster(name, platform);
                const { name: appName, ...args } = app;
                return new library.CanaryApp(appName, { ...args, platform: made.connection });
            };
        default: {
            const Component = library[subject as keyof typeof library] as unknown as Component;
            return () => new Component(name, make() as never);
        }
    }
}

/** Longer than any of them takes on a busy machine. */
const patienceSeconds = 60;

/** What waits for a promise that was rejected is never made: Pulumi ends the program instead, which here goes on. */
const patienceForRejectedSeconds = 2;

/** Whether a promise of the user's is rejected in it. */
const isRejected = ({ text }: Case) => text.includes("rejected promise");

/** Runs a try against a monitor that grants everything, as a preview; fails with a `Defect` where it ends as none may. */
export async function attempt(one: Case): Promise<Outcome> {
    try {
        return judged(one, await timely(one, 0));
    } catch (error) {
        if (error instanceof Defect && error.signature.startsWith(hang)) {
            if (isRejected(one)) {
                return "rejected";
            }
            throw error;
        }
        // Once more, to see where.
        return judged(one, await timely(one, 50));
    }
}

const hang = "nothing came";

function timely(one: Case, frames: number) {
    let timer: NodeJS.Timeout | undefined;
    const patience = isRejected(one) ? patienceForRejectedSeconds : patienceSeconds;
    const late = new Promise<never>((_, reject) => {
        const message = `${hang} within ${patience} s`;
        timer = setTimeout(() => reject(new Defect(`${message} (${one.subject})`, message)), patience * 1000);
    });
    return Promise.race([late, record(program(one), awsOutputs, awsAnswers, true, frames)]).finally(() =>
        clearTimeout(timer),
    );
}

function judged(one: Case, { failures: all, nodes }: { failures: unknown[]; nodes: { key: string }[] }): Outcome {
    // Pulumi brings what a promise was rejected with to whoever gave the promise, whatever becomes of the arguments.
    const own = isRejected(one);
    const failures = all.filter((failure) => !own || !String(failure).includes(rejection));
    if (failures.length === 0) {
        return all.length === 0 ? "accepted" : "rejected";
    }
    const [error] = failures as [unknown, ...unknown[]];
    const message = error instanceof Error ? error.message : String(error);
    if (pulumi.InputPropertiesError.isInstance(error)) {
        return refused(one, error, failures, nodes);
    }
    if (
        failures.every((failure) => pulumi.RunError.isInstance(failure)) &&
        /an? (secret )?output of|a promise of/.test(one.text)
    ) {
        return "refused later";
    }
    const stack = (error instanceof Error && error.stack) || "";
    const where = /\(?((?:components|stacks)\/[\w/]+\.ts:\d+)/.exec(stack)?.[1] ?? "outside the library";
    throw new Defect(
        `${message.replace(/\d+/g, "N").slice(0, 80)} at ${where}`,
        `${nodes.length} registered, then ${stack || message}`,
    );
}

function refused(
    one: Case,
    error: pulumi.InputPropertiesError,
    failures: unknown[],
    nodes: { key: string }[],
): Outcome {
    const defect = (what: string) => {
        throw new Defect(
            `${what} (${one.subject})`,
            `${what}\n${error.message}\n${nodes.map(({ key }) => key).join(", ")}`,
        );
    };
    // The settings' second component is checked when the first one is made already.
    const early = nodes.length === 0 || one.subject === "settings";
    if (!early) {
        defect("registered before the error");
    }
    if (failures.length > 1) {
        defect("more than one error");
    }
    if (error.errors.length === 0 || error.errors.some(({ propertyPath, reason }) => !propertyPath || !reason)) {
        defect("a problem without path or reason");
    }
    const nonsense =
        /\n\s+at |TypeError|\[object |undefined is not|is not a function|Cannot read|NaN or|Calling \[/.exec(
            error.message,
        );
    if (nonsense !== null) {
        defect(`a message with ${JSON.stringify(nonsense[0])}`);
    }
    return "refused";
}
