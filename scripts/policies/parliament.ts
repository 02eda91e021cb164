import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { LabError } from "../../lab/labError";
import { cache } from "../../lab/paths";
import { requirePip } from "../../lab/toolchain/wheel";
import { NamedPolicy } from "./document";

const run = promisify(execFile);
const requirements = path.join(__dirname, "parliament", "requirements.txt");

/** What parliament says of one policy. */
export interface Remark {
    issue: string;
    title: string;
    severity: string;
    detail: unknown;
    location: { string?: unknown; filepath?: string };
}

/** What parliament's own copy of AWS' reference, of April 2025, does not know yet, by action. */
const newer: Record<string, string> = Object.fromEntries(
    [
        "servicediscovery:GetInstance",
        "servicediscovery:ListInstances",
        "servicediscovery:GetInstancesHealthStatus",
        "servicediscovery:UpdateInstanceCustomHealthStatus",
        "servicediscovery:GetOperation",
    ].map((action) => [action, "AWS binds it to services by now"]),
);

/** Whether all that a remark is about is known better. */
export function isOutdated({ issue, detail }: Remark): boolean {
    const about = Array.isArray(detail) ? (detail as { action?: string }[]).map(({ action }) => action ?? "") : [];
    return issue === "RESOURCE_MISMATCH" && about.length > 0 && about.every((action) => Object.hasOwn(newer, action));
}

/** The folder with parliament, which pip fills once: every package of it by version and hash. */
async function installed(): Promise<string> {
    const key = createHash("sha256").update(fs.readFileSync(requirements)).digest("hex").slice(0, 16);
    const folder = path.join(cache, "parliament", key);
    if (fs.existsSync(folder)) {
        return folder;
    }
    await requirePip();
    const unfinished = `${folder}.${process.pid}`;
    const pip = ["-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--target"];
    await run("python3", [...pip, unfinished, "-r", requirements]).catch((error: { stderr?: string }) => {
        fs.rmSync(unfinished, { recursive: true, force: true });
        throw new LabError(
            `parliament could not be installed:\n${(error.stderr ?? "").trim()}`,
            "Check that pip reaches its package index (`python3 -m pip config list`), then run this again.",
        );
    });
    // Whole or not at all, whoever else is at it.
    if (fs.existsSync(folder)) {
        fs.rmSync(unfinished, { recursive: true, force: true });
    } else {
        fs.renameSync(unfinished, folder);
    }
    return folder;
}

/** What parliament, a linter for policies of IAM, says of policies, each with the policy's name. */
export async function remarks(policies: readonly NamedPolicy[]): Promise<[string, Remark][]> {
    const home = await installed();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "policies-"));
    try {
        policies.forEach(({ document }, index) =>
            fs.writeFileSync(path.join(folder, `${index}.json`), JSON.stringify(document)),
        );
        const lint = ["-m", "parliament.cli", "--directory", folder, "--include_policy_extension", "json", "--json"];
        const environment = { ...process.env, PYTHONPATH: home, PYTHONWARNINGS: "ignore" };
        // It ends with 1 where it has something to say.
        const { stdout, stderr } = await run("python3", lint, { env: environment }).catch(
            (error: { stdout?: string; stderr?: string }) => ({
                stdout: error.stdout ?? "",
                stderr: error.stderr ?? "",
            }),
        );
        if (stderr.includes("Traceback")) {
            throw new LabError(`parliament failed:\n${stderr.trim()}`, "Look whether this Python is 3.10 or newer.");
        }
        return stdout
            .split("\n")
            .filter((line) => line.startsWith("{"))
            .map((line) => JSON.parse(line) as Remark)
            .map((remark) => [policies[Number.parseInt(path.basename(remark.location.filepath!), 10)]!.name, remark]);
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}
