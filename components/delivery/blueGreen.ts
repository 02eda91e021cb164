/** Tests the new version without users, then gives it all the traffic at once. */
export interface BlueGreenArgs {
    /** How often the canary is checked before it gets the traffic: at least once. */
    iterations: number;
    /**
     * Sends copies of all requests to the canary while it is checked. Only where the mesh can.
     * @default false
     */
    mirror?: boolean;
    /**
     * The share of requests that is copied, in percent.
     * @default 100
     */
    mirrorWeight?: number;
    /**
     * How much of the traffic goes from the canary back to the primary, once that has the new version, at each interval, in
     * percent.
     * @default - all at once
     */
    stepWeightPromotion?: number;
}
