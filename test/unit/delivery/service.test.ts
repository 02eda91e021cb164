import assert from "node:assert/strict";

import { shown } from "../../../components/shape";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";

import { checkService, serviceSpec, serviceWarnings } from "../../../components/delivery/service";
import { ServiceArgs } from "../../../components/delivery/serviceArgs";
import { appMesh } from "../../../components/mesh/appMesh";
import { MeshCapabilities } from "../../../components/mesh/capabilities";
import { Mesh } from "../../../components/mesh/mesh";
import { linesOf, pathsOf } from "../problems";

const check = (service: unknown, mesh = appMesh) =>
    linesOf((p) => checkService(p, "service", service as ServiceArgs, mesh));
const paths = (service: unknown, mesh = appMesh) =>
    pathsOf((p) => checkService(p, "service", service as ServiceArgs, mesh));
const warnings = (service: unknown, mesh = appMesh) => serviceWarnings(service as ServiceArgs, mesh);

const meshWith = (capabilities: Partial<MeshCapabilities>): Mesh => ({
    ...appMesh,
    title: "Some Mesh",
    capabilities: { ...appMesh.capabilities, ignored: {}, portNames: {}, ...capabilities },
});

const events = "server-error, gateway-error, client-error, stream-error";

/** Every field, each in a way that all meshes take it. */
const everything: Required<Omit<ServiceArgs, "targetPort" | "delegation">> = {
    name: "shop",
    port: 80,
    portName: "http-shop",
    targetPortName: "web",
    appProtocol: "kubernetes.io/h2c",
    trafficDistribution: "PreferSameZone",
    portDiscovery: true,
    headless: true,
    timeout: "15s",
    backendTimeout: "5s",
    retries: { attempts: 3, perTryTimeout: "5s", retryOn: ["gateway-error", "client-error"] },
    match: [
        { prefix: "/api" },
        {
            uri: { regex: "/v[0-9]+/.*" },
            ignoreUriCase: true,
            method: { exact: "GET" },
            headers: { "x-user": { prefix: "me" } },
            withoutHeaders: { "x-bot": { regex: ".+" } },
            queryParams: { page: { exact: "1" } },
            authority: { exact: "shop.example.com" },
            scheme: { exact: "https" },
            port: 8080,
            sourceLabels: { app: "front" },
            sourceNamespace: "web",
            gateways: ["mesh", "istio-system/public"],
            name: "versions",
        },
    ],
    rewrite: { uri: "/", authority: "shop.internal", type: "ReplacePrefixMatch" },
    headers: { request: { add: { "x-a": "1" }, set: { "x-b": "2" }, remove: ["x-c"] }, response: { remove: ["x-d"] } },
    mirror: [{ backendRef: { name: "shadow", namespace: "apps", group: "", kind: "Service", port: 80 } }],
    cors: {
        allowOrigins: [{ exact: "https://example.com" }],
        allowOrigin: ["https://example.com"],
        allowMethods: ["GET", "*"],
        allowHeaders: ["x-a"],
        exposeHeaders: ["x-b"],
        maxAge: "24h",
        allowCredentials: true,
    },
    trafficPolicy: {
        loadBalancer: {
            simple: "LEAST_REQUEST",
            localityLbSetting: {
                enabled: true,
                distribute: [{ from: "us-west-2/*", to: { "us-west-2/*": 80, "us-east-1/*": 20 } }],
                failover: [{ from: "us-west-2", to: "us-east-1" }],
            },
            warmupDurationSecs: "30s",
        },
        connectionPool: { http: { http2MaxRequests: 100, idleTimeout: "1h", h2UpgradePolicy: "UPGRADE" } },
        outlierDetection: { consecutive5xxErrors: 5, interval: "500ms", maxEjectionPercent: 50 },
        tls: { mode: "ISTIO_MUTUAL" },
    },
    hosts: ["shop.example.com", "*.example.com", "*"],
    gateways: ["public", "istio-system/public", "public.istio-system.svc.cluster.local", "mesh"],
    gatewayRefs: [
        {
            name: "public",
            namespace: "gateways",
            group: "gateway.networking.k8s.io",
            kind: "Gateway",
            sectionName: "https",
            port: 443,
        },
    ],
    meshName: "main",
    backends: ["db", "arn:aws:appmesh:::mesh/m/virtualService/s"],
    apex: { labels: { team: "shop" }, annotations: { "example.com/owner": "me", empty: "" } },
    primary: { labels: { empty: "" } },
    canary: { annotations: {} },
    unmanagedMetadata: { labels: ["team"], annotations: ["example.com/owner"] },
};

