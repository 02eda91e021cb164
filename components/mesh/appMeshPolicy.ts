import { Statement, Whereabouts } from "../cluster/workloadIdentity";

/** The SDKs in App Mesh's controller and Envoy are from before Pod Identity. */
export const supportsPodIdentity = false;

const kinds = ["Mesh", "VirtualRouter", "Route", "VirtualNode", "VirtualGateway", "GatewayRoute", "VirtualService"];
const lists = [
    "Meshes",
    "VirtualRouters",
    "Routes",
    "VirtualNodes",
    "VirtualGateways",
    "GatewayRoutes",
    "VirtualServices",
];

/**
 * What the App Mesh controller may do, action by action as the controller's own policy
 * (aws-app-mesh-controller-for-k8s, config/iam/controller-iam-policy.json). The resources it makes are named after objects
 * that do not exist yet, so their ARNs are not known; no action is a wildcard.
 */
export function controllerStatements(where: Whereabouts): Statement[] {
    return [
        {
            sid: "AppMesh",
            actions: [
                ...lists.map((list) => `appmesh:List${list}`),
                ...["Describe", "Create", "Update", "Delete"].flatMap((verb) =>
                    kinds.map((k) => `appmesh:${verb}${k}`),
                ),
            ],
            resources: ["*"],
        },
        {
            sid: "Certificates",
            actions: [
                "acm:ListCertificates",
                "acm:DescribeCertificate",
                "acm-pca:DescribeCertificateAuthority",
                "acm-pca:ListCertificateAuthorities",
            ],
            resources: ["*"],
        },
        {
            sid: "ServiceDiscovery",
            actions: [
                "servicediscovery:CreateService",
                "servicediscovery:DeleteService",
                "servicediscovery:GetService",
                "servicediscovery:GetInstance",
                "servicediscovery:RegisterInstance",
                "servicediscovery:DeregisterInstance",
                "servicediscovery:ListInstances",
                "servicediscovery:ListNamespaces",
                "servicediscovery:ListServices",
                "servicediscovery:GetInstancesHealthStatus",
                "servicediscovery:UpdateInstanceCustomHealthStatus",
                "servicediscovery:GetOperation",
                "route53:GetHealthCheck",
                "route53:CreateHealthCheck",
                "route53:UpdateHealthCheck",
                "route53:ChangeResourceRecordSets",
                "route53:DeleteHealthCheck",
            ],
            resources: ["*"],
        },
        {
            sid: "ServiceLinkedRole",
            actions: ["iam:CreateServiceLinkedRole"],
            resources: [
                `arn:${where.partition}:iam::${where.accountId}:role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh`,
            ],
            conditions: { StringLike: { "iam:AWSServiceName": "appmesh.amazonaws.com" } },
        },
    ];
}

/** A member of a mesh that a proxy may stand for. */
export interface ProxyMember {
    mesh: string;
    kind: "virtualNode" | "virtualGateway";
    /** The member's name in AWS: `<name>_<namespace>` unless told otherwise. */
    name: string;
}

/** What a proxy may do: read the configuration of its own members, and send traces when tracing is on. */
export function proxyStatements(members: readonly ProxyMember[], xray: boolean): (where: Whereabouts) => Statement[] {
    return ({ partition, region, accountId }) => [
        {
            sid: "ReadOwnConfiguration",
            actions: ["appmesh:StreamAggregatedResources"],
            resources: members.map(
                (m) => `arn:${partition}:appmesh:${region}:${accountId}:mesh/${m.mesh}/${m.kind}/${m.name}`,
            ),
        },
        ...(xray
            ? [
                  {
                      // X-Ray has no resources to name.
                      sid: "SendTraces",
                      actions: [
                          "xray:PutTraceSegments",
                          "xray:PutTelemetryRecords",
                          "xray:GetSamplingRules",
                          "xray:GetSamplingTargets",
                          "xray:GetSamplingStatisticSummaries",
                      ],
                      resources: ["*"],
                  },
              ]
            : []),
    ];
}
