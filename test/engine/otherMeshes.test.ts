import assert from "node:assert/strict";
import path from "node:path";

import { CoreV1Api, KubernetesObject } from "@kubernetes/client-node";

import { Answer } from "../../lab/ask";
import { Client } from "../../lab/client";
import { Watched } from "../../lab/kubelet/watch";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { answersAt, assertShare } from "./served";
import { theLab } from "./theLab";
import { together } from "./together";

/** What Flagger has done with an application, and since when. */
interface Moment {
    at: number;
    phase?: string;
    weight: number;
}

interface CanaryObject extends KubernetesObject {
    status?: { phase?: string; canaryWeight?: number };
}

/** Routes of both meshes, as far as the tests look: who gets which share. */
interface RouteObject extends KubernetesObject {
    spec: {
        http?: { route: { destination: { host: string }; weight?: number }[] }[];
        rules?: { backendRefs: { name: string; weight?: number }[] }[];
    };
}

/** Where the applications are, and the version that each is to be released with. */
const releases = {
    weighted: { namespace: "of-istio", tag: "6.0.1" },
    faulty: { namespace: "of-istio", tag: "6.0.2-errors50" },
    compared: { namespace: "of-istio", tag: "6.0.1" },
    linked: { namespace: "of-linkerd", tag: "6.0.1" },
    broken: { namespace: "of-linkerd", tag: "6.0.2-errors50" },
};
type Name = keyof typeof releases;
const names = Object.keys(releases) as Name[];

/** A change takes this long until every proxy has it, in milliseconds. */
const margin = 1000;

