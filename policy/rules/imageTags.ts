import { Problems } from "../../components/validation";
import { chartOf } from "../charts";
import { parseImage } from "../images";
import { containersOf, podsOf } from "../pods";
import { Options, ResourceRule, textsOf } from "../rule";
import { Entry, entriesOf } from "../tree";

/** Images are of one version, in pods and in the values of charts. */
export const imageTags: ResourceRule = {
    name: "image-tags",
    description: "Images have a tag that stays with one version, or a digest.",
    enforcementLevel: "mandatory",
    severity: "high",
    options: {
        floatingTags: {
            description: "Tags that move from version to version.",
            default: ["latest", "stable", "edge", "nightly", "main", "master"],
        },
        requireDigest: {
            description: "Whether images of pods need a digest, which nobody can move, beside or instead of the tag.",
            default: false,
        },
    },
    check(problems, resource, options) {
        const pods = podsOf(resource);
        for (const { path, fields } of pods === undefined ? [] : containersOf(pods)) {
            if (typeof fields.image === "string") {
                checkImage(problems, `${path}.image`, fields.image, options);
            }
        }
        const chart = chartOf(resource);
        for (const entry of chart === undefined ? [] : entriesOf("values", chart.values)) {
            checkValue(problems, entry, options);
        }
    },
};

function checkImage(problems: Problems, path: string, reference: string, options: Options): void {
    const { tag, digest } = parseImage(reference);
    if (digest !== undefined) {
        return;
    }
    const pinned = problems.require(tag !== undefined, {
        path,
        value: reference,
        rule: "has no tag, which means `latest`: a pod that starts tomorrow may run another version, and no canary before it",
        fix: "Name a version.",
    });
    if (!pinned || !checkTag(problems, path, reference, tag!, options)) {
        return;
    }
    problems.require(options.requireDigest !== true, {
        path,
        value: reference,
        rule: "has no digest, and `requireDigest` asks for one",
        fix: "Add it: image:tag@sha256:...",
    });
}

function checkTag(problems: Problems, path: string, value: string, tag: string, options: Options): boolean {
    return problems.require(!textsOf(options, "floatingTags").includes(tag), {
        path,
        value,
        rule: `has the tag ${tag}, which moves: a pod that starts tomorrow may run another version, and no canary before it`,
        fix: "Name a version.",
    });
}

/** A chart fills in the tag of its version where none is given, so only what is given can be wrong. */
function checkValue(problems: Problems, { path, key, value, siblings }: Entry, options: Options): void {
    if (typeof value !== "string" || siblings.digest) {
        return;
    }
    if (/image$/i.test(key)) {
        const { tag, digest } = parseImage(value);
        if (tag !== undefined && digest === undefined) {
            checkTag(problems, path, value, tag, options);
        }
    } else if (/^(image)?tag$/i.test(key) && isOfImage(siblings, path)) {
        checkTag(problems, path, value, value, options);
    }
}

/** Whether a tag stands where charts have those of images: beside where the image comes from, or below a key for images. */
function isOfImage(siblings: Record<string, unknown>, path: string): boolean {
    return ["repository", "registry", "hub"].some((key) => siblings[key] !== undefined) || /image/i.test(path);
}
