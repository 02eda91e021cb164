import { at } from "../resource";
import { StackRule } from "../rule";

const byDefault = "aws:ebs/encryptionByDefault:EncryptionByDefault";

/** The disks of nodes are encrypted, by their launch template or by the account. */
export const nodeDiskEncryption: StackRule = {
    name: "node-disk-encryption",
    description: "Nodes of EKS have encrypted disks: by a launch template, or by the account's default for EBS.",
    // The account's default is mostly set elsewhere, where this stack cannot see it; it is also what the library counts on.
    enforcementLevel: "advisory",
    severity: "medium",
    checkStack(problemsOf, resources) {
        const encrypting = resources.some(({ type, props }) => type === byDefault && props.enabled !== false);
        for (const resource of resources.filter(({ type }) => type === "aws:eks/nodeGroup:NodeGroup")) {
            problemsOf(resource).require(encrypting || at(resource.props, "launchTemplate") !== undefined, {
                path: "launchTemplate",
                rule: "is needed to encrypt the nodes' disks, unless the account does it by its default for EBS in this region",
                fix: "Switch that on (aws.ebs.EncryptionByDefault); if it is on already, name the node group in `except`.",
            });
        }
    },
};