describe("checkService", () => {
    it("accepts nothing, and everything that there is", () => {
        assert.deepEqual(check(undefined), []);
        assert.deepEqual(check({}), []);
        assert.deepEqual(check(everything), []);
        assert.deepEqual(check({ port: 65535, targetPort: 1, delegation: true }), []);
    });

    it("accepts what only deployment knows, where it is not needed before", () => {
        const later = pulumi.output("later");
        assert.deepEqual(
            check({
                hosts: [later],
                gateways: [later],
                backends: [later],
                apex: { labels: { a: later }, annotations: { b: later } },
                headers: { request: { set: { c: later } } },
                cors: { allowOrigin: [later] },
            }),
            [],
        );
    });

    it("refuses what decides on names and routes, where only deployment knows it", () => {
        const later = pulumi.output("later");
        assert.deepEqual(paths({ name: later, port: later, portName: later, timeout: later, match: later }), [
            "service.name",
            "service.port",
            "service.portName",
            "service.timeout",
            "service.match",
        ]);
    });

    const refusals: [string, object, string[]][] = [
        ["port 0", { port: 0 }, ["port"]],
        ["a port beyond all", { targetPort: 65536 }, ["targetPort"]],
        ["a number in quotes", { port: "80" }, ["port"]],
        ["a name for a number", { targetPort: "web" }, ["targetPort"]],
        ["two targets", { targetPort: 8080, targetPortName: "web" }, ["targetPortName"]],
        ["a long port name", { portName: "a".repeat(64) }, ["portName"]],
        ["a port name in capitals", { portName: "HTTP" }, ["portName"]],
        ["a port name with a dot", { portName: "http.api" }, ["portName"]],
        ["a dash at a port name's end", { portName: "http-" }, ["portName"]],
        ["a long target", { targetPortName: "http-0123456789a" }, ["targetPortName"]],
        ["a target without a letter", { targetPortName: "8080" }, ["targetPortName"]],
        ["two dashes in a target", { targetPortName: "a--b" }, ["targetPortName"]],
        ["a protocol with a space", { appProtocol: "http 2" }, ["appProtocol"]],
        ["a service name that begins with a digit", { name: "1shop" }, ["name"]],
        ["a service name too long for its suffix", { name: "a".repeat(56) }, ["name"]],
        ["an unknown distribution", { trafficDistribution: "Nearest" }, ["trafficDistribution"]],
        ["a switch in quotes", { headless: "true", portDiscovery: 1 }, ["portDiscovery", "headless"]],
        ["hours and milliseconds", { timeout: "1h", backendTimeout: "500ms" }, ["timeout", "backendTimeout"]],
        ["delegation with hosts", { delegation: true, hosts: ["a.example"] }, ["hosts"]],
        ["delegation with gateways", { delegation: true, gateways: ["mesh"] }, ["gateways"]],
        ["a host with a scheme", { hosts: ["https://a.example"] }, ["hosts[0]"]],
        ["a host with a port", { hosts: ["a.example", "a.example:80"] }, ["hosts[1]"]],
        ["a host in capitals", { hosts: ["A.example"] }, ["hosts[0]"]],
        ["a star amid a host", { hosts: ["a.*.example"] }, ["hosts[0]"]],
        ["a host that ends in a dot", { hosts: ["a.example."] }, ["hosts[0]"]],
        ["a gateway of too many parts", { gateways: ["a/b/c"] }, ["gateways[0]"]],
        ["a backend that is an address", { backends: ["http://db"] }, ["backends[0]"]],
        ["a backend in capitals", { backends: ["DB"] }, ["backends[0]"]],
        ["a backend that ends in a dot", { backends: ["db.apps."] }, ["backends[0]"]],
        ["a backend twice", { backends: ["db", "api", "db", "db"] }, ["backends[2]", "backends[3]"]],
        ["a wrong backend twice, as wrong alone", { backends: ["DB", "DB"] }, ["backends[0]", "backends[1]"]],
        ["an ARN of nothing", { backends: ["arn:aws"] }, ["backends[0]"]],
        ["an ARN of nobody", { backends: ["db", "arn:gcp:x"] }, ["backends[1]"]],
        ["a mesh name with a space", { meshName: "my mesh" }, ["meshName"]],
        [
            "holes in lists",
            { hosts: [undefined], gateways: [null], backends: [undefined] },
            ["hosts[0]", "gateways[0]", "backends[0]"],
        ],
    ];
    for (const [what, service, expected] of refusals) {
        it(`refuses ${what}`, () => {
            assert.deepEqual(
                paths(service),
                expected.map((path) => `service.${path}`),
            );
        });
    }

    it("accepts names as long as they may be", () => {
        const most = (length: number) => "a".repeat(length);
        assert.deepEqual(check({ name: most(55), portName: most(63), targetPortName: most(15) }), []);
        assert.deepEqual(check({ hosts: [most(63)], backends: [most(253)] }), []);
    });

    it("accepts a port name that no container could have", () => {
        assert.deepEqual(check({ portName: "8080" }), []);
        assert.deepEqual(check({ portName: "grpc--api-0123456789" }), []);
    });

    it("accepts backends by name, dots and all, by ARN, and known only at deployment", () => {
        const later = pulumi.output("db");
        const arn = "arn:aws-cn:appmesh:cn-north-1:123456789012:mesh/m/virtualService/db";
        assert.deepEqual(
            check({ backends: ["db", "db.apps", "mariadb.data.svc.cluster.local", arn, later, later] }),
            [],
        );
    });

    it("accepts delegation that is switched off, or beside empty lists", () => {
        assert.deepEqual(check({ delegation: false, hosts: ["a.example"] }), []);
        assert.deepEqual(check({ delegation: true, hosts: [], gateways: [] }), []);
    });

    it("says what Flagger would do", () => {
        const arn = "arn:aws:appmesh:us-west-2:123456789012:mesh/m/virtualService/db";
        assert.deepEqual(check({ portName: "http 1", targetPortName: "web/1", backends: [arn, arn] }), [
            `service.portName: "http 1" is not the name of a service's port, which has at most 63 lower-case letters, ` +
                "digits and dashes; the cluster would refuse the service and Flagger would stand still. " +
                'Write it like "http" or "grpc-api".',
            `service.targetPortName: "web/1" is not the name of a container's port, which has at most 15 lower-case ` +
                "letters, digits and single dashes, a letter among them; the cluster would refuse the service and " +
                'Flagger would stand still. Write it like "http" or "grpc-api".',
            `service.backends[1]: "${arn}" is service.backends[0] too: App Mesh would refuse the virtual node and ` +
                "Flagger would stand still. Name each service once.",
        ]);
        assert.deepEqual(check({ delegation: true, hosts: ["a.example"], backends: ["db:5432"], name: "Shop" }), [
            'service.name: "Shop" is not a Service\'s name of at most 55 characters (Flagger adds "-primary"); the cluster ' +
                "would refuse it. Use lower-case letters, digits and dashes, beginning with a letter and ending with a " +
                "letter or digit.",
            'service.hosts: ["a.example"] cannot stand beside delegation: Flagger would refuse to make the route on Istio, ' +
                "again and again, and release nothing. Leave it to the VirtualService that delegates, or leave delegation out.",
            'service.backends[0]: "db:5432" is neither a name nor an ARN: Flagger takes what does not begin with "arn:aws" ' +
                'for the name of a VirtualService in the same namespace, and would find none. Write it like "db" or ' +
                '"arn:aws:appmesh:us-west-2:123456789012:mesh/m/virtualService/db".',
        ]);
    });

    describe("of timeouts", () => {
        const reading = meshWith({});
        it("refuses a try longer than all tries, where the mesh knows tries", () => {
            assert.deepEqual(check({ timeout: "1m", backendTimeout: "61s" }, reading), [
                'service.backendTimeout: "61s" is longer than the timeout of all tries, 1m; the cluster would refuse the ' +
                    "route and Flagger would stand still. Give the timeout at most.",
            ]);
            assert.deepEqual(check({ timeout: "1m", backendTimeout: "60s" }, reading), []);
            assert.deepEqual(check({ backendTimeout: "60s" }, reading), []);
            assert.deepEqual(check({ timeout: "1m", backendTimeout: "61s" }), []);
        });

        it("compares none that are no durations", () => {
            assert.deepEqual(paths({ timeout: "1h", backendTimeout: "2m" }, reading), ["service.timeout"]);
        });
    });

    describe("of retries", () => {
        it("refuses events that the mesh would refuse, whatever other meshes call them", () => {
            assert.deepEqual(check({ retries: { attempts: 1, retryOn: ["gateway-error", "5xx"] } }), [
                'service.retries.retryOn[1]: "5xx" is not something that AWS App Mesh retries on; it would refuse the route ' +
                    `and Flagger would stand still. Use some of ${events}.`,
            ]);
        });

        it("refuses retries on nothing", () => {
            const rest = `names nothing that counts as failed. Use some of ${events}.`;
            assert.deepEqual(check({ retries: { attempts: 1, retryOn: [] } }), [`service.retries.retryOn: [] ${rest}`]);
            assert.deepEqual(check({ retries: { attempts: 1 } }), [
                `service.retries.retryOn: nothing given, but it ${rest}`,
            ]);
        });

        // What Flagger's own documents write, and so what people will.
        it("refuses events as one text", () => {
            assert.deepEqual(paths({ retries: { attempts: 1, retryOn: "gateway-error,client-error" } }), [
                "service.retries.retryOn",
            ]);
        });

        it("takes any event where the mesh names none, but a text it has to be", () => {
            const free = meshWith({ retryEvents: [] });
            assert.deepEqual(check({ retries: { attempts: 1, retryOn: ["5xx", "503"] } }, free), []);
            assert.deepEqual(check({ retries: { attempts: 1, retryOn: ["", 503] } }, free), [
                'service.retries.retryOn[0]: "" is not something that Some Mesh retries on; it would refuse the route and ' +
                    'Flagger would stand still. Name at least one, like "5xx".',
                "service.retries.retryOn[1]: 503 is not something that Some Mesh retries on; it would refuse the route and " +
                    'Flagger would stand still. Name at least one, like "5xx".',
            ]);
        });

        it("refuses numbers and durations that are none", () => {
            assert.deepEqual(paths({ retries: { retryOn: ["client-error"] } }), ["service.retries.attempts"]);
            assert.deepEqual(paths({ retries: { attempts: 0, perTryTimeout: "500ms", retryOn: ["client-error"] } }), [
                "service.retries.attempts",
                "service.retries.perTryTimeout",
            ]);
        });
    });

    it("refuses what the mesh cannot have, where it is asked for", () => {
        const mesh = meshWith({ refused: { headless: "its proxies need an address", hosts: "it has none" } });
        assert.deepEqual(check({ headless: true, hosts: [] }, mesh), [
            "service.headless: true cannot be had on Some Mesh: its proxies need an address. Leave it out.",
        ]);
        assert.deepEqual(check({ headless: false }, mesh), []);
        assert.deepEqual(check({ headless: true }), []);
    });

    it("finds each problem where there are several", () => {
        assert.deepEqual(
            paths({ port: 0, timeout: "1h", rewrite: {}, cors: { maxAge: 5 }, canary: { labels: { a: 1 } } }),
            ["service.port", "service.timeout", "service.rewrite", "service.cors.maxAge", "service.canary.labels.a"],
        );
    });

    describe("reports instead of breaking, given", () => {
        const kinds: Record<string, unknown[]> = {
            text: ["text", ""],
            number: [1.5, 80],
            switch: [true],
            list: [[], ["text"]],
            object: [{}],
        };
        const fields: Record<keyof ServiceArgs, string> = {
            name: "text",
            port: "number",
            portName: "text",
            targetPort: "number",
            targetPortName: "text",
            appProtocol: "text",
            trafficDistribution: "text",
            portDiscovery: "switch",
            headless: "switch",
            timeout: "text",
            backendTimeout: "text",
            retries: "object",
            match: "list",
            rewrite: "object",
            headers: "object",
            mirror: "list",
            cors: "object",
            trafficPolicy: "object",
            hosts: "list",
            gateways: "list",
            gatewayRefs: "list",
            delegation: "switch",
            meshName: "text",
            backends: "list",
            apex: "object",
            primary: "object",
            canary: "object",
            unmanagedMetadata: "object",
        };
        for (const [field, kind] of Object.entries(fields)) {
            it(`${field} as anything but a ${kind}`, () => {
                const others = Object.entries(kinds).flatMap(([other, values]) => (other === kind ? [] : values));
                for (const value of [null, ...others]) {
                    assert.deepEqual(paths({ [field]: value }), [`service.${field}`], JSON.stringify(value));
                }
            });
        }

        it("no service at all", () => {
            for (const value of [null, "http", 80, true, [], [{ port: 80 }]]) {
                assert.deepEqual(check(value), [
                    `service: ${JSON.stringify(shown(value))} is not an object. Write it like { port: 80 }.`,
                ]);
            }
        });

        it("anything in any place, of which it accepts only what can be made into a Canary's service", () => {
            const spots = Object.keys(everything) as (keyof typeof everything)[];
            const garbage = fc.constantFrom<unknown[]>(
                null,
                true,
                false,
                "",
                "x",
                0,
                80,
                NaN,
                {},
                [],
                [null],
                [[]],
                [{}],
            );
            /** The tree with one spot of it replaced. */
            const damage = (tree: unknown, path: number[], value: unknown): unknown => {
                const [first, ...rest] = path;
                if (
                    first === undefined ||
                    typeof tree !== "object" ||
                    tree === null ||
                    Object.keys(tree).length === 0
                ) {
                    return value;
                }
                const keys = Object.keys(tree);
                const key = keys[first % keys.length]!;
                const inner = damage((tree as Record<string, unknown>)[key], rest, value);
                return Array.isArray(tree)
                    ? tree.map((item: unknown, i) => (String(i) === key ? inner : item))
                    : { ...tree, [key]: inner };
            };
            fc.assert(
                fc.property(
                    fc.subarray(spots),
                    fc.array(fc.nat(20), { maxLength: 5 }),
                    garbage,
                    fc.boolean(),
                    (chosen, path, value, own) => {
                        const whole = Object.fromEntries(chosen.map((spot) => [spot, everything[spot]]));
                        const service = damage(whole, path, value) as ServiceArgs;
                        const mesh = own ? appMesh : meshWith({});
                        assert.ok(warnings(service, mesh).every((line) => /^service\.[a-zA-Z]+.*\.$/.test(line)));
                        if (paths(service, mesh).length === 0) {
                            const spec = serviceSpec(service, 80);
                            assert.equal(JSON.stringify(spec).includes("null"), false);
                        }
                    },
                ),
                { numRuns: 2000 },
            );
        });
    });
});

