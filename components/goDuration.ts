const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of a duration as Go and Pulumi write it, like "30s", "5m" or "1h30m"; NaN where it is none. */
export function goSeconds(duration: string): number {
    if (!/^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/.test(duration)) {
        return Number.NaN;
    }
    const parts = [...duration.matchAll(/([0-9.]+)(ms|s|m|h)/g)];
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!, 0);
}
