import { Span } from "./spans";

/** A resource as the state has it. */
export interface StateResource {
    urn: string;
    custom: boolean;
    provider?: string;
    dependencies?: string[];
    propertyDependencies?: Record<string, string[] | null>;
}

/** A resource that an update worked on. */
export interface Step extends Span {
    urn: string;
    /** What has to be there before it, of those that the update worked on. */
    needs: string[];
}

/** What an update did, and what each resource had to wait for: other resources, and its provider. */
export function stepsOf(spans: ReadonlyMap<string, Span>, resources: readonly StateResource[]): Step[] {
    const custom = resources.filter(({ urn, custom: is }) => is && spans.has(urn));
    const known = new Set(custom.map(({ urn }) => urn));
    return custom
        .map(({ urn, provider = "", dependencies = [], propertyDependencies = {} }) => {
            const named = [
                ...dependencies,
                ...Object.values(propertyDependencies).flatMap((urns) => urns ?? []),
                // `<urn>::<id>`
                provider.split("::").slice(0, -1).join("::"),
            ];
            return { urn, ...spans.get(urn)!, needs: [...new Set(named)].filter((need) => known.has(need)) };
        })
        .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** What an update waited for: from the resource that ended last, back by whatever each had to wait for longest. */
export function criticalPath(steps: readonly Step[]): Step[] {
    const byUrn = new Map(steps.map((step) => [step.urn, step]));
    const latest = (some: readonly Step[]) =>
        some.reduce<Step | undefined>(
            (last, step) => (last === undefined || step.end > last.end ? step : last),
            undefined,
        );
    const path: Step[] = [];
    for (let step = latest(steps); step !== undefined; step = latest(step.needs.map((need) => byUrn.get(need)!))) {
        path.unshift(step);
    }
    return path;
}

/**
 * The longest chain that cannot be shorter whatever the engine does: of resources each of which needs the one before, as long as they
 * took together.
 */
export function longestChain(steps: readonly Step[]): { seconds: number; chain: Step[] } {
    const byUrn = new Map(steps.map((step) => [step.urn, step]));
    const known = new Map<string, { seconds: number; chain: Step[] }>();
    const upTo = (step: Step): { seconds: number; chain: Step[] } => {
        const found = known.get(step.urn);
        if (found !== undefined) {
            return found;
        }
        const before = longest(step.needs.map((need) => upTo(byUrn.get(need)!)));
        const made = { seconds: before.seconds + step.end - step.start, chain: [...before.chain, step] };
        known.set(step.urn, made);
        return made;
    };
    return longest(steps.map(upTo));
}

const longest = (chains: { seconds: number; chain: Step[] }[]) =>
    chains.reduce((best, chain) => (chain.seconds > best.seconds ? chain : best), { seconds: 0, chain: [] });