describe("serviceWarnings", () => {
    it("is silent where all is read", () => {
        assert.deepEqual(warnings(undefined), []);
        assert.deepEqual(warnings({}), []);
        assert.deepEqual(
            warnings({ portName: "http", timeout: "15s", match: [{ prefix: "/" }], backends: ["db"] }),
            [],
        );
    });

    it("says of each field that the mesh ignores why, once, and that it does", () => {
        assert.deepEqual(
            warnings({ rewrite: { uri: "/" }, hosts: ["a.example"], cors: {}, targetPortName: "web", mirror: [{}] }),
            [
                "service.targetPortName: ignored on AWS App Mesh: the proxies listen at a number, and Flagger falls back to " +
                    "`port`; give `targetPort`.",
                "service.rewrite: ignored on AWS App Mesh: App Mesh rewrites nothing for a Canary.",
                "service.cors: ignored on AWS App Mesh: App Mesh answers no preflight requests.",
                "service.hosts: ignored on AWS App Mesh: App Mesh's gateway leads by GatewayRoute; give `gateway`.",
                "service.mirror: ignored on AWS App Mesh: App Mesh cannot mirror.",
            ],
        );
    });

    it("is silent of what is switched off or empty", () => {
        assert.deepEqual(warnings({ delegation: false, hosts: [], gateways: [], mirror: undefined }), []);
    });

    it("knows nothing of its own: what a mesh does not name, it does not warn of", () => {
        const silent = meshWith({
            matchFields: Object.keys(everything.match[1]!),
            uriMatches: ["exact", "prefix", "regex"],
            firstMatchOnly: false,
        });
        assert.deepEqual(warnings({ ...everything, portName: "grpc" }, silent), []);
    });

    it("warns of a port name that makes the mesh's objects contradict each other", () => {
        const why =
            "Flagger makes gRPC listeners and yet an HTTP route, and App Mesh asks a route for its listener's protocol, so " +
            "expect no request to arrive; use another name, like `http`.";
        assert.deepEqual(warnings({ portName: "grpc" }), [`service.portName: "grpc" on AWS App Mesh: ${why}`]);
        assert.deepEqual(warnings({ portName: "my-grpc-web" }), [
            `service.portName: "my-grpc-web" on AWS App Mesh: ${why}`,
        ]);
        assert.deepEqual(warnings({ portName: "http2" }), []);
    });

    it("warns of matches in one way, where the mesh ignores them all", () => {
        const mesh = meshWith({ ignored: { match: "it has one route" } });
        assert.deepEqual(warnings({ match: [{ method: { exact: "GET" } }, { prefix: "/" }] }, mesh), [
            "service.match: ignored on Some Mesh: it has one route.",
        ]);
    });

    it("breaks on nothing", () => {
        for (const value of [null, "x", 1, [], { match: 5, portName: 7 }, { match: [null, 3] }]) {
            assert.ok(Array.isArray(warnings(value)));
        }
        assert.deepEqual(warnings({ match: [null], portName: {} }), []);
    });
});

