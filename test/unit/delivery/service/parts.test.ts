import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { checkCors } from "../../../../components/delivery/service/cors";
import { checkHeaderChanges } from "../../../../components/delivery/service/headers";
import { checkMetadata, checkUnmanagedMetadata } from "../../../../components/delivery/service/metadata";
import { checkGatewayRefs, checkRequestMirrors } from "../../../../components/delivery/service/references";
import { checkRewrite } from "../../../../components/delivery/service/rewrite";
import { checkTrafficPolicy } from "../../../../components/delivery/service/trafficPolicy";
import { Problems } from "../../../../components/validation";
import { linesOf, pathsOf } from "../../problems";

type Check = (problems: Problems, path: string, value: unknown) => void;

const later = pulumi.output("later");

/** Of each part: what it accepts, and what it refuses at which paths below it. */
const parts: [name: string, check: Check, accepted: unknown[], refused: [unknown, string[]][]][] = [
    [
        "rewrite",
        checkRewrite,
        [undefined, { uri: "/" }, { authority: "a.example" }, { uri: "/a", type: "ReplaceFullPath" }],
        [
            [{}, [""]],
            [{ type: "ReplaceFullPath" }, [""]],
            [{ uri: "a" }, [".uri"]],
            [{ uri: "" }, [".uri"]],
            [{ authority: "" }, [".authority"]],
            [{ authority: 5 }, [".authority"]],
            [{ uri: "/", type: "ReplacePrefix" }, [".type"]],
            [{ uri: "/", type: null }, [".type"]],
            ["/", [""]],
        ],
    ],
    [
        "headers",
        checkHeaderChanges,
        [undefined, {}, { request: {}, response: { add: { "x-a": "" }, set: { b: later }, remove: [] } }],
        [
            [{ request: null }, [".request"]],
            [{ response: "x" }, [".response"]],
            [{ request: { add: ["x-a"] } }, [".request.add"]],
            [{ request: { add: { a: 1 }, set: { b: null } } }, [".request.add.a", ".request.set.b"]],
            [{ response: { set: { "x a": "1" } } }, ['.response.set["x a"]']],
            [{ response: { set: { "": "1" } } }, ['.response.set[""]']],
            [{ request: { remove: "x-a" } }, [".request.remove"]],
            [{ request: { remove: ["x-a", undefined, ""] } }, [".request.remove[1]", ".request.remove[2]"]],
        ],
    ],
    [
        "metadata",
        checkMetadata,
        [
            undefined,
            {},
            {
                labels: { "example.com/a": "B_c.d-1", b: "", c: later },
                annotations: { "a.b/c_d": "any text, at all", d: later },
            },
            { labels: { a: "a".repeat(63) } },
        ],
        [
            [{ labels: [] }, [".labels"]],
            [{ labels: { version: 1, team: undefined } }, [".labels.version", ".labels.team"]],
            [
                { labels: { a: "a b", b: "-b", c: null, d: "a".repeat(64) } },
                [".labels.a", ".labels.b", ".labels.c", ".labels.d"],
            ],
            [{ labels: { "a/b/c": "1" } }, ['.labels["a/b/c"]']],
            [{ annotations: "a" }, [".annotations"]],
            [{ annotations: { a: true, b: undefined } }, [".annotations.a", ".annotations.b"]],
            [{ annotations: { "": "1", "Example.com/a": "1" } }, ['.annotations[""]', '.annotations["Example.com/a"]']],
            [{ annotations: { ["a".repeat(64)]: "1" } }, [`.annotations.${"a".repeat(64)}`]],
        ],
    ],
    [
        "unmanagedMetadata",
        checkUnmanagedMetadata,
        [undefined, {}, { labels: ["a"], annotations: ["example.com/b"] }],
        [
            [{ labels: { a: "1" } }, [".labels"]],
            [{ annotations: ["a", 1, null] }, [".annotations[1]", ".annotations[2]"]],
        ],
    ],
    [
        "gatewayRefs",
        checkGatewayRefs,
        [
            undefined,
            [],
            [{ name: "a.b" }],
            Array.from({ length: 32 }, () => ({ name: "a", group: "", kind: "Service", port: 80 })),
        ],
        [
            [{ name: "a" }, [""]],
            [
                [null, undefined],
                ["[0]", "[1]"],
            ],
            [["a"], ["[0]"]],
            [[{}], ["[0].name"]],
            [[{ name: "A" }], ["[0].name"]],
            [[{ name: "a", namespace: "b.c" }], ["[0].namespace"]],
            [
                [
                    { name: "a", group: "B" },
                    { name: "a", kind: "1" },
                ],
                ["[0].group", "[1].kind"],
            ],
            [[{ name: "a", sectionName: "", port: 0 }], ["[0].port", "[0].sectionName"]],
            [Array.from({ length: 33 }, () => ({ name: "a" })), [""]],
        ],
    ],
    [
        "mirror",
        checkRequestMirrors,
        [
            undefined,
            [],
            [{ backendRef: { name: "a", port: 80 } }],
            [{ backendRef: { name: "a", kind: "ServiceImport" } }],
        ],
        [
            [{ backendRef: { name: "a", port: 80 } }, [""]],
            [
                [null, undefined],
                ["[0]", "[1]"],
            ],
            [[{}], ["[0].backendRef"]],
            [[{ name: "a", port: 80 }], ["[0].backendRef"]],
            [[{ backendRef: { port: 80 } }], ["[0].backendRef.name"]],
            [[{ backendRef: { name: "a" } }], ["[0].backendRef.port"]],
            [[{ backendRef: { name: "a", kind: "Service" } }], ["[0].backendRef.port"]],
        ],
    ],
    [
        "cors",
        checkCors,
        [
            undefined,
            {},
            { allowOrigins: [{ regex: ".*" }], allowOrigin: [later, "*"], allowMethods: ["*", "GET"], maxAge: "1h30m" },
        ],
        [
            [{ allowOrigins: ["https://a.example"] }, [".allowOrigins[0]"]],
            [{ allowOrigins: [{ exact: "a", prefix: "b" }, null] }, [".allowOrigins[0]", ".allowOrigins[1]"]],
            [{ allowOrigin: "*" }, [".allowOrigin"]],
            [{ allowOrigin: [{ exact: "a" }] }, [".allowOrigin[0]"]],
            [{ allowMethods: ["get", null] }, [".allowMethods[0]", ".allowMethods[1]"]],
            [{ allowMethods: "GET,POST" }, [".allowMethods"]],
            [{ allowHeaders: [1], exposeHeaders: {} }, [".allowHeaders[0]", ".exposeHeaders"]],
            [{ maxAge: "1d" }, [".maxAge"]],
            [{ maxAge: 3600 }, [".maxAge"]],
            [{ allowCredentials: "true" }, [".allowCredentials"]],
        ],
    ],
    [
        "trafficPolicy",
        checkTrafficPolicy,
        [
            undefined,
            {},
            { loadBalancer: { simple: "PASSTHROUGH" } },
            {
                loadBalancer: {
                    consistentHash: { httpCookie: { name: "a", ttl: "0s", path: "/" }, minimumRingSize: 1024 },
                },
            },
            { loadBalancer: { consistentHash: { useSourceIp: true } } },
            { connectionPool: {} },
            { connectionPool: { http: { http1MaxPendingRequests: 0, maxRetries: 3, idleTimeout: "1.5h" } } },
            {
                outlierDetection: {
                    consecutiveGatewayErrors: 0,
                    minHealthPercent: 100,
                    splitExternalLocalOriginErrors: true,
                },
            },
            {
                tls: {
                    mode: "MUTUAL",
                    clientCertificate: "/c.pem",
                    privateKey: "/k.pem",
                    subjectAltNames: ["a"],
                    sni: "b",
                },
            },
            { tls: { mode: "SIMPLE", caCertificates: "/ca.pem" } },
        ],
        [
            [{ loadBalancer: {} }, [".loadBalancer"]],
            [{ loadBalancer: { simple: "RANDOM", consistentHash: { useSourceIp: true } } }, [".loadBalancer"]],
            [{ loadBalancer: { simple: "random" } }, [".loadBalancer.simple"]],
            [{ loadBalancer: { consistentHash: {} } }, [".loadBalancer.consistentHash"]],
            [
                { loadBalancer: { consistentHash: { httpHeaderName: "a", useSourceIp: true } } },
                [".loadBalancer.consistentHash"],
            ],
            [
                { loadBalancer: { consistentHash: { httpHeaderName: "" } } },
                [".loadBalancer.consistentHash.httpHeaderName"],
            ],
            [
                { loadBalancer: { consistentHash: { httpCookie: {} } } },
                [".loadBalancer.consistentHash.httpCookie.name", ".loadBalancer.consistentHash.httpCookie.ttl"],
            ],
            [
                { loadBalancer: { consistentHash: { useSourceIp: "yes", minimumRingSize: 0.5 } } },
                [".loadBalancer.consistentHash.useSourceIp", ".loadBalancer.consistentHash.minimumRingSize"],
            ],
            [
                { loadBalancer: { simple: "RANDOM", localityLbSetting: "on", warmupDurationSecs: 30 } },
                [".loadBalancer.localityLbSetting", ".loadBalancer.warmupDurationSecs"],
            ],
            ...(
                [
                    [{ enabled: "yes", distribute: {}, failover: "a" }, [".enabled", ".distribute", ".failover"]],
                    [{ distribute: [null, {}] }, [".distribute[0]", ".distribute[1].from", ".distribute[1].to"]],
                    [{ distribute: [{ from: "a", to: { a: 80, b: 0 } }] }, [".distribute[0].to.b"]],
                    [{ distribute: [{ from: "a", to: { "a/*": "100" } }] }, ['.distribute[0].to["a/*"]']],
                    [{ distribute: [{ from: "a", to: { a: 80, b: 19 } }] }, [".distribute[0].to"]],
                    [{ distribute: [{ from: "a", to: {} }] }, [".distribute[0].to"]],
                    [{ failover: [undefined, {}] }, [".failover[0]", ".failover[1].from", ".failover[1].to"]],
                ] as [object, string[]][]
            ).map(([localityLbSetting, below]): [unknown, string[]] => [
                { loadBalancer: { simple: "RANDOM", localityLbSetting } },
                below.map((path) => `.loadBalancer.localityLbSetting${path}`),
            ]),
            [{ connectionPool: { http: [] } }, [".connectionPool.http"]],
            [
                { connectionPool: { http: { http2MaxRequests: -1, maxRetries: "3", h2UpgradePolicy: "upgrade" } } },
                [
                    ".connectionPool.http.http2MaxRequests",
                    ".connectionPool.http.maxRetries",
                    ".connectionPool.http.h2UpgradePolicy",
                ],
            ],
            [{ connectionPool: { http: { idleTimeout: "5" } } }, [".connectionPool.http.idleTimeout"]],
            [
                {
                    outlierDetection: {
                        consecutiveErrors: -1,
                        interval: "10",
                        baseEjectionTime: null,
                        maxEjectionPercent: 101,
                    },
                },
                [
                    ".outlierDetection.consecutiveErrors",
                    ".outlierDetection.interval",
                    ".outlierDetection.baseEjectionTime",
                    ".outlierDetection.maxEjectionPercent",
                ],
            ],
            [{ tls: {} }, [".tls.mode"]],
            [{ tls: { mode: "TLS" } }, [".tls.mode"]],
            [{ tls: { mode: "MUTUAL" } }, [".tls.clientCertificate", ".tls.privateKey"]],
            [{ tls: { mode: "ISTIO_MUTUAL", privateKey: "/k.pem" } }, [".tls.privateKey"]],
            [{ tls: { mode: "SIMPLE", caCertificates: "ca.pem", sni: 1 } }, [".tls.caCertificates", ".tls.sni"]],
            [{ tls: { mode: "SIMPLE", subjectAltNames: "a" } }, [".tls.subjectAltNames"]],
        ],
    ],
];

