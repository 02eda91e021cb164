import { Fields } from "../components/shape";
import { Resource, at, fieldsAt } from "./resource";

const componentType = "eks:index:Cluster";

/** What the rules ask of an EKS cluster, whichever of the two resources says it. */
export interface EksCluster {
    publicAccess: { path: string; value: unknown };
    allowedCidrs: { path: string; value: unknown };
    encryptionKey: { path: string; value: unknown };
    deletionProtection: unknown;
}

/**
 * Whether a resource only stands for another one that the engine shows as well. A graph that was recorded without an engine has the
 * component alone.
 */
export function isShownTwice({ type }: Pick<Resource, "type">): boolean {
    return type === componentType;
}

/** The EKS cluster that a resource makes, if it makes one. */
export function eksClusterOf({ type, props }: Resource): EksCluster | undefined {
    switch (type) {
        case componentType:
            return ofComponent(props);
        case "aws:eks/cluster:Cluster":
            return ofAws(props);
        default:
            return undefined;
    }
}

function ofComponent(props: Fields): EksCluster {
    return {
        publicAccess: { path: "endpointPublicAccess", value: props.endpointPublicAccess },
        allowedCidrs: { path: "publicAccessCidrs", value: props.publicAccessCidrs },
        encryptionKey: { path: "encryptionConfigKeyArn", value: props.encryptionConfigKeyArn },
        deletionProtection: props.deletionProtection,
    };
}

function ofAws(props: Fields): EksCluster {
    const vpc = fieldsAt(props, "vpcConfig");
    return {
        publicAccess: { path: "vpcConfig.endpointPublicAccess", value: vpc.endpointPublicAccess },
        allowedCidrs: { path: "vpcConfig.publicAccessCidrs", value: vpc.publicAccessCidrs },
        encryptionKey: {
            path: "encryptionConfig.provider.keyArn",
            value: at(props, "encryptionConfig", "provider", "keyArn"),
        },
        deletionProtection: props.deletionProtection,
    };
}
