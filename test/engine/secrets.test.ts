import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { drawCredentials } from "../../components/mesh/linkerd/certificates";
import { Lab } from "../../lab/lab";
import { Project, PulumiResult } from "../../lab/pulumi";
import { givenAsSecrets, secretInputs } from "../secretInputs";
import { nothingLeft, succeeded } from "./asserts";
import { Leaks } from "./leaks";
import { theLab } from "./theLab";
import { wholeObjects } from "./wholeObjects";

/** What the program is given, and what of it must not be told. */
interface Planted {
    values: Record<string, string>;
    markers: Record<string, string>;
}

/** What Pulumi's SDK writes with --debug, whatever a program registers. */
const ofPulumi = /debug: RegisterResource RPC (prepared|finished): /;

/**
 * What Flagger itself tells: it writes the address of a webhook or a chat that it does not reach to its log, that of a webhook into the
 * Events of its Canary, too. docs/security.md says so.
 */
const ofFlagger =
    /^(logs\/flagger-system_flagger-.*_flagger\.log|events apps\/till[^:]*): (eventUrl|webhookUrl|slackUrl|teamsUrl|appChat)$/;

/** Pulumi's Kubernetes provider gives Helm its kubeconfig in a file, and leaves that where TMPDIR says. docs/security.md says so, too. */
const ofProvider = /^temporary\/kubeconfig\d+: (\w+Kubeconfig|the cluster's token)$/;

/** Something of its own for every argument that takes a secret, in the form that it takes. */
function plant(): Planted {
    const values: Record<string, string> = {};
    const markers: Record<string, string> = {};
    const credentials = { ...secretInputs, ...givenAsSecrets };
    for (const name of Object.values(credentials)) {
        const marker = `planted${randomBytes(12).toString("hex")}`;
        markers[name] = marker;
        values[name] = /(Url|hat)$/.test(name)
            ? `https://hooks.example/${marker}`
            : name.endsWith("Proxy")
              ? `http://user:${marker}@proxy.example:3128`
              : marker;
    }
    const drawn = drawCredentials("identity.linkerd.cluster.local", 30);
    const second = drawCredentials("identity.linkerd.cluster.local", 30);
    Object.assign(values, {
        trustAnchor: drawn.trustAnchor + second.trustAnchor,
        issuerKey: drawn.key,
        issuerKeyCertificate: drawn.certificate,
        secondIssuerKey: second.key,
        secondIssuerKeyCertificate: second.certificate,
    });
    // The first line of a key says its kind, which all have in common; the second is the key's own.
    Object.assign(markers, { issuerKey: drawn.key.split("\n")[2]!, secondIssuerKey: second.key.split("\n")[2]! });
    return { values, markers };
}

/** A secret for every argument that takes one, and a look at all that a run leaves or says. */
describe("secrets", function () {
    this.timeout(600_000);
    // Each step stands on the one before.
    const { values, markers } = plant();
    let lab: Lab;
    let stack: Project;
    let temporary: string;
    let leaks: Leaks;

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        temporary = path.join(lab.folder, "temporary");
        fs.mkdirSync(temporary);
        const { user } = (
            JSON.parse(fs.readFileSync(lab.controlPlane.kubeconfigFile, "utf8")) as {
                users: { user: { token: string } }[];
            }
        ).users[0]!;
        leaks = new Leaks({ ...markers, "the cluster's token": user.token });
        const program = path.join(__dirname, "programs", "secrets");
        stack = await lab.pulumi.project("secrets", program, "test", {
            chartRepository: lab.charts,
            variant: "first",
            tag: "6.0.0",
        });
    });

    /** Runs the command with what is planted, and fails with the lines of its output that tell any of it. */
    const run = async (...args: string[]): Promise<PulumiResult> => {
        const environment = { PLANTED_SECRETS: JSON.stringify(values), TMPDIR: temporary };
        const result = await stack.run(args, undefined, undefined, environment);
        const telling = result.output.split("\n").filter((line) => leaks.in(line).length > 0 && !ofPulumi.test(line));
        const told = telling.map((line) => `${leaks.in(line).join()}: ${line.slice(0, 200)}`);
        assert.deepEqual(told, [], `pulumi ${args.join(" ")} tells`);
        return result;
    };
    const update = () => run("up", "--yes", "--skip-preview", "--diff");

    /** All that was written, wherever a program may write, but for the file systems of pods: there Secrets are mounted. */
    const written = (): string[] => {
        const folders = [path.join(lab.folder, "pulumi"), lab.logs, temporary];
        const found = folders.map((folder) => ({ folder, ...leaks.below(folder) }));
        assert.ok(found[0]!.files > 20, "no state was looked at");
        const all = found.flatMap(({ folder, leaks: told }) => told.map((leak) => `${path.basename(folder)}/${leak}`));
        return all.filter((leak) => !ofFlagger.test(leak) && !ofProvider.test(leak));
    };
    /** Where they stand in the cluster outside of Secrets: in the Canary, where alone Flagger looks for its webhooks. */
    const inCluster = async () => {
        const all = leaks.among(await wholeObjects(lab.controlPlane.kubeconfig)).sort();
        return all.filter((leak) => !ofFlagger.test(leak));
    };
    const inCanary = ["canaries apps/till: webhookMetadata", "canaries apps/till: webhookUrl"];

    it("stay out of previews", async () => {
        succeeded(await run("preview", "--diff"));
        succeeded(await run("preview", "--json", "--show-reads"));
        // With this Pulumi's own SDK writes out all that is registered; the test is that nobody else does.
        succeeded(await run("preview", "--debug"));
    });

    it("stay out of an update, and of all that shows its outcome", async () => {
        succeeded(await update());
        succeeded(await run("stack", "export"));
        succeeded(await run("stack", "output", "--json"));
        succeeded(await run("stack", "--show-urns", "--show-ids"));
        succeeded(await run("stack", "history", "--json"));
        assert.deepEqual(written(), []);
    });

    it("stand in Secrets of the cluster and nowhere else, but for what Flagger reads in the Canary", async () => {
        assert.deepEqual(await inCluster(), inCanary);
    });

    it("stay out of a refresh, and of the preview after it", async () => {
        succeeded(await run("refresh", "--yes", "--skip-preview", "--diff"));
        succeeded(await run("preview", "--diff"));
        assert.deepEqual(written(), []);
    });

    it("stay out of an update that changes them", async () => {
        await stack.configure({ variant: "second" });
        succeeded(await update());
        assert.deepEqual(written(), []);
        assert.deepEqual(await inCluster(), inCanary);
    });

    it("stay out of an update that fails by Flagger's own words", async () => {
        await stack.configure({ tag: "6.0.1" });
        const failed = await update();
        assert.notEqual(failed.code, 0);
        assert.match(failed.output, /Flagger: .*\[secret\]/, failed.output);
        assert.deepEqual(written(), []);
        assert.deepEqual(await inCluster(), inCanary);
    });

    it("stay out of an update that the cluster refuses", async () => {
        await stack.configure({ backend: "true" });
        const failed = await update();
        assert.notEqual(failed.code, 0);
        assert.match(failed.output, /error: .*VirtualNode/, failed.output);
        assert.deepEqual(written(), []);
        assert.deepEqual(await inCluster(), inCanary);
    });

    it("stay out of a destroy, and are gone with it", async () => {
        succeeded(await run("destroy", "--yes", "--skip-preview", "--diff"));
        assert.deepEqual(written(), []);
        assert.deepEqual(await inCluster(), []);
        await nothingLeft(lab);
    });
});
