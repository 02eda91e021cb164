/**
 * An application under progressive delivery: its tests, gates, webhooks, the way in, the wait for its promotion, and the plan of its
 * rollouts. In words: [the application](../canary-app.md).
 * @module canary-app
 */
export { CanaryApp, rolloutPlan } from "../../index";
export type {
    CanaryAppArgs,
    AppGatewayArgs,
    AcceptanceTestArgs,
    LoadTestArgs,
    WebhookArgs,
    GatesArgs,
    GateArgs,
    WaitForPromotionArgs,
    EvidenceArgs,
    FastRollbackArgs,
    RolloutPlan,
    PlanArgs,
} from "../../index";
