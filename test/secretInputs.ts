/**
 * Every argument that takes a secret, by its path in the schema, with the variable of test/engine/programs/secrets that holds
 * what is planted there. A test holds the list against schema.json, so that none is forgotten.
 */
export const secretInputs: Readonly<Record<string, string>> = {
    "ProgressiveMeshCluster.existing.kubeconfig": "platformKubeconfig",
    "ProgressiveMeshCluster.mesh.linkerd.issuerKeyPem": "issuerKey",
    "ProgressiveMeshCluster.secondMesh.linkerd.issuerKeyPem": "secondIssuerKey",
    "ProgressiveMeshCluster.addons.flagger.alerts.slack.url": "slackUrl",
    "ProgressiveMeshCluster.addons.flagger.alerts.slack.proxy": "slackProxy",
    "ProgressiveMeshCluster.addons.flagger.alerts.teams.url": "teamsUrl",
    "ProgressiveMeshCluster.addons.flagger.alerts.teams.proxy": "teamsProxy",
    "ProgressiveMeshCluster.addons.flagger.alerts.eventWebhook.url": "eventUrl",
    "ProgressiveMeshCluster.metricsServerAuth.token": "metricsToken",
    "ProgressiveMeshCluster.metricsServerAuth.username": "metricsUser",
    "ProgressiveMeshCluster.metricsServerAuth.password": "metricsPassword",
    "ProgressiveMeshCluster.gitOps.repository.token": "gitToken",
    "CanaryApp.platform.kubeconfig": "appKubeconfig",
    "CanaryApp.workload.secrets.*": "appSecret",
    "CanaryApp.analysis.metrics[].template.credentials.*": "appCredential",
    "CanaryApp.analysis.alerts[].provider.address": "appChat",
    "CanaryApp.analysis.alerts[].provider.token": "appChatToken",
    "AlertProvider.platform.kubeconfig": "providerKubeconfig",
    "AlertProvider.provider.address": "chat",
    "AlertProvider.provider.token": "chatToken",
    "MetricTemplate.platform.kubeconfig": "templateKubeconfig",
    "MetricTemplate.template.credentials.*": "credential",
    "MeshBackend.platform.kubeconfig": "backendKubeconfig",
};

/**
 * What is a secret where it is given as one. In the cluster Flagger has no other place for it than the Canary, which whoever may
 * read Canaries sees; everywhere else it is hidden.
 */
export const givenAsSecrets: Readonly<Record<string, string>> = {
    "CanaryApp.webhooks[].url": "webhookUrl",
    "CanaryApp.webhooks[].metadata.*": "webhookMetadata",
};

const named = "it names a Secret, and holds none";
const file = "it is the path of a file with public keys";
const checked = "credentials in it are refused";
const publicAddress = "it is where everybody finds the gateway";
const certificate = "certificates are for everybody to see";

/** Arguments whose name or description speaks of secrets and that hold none, by the type that has them, and why. */
export const noSecrets: Readonly<Record<string, string>> = {
    "AddonArgs.keyring": file,
    "AlertProvider.namespace": "it is the namespace of a Secret",
    "AlertProviderArgs.proxy": checked,
    "AlertProviderArgs.username": "it is shown beside each alert",
    "EncryptionArgs.keyArn": "it is the name of a key",
    "EnvFromArgs.secret": named,
    "ExistingClusterArgs.clusterIdentifier": "it tells clusters apart",
    "ExistingGatewayArgs.address": publicAddress,
    "FilesArgs.secret": named,
    "FlaggerAddonArgs.keyring": file,
    "FlaggerSlackArgs.user": "it is shown beside each alert",
    "GateArgs.url":
        "it decides which commands open the gate, so it has to be plain; a webhook of the type takes a secret",
    "GatewayAddonArgs.keyring": file,
    "GatewayConnection.address": publicAddress,
    "GitRepositoryArgs.secretRef": named,
    "GitRepositoryArgs.url": checked,
    "GrafanaAddonArgs.keyring": file,
    "IngressArgs.tlsSecretName": named,
    "LinkerdArgs.issuerCertificatePem": certificate,
    "LinkerdArgs.trustAnchorsPem": certificate,
    "MetricTemplate.namespace": "it is the namespace of a Secret",
    "MetricTemplateArgs.address": checked,
    "MetricTemplateArgs.headers": "it says so itself, and an authorization is refused",
    "MetricTemplateArgs.secretRef": named,
    "PrometheusAddonArgs.keyring": file,
    "TaintArgs.key": "it is the name of a taint",
    "TolerationArgs.key": "it is the name of a taint",
    "TracingArgs.address": "it is the host of a collector",
    "TrafficTlsArgs.privateKey": "it is the path of a file in the proxy",
};
