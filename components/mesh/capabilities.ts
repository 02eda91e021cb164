/** What a mesh can do for a Canary. What it cannot is refused at preview, or warned about where Flagger only ignores it. */
export interface MeshCapabilities {
    /** The kinds of target that Flagger can release on it. */
    readonly targets: readonly string[];
    /** The strategies that a rollout can have. */
    readonly strategies: readonly ("steps" | "abTest" | "blueGreen")[];
    /** How an A/B test may match a header. */
    readonly headerMatches: readonly HeaderMatchKind[];
    /** Whether an A/B test may name alternatives; where not, Flagger would ask for all of them at once. */
    readonly alternatives: boolean;
    /** The greatest number of headers that an A/B test may match. */
    readonly maxHeaders: number;
    /** Strategies during which the canary can get a copy of the traffic. */
    readonly mirroring: readonly ("steps" | "blueGreen")[];
    /** Whether users can stay with the version they first got. */
    readonly sessionAffinity: boolean;
    /** What may be named as a reason to try a request again; empty where anything may. */
    readonly retryEvents: readonly string[];
    /** Whether statuses of answers may be named as such reasons too: `503`. */
    readonly retryStatuses?: boolean;
    /** The fields of a service's match that Flagger reads; where any is missing here, it is ignored. */
    readonly matchFields: readonly string[];
    /** How a match may name a path: some of `exact`, `prefix`, `regex`. */
    readonly uriMatches: readonly string[];
    /** Whether Flagger reads only the first of several matches. */
    readonly firstMatchOnly: boolean;
    /**
     * Whether nothing of the mesh counts requests, so that Flagger's built-in metrics read `http_request_duration_seconds` of the
     * application itself.
     * @default - the mesh counts them
     */
    readonly appMetrics?: boolean;
    /** Whether a service may listen at another port than its pods. */
    readonly portMapping: boolean;
    /** Parts of a port's name that make Flagger do something special on this mesh, and what to know of it. */
    readonly portNames: Readonly<Record<string, string>>;
    /** Fields of the Canary's service that Flagger ignores on this mesh, and what to know of each. */
    readonly ignored: Readonly<Record<string, string>>;
    /** Fields of the Canary's service that would be refused, or would break the routing, on this mesh, and why. */
    readonly refused: Readonly<Record<string, string>>;
}

/** A way to match the value of a header. */
export type HeaderMatchKind = "exact" | "prefix" | "suffix" | "regex";
