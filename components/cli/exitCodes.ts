import { Outcome } from "../operate/outcome";

/** How `status` ends for each outcome. 2 is kept for what could not be looked at. */
export const exitCodes: Record<Outcome, number> = { promoted: 0, "rolled-back": 1, running: 3, wedged: 4 };

/** How `status --watch` ends when its time is over. */
export const timedOut = 5;

const worstFirst: Outcome[] = ["wedged", "rolled-back", "running", "promoted"];

/** The outcome that needs somebody most. */
export function worst(outcomes: Outcome[]): Outcome {
    return worstFirst.find((one) => outcomes.includes(one)) ?? "promoted";
}
