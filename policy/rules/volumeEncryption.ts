import { Fields, isObject } from "../../components/shape";
import { Problems } from "../../components/validation";
import { at, isKind, listAt } from "../resource";
import { ResourceRule } from "../rule";

/** Where AWS' resources of disks and file systems say that they are encrypted. */
const flags: Readonly<Record<string, string>> = {
    "aws:ebs/volume:Volume": "encrypted",
    "aws:efs/fileSystem:FileSystem": "encrypted",
    "aws:rds/instance:Instance": "storageEncrypted",
    "aws:rds/cluster:Cluster": "storageEncrypted",
    "aws:ebs/encryptionByDefault:EncryptionByDefault": "enabled",
};

/** What is written to disks is encrypted. */
export const volumeEncryption: ResourceRule = {
    name: "volume-encryption",
    description: "Volumes, file systems and the storage classes of EBS are encrypted.",
    enforcementLevel: "mandatory",
    severity: "high",
    check(problems, resource) {
        const { type, props } = resource;
        const flag = flags[type];
        if (flag !== undefined) {
            checkFlag(
                problems,
                flag,
                type.startsWith("aws:ebs/encryptionByDefault") ? (props[flag] ?? true) : props[flag],
            );
        } else if (type === "aws:ec2/launchTemplate:LaunchTemplate") {
            checkLaunchTemplate(problems, props);
        } else if (isKind(resource, "storage.k8s.io", "StorageClass") && props.provisioner === "ebs.csi.aws.com") {
            checkFlag(problems, "parameters.encrypted", at(props, "parameters", "encrypted"));
        }
    },
};

function checkFlag(problems: Problems, path: string, value: unknown): void {
    problems.require(value === true || value === "true", {
        path,
        value,
        rule: "has to be true: otherwise what is written there can be read off the disk",
        fix: "Set it to true.",
    });
}

function checkLaunchTemplate(problems: Problems, props: Fields): void {
    listAt(props, "blockDeviceMappings").forEach((mapping, index) => {
        if (isObject(mapping) && isObject(mapping.ebs)) {
            checkFlag(problems, `blockDeviceMappings[${index}].ebs.encrypted`, mapping.ebs.encrypted);
        }
    });
}
