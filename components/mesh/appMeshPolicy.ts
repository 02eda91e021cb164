import { Statement, Whereabouts } from "../cluster/workloadIdentity";

/** The SDKs in App Mesh's controller and Envoy are from before Pod Identity. */
export const supportsPodIdentity = false;

const kinds = ["Mesh", "VirtualRouter", "Route", "VirtualNode", "VirtualGateway", "GatewayRoute", "VirtualService"];
const lists = ["VirtualRouters", "Routes", "VirtualNodes", "VirtualGateways", "GatewayRoutes", "VirtualServices"];

/**
 * What the App Mesh controller may do, action by action as the controller's own policy
 * (aws-app-mesh-controller-for-k8s, config/iam/controller-iam-policy.json), on resources of the cluster's own account and region.
 * What it makes is named after objects that do not exist yet, so the names are not known.
 */
export function controllerStatements({ partition, region, accountId }: Whereabouts): Statement[] {
    const arn = (service: string, resource: string) =>
        `arn:${partition}:${service}:${region}:${accountId}:${resource}/*`;
    return [
        {
            sid: "AppMesh",
            actions: [
                ...lists.map((list) => `appmesh:List${list}`),
                ...["Describe", "Create", "Update", "Delete"].flatMap((verb) =>
                    kinds.map((k) => `appmesh:${verb}${k}`),
                ),
            ],
            resources: [arn("appmesh", "mesh")],
        },
        {
            sid: "Certificates",
            actions: ["acm:DescribeCertificate", "acm-pca:DescribeCertificateAuthority"],
            resources: [arn("acm", "certificate"), arn("acm-pca", "certificate-authority")],
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
                "servicediscovery:GetInstancesHealthStatus",
                "servicediscovery:UpdateInstanceCustomHealthStatus",
                "servicediscovery:GetOperation",
            ],
            resources: [arn("servicediscovery", "namespace"), arn("servicediscovery", "service")],
        },
        {
            sid: "HealthChecks",
            actions: [
                "route53:GetHealthCheck",
                "route53:UpdateHealthCheck",
                "route53:ChangeResourceRecordSets",
                "route53:DeleteHealthCheck",
            ],
            // Route 53 knows no region, and its ARNs no account.
            resources: [`arn:${partition}:route53:::healthcheck/*`, `arn:${partition}:route53:::hostedzone/*`],
        },
        {
            // None of them can be bound to a resource.
            sid: "Unbound",
            actions: [
                "appmesh:ListMeshes",
                "acm:ListCertificates",
                "acm-pca:ListCertificateAuthorities",
                "servicediscovery:ListNamespaces",
                "servicediscovery:ListServices",
                "route53:CreateHealthCheck",
            ],
            resources: ["*"],
        },
        {
            sid: "ServiceLinkedRole",
            actions: ["iam:CreateServiceLinkedRole"],
            resources: [
                `arn:${partition}:iam::${accountId}:role/aws-service-role/appmesh.amazonaws.com/AWSServiceRoleForAppMesh`,
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
