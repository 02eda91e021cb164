import assert from "node:assert/strict";

import { controllerStatements, proxyStatements } from "../../../components/mesh/appMeshPolicy";

const where = { partition: "aws", region: "us-west-2", accountId: "123456789012" };

// Written out, as the controller's own policy has it (config/iam/controller-iam-policy.json of
// aws-app-mesh-controller-for-k8s): a list that is computed twice would hide the same mistake twice.
const controllerActions = [
    "acm-pca:DescribeCertificateAuthority",
    "acm-pca:ListCertificateAuthorities",
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "appmesh:CreateGatewayRoute",
    "appmesh:CreateMesh",
    "appmesh:CreateRoute",
    "appmesh:CreateVirtualGateway",
    "appmesh:CreateVirtualNode",
    "appmesh:CreateVirtualRouter",
    "appmesh:CreateVirtualService",
    "appmesh:DeleteGatewayRoute",
    "appmesh:DeleteMesh",
    "appmesh:DeleteRoute",
    "appmesh:DeleteVirtualGateway",
    "appmesh:DeleteVirtualNode",
    "appmesh:DeleteVirtualRouter",
    "appmesh:DeleteVirtualService",
    "appmesh:DescribeGatewayRoute",
    "appmesh:DescribeMesh",
    "appmesh:DescribeRoute",
    "appmesh:DescribeVirtualGateway",
    "appmesh:DescribeVirtualNode",
    "appmesh:DescribeVirtualRouter",
    "appmesh:DescribeVirtualService",
    "appmesh:ListGatewayRoutes",
    "appmesh:ListMeshes",
    "appmesh:ListRoutes",
    "appmesh:ListVirtualGateways",
    "appmesh:ListVirtualNodes",
    "appmesh:ListVirtualRouters",
    "appmesh:ListVirtualServices",
    "appmesh:UpdateGatewayRoute",
    "appmesh:UpdateMesh",
    "appmesh:UpdateRoute",
    "appmesh:UpdateVirtualGateway",
    "appmesh:UpdateVirtualNode",
    "appmesh:UpdateVirtualRouter",
    "appmesh:UpdateVirtualService",
    "iam:CreateServiceLinkedRole",
    "route53:ChangeResourceRecordSets",
    "route53:CreateHealthCheck",
    "route53:DeleteHealthCheck",
    "route53:GetHealthCheck",
    "route53:UpdateHealthCheck",
    "servicediscovery:CreateService",
    "servicediscovery:DeleteService",
    "servicediscovery:DeregisterInstance",
    "servicediscovery:GetInstance",
    "servicediscovery:GetInstancesHealthStatus",
    "servicediscovery:GetOperation",
    "servicediscovery:GetService",
    "servicediscovery:ListInstances",
    "servicediscovery:ListNamespaces",
    "servicediscovery:ListServices",
    "servicediscovery:RegisterInstance",
    "servicediscovery:UpdateInstanceCustomHealthStatus",
];

describe("controllerStatements", () => {
    it("allow these actions, each once, and no others", () => {
        assert.deepEqual(
            controllerStatements(where)
                .flatMap((s) => s.actions)
                .sort(),
            controllerActions,
        );
    });

    it("let only App Mesh's own linked role be created, in the cluster's account and partition", () => {
        const [statement] = controllerStatements({ ...where, partition: "aws-cn" }).filter((s) =>
            s.actions.includes("iam:CreateServiceLinkedRole"),
        );
        assert.deepEqual(statement, {
            sid: "ServiceLinkedRole",
            actions: ["iam:CreateServiceLinkedRole"],
            resources: [
                "arn:aws-cn:iam::123456789012:role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh",
            ],
            conditions: { StringLike: { "iam:AWSServiceName": "appmesh.amazonaws.com" } },
        });
    });
});

describe("proxyStatements", () => {
    const gateway = { mesh: "m", kind: "virtualGateway", name: "gw_ns" } as const;

    it("let a proxy read its own members' configuration", () => {
        assert.deepEqual(proxyStatements([{ mesh: "m", kind: "virtualNode", name: "a_ns" }, gateway], false)(where), [
            {
                sid: "ReadOwnConfiguration",
                actions: ["appmesh:StreamAggregatedResources"],
                resources: [
                    "arn:aws:appmesh:us-west-2:123456789012:mesh/m/virtualNode/a_ns",
                    "arn:aws:appmesh:us-west-2:123456789012:mesh/m/virtualGateway/gw_ns",
                ],
            },
        ]);
    });

    it("let it send traces only when told", () => {
        assert.deepEqual(proxyStatements([gateway], true)(where)[1], {
            sid: "SendTraces",
            actions: [
                "xray:PutTraceSegments",
                "xray:PutTelemetryRecords",
                "xray:GetSamplingRules",
                "xray:GetSamplingTargets",
                "xray:GetSamplingStatisticSummaries",
            ],
            resources: ["*"],
        });
    });
});

describe("no statement of App Mesh", () => {
    it("allows an action by a wildcard", () => {
        const statements = [
            ...controllerStatements(where),
            ...proxyStatements([{ mesh: "m", kind: "virtualNode", name: "n" }], true)(where),
        ];
        for (const action of statements.flatMap((s) => s.actions)) {
            assert.match(action, /^[a-z0-9-]+:[A-Za-z]+$/);
        }
    });
});
