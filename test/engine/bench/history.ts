import { Canary } from "../../../lab/rollout";

interface Moment {
    at: number;
    phase: string;
    weight: number;
    failedChecks: number;
}

/** What a Canary went through, from when it was made. */
export class History {
    private readonly moments: Moment[] = [];

    constructor(
        readonly name: string,
        private readonly messages: () => string[],
    ) {}

    /** Takes down the Canary's status as it is now. */
    note(status: Canary["status"]): void {
        const { phase = "", canaryWeight: weight = 0, failedChecks = 0 } = status ?? {};
        const last = this.moments.at(-1);
        if (last?.phase !== phase || last.weight !== weight || last.failedChecks !== failedChecks) {
            this.moments.push({ at: Date.now(), phase, weight, failedChecks });
        }
    }

    get phases(): string[] {
        return this.moments.map((m) => m.phase).filter((phase, i, all) => all[i - 1] !== phase);
    }

    /** The weights on the way up, each once. */
    get weights(): number[] {
        const all = this.moments.filter((m) => m.phase === "Progressing").map((m) => m.weight);
        return [...new Set(all)].filter((weight) => weight > 0);
    }

    /** Its weights with the failed checks at each, from the beginning of the rollout to its end. */
    get course(): string[] {
        return this.moments
            .filter(({ phase }) => phase === "Progressing" || phase === "WaitingPromotion")
            .map(({ weight, failedChecks }) => `${weight} % ${failedChecks} failed`)
            .filter((moment, index, all) => all[index - 1] !== moment);
    }

    get mostFailedChecks(): number {
        return Math.max(...this.moments.map((m) => m.failedChecks));
    }

    get phase(): string {
        return this.moments.at(-1)?.phase ?? "";
    }

    secondsFrom(first: string, last: string): number {
        const at = (phase: string) => this.moments.find((m) => m.phase === phase)?.at ?? Number.NaN;
        return (at(last) - at(first)) / 1000;
    }

    /** Throws unless it has been in progress at this weight for most of a minute. */
    standsStillAt(weight: number): void {
        this.standsIn("Progressing");
        const now = this.moments.at(-1)!;
        this.insist(now.weight === weight, `its weight is ${now.weight}, not ${weight}`);
        this.insist(Date.now() - now.at > 50_000, "it moved within the last 50 seconds");
    }

    standsIn(phase: string): void {
        this.insist(this.phase === phase, `it is ${this.phase}, not ${phase}`);
    }

    ended(phase: "Succeeded" | "Failed"): void {
        this.insist(this.phases.includes("Progressing"), "no rollout began");
        this.standsIn(phase);
    }

    neverInitialised(): void {
        this.insist(
            this.phases.every((phase) => phase === "" || phase === "Initializing"),
            "it was initialised",
        );
    }

    /** Throws unless Flagger said it. */
    said(pattern: RegExp): void {
        this.insist(
            this.messages().some((message) => pattern.test(message)),
            `Flagger did not say ${pattern}`,
        );
    }

    private insist(holds: boolean, what: string): void {
        if (!holds) {
            const course = this.moments.map((m) => `${m.phase || "(new)"} ${m.weight}`).join(", ");
            throw new Error(`${this.name}: ${what}\n  it went: ${course}\n  ${this.messages().slice(-6).join("\n  ")}`);
        }
    }
}