for (const [name, check, accepted, refused] of parts) {
    describe(`the check of ${name}`, () => {
        for (const value of accepted) {
            it(`accepts ${shown(value)}`, () => {
                assert.deepEqual(
                    linesOf((p) => check(p, name, value)),
                    [],
                );
            });
        }

        for (const [value, expected] of refused) {
            it(`refuses ${shown(value)}`, () => {
                assert.deepEqual(
                    pathsOf((p) => check(p, name, value)),
                    expected.map((path) => `${name}${path}`),
                );
            });
        }

        it("reports garbage at its own path", () => {
            for (const value of [null, true, 5, "x"]) {
                assert.deepEqual(
                    pathsOf((p) => check(p, name, value)),
                    [name],
                );
            }
        });
    });
}

function shown(value: unknown): string {
    const text =
        value === undefined
            ? "nothing"
            : JSON.stringify(value, (_, inner) => (inner === later ? "later" : (inner as unknown)));
    return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

describe("what the checks say", () => {
    it("of a rewrite that Flagger would misread", () => {
        assert.deepEqual(
            linesOf((p) => checkRewrite(p, "service.rewrite", { uri: "/", type: "Prefix" })),
            [
                'service.rewrite.type: "Prefix" is not a type of rewrite: Flagger would replace the whole path without saying ' +
                    "so. Use one of ReplaceFullPath, ReplacePrefixMatch.",
            ],
        );
    });

    it("of too many gateways, without listing them", () => {
        const refs = Array.from({ length: 40 }, () => ({ name: "a" }));
        assert.deepEqual(
            linesOf((p) => checkGatewayRefs(p, "service.gatewayRefs", refs)),
            [
                "service.gatewayRefs: 40 gateways are more than the 32 that a Canary takes; the cluster would refuse it. " +
                    "Name at most 32.",
            ],
        );
    });

    it("of a key in place of its file, without the key", () => {
        const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----\n";
        for (const privateKey of [key, `/${key}`]) {
            const tls = { mode: "MUTUAL", clientCertificate: "/c.pem", privateKey };
            assert.deepEqual(
                linesOf((p) => checkTrafficPolicy(p, "service.trafficPolicy", { tls })),
                [
                    "service.trafficPolicy.tls.privateKey: the value given (a secret, not shown) is not the path of a " +
                        'file. Write it like "/etc/certs/key.pem".',
                ],
            );
        }
    });

    it("of values that Flagger would take for absent", () => {
        assert.deepEqual(
            linesOf((p) => checkRewrite(p, "service.rewrite", { authority: "" })),
            [
                'service.rewrite.authority: "" is empty, which Flagger takes for nothing given. ' +
                    "Give a text; in YAML, put a number or a truth value in quotes.",
            ],
        );
    });
});
