import { failing, followPages, tooManyErrors } from "./followedPage";

describe("the examples, installed", function () {
    this.timeout(1_500_000);

    followPages({
        "existing-cluster": {
            app: () => "podinfo",
            namespace: () => "apps",
            tag: ({ tag }) => tag,
            refused: ({ tag }) => (tag === "6.0.2" ? tooManyErrors : undefined),
            // The lab has load balancers, and they are the quicker way in.
            instead: ({ tag }) => ({ gatewayType: "LoadBalancer", tag: failing(tag, "6.0.2") }),
        },
        "many-apps": {
            app: ({ stack }) => stack,
            namespace: ({ stack }) => stack,
            tag: ({ tag }) => tag,
            instead: () => ({ gatewayType: "LoadBalancer" }),
        },
        "gitops-appmesh": {
            app: () => "podinfo",
            namespace: () => "apps",
            tag: ({ tag }) => tag,
            refused: ({ tag }) => (tag === "6.0.3" ? tooManyErrors : undefined),
            // In the lab the mesh that ended is alive. Flux is a stand-in that fetches nothing, so its part is left out.
            instead: ({ tag }) => ({ mesh: "appmesh", repository: undefined, tag: failing(tag, "6.0.3") }),
        },
    });
});
