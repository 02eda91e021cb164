const length = 20;

/** The colours of a bar, where there are any. */
interface BarColors {
    full: (text: string) => string;
    rest: (text: string) => string;
}

const plain: BarColors = { full: (text) => text, rest: (text) => text };

/** The canary's share of the traffic as a bar: `[#####---------------]  25 %`. */
export function weightBar(percent: number, { full, rest }: BarColors = plain): string {
    const filled = Math.round((percent / 100) * length);
    return `[${full("#".repeat(filled))}${rest("-".repeat(length - filled))}] ${String(percent).padStart(3)} %`;
}
