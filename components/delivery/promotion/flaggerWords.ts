import { CanaryFeed } from "./canaryFeed";

/** Flagger's last words on a Canary that explain a failure. */
export async function reasonsOf(feed: CanaryFeed, name: string): Promise<string[]> {
    const events = await feed.said(name).catch(() => []);
    // What was said of the releases before explains nothing of this one.
    const began = events.findLastIndex((event) => plain(event.message).startsWith("New revision detected!"));
    const warnings = events
        .slice(began + 1)
        .filter((event) => event.type === "Warning")
        .map((event) => plain(event.message));
    return [...new Set(warnings.reverse())].slice(0, 4).reverse();
}

/** A state with what Flagger said last. */
export async function withReason(feed: CanaryFeed, name: string, state: string): Promise<string> {
    const events = await feed.said(name).catch(() => []);
    const last = plain(events.at(-1)?.message);
    return last === "" ? state : `${state}: ${last}`;
}

/** A text of Flagger's without what is secret: of a webhook that does not answer it says the whole address. */
export function without(hidden: readonly string[], text: string): string {
    return hidden.filter((secret) => secret !== "").reduce((said, secret) => said.replaceAll(secret, "[secret]"), text);
}

/** Kubernetes puts a prefix before what it has folded together. */
function plain(message = ""): string {
    return message.replace("(combined from similar events): ", "");
}
