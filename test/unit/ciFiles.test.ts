import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import packageJson from "../../package.json";
import { pulumiVersion } from "../../lab/toolchain/tools";
import { root } from "./docs";

const text = (file: string) => fs.readFileSync(path.join(root, "examples", "ci", file), "utf8");

interface Step {
    uses?: string;
    run?: string;
    env?: Record<string, string>;
}

interface Job {
    permissions?: Record<string, string>;
    "runs-on": string;
    "timeout-minutes": number;
    if?: string;
    needs?: string;
    steps: Step[];
}

/** The scripts of package.json that a text runs. */
const scriptsIn = (commands: string) =>
    [...commands.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((match) => match[1]!);
const known = Object.keys(packageJson.scripts);

describe("the workflow for GitHub", () => {
    const file = text("github/preview.yml");
    const { permissions, on, jobs } = parse(file) as {
        permissions: object;
        on: Record<string, unknown>;
        jobs: Record<string, Job>;
    };

    it("runs for pull requests, and never with the rights of the branch that they are for", () => {
        assert.deepEqual(Object.keys(on), ["pull_request"]);
    });

    it("gives each job the rights that it needs, and no others", () => {
        assert.deepEqual(permissions, {});
        assert.deepEqual(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions])), {
            offline: { contents: "read" },
            comment: { "pull-requests": "write" },
            cloud: { contents: "read", "id-token": "write", "pull-requests": "write" },
        });
    });

    it("runs the code of forks only where there is nothing to take", () => {
        const own = "github.event.pull_request.head.repo.full_name == github.repository";
        for (const [name, job] of Object.entries(jobs)) {
            const writes = Object.values(job.permissions!).includes("write");
            assert.equal(job.if?.includes(own) ?? false, writes, name);
            assert.ok(job["timeout-minutes"] <= 30, name);
        }
        // Long-lived keys would be secrets of the repository; a role by OIDC needs none.
        assert.doesNotMatch(file, /secrets\.|AWS_ACCESS_KEY|AWS_SECRET/);
    });

    it("pins each action and the runner to a version", () => {
        const steps = Object.values(jobs).flatMap((job) => job.steps);
        const used = steps.flatMap(({ uses }) => uses ?? []);
        assert.ok(used.length >= 6);
        for (const action of used) {
            assert.match(action, /^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/);
        }
        for (const job of Object.values(jobs)) {
            assert.match(job["runs-on"], /^ubuntu-\d+\.\d+$/);
        }
        // What a pull request calls itself is never part of a command.
        assert.deepEqual(
            steps.filter(({ run = "" }) => run.includes("${{")),
            [],
        );
    });

    it("takes the version of Pulumi that is tested", () => {
        assert.ok(file.includes(`pulumi-version: ${pulumiVersion.slice(1)}\n`));
    });

    it("runs scripts that there are", () => {
        const scripts = Object.values(jobs).flatMap((job) => job.steps.flatMap(({ run = "" }) => scriptsIn(run)));
        assert.deepEqual(scripts, ["preview:offline", "build"]);
        assert.deepEqual(
            scripts.filter((script) => !known.includes(script)),
            [],
        );
    });

    it("fails when the preview does, though its output goes through a pipe", () => {
        const piped = jobs.offline!.steps.filter(({ run = "" }) => run.includes("| tee"));
        assert.equal(piped.length, 1);
        // GitHub runs `bash` with pipefail only where the shell is named.
        assert.equal((piped[0] as Step & { shell?: string }).shell, "bash");
    });
});

describe("the pipeline for GitLab", () => {
    const file = text("gitlab/.gitlab-ci.yml");
    interface GitLabJob {
        stage: string;
        image: string;
        script: string[];
        rules?: { if: string }[];
        needs?: unknown[];
        id_tokens?: Record<string, { aud: string }>;
    }
    const { stages, workflow, variables, ...jobs } = parse(file) as Record<string, GitLabJob> & {
        stages: string[];
        workflow: { rules: { if: string }[] };
        variables: object;
    };

    it("runs for merge requests, in stages that there are", () => {
        assert.deepEqual(workflow.rules, [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
        assert.deepEqual(variables, { STACK: "dev" });
        for (const { stage } of Object.values(jobs)) {
            assert.ok(stages.includes(stage), stage);
        }
    });

    it("gives a token of AWS to one job, and that and the note only to branches of the project", () => {
        const withToken = Object.entries(jobs).filter(([, job]) => job.id_tokens !== undefined);
        assert.deepEqual(
            withToken.map(([name]) => name),
            ["preview"],
        );
        for (const [name, { rules = [] }] of Object.entries(jobs)) {
            const own = rules.every((rule) =>
                rule.if.includes("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID"),
            );
            assert.ok(name === "offline" ? rules.length === 0 : rules.length > 0 && own, name);
        }
        assert.doesNotMatch(file, /AWS_ACCESS_KEY|AWS_SECRET/);
    });

    it("pins its images, that of Pulumi to the version that is tested", () => {
        for (const { image } of Object.values(jobs)) {
            assert.match(image, /:\d+\.\d+\.\d+(-\w+)?$/);
        }
        assert.equal(jobs.preview!.image, `pulumi/pulumi:${pulumiVersion.slice(1)}`);
    });

    it("runs scripts that there are, and fails when the preview does", () => {
        const scripts = Object.values(jobs).flatMap((job) => job.script.flatMap(scriptsIn));
        assert.deepEqual(scripts, ["preview:offline", "build"]);
        assert.equal(jobs.offline!.script[0], "set -o pipefail");
    });
});

describe("docs/ci.md", () => {
    const page = fs.readFileSync(path.join(root, "docs", "ci.md"), "utf8");

    it("names scripts and options that there are", () => {
        assert.deepEqual(
            scriptsIn(page).filter((script) => !known.includes(script)),
            [],
        );
        const command = fs.readFileSync(path.join(root, "scripts", "previewOffline.ts"), "utf8");
        const lines = page.split("\n").filter((line) => line.includes("preview:offline"));
        for (const [option] of lines.join("\n").matchAll(/ --(?!silent|\s)[\w-]+/g)) {
            assert.ok(command.includes(`"${option.trim()} `), option);
        }
    });

    it("names every variable that the files have to be given", () => {
        const files = text("github/preview.yml") + text("gitlab/.gitlab-ci.yml");
        const asked = [
            ...[...files.matchAll(/vars\.(\w+)/g)].map((match) => match[1]!),
            "AWS_PREVIEW_ROLE",
            "PREVIEW_NOTE_TOKEN",
        ];
        assert.deepEqual(
            asked.filter((name) => !page.includes(`\`${name}\``)),
            [],
        );
    });
});
