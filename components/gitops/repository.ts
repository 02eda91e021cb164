import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";

import { checkUrl, hasUserInfo, redacted } from "../http";
import { checkObjectName } from "../objectNames";
import { checkPattern, checkSecretText, isObject } from "../shape";
import { Problems, checkPlain } from "../validation";
import { checkFluxDuration } from "./fluxDuration";

/** Where Flux finds what it applies: a branch, tag or range of versions of one repository. */
export interface GitRepositoryArgs {
    /**
     * The address: `https://` or `ssh://` for a Git repository, `oci://` (without a tag) for an artifact in a registry. It
     * decides the kind of the object, so it has to be plain.
     */
    url: string;
    /**
     * The branch, of a Git repository alone.
     * @default - "main", unless a tag or a range is given
     */
    branch?: string;
    /**
     * The tag.
     * @default - none in Git; "latest" in a registry, unless a range is given
     */
    tag?: string;
    /**
     * A range of versions, of which the newest tag counts: `">=1.0.0 <2.0.0"`.
     * @default - none
     */
    semver?: string;
    /**
     * How often Flux looks for something new, like "30s" or "1m".
     * @default "1m"
     */
    interval?: string;
    /**
     * The name of a Secret in Flux's namespace that lets it in: `username` and `password`, or `identity` and `known_hosts`
     * for `ssh://`; for `oci://` one of the type `kubernetes.io/dockerconfigjson`.
     * @default - everybody may read the repository
     */
    secretRef?: string;
    /**
     * A token that may read the Git repository, for `https://` alone. It is kept as a secret.
     * @default - none
     */
    token?: pulumi.Input<string>;
}

/** The group and version of Flux's sources. */
export const sourceVersion = "source.toolkit.fluxcd.io/v1";
/** The name of the repository's object, and of the Secret with its token. */
export const repositoryName = "apps";

/** The kind of object that stands for what is at an address. */
export function repositoryKind(url: string): string {
    return url.startsWith("oci://") ? "OCIRepository" : "GitRepository";
}

const refs = ["branch", "tag", "semver"] as const;

/** Checks where Flux is to read. */
export function checkRepository(problems: Problems, path: string, repository: unknown): void {
    if (!isObject(repository)) {
        problems.add({
            path,
            rule: "is required as an object: without a repository Flux has nothing to apply",
            fix: 'Write it like { url: "https://git.example/org/apps" }.',
        });
        return;
    }
    checkAddress(problems, `${path}.url`, repository.url);
    for (const key of [...refs, "secretRef"] as const) {
        checkPattern(problems, `${path}.${key}`, repository[key], /\S/, "is no text", "Give one, or leave it out.");
    }
    const given = refs.filter((key) => repository[key] !== undefined);
    problems.require(given.length <= 1, {
        path,
        value: given,
        rule: "names more than one thing to follow, and Flux would follow one of them alone",
        fix: `Keep one of ${refs.join(", ")}.`,
    });
    checkFluxDuration(problems, `${path}.interval`, repository.interval);
    checkObjectName(problems, `${path}.secretRef`, repository.secretRef);
    checkSecretText(problems, `${path}.token`, repository.token);
    problems.require(repository.token === undefined || repository.secretRef === undefined, {
        path: `${path}.secretRef`,
        value: repository.secretRef,
        rule: "is given beside `token`, and Flux reads one Secret alone",
        fix: "Keep one of the two.",
    });
    if (typeof repository.url === "string") {
        checkScheme(problems, path, repository.url, repository);
    }
}

function checkAddress(problems: Problems, path: string, url: unknown): void {
    if (url === undefined) {
        problems.add({ path, rule: "is required", fix: "Give the repository's address." });
    }
    const rules = { schemes: ["https", "ssh", "http", "oci"], otherwise: "Flux could not read it", shown: true };
    if (!checkPlain(problems, path, url) || !checkUrl(problems, path, url, rules) || typeof url !== "string") {
        return;
    }
    problems.require(url.startsWith("ssh://") || !hasUserInfo(url), {
        path,
        value: redacted(url),
        rule: "holds credentials, which everybody who may read the object would see",
        fix: "Give them as `token`, or in a Secret that `secretRef` names.",
    });
}

/** Checks what one kind of address takes and another does not. */
function checkScheme(problems: Problems, path: string, url: string, repository: Record<string, unknown>): void {
    const oci = repositoryKind(url) === "OCIRepository";
    problems.require(!oci || repository.branch === undefined, {
        path: `${path}.branch`,
        value: repository.branch,
        rule: "is for a Git repository: an artifact in a registry has no branches",
        fix: "Give `tag` or `semver`.",
    });
    problems.require(repository.token === undefined || url.startsWith("https://"), {
        path: `${path}.token`,
        secret: true,
        rule: "is for an address that begins with https://: others take no token, or would show it to the network",
        fix: "Name a Secret that lets Flux in as `secretRef`.",
    });
    problems.require(!url.startsWith("ssh://") || repository.secretRef !== undefined, {
        path: `${path}.secretRef`,
        rule: "is required for ssh://: Flux needs a key, and the host keys that it trusts",
        fix: "Name a Secret with `identity` and `known_hosts`.",
    });
}

/** Makes the object by which Flux reads the repository. */
export function repository(
    name: string,
    namespace: string,
    args: GitRepositoryArgs,
    dependsOn: pulumi.Output<pulumi.Resource[]>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
    const { url, branch, tag, semver, interval = "1m", secretRef, token } = args;
    const metadata = { name: repositoryName, namespace };
    const kind = repositoryKind(url);
    const made: pulumi.Resource[] = [];
    if (token !== undefined) {
        // Servers look at the token alone; the name only must not be empty.
        const stringData = pulumi.secret({ username: "git", password: token });
        made.push(new Secret(`${name}-repository`, { metadata, stringData }, opts));
    }
    const secret = token === undefined ? secretRef : repositoryName;
    return new CustomResource(
        `${name}-repository`,
        {
            apiVersion: sourceVersion,
            kind,
            metadata,
            spec: {
                url,
                interval,
                ref: refOf(kind, { branch, tag, semver }),
                ...(secret !== undefined && { secretRef: { name: secret } }),
            },
        },
        { ...opts, dependsOn: dependsOn.apply((others) => [...others, ...made]) },
    );
}

/** What of the repository is followed. */
function refOf(kind: string, { branch, tag, semver }: Partial<GitRepositoryArgs>): Record<string, string> {
    if (semver !== undefined) {
        return { semver };
    }
    if (tag !== undefined) {
        return { tag };
    }
    return kind === "OCIRepository" ? { tag: "latest" } : { branch: branch ?? "main" };
}
