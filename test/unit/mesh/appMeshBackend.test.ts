import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { backend } from "../../../components/mesh/appMeshBackend";
import { BackendScope } from "../../../components/mesh/mesh";
import { connection } from "../devStack";
import { Node, at, graph, valueOf } from "../graph";

const mariadb: BackendScope = {
    childName: "db",
    name: "mariadb",
    namespace: "shop",
    hostname: "mariadb.data.svc.cluster.local",
    port: 3306,
    protocol: "tcp",
    connection,
    opts: {},
};

const made = (changes: Partial<BackendScope> = {}) => graph(() => backend({ ...mariadb, ...changes }));
const specs = (nodes: Node[]) =>
    Object.fromEntries(nodes.map((n): [string, unknown] => [n.props.kind as string, n.props.spec]));
const arnOf = async (changes: Partial<BackendScope>) => valueOf((await made(changes)).result.arn);

const listeners = [{ portMapping: { port: 3306, protocol: "tcp" } }];
const weightedTargets = [{ virtualNodeRef: { name: "mariadb" }, weight: 1 }];

describe("a backend on App Mesh", () => {
    it("is a node found by DNS, a router with one TCP route, and a virtual service named after the host", async () => {
        const { nodes } = await made();
        assert.deepEqual(specs(nodes), {
            VirtualNode: {
                listeners,
                serviceDiscovery: { dns: { hostname: "mariadb.data.svc.cluster.local" } },
            },
            VirtualRouter: {
                listeners,
                routes: [{ name: "mariadb", tcpRoute: { action: { weightedTargets } } }],
            },
            VirtualService: {
                awsName: "mariadb.data.svc.cluster.local",
                provider: { virtualRouter: { virtualRouterRef: { name: "mariadb" } } },
            },
        });
    });

    it("has an HTTP route that takes every path where it speaks HTTP", async () => {
        const { VirtualNode, VirtualRouter } = specs((await made({ port: 8080, protocol: "http" })).nodes);
        const http = [{ portMapping: { port: 8080, protocol: "http" } }];
        assert.deepEqual(at(VirtualNode, "listeners"), http);
        assert.deepEqual(VirtualRouter, {
            listeners: http,
            routes: [{ name: "mariadb", httpRoute: { match: { prefix: "/" }, action: { weightedTargets } } }],
        });
    });

    it("is made of objects with fixed names, each under the child's name", async () => {
        const { nodes } = await made();
        assert.deepEqual(
            nodes.map(({ key, type, props }) => [key, type, props.apiVersion, props.metadata]),
            ["VirtualNode", "VirtualRouter", "VirtualService"].map((kind) => [
                `${kind} db`,
                `kubernetes:appmesh.k8s.aws/v1beta2:${kind}`,
                "appmesh.k8s.aws/v1beta2",
                { name: "mariadb", namespace: "shop" },
            ]),
        );
    });

    it("goes from the virtual service down, so that nothing is in use when it goes", async () => {
        const { node } = await made();
        assert.deepEqual(node("VirtualService db").dependsOn, ["VirtualRouter db"]);
        assert.deepEqual(node("VirtualRouter db").dependsOn, ["VirtualNode db"]);
        assert.deepEqual(node("VirtualNode db").dependsOn, []);
    });

    it("replaces an object whose name in AWS changes, the old one first", async () => {
        const seen: unknown[] = [];
        const transformation: pulumi.ResourceTransformation = ({ props, opts }) => {
            const { replaceOnChanges, deleteBeforeReplace } = opts as pulumi.CustomResourceOptions;
            seen.push([props.kind, replaceOnChanges, deleteBeforeReplace]);
            return undefined;
        };
        await made({ opts: { transformations: [transformation] } });
        assert.deepEqual(seen, [
            ["VirtualNode", ["spec.awsName"], true],
            ["VirtualRouter", ["spec.awsName"], true],
            ["VirtualService", ["spec.awsName"], true],
        ]);
    });

    it("takes a host name that is known only later", async () => {
        const { nodes, result } = await made({ hostname: pulumi.output("db.rds.amazonaws.com") });
        const { VirtualNode, VirtualService } = specs(nodes);
        assert.deepEqual(at(VirtualNode, "serviceDiscovery"), { dns: { hostname: "db.rds.amazonaws.com" } });
        assert.equal(at(VirtualService, "awsName"), "db.rds.amazonaws.com");
        assert.equal(
            await valueOf(result.arn),
            "arn:aws:appmesh:us-west-2:123456789012:mesh/dev/virtualService/db.rds.amazonaws.com",
        );
    });

    describe("is named", () => {
        it("by its object in its namespace", async () => {
            assert.equal(await valueOf((await made()).result.name), "mariadb");
        });

        it("by its ARN in the platform's mesh, or in the namespace's own", async () => {
            const arn = (mesh: string) =>
                `arn:aws:appmesh:us-west-2:123456789012:mesh/${mesh}/virtualService/mariadb.data.svc.cluster.local`;
            assert.equal(await arnOf({}), arn("dev"));
            assert.equal(await arnOf({ connection: { ...connection, mesh: { provider: "appmesh" } } }), arn("shop"));
        });

        it("by an ARN of the cluster's partition, which Flagger knows by its beginning", async () => {
            const identity = { ...connection.identity!, partition: pulumi.output("aws-cn"), region: "cn-north-1" };
            assert.equal(
                await arnOf({ connection: { ...connection, identity } }),
                "arn:aws-cn:appmesh:cn-north-1:123456789012:mesh/dev/virtualService/mariadb.data.svc.cluster.local",
            );
        });

        it("by no ARN where the account is not known", async () => {
            assert.equal(await arnOf({ connection: { ...connection, identity: undefined } }), "");
        });

        it("only once its virtual service is there, so that who names it comes after", async () => {
            for (const platform of [connection, { ...connection, identity: undefined }]) {
                const { node } = await graph(() => {
                    const { name, arn } = backend({ ...mariadb, connection: platform });
                    class User extends pulumi.CustomResource {}
                    return new User("test:index:User", "app", { name, arn });
                });
                assert.deepEqual(node("User app").propDeps, {
                    name: ["VirtualService db"],
                    arn: ["VirtualService db"],
                });
            }
        });
    });
});
