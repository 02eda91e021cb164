import assert from "node:assert/strict";

import { KubernetesObject } from "@kubernetes/client-node";

import { gateWebhooks } from "../../components/delivery/gates";
import { loadTesterUrl } from "../../components/delivery/loadTester";
import { pause, poll } from "../../lab/poll";
import { FlaggerBench, canary, deployment, nextVersion } from "./bench/flaggerBench";
import { Standstills } from "./standstills";
import { Operator, Status, leadToLoadTester, serveLoadTester } from "./operating";
import { theLab } from "./theLab";
import { WatchedPage } from "./watchedPage";

const namespace = "operate";
const unwatched = "unwatched";
const key = (name: string) => `${namespace}/${name}`;
const slow = { stepWeight: 2, maxWeight: 90 };
const quick = { stepWeight: 50, maxWeight: 50 };
const gates = (asked: Parameters<typeof gateWebhooks>[1]) => ({
    webhooks: gateWebhooks(loadTesterUrl(namespace), asked),
});
const nowhere = { nodeSelector: { "example.com/nowhere": "true" } };

/** The Canaries, and what each is for. */
const analyses: Record<string, object> = {
    approved: { ...quick, ...gates({ rollout: {}, promotion: {} }) },
    stepped: { ...slow, ...gates({ trafficIncrease: {} }) },
    gated: { ...slow, ...gates({ rollback: {} }) },
    counted: slow,
    undone: quick,
    suspended: quick,
    targetless: quick,
    shared: quick,
    settings: { stepWeight: 0, maxWeight: 50, threshold: 1 },
    gateless: {
        ...quick,
        webhooks: [{ name: "gone", type: "confirm-rollout", url: `http://gone.${namespace}/gate/check` }],
    },
    forgotten: slow,
    deleted: quick,
    unprimed: quick,
    unlabelled: quick,
    ailing: quick,
};

/** What Flagger finds no label of to tell its pods from the primary's. */
const unlabelled = {
    ...deployment(namespace, "unlabelled"),
    spec: {
        selector: { matchLabels: { tier: "web" } },
        template: {
            metadata: { labels: { tier: "web" } },
            spec: { containers: [{ name: "web", image: "example.com/app:1" }] },
        },
    },
} as KubernetesObject;

