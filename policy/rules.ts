import { Rule } from "./rule";
import { canaryAlertSeverity } from "./rules/canaryAlertSeverity";
import { canaryAlerts } from "./rules/canaryAlerts";
import { canaryAnalysis } from "./rules/canaryAnalysis";
import { canaryAnalysisRuns } from "./rules/canaryAnalysisRuns";
import { canaryMetrics } from "./rules/canaryMetrics";
import { chartVersions } from "./rules/chartVersions";
import { deletionProtection } from "./rules/deletionProtection";
import { eksEndpoint } from "./rules/eksEndpoint";
import { eksSecretsEncryption } from "./rules/eksSecretsEncryption";
import { gatewaySourceRanges } from "./rules/gatewaySourceRanges";
import { iamWildcards } from "./rules/iamWildcards";
import { imageTags } from "./rules/imageTags";
import { meshNamespaces } from "./rules/meshNamespaces";
import { nodeDiskEncryption } from "./rules/nodeDiskEncryption";
import { podPrivileges } from "./rules/podPrivileges";
import { podSecurity } from "./rules/podSecurity";
import { volumeEncryption } from "./rules/volumeEncryption";

/** All rules of the pack. */
export const rules: readonly Rule[] = [
    canaryMetrics,
    canaryAnalysis,
    canaryAnalysisRuns,
    canaryAlerts,
    canaryAlertSeverity,
    meshNamespaces,
    gatewaySourceRanges,
    imageTags,
    chartVersions,
    podSecurity,
    podPrivileges,
    eksEndpoint,
    eksSecretsEncryption,
    volumeEncryption,
    nodeDiskEncryption,
    deletionProtection,
    iamWildcards,
];
