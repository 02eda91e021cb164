import { Problems } from "../../validation";
import { normalQuantiles } from "./promQl";

const usual = 99;

/** Checks a confidence in percent; an absent one passes. Answers whether it holds. */
export function checkConfidence(problems: Problems, path: string, confidence: unknown): boolean {
    const known = Object.keys(normalQuantiles);
    return problems.require(
        confidence === undefined || (typeof confidence === "number" && known.includes(String(confidence))),
        {
            path,
            value: confidence,
            rule: "is not a confidence in percent that is known here",
            fix: `Use ${known.join(", ")}.`,
        },
    );
}

/** The one-sided quantile of the normal distribution for a confidence that `checkConfidence` accepts. */
export function quantileOf(confidence: number = usual): number {
    return normalQuantiles[confidence]!;
}
