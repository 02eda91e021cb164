import * as awsEks from "@pulumi/aws/eks";
import * as awsIam from "@pulumi/aws/iam";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";

import { IdentityConnection } from "../connection";
import { Fields, checkFields, checkOneOf, checkPattern, checkSecretText, isLater } from "../shape";
import { Problems, checkPlain } from "../validation";
import { Cluster } from "./cluster";
import { clusterArn } from "./clusterArn";
import { IamArgs, checkMethod, withIam } from "./iam";
import { eksKubeconfig, isKubeconfig, withContext } from "./kubeconfig";

/** A cluster that exists, by its kubeconfig or by its name in EKS. */
export interface ExistingClusterArgs {
    /**
     * The text of a kubeconfig for it: of kind, minikube or any cloud. It is kept as a secret. With it AWS is asked nothing.
     * `kubectl config view --raw --flatten --minify` prints one that needs no other file.
     * @default - the cluster is named by `eksClusterName`
     */
    kubeconfig?: pulumi.Input<string>;
    /**
     * The name of an EKS cluster in the account and region that Pulumi works in. Whoever runs Pulumi has to be let into it,
     * and needs the `aws` command.
     * @default - the cluster is reached by `kubeconfig`
     */
    eksClusterName?: pulumi.Input<string>;
    /**
     * The context of the kubeconfig to use.
     * @default - its current one
     */
    context?: string;
    /**
     * The name that people know the cluster by; alerts have it.
     * @default - `eksClusterName`, or the component's name
     */
    clusterName?: pulumi.Input<string>;
    /**
     * What is needed to give its pods AWS identities: for an EKS cluster that is reached by its kubeconfig.
     * @default - looked up for `eksClusterName`; none with `kubeconfig`
     */
    identity?: IdentityConnection;
    /**
     * Something that is unique to the cluster and lives as long, such as its UID. While it stays, a new address or new
     * credentials in the kubeconfig change nothing in the cluster.
     * @default - the issuer of its tokens where that is known, or else what the kubeconfig says
     */
    clusterIdentifier?: pulumi.Input<string>;
}

/** Checks a cluster that exists. */
export function checkExisting(problems: Problems, path: string, args: ExistingClusterArgs | undefined): void {
    if (args === undefined || !checkPlain(problems, path, args)) {
        return;
    }
    if (checkFields(problems, path, args, 'Write it like { eksClusterName: "shop" }.') === undefined) {
        return;
    }
    const { kubeconfig, context, identity } = args;
    // A kubeconfig holds secrets, so only that it is given is shown.
    const given = { ...(kubeconfig !== undefined && { kubeconfig: "given" }), eksClusterName: args.eksClusterName };
    checkOneOf(problems, path, given as Fields, ["kubeconfig", "eksClusterName"]);
    checkSecretText(problems, `${path}.kubeconfig`, kubeconfig);
    if (typeof kubeconfig === "string" && kubeconfig !== "") {
        problems.require(isKubeconfig(kubeconfig), {
            path: `${path}.kubeconfig`,
            secret: true,
            rule: "is not the text of a kubeconfig",
            fix: 'Give the content of the file, not its path: `fs.readFileSync(path, "utf8")`.',
        });
    }
    checkPattern(
        problems,
        `${path}.eksClusterName`,
        args.eksClusterName,
        /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
        "is not the name of an EKS cluster",
        "Give the name alone; `aws eks list-clusters` lists them.",
    );
    if (checkPlain(problems, `${path}.context`, context)) {
        problems.require(context === undefined || (typeof context === "string" && context !== ""), {
            path: `${path}.context`,
            value: context,
            rule: "is not the name of a context",
            fix: "`kubectl config get-contexts` lists them.",
        });
    }
    problems.require(context === undefined || kubeconfig !== undefined, {
        path: `${path}.context`,
        value: context,
        rule: "chooses in a kubeconfig, and none is given",
        fix: "Leave it out.",
    });
    checkIdentity(problems, `${path}.identity`, identity);
}

function checkIdentity(problems: Problems, path: string, identity: IdentityConnection | undefined): void {
    if (!checkPlain(problems, path, identity)) {
        return;
    }
    const fields = checkFields(problems, path, identity, "Give the OpenID Connect provider of the cluster.");
    if (fields === undefined) {
        return;
    }
    for (const key of ["providerArn", "issuer", "partition", "region", "accountId"]) {
        const value = fields[key];
        problems.require(isLater(value) || (typeof value === "string" && value !== ""), {
            path: `${path}.${key}`,
            value,
            rule: "is required",
            fix: "docs/existing-clusters.md says where to find it.",
        });
    }
    checkPattern(
        problems,
        `${path}.issuer`,
        fields.issuer,
        /^(?!https?:\/\/)/,
        "begins with a scheme, which trust policies do not have",
        "Leave out https://.",
    );
    checkMethod(problems, `${path}.method`, fields.method);
    problems.require(fields.method !== "pod-identity" || fields.clusterName !== undefined, {
        path: `${path}.clusterName`,
        rule: "is required for Pod Identity: its associations are with a cluster of EKS, by name",
        fix: "Give it, or leave out `method`.",
    });
}

/** Connects to a cluster that exists. */
export function existingCluster(
    name: string,
    args: ExistingClusterArgs,
    iam: IamArgs | undefined,
    parent: pulumi.Resource,
): Cluster {
    const { kubeconfig, identity } =
        args.eksClusterName === undefined
            ? { kubeconfig: pulumi.output(args.kubeconfig!), identity: args.identity }
            : findEks(args.eksClusterName, args.identity, parent);
    const secret = pulumi.secret(kubeconfig.apply((text) => withContext(text, args.context)));
    const identifier = args.clusterIdentifier ?? identity?.issuer;
    const provider = new Provider(name, { kubeconfig: secret, clusterIdentifier: identifier }, { parent });
    return {
        kubeconfig: secret,
        name: pulumi.output(args.clusterName ?? args.eksClusterName ?? name),
        identifier,
        ...(identity !== undefined && { identity: withIam(identity, iam) }),
        provider,
    };
}

/** What AWS says of an EKS cluster. */
function findEks(
    name: pulumi.Input<string>,
    given: IdentityConnection | undefined,
    parent: pulumi.Resource,
): { kubeconfig: pulumi.Output<string>; identity: IdentityConnection } {
    const found = awsEks.getClusterOutput({ name }, { parent });
    const where = clusterArn(found.arn);
    const kubeconfig = pulumi
        .all([found.name, where.region, found.endpoint, found.certificateAuthorities])
        .apply(([clusterName, region, endpoint, authorities]) =>
            eksKubeconfig({ name: clusterName, region, endpoint, certificate: authorities[0]?.data ?? "" }),
        );
    if (given !== undefined) {
        return { kubeconfig, identity: { clusterName: found.name, ...given } };
    }
    const url = found.identities.apply((identities) => identities[0]?.oidcs[0]?.issuer ?? "");
    const oidc = awsIam.getOpenIdConnectProviderOutput({ url }, { parent });
    return {
        kubeconfig,
        identity: {
            providerArn: oidc.arn,
            issuer: url.apply((address) => address.replace("https://", "")),
            ...where,
            clusterName: found.name,
        },
    };
}
