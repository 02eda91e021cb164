import * as pulumi from "@pulumi/pulumi";

import { outline } from "../shape";
import { Problems } from "../validation";
import { NamedInAws, checkAwsNames } from "./awsNames";
import { Cluster } from "./cluster";
import { EksArgs, checkEks, checkEksNames, eksWarnings } from "./eksArgs";
import { eksCluster } from "./eksCluster";
import { ExistingClusterArgs, checkExisting, existingCluster } from "./existingCluster";
import { IamArgs, checkIam } from "./iam";
import { ServiceAccountName, accountKey } from "./workloadIdentity";

/** The arguments of a platform that say which cluster it is on. */
export interface ClusterChoice {
    eks?: EksArgs;
    existing?: ExistingClusterArgs;
    iam?: IamArgs;
    tags?: Record<string, pulumi.Input<string>>;
}

/** A part of a platform that acts in AWS. */
export interface AwsAccount {
    /** What follows the platform's name in the name of its role. */
    childName: string;
    serviceAccount: ServiceAccountName;
}

/** Checks which cluster it is to be. */
export function checkCluster(problems: Problems, { eks, existing, iam }: ClusterChoice): void {
    problems.require(eks === undefined || existing === undefined, {
        path: "existing",
        value: outline(existing),
        rule: "is a cluster that exists, and `eks` is one to build",
        fix: "Give one of the two.",
    });
    checkEks(problems, "eks", eks);
    checkExisting(problems, "existing", existing);
    checkIam(problems, "iam", iam);
}

/**
 * Checks that whoever acts in AWS can have a role, and that AWS takes the names that follow from the platform's. The choice
 * itself has to be sound. `mesh` is for people.
 */
export function checkIdentities(
    problems: Problems,
    name: string,
    { eks, existing, iam }: ClusterChoice,
    mesh: string,
    accounts: readonly AwsAccount[],
): void {
    const made = accounts.filter(({ serviceAccount }) => iam?.roles?.[accountKey(serviceAccount)] === undefined);
    if (existing?.kubeconfig !== undefined && existing.identity === undefined) {
        problems.require(made.length === 0, {
            path: "existing.identity",
            rule: `is needed by ${mesh}, which acts in AWS as ${made.map((m) => accountKey(m.serviceAccount)).join(" and ")}`,
            fix:
                "Give the cluster's OpenID Connect provider, or a role for each of them in `iam.roles`, or " +
                "`eksClusterName` in place of the kubeconfig.",
        });
        return;
    }
    const roles = made.map(({ childName }): NamedInAws => ({ kind: "role", childName: `${name}-${childName}` }));
    if (existing === undefined) {
        checkEksNames(problems, name, eks, iam, roles);
    } else {
        checkAwsNames(problems, "name", name, roles);
    }
}

/** Builds the cluster or connects to it. */
export function clusterOf(name: string, { eks, existing, iam, tags }: ClusterChoice, parent: pulumi.Resource): Cluster {
    if (existing !== undefined) {
        return existingCluster(name, existing, iam, parent);
    }
    for (const warning of eksWarnings(eks)) {
        void pulumi.log.warn(warning, parent);
    }
    return eksCluster(name, eks ?? {}, iam, tags, parent);
}