describe("serviceSpec", () => {
    it("is the port alone where nothing else is given", () => {
        assert.deepEqual(serviceSpec({}, 80), { port: 80, targetPort: 80, portName: "http" });
    });

    it("is what Flagger's Canary calls it", () => {
        const { targetPortName, cors, retries, match, ...same } = everything;
        assert.deepEqual(serviceSpec(everything, 9898), {
            ...same,
            port: 9898,
            targetPort: targetPortName,
            corsPolicy: cors,
            retries: { ...retries, retryOn: "gateway-error,client-error" },
            match: [{ uri: { prefix: "/api" } }, match[1]],
        });
    });

    it("has a target of its own where one is given", () => {
        assert.deepEqual(serviceSpec({ targetPort: 8080 }, 80), { port: 80, targetPort: 8080, portName: "http" });
        assert.deepEqual(serviceSpec({ targetPortName: "web" }, 80), { port: 80, targetPort: "web", portName: "http" });
    });

    it("says what is switched off too, and what is empty", () => {
        assert.deepEqual(serviceSpec({ delegation: false, headless: false, hosts: [], match: [] }, 80), {
            port: 80,
            targetPort: 80,
            portName: "http",
            delegation: false,
            headless: false,
            hosts: [],
            match: [],
        });
    });

    it("leaves out what is undefined, so that nothing is given twice", () => {
        assert.deepEqual(serviceSpec({ name: undefined, cors: undefined, retries: undefined, match: undefined }, 80), {
            port: 80,
            targetPort: 80,
            portName: "http",
        });
    });

    it("joins what counts as failed, and leaves out a try's limit where there is none", () => {
        assert.deepEqual(serviceSpec({ retries: { attempts: 2, retryOn: ["server-error", "stream-error"] } }, 80), {
            port: 80,
            targetPort: 80,
            portName: "http",
            retries: { attempts: 2, retryOn: "server-error,stream-error" },
        });
    });
});
