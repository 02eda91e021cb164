import { Json } from "../envoy";

const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** How many seconds a duration is as Istio writes it: `1m30s`, `500ms`. */
export function seconds(duration: string): number {
    const parts = [...duration.matchAll(/([\d.]+)(ms|s|m|h)/g)];
    return parts.reduce((sum, [, value, unit]) => sum + Number(value) * units[unit!]!, 0);
}

/** A duration as Envoy writes it. */
export function envoyDuration(duration: string): string {
    return `${seconds(duration)}s`;
}

/** A part of all requests, as precise as Envoy takes it. */
export function fraction(percent: number): Json {
    return { numerator: Math.round(percent * 10_000), denominator: "MILLION" };
}
