import { failing, followPages, tooManyErrors } from "./followedPage";

/** An application whose settings say which one it is: the last that the page has released. */
const ofPlayground = (tags: string[]) => (tags[1] === "6.0.0" ? "backend" : "frontend");

describe("the other examples, installed", function () {
    this.timeout(1_500_000);

    followPages({
        "istio-playground": {
            app: ({ settings }) => ofPlayground([String(settings.backendTag), String(settings.frontendTag)]),
            namespace: () => "prod",
            tag: ({ backendTag, frontendTag }) => (frontendTag === "6.0.0" ? backendTag : frontendTag),
            refused: ({ frontendTag }) => (frontendTag === "6.0.2" ? /error-rate \d+\.\d+ > 1/ : undefined),
            instead: ({ frontendTag }) => ({
                gatewayType: "LoadBalancer",
                // Slack cannot be reached.
                slackUrl: undefined,
                frontendTag: failing(frontendTag, "6.0.2"),
            }),
        },
        "eks-step-by-step": {
            app: () => "podinfo",
            namespace: () => "test",
            tag: ({ tag }) => tag,
            refused: ({ tag }) => (tag === "6.0.3" ? tooManyErrors : undefined),
            // Thirteen minutes for a release are for readers.
            instead: ({ tag }) => ({ interval: "10s", tag: failing(tag, "6.0.3") }),
        },
        "appmesh-canary": {
            app: () => "podinfo",
            namespace: () => "test",
            tag: ({ tag }) => tag,
            refused: ({ tag }) => (tag === "6.0.5" ? tooManyErrors : undefined),
            instead: ({ tag }) => ({
                cluster: "lab",
                interval: "10s",
                // The suite of promotions approves and rejects.
                approval: false,
                slackUrl: undefined,
                msteamsUrl: undefined,
                tag: failing(tag, "6.0.5"),
            }),
        },
        "appmesh-shop": {
            app: () => "account",
            namespace: () => "shop",
            tag: ({ tag }) => tag,
            refused: ({ settings, successRate }) =>
                "PODINFO_PORT" in (settings as object)
                    ? // Flagger's last words of it may be lost: the API server takes only so many of its events.
                      /progress deadline|its pods were not ready/
                    : successRate === 100
                      ? tooManyErrors
                      : undefined,
            // A port that nobody listens at, and too many errors for one threshold and not for the other.
            instead: ({ tag, settings }) => ({
                cluster: "lab",
                slackUrl: undefined,
                settings:
                    "PODINFO_PORT" in (settings as object) ? { ...(settings as object), FAULT: "unready" } : settings,
                tag: tag === "6.0.1" ? "6.0.1-errors2" : tag,
            }),
        },
    });
});
