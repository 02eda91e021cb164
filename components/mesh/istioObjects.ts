/** The version of Istio's objects for traffic. Flagger writes its own as v1beta1, which is the same. */
export const istioNetworking = "networking.istio.io/v1";

/** The version of Istio's objects for what proxies tell. */
export const istioTelemetry = "telemetry.istio.io/v1";
