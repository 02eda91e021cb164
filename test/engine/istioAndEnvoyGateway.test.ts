import { envoyGatewayHooks } from "./asserts";
import { meshPair } from "./meshPair";

meshPair("istio", "envoy-gateway", envoyGatewayHooks);
