import fs from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { WholeObject } from "./wholeObjects";

/** How a text reads where it stands in a longer one that is written in base64: by where in a group of three bytes it begins. */
function encodings(text: string): string[] {
    return [0, 1, 2].map((offset) => {
        const whole = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString("base64url");
        // The characters at both ends hold something of what is around it, too.
        return whole.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + text.length) * 8) / 6));
    });
}

/** Finds planted texts, as they are and in base64. */
export class Leaks {
    private readonly needles: [string, string][];

    /** `planted` is what to look for, by names that may be told. */
    constructor(planted: Record<string, string>) {
        this.needles = Object.entries(planted).flatMap(([name, text]) =>
            [text, ...encodings(text)].map((needle): [string, string] => [name, needle]),
        );
    }

    /** The names of what stands in a text. */
    in(text: string | Buffer): string[] {
        const plain = Buffer.isBuffer(text) ? text.toString("latin1") : text;
        // One alphabet for both kinds of base64.
        const encoded = plain.replaceAll("+", "-").replaceAll("/", "_");
        const found = this.needles.filter(([, needle]) => plain.includes(needle) || encoded.includes(needle));
        return [...new Set(found.map(([name]) => name))];
    }

    /** "file: name" for what stands in a file below a folder; answers how many files were read, too. */
    below(folder: string): { files: number; leaks: string[] } {
        const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
        const leaks = files.flatMap((file) => {
            const names = [...this.in(path.basename(file)), ...this.in(contents(file))];
            return names.map((name) => `${path.relative(folder, file)}: ${name}`);
        });
        return { files: files.length, leaks };
    }

    /**
     * "plural namespace/name: what" for what stands in an object of the cluster that is no Secret. Of Secrets those of Helm are
     * looked into: there stand the values of charts and what was made of them.
     */
    among(objects: WholeObject[]): string[] {
        return objects.flatMap(({ plural, object }) => {
            const { metadata } = object;
            const texts = plural === "secrets" ? [helmRecord(object)] : [JSON.stringify(object)];
            return texts
                .flatMap((text) => this.in(text))
                .map((name) => `${plural} ${metadata?.namespace}/${metadata?.name}: ${name}`);
        });
    }
}

/** What a file holds, unpacked. */
function contents(file: string): Buffer {
    const bytes = fs.readFileSync(file);
    return file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** What Helm keeps of a release in its Secret; nothing of any other. */
function helmRecord(object: object): string {
    const { type, data } = object as { type?: string; data?: Record<string, string> };
    if (type !== "helm.sh/release.v1") {
        return "";
    }
    const packed = Buffer.from(Buffer.from(data!.release!, "base64").toString(), "base64");
    return gunzipSync(packed).toString();
}