/** Each command against the real Flagger, as a user with the documented Role alone; and each state in which Flagger stands still. */
describe("operating a rollout", function () {
    this.timeout(300_000);
    let bench: FlaggerBench;
    let operator: Operator;
    let elsewhere: Operator;
    let page: WatchedPage;
    /** What is waited for meanwhile, and what each wait said at last. */
    let standstills: Promise<{ waits: Promise<string[]>[] }>;
    let unlead: () => void;

    before(async () => {
        const lab = await theLab();
        // Only now: the API server would take the same proxy.
        unlead = await leadToLoadTester();
        bench = await FlaggerBench.start(lab, [], { namespace });
        for (const name of [namespace, unwatched]) {
            await bench.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
        }
        await serveLoadTester(lab, bench, namespace);
        page = await WatchedPage.start(lab);
        operator = await Operator.in(lab, bench, namespace);
        elsewhere = await Operator.in(lab, bench, unwatched);
        // They take minutes to be what they are: the others are looked at meanwhile.
        const [here, there] = [new Standstills(bench, namespace), new Standstills(bench, unwatched)];
        standstills = Promise.all([
            here.unready("unready"),
            there.unwatched("silent", "unstarted"),
            here.unpromotable("unpromotable"),
        ]).then(() => ({ waits: [here.wait("unready"), there.wait("silent")] }));
        standstills.catch(() => undefined);
        const own: Record<string, object> = {
            unprimed: { progressDeadlineSeconds: 10 },
            unlabelled: { progressDeadlineSeconds: 10 },
        };
        for (const [name, analysis] of Object.entries(analyses)) {
            await bench.create(name === "unlabelled" ? unlabelled : deployment(namespace, name));
            if (name === "unprimed") {
                await bench.patch(spec("Deployment", name, { template: { spec: nowhere } }));
            }
            await bench.create(canary(namespace, name, analysis, own[name]));
        }
        await bench.create(canary(namespace, "shared-too", quick, { targetRef: target("shared") }));
        const ready = Object.keys(analyses).filter((name) => !["unprimed", "unlabelled", "shared"].includes(name));
        await Promise.all(ready.map((name) => phase(name, "Initialized")));
        await bench.patch(spec("Canary", "suspended", { suspend: true }));
        await bench.patch({
            ...spec("Canary", "deleted", {}),
            metadata: { name: "deleted", namespace, finalizers: ["example.com/held"] },
        });
        await bench.remove("flagger.app/v1beta1", "Canary", namespace, "deleted");
        await bench.remove("apps/v1", "Deployment", namespace, "targetless");
        const released = [
            "approved",
            "stepped",
            "gated",
            "counted",
            "undone",
            "suspended",
            "settings",
            "gateless",
            "forgotten",
        ];
        await Promise.all(released.map((name) => bench.patch(nextVersion(namespace, name))));
        await bench.patch(
            spec("Deployment", "ailing-primary", { progressDeadlineSeconds: 10, template: { spec: nowhere } }),
        );
    });

    after(async () => {
        await bench
            ?.patch({
                ...spec("Canary", "deleted", {}),
                metadata: { name: "deleted", namespace, finalizers: null },
            } as never)
            .catch(() => undefined);
        await page?.stop();
        await bench?.stop();
        unlead?.();
    });

    const target = (name: string) => ({ apiVersion: "apps/v1", kind: "Deployment", name });

    function spec(kind: string, name: string, changed: object): KubernetesObject {
        const apiVersion = kind === "Canary" ? "flagger.app/v1beta1" : "apps/v1";
        return { apiVersion, kind, metadata: { name, namespace }, spec: changed } as KubernetesObject;
    }

    async function phase(name: string, wanted: string): Promise<void> {
        const found = await poll(() => bench.canary(namespace, name)?.phase === wanted || undefined, 90);
        assert.ok(found, `${name} is ${bench.canary(namespace, name)?.phase}, not ${wanted}`);
    }

    /** Whose namespace a Canary is in. */
    const userOf = (at: string) => (at.startsWith(`${unwatched}/`) ? elsewhere : operator);

    const state = (name: string, holds: (status: Status) => boolean, seconds?: number) =>
        stateOf(key(name), holds, seconds);

    async function stateOf(
        at: string,
        holds: (status: Status) => boolean,
        seconds = 120,
    ): Promise<{ code: number } & Status> {
        let last: ({ code: number } & Status) | undefined;
        await poll(
            async () => {
                last = await userOf(at).status(at);
                return holds(last) || undefined;
            },
            seconds,
            1000,
        );
        const [space, name] = at.split("/") as [string, string];
        assert.ok(
            holds(last!),
            `${at}: ${JSON.stringify(last)}\n${bench.rollouts.messages(space, name).slice(-6).join("\n")}`,
        );
        return last!;
    }

    /** Whether `status`, `explain` and the page say that Flagger stands still, and in which way. */
    async function isSeen(at: string, wanted: string): Promise<void> {
        const who = userOf(at);
        const found = await stateOf(at, ({ wedge }) => wedge !== undefined, 240);
        assert.deepEqual([found.wedge?.state, found.code], [wanted, 4]);
        const { headline, remedy } = found.wedge!;
        const explained = await who.run("explain", at);
        assert.ok(explained.out.includes(remedy), explained.out);
        // Some say for how long.
        const timeless = (text: string) => text.replaceAll("&#39;", "'").replaceAll(/\d+ (min|s)\b/g, "");
        const shown = /<h2 id="cause">(.*?)<\/h2>/.exec(await page.of(at))?.[1] ?? "nothing";
        assert.equal(timeless(shown).replaceAll(/ +/g, " "), timeless(headline).replaceAll(/ +/g, " "));
    }

    /** Runs a command on the revision that `status` shows. */
    async function act(command: string, name: string): Promise<{ code: number; said: string }> {
        const { revision } = await operator.status(key(name));
        const { code, out, error } = await operator.run(command, key(name), "--revision", revision, "--yes");
        return { code, said: out + error };
    }

    async function isOpen(name: string, place: string): Promise<boolean> {
        const body = JSON.stringify({ name, namespace });
        return (await fetch(`${FlaggerBench.loadTester}/${place}/check`, { method: "POST", body })).status === 200;
    }

    it("plan says how it will go, and what would never end", async () => {
        const good = await operator.run("plan", key("undone"));
        assert.equal(good.code, 0);
        assert.match(good.out, /^undone: 50 % every 10 s; promoted after /);
        const bad = await operator.run("plan", key("settings"), "--output", "json");
        assert.equal(bad.code, 1);
        assert.match((JSON.parse(bad.out) as { problems: string[] }).problems.join(), /stepWeight/);
    });

    it("approve acts on no other revision, and not unasked", async () => {
        await phase("approved", "Waiting");
        const other = await operator.run("approve", key("approved"), "--revision", "0123456789", "--yes");
        assert.equal(other.code, 2);
        assert.match(other.error, /is at revision [0-9a-f]{10} by now, and not at 0123456789/);
        const unasked = await operator.run("approve", key("approved"));
        assert.equal(unasked.code, 2);
        assert.match(unasked.error, /to begin\.[\s\S]*Nobody is there to be asked/);
        assert.equal(await isOpen("approved", "gate"), false);
        assert.equal(bench.canary(namespace, "approved")?.phase, "Waiting");
    });

    it("approve lets it pass one gate, and the next release finds it shut", async () => {
        const first = await act("approve", "approved");
        assert.equal(first.code, 0, first.said);
        assert.equal(await isOpen("approved", "gate"), false);
        await phase("approved", "WaitingPromotion");
        assert.equal((await operator.status(key("approved"))).code, 3);
        const second = await act("approve", "approved");
        assert.equal(second.code, 0, second.said);
        const watched = await operator.run("status", key("approved"), "--watch", "--timeout", "120s");
        assert.equal(watched.code, 0, watched.out + watched.error);
        assert.match(watched.out, /promoted {2}example\.com\/app:2\n/);
        assert.equal(await isOpen("approved", "gate"), false);
        await bench.patch(nextVersion(namespace, "approved", "3"));
        await phase("approved", "Waiting");
        const early = await act("abort", "approved");
        assert.equal(early.code, 2);
        assert.match(early.said, /has not begun: its gate holds it/);
    });

    it("approve gives one more step of the traffic", async () => {
        await state("stepped", ({ weight, phase: at }) => at === "Progressing" && weight === 0, 30);
        await poll(
            () =>
                bench.rollouts
                    .messages(namespace, "stepped")
                    .some((said) => said.includes("traffic increase approval")) || undefined,
            60,
        );
        const { code, said } = await act("approve", "stepped");
        assert.equal(code, 0, said);
        await pause(12);
        assert.equal(bench.canary(namespace, "stepped")?.canaryWeight, 2);
    });

    it("abort by the load tester's switch, which is shut when it ends; retry begins anew", async () => {
        const { code, said } = await act("abort", "gated");
        assert.equal(code, 0, said);
        assert.equal(bench.canary(namespace, "gated")?.phase, "Failed");
        assert.equal(await isOpen("gated", "rollback"), false);
        assert.equal((await operator.status(key("gated"))).code, 1);
        const explained = await operator.run("explain", key("gated"));
        assert.match(explained.out, /Somebody had it rolled back/);
        const again = await act("retry", "gated");
        assert.equal(again.code, 0, again.said);
        await pause(12);
        assert.equal((await operator.status(key("gated"))).outcome, "running");
    });

    it("abort without a switch, by the count of failed checks; rollback makes the target what the primary runs", async () => {
        const { code, said } = await act("abort", "counted");
        assert.equal(code, 0, said);
        assert.match(said, /no documented way/);
        await state("counted", ({ outcome }) => outcome === "rolled-back", 10);
        const back = await act("rollback", "counted");
        assert.equal(back.code, 0, back.said);
        const status = await state("counted", ({ outcome }) => outcome === "promoted", 20);
        assert.equal(status.image, "example.com/app:1");
        const nothing = await act("abort", "counted");
        assert.equal(nothing.code, 2, nothing.said);
    });

    it("rollback after a promotion is a release of the version before", async () => {
        await state("undone", ({ outcome }) => outcome === "promoted");
        const { code, said } = await act("rollback", "undone");
        assert.equal(code, 0, said);
        assert.match(said, /example\.com\/app:1 instead of example\.com\/app:2/);
        const aborted = await act("rollback", "undone");
        assert.match(aborted.said, /would not abort it/);
        const status = await state(
            "undone",
            ({ outcome, primaryImage }) => outcome === "promoted" && primaryImage.endsWith(":1"),
        );
        assert.equal(status.image, "example.com/app:1");
    });

    const wedged: [name: string, state: string][] = [
        ["suspended", "suspended"],
        ["targetless", "target-missing"],
        ["shared", "shared-target"],
        ["settings", "settings"],
        ["gateless", "gate-missing"],
        ["deleted", "being-deleted"],
        ["unprimed", "primary-stuck"],
        ["unlabelled", "never-initialised"],
        ["ailing", "primary-stuck"],
    ];
    for (const [name, wanted] of wedged) {
        it(`${wanted} is seen`, () => isSeen(key(name), wanted));
    }

    it("status sees a version that Flagger has forgotten, and retry makes it begin", async () => {
        const aborted = await act("abort", "forgotten");
        assert.equal(aborted.code, 0, aborted.said);
        // Its looks end early while the primary is not ready, and yet they record the version as seen.
        await bench.patch(spec("Deployment", "forgotten-primary", { template: { spec: nowhere } }));
        await pause(3);
        await bench.patch(nextVersion(namespace, "forgotten", "3"));
        await pause(22);
        await bench.patch(spec("Deployment", "forgotten-primary", { template: { spec: { nodeSelector: null } } }));
        const { wedge, code } = await state("forgotten", ({ wedge: found }) => found?.state === "forgotten");
        assert.equal(code, 4);
        assert.match(wedge!.remedy, /retry operate\/forgotten/);
        const explained = await operator.run("explain", key("forgotten"));
        assert.match(explained.out, /A version came after the rollback, and Flagger has forgotten it\./);
        const again = await act("retry", "forgotten");
        assert.equal(again.code, 0, again.said);
    });

    const still: [at: string, state: string][] = [
        [key("unready"), "not-moving"],
        [key("unpromotable"), "failed-promotion"],
        [`${unwatched}/silent`, "silent"],
        [`${unwatched}/unstarted`, "not-started"],
    ];
    for (const [at, wanted] of still) {
        it(`${wanted} is seen`, async () => {
            await standstills;
            await isSeen(at, wanted);
        });
    }

    it("who waits is told of it, and once more when the time is over", async () => {
        const [unready, quiet] = (await Promise.all((await standstills).waits)).map((lines) => lines.join("\n"));
        const [warned, ended] = [/^warning: (.*)$/m, /is not promoted: it was not promoted within/];
        assert.match(
            warned.exec(unready!)?.[1] ?? unready!,
            /stood at the same place .* 3 of 4 .*`canaryReadyThreshold`/,
        );
        assert.match(unready!.slice(unready!.search(ended)), /\nIt has stood at the same place .* 3 of 4 /);
        assert.match(warned.exec(quiet!)?.[1] ?? quiet!, /^Flagger looks every 10 s, and has said nothing for /);
        assert.match(quiet!.slice(quiet!.search(ended)), /\nFlagger looks every 10 s, and has said nothing for /);
    });

    it("status of all ends with what is worst, and names each", async () => {
        const { code, out } = await operator.run("status", "--namespace", namespace);
        assert.equal(code, 4);
        for (const name of Object.keys(analyses)) {
            assert.match(out, new RegExp(`^${key(name)} {2}`, "m"));
        }
    });
});
