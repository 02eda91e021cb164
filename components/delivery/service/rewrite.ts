import { checkUrlPath } from "../../http";
import { checkFields, checkText } from "../../shape";
import { Problems } from "../../validation";

/** Changes to where a request goes, made before it reaches the application. */
export interface RewriteArgs {
    /**
     * The path instead of the one that was matched, beginning with a slash.
     * @default - the path stays
     */
    uri?: string;
    /**
     * The host instead of the one that was asked for.
     * @default - the host stays
     */
    authority?: string;
    /**
     * Where the mesh is a Gateway API: whether `uri` replaces the whole path, `ReplaceFullPath`, or only the part that
     * a prefix matched, `ReplacePrefixMatch`.
     * @default "ReplaceFullPath"
     */
    type?: string;
}

/** Checks a rewrite. */
export function checkRewrite(problems: Problems, path: string, value: unknown): void {
    const rewrite = checkFields(problems, path, value, `Write it like { uri: "/" }.`);
    if (rewrite === undefined) {
        return;
    }
    problems.require(rewrite.uri !== undefined || rewrite.authority !== undefined, {
        path,
        value,
        rule: "rewrites nothing; the mesh would refuse the route and Flagger would stand still",
        fix: "Give a uri, an authority or both.",
    });
    checkUrlPath(problems, `${path}.uri`, rewrite.uri);
    checkText(problems, `${path}.authority`, rewrite.authority);
    const types = ["ReplaceFullPath", "ReplacePrefixMatch"];
    problems.require(rewrite.type === undefined || types.includes(rewrite.type as string), {
        path: `${path}.type`,
        value: rewrite.type,
        rule: "is not a type of rewrite: Flagger would replace the whole path without saying so",
        fix: `Use one of ${types.join(", ")}.`,
    });
}
