import * as pulumi from "@pulumi/pulumi";

/**
 * All that an application needs to know of the platform it runs on: what `ProgressiveMeshCluster` gives as
 * `connection` and `CanaryApp` takes as `platform`. It is a plain object, so it crosses stacks and languages.
 */
export interface PlatformConnection {
    /** How to reach the cluster, as the text of a kubeconfig file. Kept as a secret. */
    kubeconfig: pulumi.Input<string>;
    /**
     * The cluster's name, as shown to people and used in alerts.
     * @default - no name
     */
    clusterName?: pulumi.Input<string>;
    /** The mesh that routes the traffic. */
    mesh: MeshConnection;
    /** Where Flagger reads its metrics, as a URL inside the cluster. */
    metricsServer: pulumi.Input<string>;
    /**
     * The gateway through which applications are exposed.
     * @default - the platform has none, and an application cannot ask to be exposed
     */
    gateway?: GatewayConnection;
    /**
     * The platform's second mesh, with its gateway, for applications that ask for it.
     * @default - the platform has one mesh
     */
    secondMesh?: SecondMeshConnection;
    /**
     * What is needed to give a pod an AWS identity.
     * @default - pods get none
     */
    identity?: IdentityConnection;
    /**
     * Roles that pods act by in AWS, by service account: `{ "apps/podinfo": "arn:aws:iam::...:role/..." }`. Which there are
     * decides which roles an application makes, so the keys have to be plain.
     * @default - an application makes them
     */
    roles?: Record<string, pulumi.Input<string>>;
    /**
     * Where charts and images come from when the internet is out of reach.
     * @default - their own repositories
     */
    mirror?: Mirror;
}

/** The mesh of a platform, as an application sees it. */
export interface MeshConnection {
    /** Which mesh it is: a value of `MeshProvider`. Decides which resources exist, so it has to be plain. */
    provider: string;
    /**
     * The name of a mesh that the platform made for all its namespaces. Decides which resources exist, so it has to be plain.
     * @default - the application makes its own, named after its namespace
     */
    name?: string;
    /**
     * Whether proxies send traces to AWS X-Ray and so need the permission to.
     * @default false
     */
    xray?: boolean;
}

/** The second mesh of a platform, as an application sees it. */
export interface SecondMeshConnection {
    /** The mesh. */
    mesh: MeshConnection;
    /**
     * Its gateway.
     * @default - it has none
     */
    gateway?: GatewayConnection;
}

/** The gateway of a platform, as an application sees it. */
export interface GatewayConnection {
    /**
     * The host name or address that answers: from outside where the gateway has a load balancer, or else inside the cluster. Empty
     * where each route has an address of its own.
     */
    address: pulumi.Input<string>;
    /**
     * The scheme of its addresses: `http` or `https`.
     * @default "http"
     */
    scheme?: string;
    /**
     * The port that it answers at.
     * @default - the scheme's own: 80 or 443
     */
    port?: number;
    /**
     * The name of the object that routes refer to it by: a Gateway of Istio, or of the Gateway API.
     * @default - routes find it without
     */
    objectName?: string;
    /**
     * The namespace of that object.
     * @default - none
     */
    objectNamespace?: string;
}

/** The place of a cluster in AWS: its OpenID Connect issuer, the account that trusts it, and how roles are made there. */
export interface IdentityConnection {
    /** ARN of the IAM OpenID Connect provider. */
    providerArn: pulumi.Input<string>;
    /** The issuer's address without `https://`. */
    issuer: pulumi.Input<string>;
    /** The AWS partition: `aws`, `aws-cn` or `aws-us-gov`. */
    partition: pulumi.Input<string>;
    /** The AWS region of the cluster. */
    region: pulumi.Input<string>;
    /** The AWS account of the cluster. */
    accountId: pulumi.Input<string>;
    /**
     * The name of the cluster in EKS, which Pod Identity needs.
     * @default - pods get roles by IRSA alone
     */
    clusterName?: pulumi.Input<string>;
    /**
     * How pods come by roles where both ways work: `pod-identity` or `irsa`.
     * @default "pod-identity"
     */
    method?: string;
    /**
     * ARN of the policy that bounds every role that is made.
     * @default - no boundary
     */
    permissionsBoundary?: pulumi.Input<string>;
    /**
     * The path of every role that is made.
     * @default "/"
     */
    rolePath?: pulumi.Input<string>;
}

/** One place for charts and one for images, for clusters that cannot reach the internet. */
export interface Mirror {
    /**
     * Address of a Helm repository that holds every chart of the catalogue under its own name and version.
     * @default - each chart's own repository
     */
    chartRepository?: string;
    /**
     * Host (and path) of a registry that holds every image under its own path: `ghcr.io/fluxcd/flagger` is looked for as
     * `<imageRegistry>/fluxcd/flagger`.
     * @default - each image's own registry
     */
    imageRegistry?: string;
}
