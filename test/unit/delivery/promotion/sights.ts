import { Sight } from "../../../../components/delivery/promotion/verdict";

/** Promoted, and at rest. */
export const promotedSight: Sight = {
    phase: "Succeeded",
    weight: 0,
    iterations: 0,
    failedChecks: 0,
    suspended: false,
    targetExists: true,
    superseded: false,
    promoted: true,
    primaryRolledOut: true,
};
