import assert from "node:assert/strict";

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";

import { MeshBackend, MeshBackendArgs } from "../../components/meshBackend";
import { checkPlatformConnection } from "../../components/platformCheck";
import { connection, sharedProvider } from "./devStack";
import { at, failure, graph, kubeconfig, secret, valueOf } from "./graph";
import { knownMeshes, linesOf, refusal } from "./problems";

const good: MeshBackendArgs = {
    platform: connection,
    namespace: "shop",
    hostname: "mariadb.data.svc.cluster.local",
    port: 3306,
};

const made = (changes: Partial<MeshBackendArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
    graph(() => new MeshBackend("mariadb", { ...good, ...changes }, opts));
const refused = (changes: object, name = "mariadb") => refusal(() => new MeshBackend(name, { ...good, ...changes }));
const accepts = (changes: object) => assert.doesNotReject(() => made(changes));

const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}...` : text);

const top = "MeshBackend mariadb";
const inCluster = `Provider ${sharedProvider}`;

describe("MeshBackend", () => {
    it("makes exactly these resources", async () => {
        const { nodes } = await made();
        assert.deepEqual(
            nodes.map(({ type, name, parent, provider }) => [type, name, parent, provider]),
            [
                ["pulumi-progressive-mesh:index:MeshBackend", "mariadb", "", ""],
                ["pulumi:providers:kubernetes", sharedProvider, "", ""],
                ["kubernetes:appmesh.k8s.aws/v1beta2:VirtualNode", "mariadb", top, inCluster],
                ["kubernetes:appmesh.k8s.aws/v1beta2:VirtualRouter", "mariadb", top, inCluster],
                ["kubernetes:appmesh.k8s.aws/v1beta2:VirtualService", "mariadb", top, inCluster],
            ],
        );
    });

    it("reaches the cluster by the connection's kubeconfig, kept as a secret", async () => {
        const { node } = await made();
        assert.equal(secret(node(inCluster).props.kubeconfig), kubeconfig);
    });

    it("uses the provider that its user passes", async () => {
        const { nodes } = await graph(() => {
            const provider = new k8s.Provider("mine");
            return new MeshBackend("mariadb", good, { provider });
        });
        const providers = nodes.filter((n) => n.key.startsWith("Virtual")).map((n) => n.provider);
        assert.deepEqual(providers, Array(3).fill("Provider mine"));
    });

    it("speaks TCP unless told otherwise", async () => {
        for (const [protocol, expected] of [
            [undefined, "tcp"],
            ["tcp", "tcp"],
            ["http", "http"],
        ]) {
            const { node } = await made({ protocol });
            const { props } = node("VirtualNode mariadb");
            assert.deepEqual(at(props, "spec", "listeners"), [{ portMapping: { port: 3306, protocol: expected } }]);
        }
    });

    it("is named after itself, or as told", async () => {
        assert.equal(await valueOf((await made()).result.backendName), "mariadb");
        const told = await made({ backendName: "orders-db" });
        assert.equal(await valueOf(told.result.backendName), "orders-db");
        assert.deepEqual(told.node("VirtualService mariadb").props.metadata, { name: "orders-db", namespace: "shop" });
    });

    it("tells its ARN", async () => {
        assert.equal(
            await valueOf((await made()).result.arn),
            "arn:aws:appmesh:us-west-2:123456789012:mesh/dev/virtualService/mariadb.data.svc.cluster.local",
        );
    });

    it("takes a host name that is known only later", async () => {
        for (const hostname of [pulumi.output("db.example"), Promise.resolve("db.example")]) {
            const { node } = await made({ hostname });
            assert.equal(at(node("VirtualService mariadb").props, "spec", "awsName"), "db.example");
        }
    });
});

describe("MeshBackend refuses before anything is registered", () => {
    it("names that Kubernetes does not take", async () => {
        const line = (path: string, value: unknown) =>
            `${path}: ${value === undefined ? "nothing given, but it" : JSON.stringify(value)} ` +
            "is not a Kubernetes name of at most 63 characters. " +
            "Use lower-case letters, digits and dashes, beginning and ending with a letter or digit.";
        assert.deepEqual(await refused({}, "Maria"), [line("name", "Maria")]);
        assert.deepEqual(await refused({ backendName: "maria_db" }), [line("backendName", "maria_db")]);
        assert.deepEqual(await refused({ namespace: undefined }), [line("namespace", undefined)]);
    });

    it("a host name that is none", async () => {
        const line = (value: unknown) =>
            `hostname: ${value === undefined ? "nothing given, but it" : shortened(JSON.stringify(value))} ` +
            "is not a DNS name: the mesh would find no service by it, and every call would fail. " +
            'Write it like "db.data.svc.cluster.local": no scheme, port, path or last dot, and no IP address.';
        const wrong = [
            undefined,
            null,
            3306,
            {},
            ["db.example"],
            "",
            " ",
            ".",
            "10.0.0.1",
            "fd00::1",
            "[fd00::1]",
            "https://db.example",
            "db.example:3306",
            "db.example/path",
            "db.example.",
            "db..example",
            "-db.example",
            "db-.example",
            "my_db.example",
            "*.example",
            `${"a".repeat(64)}.example`,
            `${"a.".repeat(127)}`,
            `${"a.".repeat(126)}ab`,
        ];
        for (const hostname of wrong) {
            assert.deepEqual(await refused({ hostname }), [line(hostname)]);
        }
    });

    it("a port that is missing or none", async () => {
        assert.deepEqual(await refused({ port: undefined }), [
            "port: nothing given, but it is required. Give the port that the service listens on.",
        ]);
        for (const port of [null, 0, 65536, 1.5, "3306", [], {}]) {
            assert.deepEqual(await refused({ port }), [
                `port: ${JSON.stringify(port)} is not a whole number from 1 to 65535 (a port). Give a number in that range.`,
            ]);
        }
    });

    it("a protocol that is none of the two", async () => {
        for (const protocol of [null, "", "TCP", "grpc", "constructor", ["tcp"], {}]) {
            assert.deepEqual(await refused({ protocol }), [
                `protocol: ${JSON.stringify(protocol)} is not a protocol that a backend can speak. ` +
                    'Use one of tcp, http; "tcp" carries any other.',
            ]);
        }
    });

    it("everything at once, under its own name", async () => {
        const args = { platform: undefined, namespace: 1, backendName: [], hostname: "", port: -1, protocol: "udp" };
        const { error, nodes } = await failure(() => new MeshBackend("db", args as never));
        assert.deepEqual(nodes, []);
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.equal(error.message.split("\n")[0], 'MeshBackend "db": 6 problems in the arguments');
        assert.deepEqual(
            error.errors.map((e) => e.propertyPath),
            ["platform", "namespace", "backendName", "hostname", "port", "protocol"],
        );
    });
});

describe("MeshBackend takes", () => {
    it("the longest names and the outermost ports", async () => {
        await accepts({ hostname: `${"a".repeat(63)}.example` });
        await accepts({ hostname: `${"a.".repeat(126)}a` });
        await accepts({ port: 1 });
        await accepts({ port: 65535 });
        await accepts({ backendName: "b".repeat(63) });
    });

    it("every host name of letters, digits and dashes that does not end in a number", async () => {
        await fc.assert(
            fc.asyncProperty(fc.domain(), (hostname) => accepts({ hostname })),
            { numRuns: 20 },
        );
    });
});

describe("checkPlatformConnection", () => {
    const found = (platform: unknown) => linesOf((problems) => checkPlatformConnection(problems, platform as never));
    const line = (value: string) =>
        `platform: ${value} is not the plain connection of a platform; its mesh decides which resources exist. ` +
        "Give `connection` of a ProgressiveMeshCluster; from another stack, " +
        '`(await stack.getOutputDetails("connection")).secretValue`.';

    it("answers the mesh", () => {
        let title: string | undefined;
        assert.deepEqual(
            linesOf((problems) => (title = checkPlatformConnection(problems, connection)?.title)),
            [],
        );
        assert.equal(title, "AWS App Mesh");
    });

    it("finds a platform that is missing, known too late or something else", () => {
        assert.deepEqual(found(undefined), [line("nothing given, but it")]);
        assert.deepEqual(found(pulumi.output(connection)), [line("a value that is known only at deployment")]);
        assert.deepEqual(found(null), [line("null")]);
        assert.deepEqual(found(7), [line('"a number"')]);
        assert.deepEqual(found({ mesh: null }), [line('["mesh"]')]);
        assert.deepEqual(found({ mesh: "appmesh" }), [line('["mesh"]')]);
    });

    it("shows nothing of a kubeconfig", () => {
        assert.deepEqual(found(kubeconfig), [line('"a string"')]);
        assert.deepEqual(found({ ...connection, mesh: undefined, gateway: undefined }), [
            line('["kubeconfig","clusterName","mesh","metricsServer","gateway","identity"]'),
        ]);
    });

    it("finds a mesh that it does not know", () => {
        for (const provider of [undefined, null, 1, "consul", "constructor", ["appmesh"]]) {
            const value = provider === undefined ? "nothing given, but it" : JSON.stringify(provider);
            assert.deepEqual(found({ ...connection, mesh: { provider } }), [
                `platform.mesh.provider: ${value} is not a mesh that this version knows. Use one of ${knownMeshes}.`,
            ]);
        }
    });

    it("finds a mesh whose name is known too late", () => {
        assert.deepEqual(found({ ...connection, mesh: { provider: "appmesh", name: pulumi.output("dev") } }), [
            "platform.mesh.name: a value that is known only at deployment decides which resources exist, so it has to be " +
                "known when the program runs. Give a plain value, for example from config.",
        ]);
    });
});
