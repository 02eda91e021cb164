import assert from "node:assert/strict";

import { MeshArgs, AddonsArgs, ProgressiveMeshCluster } from "../../../index";
import { at, Graph, graph, valueOf } from "../graph";
import { refusal } from "../problems";

type Policy = { Statement: { Sid: string; Resource: string[] }[] };

const platform = (mesh: Partial<MeshArgs> = {}, addons: AddonsArgs = {}) =>
    graph(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh", ...mesh }, addons }));

const policyOf = ({ node }: Graph<unknown>, name: string) =>
    JSON.parse(node(`RolePolicy ${name}`).props.policy as string) as Policy;

const trust = (subject: string) =>
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",' +
    '"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/0123"},' +
    '"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{' +
    '"oidc.eks.us-west-2.amazonaws.com/id/0123:aud":"sts.amazonaws.com",' +
    `"oidc.eks.us-west-2.amazonaws.com/id/0123:sub":"system:serviceaccount:${subject}"}}}]}`;

describe("App Mesh on a platform", () => {
    it("lets the controller and the gateway take a role each, and nobody else", async () => {
        const { node } = await platform();
        const text = (name: string) => node(`Role ${name}`).props.assumeRolePolicy as string;
        assert.equal(text("dev-appmesh-controller"), trust("appmesh-system:appmesh-controller"));
        assert.equal(text("dev-appmesh-gateway"), trust("appmesh-gateway:appmesh-gateway"));
    });

    it("trusts the namespaces that the add-ons were moved to", async () => {
        const { node } = await platform({}, { meshController: { namespace: "ctl" }, gateway: { namespace: "gw" } });
        const text = (name: string) => node(`Role ${name}`).props.assumeRolePolicy as string;
        assert.equal(text("dev-appmesh-controller"), trust("ctl:appmesh-controller"));
        assert.equal(text("dev-appmesh-gateway"), trust("gw:appmesh-gateway"));
    });

    it("grants the controller its statements and the gateway its own configuration", async () => {
        const made = await platform();
        assert.deepEqual(
            policyOf(made, "dev-appmesh-controller").Statement.map((s) => [s.Sid, s.Resource]),
            [
                ["AppMesh", ["arn:aws:appmesh:us-west-2:123456789012:mesh/*"]],
                [
                    "Certificates",
                    [
                        "arn:aws:acm:us-west-2:123456789012:certificate/*",
                        "arn:aws:acm-pca:us-west-2:123456789012:certificate-authority/*",
                    ],
                ],
                [
                    "ServiceDiscovery",
                    [
                        "arn:aws:servicediscovery:us-west-2:123456789012:namespace/*",
                        "arn:aws:servicediscovery:us-west-2:123456789012:service/*",
                    ],
                ],
                ["HealthChecks", ["arn:aws:route53:::healthcheck/*", "arn:aws:route53:::hostedzone/*"]],
                ["Unbound", ["*"]],
                [
                    "ServiceLinkedRole",
                    ["arn:aws:iam::123456789012:role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh"],
                ],
            ],
        );
        assert.deepEqual(policyOf(made, "dev-appmesh-gateway"), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "ReadOwnConfiguration",
                    Effect: "Allow",
                    Action: ["appmesh:StreamAggregatedResources"],
                    Resource: [
                        "arn:aws:appmesh:us-west-2:123456789012:mesh/dev/virtualGateway/appmesh-gateway_appmesh-gateway",
                    ],
                },
            ],
        });
        for (const name of ["dev-appmesh-controller", "dev-appmesh-gateway"]) {
            assert.equal(made.node(`RolePolicy ${name}`).props.role, `${name}-in-aws`);
        }
    });

    it("installs the controller with its identity, after its policy and namespace", async () => {
        const { node } = await platform();
        const controller = node("Release dev-appmesh-controller");
        assert.deepEqual(controller.props.values, {
            region: "us-west-2",
            accountId: "123456789012",
            serviceAccount: {
                create: true,
                name: "appmesh-controller",
                annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/dev-appmesh-controller" },
            },
            sidecar: { lifecycleHooks: { preStopDelay: 1 } },
            tracing: { enabled: false },
        });
        assert.deepEqual(controller.dependsOn, [
            "Cluster dev",
            "CustomResourceDefinition dev-meshes.appmesh.k8s.aws",
            "Namespace dev-appmesh-system",
            "Role dev-appmesh-controller",
            "RolePolicy dev-appmesh-controller",
        ]);
    });

    it("makes the mesh only while the controller is there, closed to the outside unless asked", async () => {
        const { node } = await platform();
        const mesh = node("Mesh dev-mesh");
        assert.deepEqual(mesh.props, {
            apiVersion: "appmesh.k8s.aws/v1beta2",
            kind: "Mesh",
            metadata: { name: "dev" },
            spec: { namespaceSelector: { matchLabels: { mesh: "dev" } }, egressFilter: { type: "DROP_ALL" } },
        });
        assert.deepEqual(mesh.dependsOn, ["Cluster dev", "Release dev-appmesh-controller"]);
        const open = await platform({ allowEgress: true });
        assert.deepEqual(at(open.node("Mesh dev-mesh").props, "spec", "egressFilter"), { type: "ALLOW_ALL" });
    });

    it("installs the gateway in a namespace of the mesh, after both", async () => {
        const { node } = await platform();
        const namespace = node("Namespace dev-appmesh-gateway");
        assert.deepEqual(namespace.props.metadata, {
            name: "appmesh-gateway",
            labels: { mesh: "dev", "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled" },
        });
        assert.deepEqual(namespace.dependsOn, ["Mesh dev-mesh"]);
        const gateway = node("Release dev-appmesh-gateway");
        assert.deepEqual(gateway.props.values, {
            appmesh: { gateway: true, preview: false },
            service: { annotations: { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing" } },
            serviceAccount: {
                create: true,
                name: "appmesh-gateway",
                annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/dev-appmesh-gateway" },
            },
        });
        assert.deepEqual(gateway.dependsOn, [
            "Mesh dev-mesh",
            "Namespace dev-appmesh-gateway",
            "Role dev-appmesh-gateway",
            "RolePolicy dev-appmesh-gateway",
        ]);
    });

    it("keeps the controller's namespace out of the mesh", async () => {
        const { node } = await platform();
        assert.deepEqual(node("Namespace dev-appmesh-system").props.metadata, { name: "appmesh-system", labels: {} });
    });

    it("looks for the gateway's address where the release put it", async () => {
        const { node } = await platform({}, { gateway: { namespace: "gw" } });
        assert.equal(node("Service dev-appmesh-gateway").props.id, "gw/appmesh-gateway");
    });

    it("makes the gateway's Service what is asked for, in the words of its chart", async () => {
        const certificateArn = "arn:aws:acm:us-west-2:123456789012:certificate/0a1b";
        const tls = await platform({}, { gateway: { tls: { certificateArn, port: 8443 }, internal: true } });
        const key = "service.beta.kubernetes.io/aws-load-balancer";
        assert.deepEqual(at(tls.node("Release dev-appmesh-gateway").props, "values", "service"), {
            annotations: {
                [`${key}-scheme`]: "internal",
                [`${key}-internal`]: "true",
                [`${key}-ssl-cert`]: certificateArn,
                [`${key}-ssl-ports`]: "8443",
            },
            port: 8443,
        });
        assert.equal(await valueOf(tls.result.connection.gateway!.address), "gateway.example");
        assert.deepEqual([tls.result.connection.gateway!.scheme, tls.result.connection.gateway!.port], ["https", 8443]);
    });

    it("names the gateway's Service where it has no load balancer to look for", async () => {
        const made = await platform({}, { gateway: { type: "ClusterIP" } });
        assert.deepEqual(at(made.node("Release dev-appmesh-gateway").props, "values", "service"), {
            type: "ClusterIP",
            externalTrafficPolicy: "",
        });
        assert.deepEqual(
            made.nodes.filter((n) => n.read),
            [],
        );
        assert.equal(await valueOf(made.result.gatewayAddress), "appmesh-gateway.appmesh-gateway");
        const nodePort = await platform({}, { gateway: { type: "NodePort" } });
        assert.deepEqual(at(nodePort.node("Release dev-appmesh-gateway").props, "values", "service"), {
            type: "NodePort",
        });
    });

    it("calls the mesh as the user does, everywhere", async () => {
        const made = await platform({ name: "shop" });
        assert.deepEqual(made.node("Mesh dev-mesh").props.metadata, { name: "shop" });
        assert.deepEqual(at(made.node("Mesh dev-mesh").props, "spec", "namespaceSelector"), {
            matchLabels: { mesh: "shop" },
        });
        assert.equal(at(made.node("Namespace dev-appmesh-gateway").props, "metadata", "labels", "mesh"), "shop");
        assert.deepEqual(policyOf(made, "dev-appmesh-gateway").Statement[0]!.Resource, [
            "arn:aws:appmesh:us-west-2:123456789012:mesh/shop/virtualGateway/appmesh-gateway_appmesh-gateway",
        ]);
        assert.deepEqual(made.result.connection.mesh, { provider: "appmesh", name: "shop", xray: false });
    });

    it("makes no mesh without a gateway, unless it is named", async () => {
        const off = { gateway: { enabled: false } };
        const meshes = ({ nodes }: Graph<unknown>) => nodes.filter((n) => n.key.startsWith("Mesh ")).map((n) => n.key);
        assert.deepEqual(meshes(await platform({}, off)), []);
        assert.deepEqual(meshes(await platform({ name: "shop" }, off)), ["Mesh dev-mesh"]);
    });

    const tracing: [string, object, object, boolean][] = [
        ["x-ray", {}, { enabled: true, provider: "x-ray", port: 2000 }, true],
        [
            "jaeger",
            { address: "jaeger.tracing" },
            { enabled: true, provider: "jaeger", port: 9411, address: "jaeger.tracing" },
            false,
        ],
        ["datadog", { port: 8127 }, { enabled: true, provider: "datadog", port: 8127 }, false],
        [
            "opentelemetry",
            { address: "collector.tracing" },
            { enabled: true, provider: "jaeger", port: 9411, address: "collector.tracing" },
            false,
        ],
        ["x-ray", { samplingRate: 0.5 }, { enabled: true, provider: "x-ray", port: 2000, samplingRate: 0.5 }, true],
    ];
    for (const [provider, more, values, xray] of tracing) {
        const settings = Object.keys(more).join(" and ") || "nothing more";
        it(`sends traces to ${provider} told ${settings}, ${xray ? "with" : "without"} the permission for X-Ray`, async () => {
            const made = await platform({ tracing: { provider, ...more } });
            assert.deepEqual(at(made.node("Release dev-appmesh-controller").props, "values", "tracing"), values);
            assert.deepEqual(
                policyOf(made, "dev-appmesh-gateway").Statement.map((s) => s.Sid),
                xray ? ["ReadOwnConfiguration", "SendTraces"] : ["ReadOwnConfiguration"],
            );
            assert.equal(made.result.connection.mesh.xray, xray);
        });
    }

    describe("refuses", () => {
        const refused = (mesh: Partial<MeshArgs>, addons: AddonsArgs = {}) =>
            refusal(() => new ProgressiveMeshCluster("dev", { mesh: { provider: "appmesh", ...mesh }, addons }));

        it("to go without its controller", async () => {
            assert.deepEqual(await refused({}, { meshController: { enabled: false } }), [
                "addons.meshController.enabled: false leaves App Mesh without the controller that makes its objects real. " +
                    "Leave it enabled.",
            ]);
        });

        it("a gateway in another add-on's namespace, whoever moved", async () => {
            const line = (namespace: string) =>
                `addons.gateway.namespace: "${namespace}" is another add-on's namespace: the gateway's has to be a member of ` +
                "the mesh, the others' must not be. Give the gateway a namespace of its own.";
            assert.deepEqual(await refused({}, { gateway: { namespace: "appmesh-system" } }), [line("appmesh-system")]);
            assert.deepEqual(await refused({}, { meshController: { namespace: "appmesh-gateway" } }), [
                line("appmesh-gateway"),
            ]);
            const edge = { namespace: "edge" };
            assert.deepEqual(await refused({}, { gateway: edge, flagger: edge }), [line("edge")]);
        });

        it("tracing that App Mesh does not know", async () => {
            assert.deepEqual(await refused({ tracing: { provider: "zipkin", port: 0 } }), [
                'mesh.tracing.provider: "zipkin" is not a tracing provider of App Mesh. Use one of x-ray, jaeger, datadog, opentelemetry.',
                "mesh.tracing.port: 0 is not a whole number from 1 to 65535 (a port). Give a number in that range.",
            ]);
            assert.deepEqual(await refused({ tracing: "x-ray" as never }), [
                'mesh.tracing: "a string" is not an object. Write it like { provider: "x-ray" }.',
            ]);
        });

        it("traces to a collector that nobody knows", async () => {
            assert.deepEqual(await refused({ tracing: { provider: "opentelemetry" } }), [
                "mesh.tracing.address: nothing given, but it is required for OpenTelemetry: proxies have to know the collector. " +
                    'Give the host of a collector with the receiver "zipkin", like "collector.tracing".',
            ]);
            assert.deepEqual(
                await refused({
                    tracing: { provider: "opentelemetry", address: "http://collector:9411/api/v2/spans" },
                }),
                [
                    'mesh.tracing.address: "http://collector:9411/api/v2/spans" is not a host. ' +
                        'Give the name alone, like "collector.tracing": no scheme, port or path.',
                ],
            );
        });

        it("a sampling rate that is none, or that the proxies would not hear of", async () => {
            assert.deepEqual(await refused({ tracing: { provider: "x-ray", samplingRate: 5 } }), [
                "mesh.tracing.samplingRate: 5 is not a share of the requests. " +
                    "Give a number from 0 to 1, like 0.05 for one in twenty.",
            ]);
            assert.deepEqual(await refused({ tracing: { provider: "jaeger", samplingRate: 0.5 } }), [
                "mesh.tracing.samplingRate: 0.5 is something that App Mesh tells its proxies for X-Ray only. " +
                    "Leave it out, and let the collector choose what to keep.",
            ]);
        });
    });

    it("lets a platform without a gateway have the namespace that a gateway would need", async () => {
        const { node } = await platform({}, { gateway: { enabled: false, namespace: "appmesh-system" } });
        assert.equal(node("Release dev-appmesh-controller").props.namespace, "appmesh-system");
    });
});
