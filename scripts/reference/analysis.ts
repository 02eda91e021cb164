/**
 * How a new version is judged: the strategy, the metrics, and who is told. In words: [strategies](../canary-app.md#strategies),
 * [metrics](../canary-app.md#metrics), [alerts](../canary-app.md#alerts).
 * @module analysis
 */
export { MetricTemplate, AlertProvider } from "../../index";
export type {
    AnalysisArgs,
    StepsArgs,
    AbTestArgs,
    AbMatchArgs,
    HeaderMatchArgs,
    BlueGreenArgs,
    SessionAffinityArgs,
    MetricArgs,
    CompareArgs,
    BurnRateArgs,
    LowTrafficArgs,
    TemplateRefArgs,
    MetricTemplateArgs,
    AlertArgs,
    AlertProviderRefArgs,
    AlertProviderArgs,
    SharedMetricTemplateArgs,
    SharedAlertProviderArgs,
} from "../../index";