/** Stand-ins for the control planes of Istio and of Linkerd, with real Envoys, the real Flagger and the real Prometheus. */
describe("Canaries of Istio and of Linkerd", function () {
    this.timeout(600_000);
    let lab: Lab;
    let stack: Project;
    let rollouts: Rollouts;
    let watched: { stop(): void }[];
    const weights = new Map<string, Moment[]>(names.map((name) => [name, []]));
    const phases = new Map<string, Moment[]>(names.map((name) => [name, []]));
    const clients = new Map<string, Client>();
    const answers = new Map<string, Answer[]>();

    before(async () => {
        lab = await theLab();
        await nothingLeft(lab);
        const { kubeconfig, kubeconfigFile } = lab.controlPlane;
        rollouts = new Rollouts(kubeconfig);
        const program = path.join(__dirname, "programs", "otherMeshes");
        stack = await lab.pulumi.project("other-meshes", program, "test", {
            chartRepository: lab.charts,
            kubeconfig: kubeconfigFile,
            ...tags(() => "6.0.0"),
        });
        succeeded(await stack.up());
        await Promise.all(names.map((name) => rollouts.phase(releases[name].namespace, name, ["Initialized"], 180)));
        const gateway = await lab.loadBalancer("istio-ingress");
        const inside = await lab.loadBalancer("of-istio");
        const linkerd = await lab.loadBalancer("of-linkerd");
        const users = (name: Name, more: { header?: Record<string, string>; door?: string } = {}) =>
            new Client(`http://${more.door ?? (releases[name].namespace === "of-istio" ? gateway : linkerd)}/`, {
                perSecond: 15,
                headers: { host: `${name}.example.com`, ...more.header },
            });
        for (const name of names) {
            const first = users(name);
            const answered = await poll(() => first.answers().find(({ status }) => status === 200), 60);
            await first.stop();
            assert.equal(answered?.version, "6.0.0", name);
        }
        watched = [
            ...[
                { group: "networking.istio.io", version: "v1beta1", plural: "virtualservices" },
                { group: "gateway.networking.k8s.io", version: "v1beta1", plural: "httproutes" },
            ].map(
                (kind) =>
                    new Watched<RouteObject>(kubeconfig, kind, (_, route) =>
                        weights.get(route.metadata!.name!)?.push({ at: Date.now(), weight: canaryWeight(route) }),
                    ),
            ),
            new Watched<CanaryObject>(
                kubeconfig,
                { group: "flagger.app", version: "v1beta1", plural: "canaries" },
                (_, { metadata, status }) =>
                    phases.get(metadata!.name!)?.push({
                        at: Date.now(),
                        phase: status?.phase,
                        weight: status?.canaryWeight ?? 0,
                    }),
            ),
        ];
        for (const name of names) {
            clients.set(name, users(name));
        }
        clients.set("insiders", users("compared", { header: { "x-canary": "insider" } }));
        clients.set("pods", users("weighted", { door: inside }));
        await stack.configure(tags((name) => releases[name].tag));
        succeeded(await stack.up());
    });

    after(() => {
        rollouts?.stop();
        watched?.forEach((kind) => kind.stop());
    });

    /** Waits for the end of a release, and a while longer for what users see of it. */
    async function outcome(name: Name): Promise<string> {
        const { namespace } = releases[name];
        const begun = await poll(() => phases.get(name)!.find(({ phase }) => phase === "Progressing"), 90);
        assert.ok(begun, `${name} has not begun`);
        const end = await rollouts.phase(namespace, name, ["Succeeded", "Failed"], 300);
        await new Promise((resolve) => setTimeout(resolve, 5000));
        answers.set(name, await clients.get(name)!.stop());
        return end;
    }

    async function isPromoted(name: Name): Promise<void> {
        assert.equal(await outcome(name), "Succeeded", rollouts.messages(releases[name].namespace, name).join("\n"));
        areShared(name, answers.get(name)!);
    }

    /** Fails unless the new version got as many of the answers as its weights said, and all in the end, and none failed. */
    function areShared(name: Name, all: Answer[]): void {
        assert.deepEqual(
            all.filter(({ status }) => status !== 200),
            [],
        );
        // From then on the primary, too, answers with the new version.
        const promoting = phases.get(name)!.find(({ phase }) => phase === "Promoting")!.at;
        const analysed = all.filter(({ at }) => at < promoting);
        for (const weight of [30, 60]) {
            const during = answersAt(analysed, weights.get(name)!, weight);
            assertShare(during, "6.0.1", weight / 100);
        }
        assert.deepEqual(versionsOf(all.slice(-40)), ["6.0.1"]);
    }

    async function isRolledBack(name: Name): Promise<void> {
        assert.equal(await outcome(name), "Failed");
        const all = answers.get(name)!;
        const failed = all.filter(({ status }) => status !== 200);
        assert.ok(failed.length > 0);
        assert.deepEqual(
            failed.filter(({ version }) => version !== "6.0.2-errors50"),
            [],
        );
        assert.deepEqual(versionsOf(all.slice(-40)), ["6.0.0"]);
    }

    /** How many requests the real Prometheus has counted, as far as it has seen them. */
    async function counted(series: string): Promise<number> {
        const { clusterIP } = (
            await lab.controlPlane.kubeconfig
                .makeApiClient(CoreV1Api)
                .readNamespacedService({ namespace: "flagger-system", name: "flagger-prometheus" })
        ).spec!;
        const query = encodeURIComponent(`sum(last_over_time(${series}[30m]))`);
        const response = await fetch(`http://${clusterIP}:9090/api/v1/query?query=${query}`);
        const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
        return Number(data.result[0]?.value[1] ?? 0);
    }

    together({
        "Istio: is promoted, while its version gets the share that its weight says, and none fails": async () => {
            await isPromoted("weighted");
            // Not only at the gateway: what pods of the mesh ask, too.
            areShared("weighted", await clients.get("pods")!.stop());
        },
        "Istio: is rolled back when its version answers errors, and nothing else answers any": () =>
            isRolledBack("faulty"),
        "Istio: only those whom an A/B test asks for get the new version before it is promoted, and all of them":
            async () => {
                assert.equal(await outcome("compared"), "Succeeded");
                const insiders = await clients.get("insiders")!.stop();
                const everyone = answers.get("compared")!;
                const [began, promoting] = ["Progressing", "Promoting"].map(
                    (wanted) => phases.get("compared")!.find(({ phase }) => phase === wanted)!.at,
                ) as [number, number];
                const tested = weights.get("compared")!.find(({ at, weight }) => at > began && weight === 100)!.at;
                const before = ({ at }: Answer) => at < promoting - margin;
                const during = insiders.filter((answer) => answer.at > tested + margin && before(answer));
                assert.ok(during.length > 100, `only ${during.length} answers`);
                assert.deepEqual(versionsOf(during), ["6.0.1"]);
                assert.deepEqual(versionsOf(everyone.filter(before)), ["6.0.0"]);
                assert.deepEqual(versionsOf(everyone.slice(-40)), ["6.0.1"]);
                assert.deepEqual(
                    [...insiders, ...everyone].filter(({ status }) => status !== 200),
                    [],
                );
            },
        "Linkerd: is promoted, while its version gets the share that its weight says, and none fails": () =>
            isPromoted("linked"),
        "Linkerd: is rolled back when its version answers errors, and nothing else answers any": () =>
            isRolledBack("broken"),
    });

    it("is counted by Prometheus under the names of each mesh, with the failures where they are", async () => {
        const istio = (workload: string, code: string) =>
            `istio_requests_total{reporter="destination",destination_workload_namespace="of-istio",destination_workload="${workload}",response_code="${code}"}`;
        const linkerd = (deployment: string, classification: string) =>
            `response_total{direction="inbound",namespace="of-linkerd",deployment="${deployment}",classification="${classification}"}`;
        const seen: Record<string, boolean> = {};
        for (const [mesh, [good, bad], series, [success, failure]] of [
            ["istio", ["weighted", "faulty"], istio, ["200", "500"]],
            ["linkerd", ["linked", "broken"], linkerd, ["success", "failure"]],
        ] as const) {
            for (const workload of [good, `${good}-primary`, bad, `${bad}-primary`]) {
                seen[`${mesh} ${workload} ${success}`] = (await counted(series(workload, success))) > 0;
                seen[`${mesh} ${workload} ${failure}`] = (await counted(series(workload, failure))) > 0;
            }
        }
        const failing = Object.keys(seen).filter((key) => /failure|500/.test(key) && seen[key]);
        assert.deepEqual(failing, ["istio faulty 500", "linkerd broken failure"]);
        const uncounted = Object.keys(seen).filter((key) => /success|200/.test(key) && !seen[key]);
        assert.deepEqual(uncounted, []);
    });

    it("goes, and all that carried it", async () => {
        succeeded(await stack.destroy());
        await nothingLeft(lab);
    });
});

function tags(tagOf: (name: Name) => string): Record<string, string> {
    return Object.fromEntries(names.map((name) => [`tags.${name}`, tagOf(name)]));
}

function canaryWeight({ metadata, spec }: RouteObject): number {
    const canary = `${metadata!.name}-canary`;
    const inIstio = spec.http?.[0]?.route.find(({ destination }) => destination.host === canary)?.weight;
    return inIstio ?? spec.rules?.[0]?.backendRefs.find(({ name }) => name === canary)?.weight ?? 0;
}

function versionsOf(answers: Answer[]): (string | undefined)[] {
    return [...new Set(answers.map(({ version }) => version))];
}
