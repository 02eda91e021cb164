/**
 * The charts of a platform: where each comes from, its pods and its values; and what Flagger, Prometheus, Grafana and the gateway
 * take beside that. In words: [add-ons](../platform.md#add-ons).
 * @module addons
 */
export { PrometheusSource } from "../../index";
export type {
    AddonArgs,
    AddonPodsArgs,
    TolerationArgs,
    DisruptionBudgetArgs,
    FlaggerAddonArgs,
    FlaggerAlertsArgs,
    FlaggerSlackArgs,
    FlaggerTeamsArgs,
    FlaggerEventWebhookArgs,
    PrometheusAddonArgs,
    StorageArgs,
    MetricsServerAuthArgs,
    GrafanaAddonArgs,
    IngressArgs,
    GatewayAddonArgs,
    GatewayTlsArgs,
} from "../../index";
