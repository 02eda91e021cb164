import { meshPair } from "./meshPair";

/** What Helm never deletes, of hooks of Envoy Gateway's chart. */
const hooks = [
    "clusterrolebindings envoy-gateway-gateway-helm-certgen:envoy-gateway-system",
    "clusterroles envoy-gateway-gateway-helm-certgen:envoy-gateway-system",
    "mutatingwebhookconfigurations envoy-gateway-topology-injector.envoy-gateway-system",
];

meshPair("istio", "envoy-gateway", hooks);
