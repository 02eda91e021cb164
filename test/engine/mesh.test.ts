import assert from "node:assert/strict";
import path from "node:path";

import { AppsV1Api, CoreV1Api, KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";

import { Answer, ask } from "../../lab/ask";
import { Client } from "../../lab/client";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { ensureTools } from "../../lab/toolchain/ensure";
import { succeeded } from "./asserts";
import { Member, Reply } from "./member";
import {
    app,
    appPort,
    deployment,
    gatewayProxy,
    gatewayRoute,
    mesh,
    meshObject,
    namespace,
    route,
    routed,
    service,
    shared,
    tester,
    virtualNode,
} from "./meshObjects";

const [one, two, faulty] = ["6.0.0", "6.0.1", "6.0.2-errors50"];

/** What asks for a header, in each of the ways that there are; all of it goes to the second version, the rest to the first. */
const asked = [
    route("exact", { headers: [{ name: "x-exact", match: { exact: "yes" } }] }, "two", 1),
    route("prefix", { headers: [{ name: "x-prefix", match: { prefix: "yes" } }] }, "two", 2),
    route("suffix", { headers: [{ name: "x-suffix", match: { suffix: "yes" } }] }, "two", 3),
    route("regex", { headers: [{ name: "x-regex", match: { regex: "[a-c]+[0-9]" } }] }, "two", 4),
    route("range", { headers: [{ name: "x-range", match: { range: { start: 10, end: 20 } } }] }, "two", 5),
    route("present", { headers: [{ name: "x-present" }] }, "two", 6),
    route("cookie", { headers: [{ name: "cookie", match: { regex: "^(.*?;)?\\s*(type=insider)(;.*)?$" } }] }, "two", 7),
    route("other", { headers: [{ name: "x-other", invert: true, match: { exact: "plain" } }] }, "two", 8),
    route("absent", { prefix: "/absent", headers: [{ name: "x-absent", invert: true }] }, "two", 9),
    route("both", { headers: [{ name: "x-this" }, { name: "x-that" }] }, "two", 10),
    route("method", { method: "PUT" }, "two", 11),
    route("query", { queryParameters: [{ name: "color", match: { exact: "blue" } }] }, "two", 12),
    route("parameter", { queryParameters: [{ name: "shape" }] }, "two", 13),
    route("path", { path: { exact: "/exactly" } }, "two", 14),
    route("paths", { path: { regex: "/items/[0-9]+" } }, "two", 15),
    route("all", {}, "one"),
];

/** Requests that the routes above part: what is asked for as it should be, and nearly so. */
const parted: { well: string[]; nearly: string[] }[] = [
    { well: ["-Hx-exact: yes"], nearly: ["-Hx-exact: yes, or no"] },
    { well: ["-Hx-prefix: yes, or no"], nearly: ["-Hx-prefix: no, or yes"] },
    { well: ["-Hx-suffix: no, or yes"], nearly: ["-Hx-suffix: yes, or no"] },
    { well: ["-Hx-regex: abc1"], nearly: ["-Hx-regex: abc12"] },
    { well: ["-Hx-range: 10"], nearly: ["-Hx-range: 20"] },
    { well: ["-Hx-present: 0"], nearly: [] },
    { well: ["-Hcookie: session=1; type=insider; more=2"], nearly: ["-Hcookie: session=1; type=insiders"] },
    { well: ["-Hx-other: fancy"], nearly: ["-Hx-other: plain"] },
    { well: ["absent"], nearly: ["absent", "-Hx-absent: 0"] },
    { well: ["-Hx-this: 0", "-Hx-that: 0"], nearly: ["-Hx-this: 0"] },
    { well: ["-XPUT"], nearly: ["-XPOST"] },
    { well: ["?size=1&color=blue"], nearly: ["?size=1&color=bluish"] },
    { well: ["?shape=round"], nearly: ["?shapes=round"] },
    { well: ["exactly"], nearly: ["exactly/"] },
    { well: ["items/12"], nearly: ["items/12a"] },
];

/** Real requests through real Envoys, configured by App Mesh's objects alone: neither Flagger nor this library is there. */
describe("App Mesh's data plane", () => {
    const said: string[] = [];
    let lab: Lab;
    let api: KubernetesObjectApi;
    let member: Member;
    let gateway: string;

    before(async () => {
        // Not the one of the other suites: what it says is looked at.
        lab = await Lab.start(await ensureTools(), (text) => said.push(text));
        // Requests are counted here: only those of the tests may come.
        lab.traffic.stop();
        const { kubeconfig, kubeconfigFile } = lab.controlPlane;
        api = KubernetesObjectApi.makeApiClient(kubeconfig);
        const program = path.join(__dirname, "programs", "appMeshController");
        const settings = { chartRepository: lab.charts, kubeconfig: kubeconfigFile };
        const stack = await lab.pulumi.project("controller", program, "test", settings);
        succeeded(await stack.up());
        for (const objects of [world.first, world.nodes, world.services, world.pods]) {
            await Promise.all(objects.map(make));
        }
        await poll(async () => (await unready()).length === 0 || undefined, 120);
        assert.deepEqual(await unready(), []);
        member = new Member((await podsOf("tester"))[0]!.status!.podIP!);
        gateway = await lab.loadBalancer("apps", "gateway");
    });

    after(() => lab?.stop());

    /** What stands in the cluster, in the order in which it has to be made. */
    const backends = ["w100", "w90", "w50", "w0", "asked", "ordered", "plain", "broken", "retried", "brisk"];
    const world = {
        first: [namespace("apps", true), namespace("outside", false), mesh("DROP_ALL")],
        nodes: [
            virtualNode("one", appPort, { backendDefaults: { clientPolicy: { tls: { enforce: false } } } }),
            virtualNode("two", appPort),
            virtualNode("faulty", appPort),
            virtualNode("tester", 8080, { backends: backends.map(backend) }),
            meshObject("VirtualNode", "api", {
                listeners: [{ portMapping: { port: 443, protocol: "tcp" } }],
                serviceDiscovery: { dns: { hostname: "kubernetes.default.svc.cluster.local" } },
            }),
            meshObject("VirtualGateway", "gateway", {
                namespaceSelector: { matchLabels: { mesh: "lab" } },
                podSelector: { matchLabels: { app: "gateway" } },
                listeners: [{ portMapping: { port: 8088, protocol: "http" } }],
            }),
        ],
        services: [
            ...["one", "two", "faulty", "plain", "broken"].map((name) => service(name, appPort)),
            service("tester", 8080),
            service("outside", appPort, {}, "outside"),
            service("gateway", 80, { type: "LoadBalancer", ports: [{ port: 80, targetPort: 8088 }] }),
            ...routed("w100", [weights({ one: 100, two: 0 })]),
            ...routed("w90", [weights({ one: 90, two: 10 })]),
            ...routed("w50", [weights({ one: 50, two: 50 })]),
            ...routed("w0", [weights({ one: 0, two: 100 })]),
            ...routed("shifted", [weights({ one: 100, two: 0 })]),
            ...routed("asked", asked),
            ...routed("ordered", [
                route("all", {}, "one"),
                route("deeper", { prefix: "/deeper" }, "two"),
                route("later", { headers: [{ name: "x-both" }] }, "one", 20),
                route("sooner", { headers: [{ name: "x-both" }] }, "two", 10),
                route("soonest", { headers: [{ name: "x-all" }] }, "one", 0),
            ]),
            ...["plain", "broken"].map((name) => {
                const virtualNodeRef = { name: name === "plain" ? "one" : "faulty" };
                return meshObject("VirtualService", name, { provider: { virtualNode: { virtualNodeRef } } });
            }),
            ...routed("retried", [
                {
                    name: "all",
                    httpRoute: {
                        match: { prefix: "/" },
                        action: shared({ faulty: 1 }),
                        retryPolicy: {
                            httpRetryEvents: ["server-error"],
                            maxRetries: 4,
                            perRetryTimeout: { unit: "s", value: 5 },
                        },
                    },
                },
            ]),
            ...routed("brisk", [
                {
                    name: "all",
                    httpRoute: {
                        match: { prefix: "/" },
                        action: shared({ one: 1 }),
                        timeout: { perRequest: { unit: "ms", value: 500 } },
                    },
                },
            ]),
            ...routed("unlisted", [route("all", {}, "two")]),
            meshObject("VirtualRouter", "api", {
                listeners: [{ portMapping: { port: 443, protocol: "tcp" } }],
                routes: [{ name: "all", tcpRoute: { action: shared({ api: 1 }) } }],
            }),
            meshObject("VirtualService", "api", {
                awsName: "kubernetes.default",
                provider: { virtualRouter: { virtualRouterRef: { name: "api" } } },
            }),
            gatewayRoute("all", { prefix: "/" }, "plain"),
            gatewayRoute("cut", { prefix: "/cut/" }, "plain"),
            gatewayRoute("replaced", { prefix: "/replaced/" }, "plain", { rewrite: { prefix: { value: "/status/" } } }),
            gatewayRoute("kept", { prefix: "/status/" }, "plain", {
                rewrite: { prefix: { defaultPrefix: "DISABLED" } },
            }),
            gatewayRoute("exactly", { path: { exact: "/exactly" } }, "plain", {
                rewrite: { path: { exact: "/status/418" } },
            }),
            gatewayRoute("host", { prefix: "/", hostname: { exact: "two.example" } }, "w0", { priority: 2 }),
            gatewayRoute("hosts", { prefix: "/", hostname: { suffix: ".two.example" } }, "w0", { priority: 1 }),
            gatewayRoute("shifted", { prefix: "/shifted/" }, "shifted"),
        ],
        pods: [
            deployment("one", app(one), 2),
            deployment("two", app(two)),
            deployment("faulty", app(faulty)),
            deployment("outside", app(two), 1, "outside"),
            deployment("tester", tester),
            deployment("gateway", gatewayProxy),
        ],
    };

    function backend(name: string): object {
        return { virtualService: { virtualServiceRef: { name } } };
    }

    function weights(shares: Record<string, number>) {
        return { name: "all", httpRoute: { match: { prefix: "/" }, action: shared(shares) } };
    }

    /** Makes an object; the controller refuses it until it listens and has seen the mesh. */
    async function make(object: KubernetesObject): Promise<void> {
        let refusal: unknown;
        const create = () => api.create(object).catch((error: unknown) => void (refusal = error));
        if ((await poll(create, 60)) === undefined) {
            throw refusal as Error;
        }
    }

    async function change(object: KubernetesObject): Promise<void> {
        await api.patch(object, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
    }

    /** The Deployments that wait for pods. */
    async function unready(): Promise<string[]> {
        const { items } = await lab.controlPlane.kubeconfig.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
        return items
            .filter(({ spec, status }) => status?.readyReplicas !== spec!.replicas)
            .map(({ metadata }) => metadata!.name!);
    }

    async function podsOf(name: string) {
        const core = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
        return (await core.listNamespacedPod({ namespace: "apps", labelSelector: `app=${name}` })).items;
    }

    /** Sends one request from the member to a virtual service. */
    async function send(host: string, args: string[] = []): Promise<Reply> {
        const paths = args.filter((arg) => !arg.startsWith("-"));
        const options = args.filter((arg) => arg.startsWith("-"));
        return (await member.curl(...options, `http://${host}.apps:${appPort}/${paths.join("")}`))[0]!;
    }

    /** Sends many requests from the member to a virtual service. */
    function sendMany(host: string, count: number, below = ""): Promise<Reply[]> {
        return member.curl(`http://${host}.apps:${appPort}/${below}?n=[1-${count}]`);
    }

    /** What the proxies of the first version have counted at their applications' door, by the code of the answer. */
    async function counted(): Promise<Record<string, number>> {
        const counts: Record<string, number> = {};
        for (const pod of await podsOf("one")) {
            const response = await fetch(`http://${pod.status!.podIP}:9901/stats/prometheus`);
            const series = /^envoy_cluster_upstream_rq\{(.*)\} (\d+)$/gm;
            for (const [, labels, value] of (await response.text()).matchAll(series)) {
                const code = /envoy_response_code="(\d+)"/.exec(labels!)![1]!;
                if (labels!.includes('envoy_cluster_name="cds_ingress_lab_one_apps_http_9898"')) {
                    counts[code] = (counts[code] ?? 0) + Number(value);
                }
            }
        }
        return counts;
    }

    /** Waits until a request is answered with this status. */
    async function answered(status: number, request: () => Promise<Reply>): Promise<void> {
        let last: Reply | undefined;
        const look = async () => (last = await request()).status === status || undefined;
        assert.ok(await poll(look, 30), `the last answer was ${last?.status} and not ${status}`);
    }

    const wellAnswered = (answers: Answer[]) =>
        assert.deepEqual(
            answers.filter(({ status }) => status !== 200),
            [],
        );

    it("says what of the objects it does not translate, and nothing else", () => {
        assert.deepEqual(said, ["VirtualNode apps/one: the lab's mesh does not translate spec.backendDefaults"]);
    });

    for (const [host, share] of [
        ["w100", 0],
        ["w90", 0.1],
        ["w50", 0.5],
        ["w0", 1],
    ] as const) {
        it(`gives a version ${share * 100} % of the requests where its weight says so`, async () => {
            const count = 300;
            const replies = await sendMany(host, count);
            assert.equal(replies.filter(({ status }) => status === 200).length, count);
            const seen = replies.filter(({ version }) => version === two).length / count;
            const deviation = Math.sqrt((share * (1 - share)) / count);
            assert.ok(Math.abs(seen - share) <= 4 * deviation, `${seen} of the answers instead of ${share}`);
        });
    }

    it("parts requests by headers, cookies, methods, parameters and paths", async () => {
        const seen = await Promise.all(
            parted.map(async ({ well, nearly }) => {
                const [hit, missed] = [await send("asked", well), await send("asked", nearly)];
                return { well, versions: [hit.version, missed.version] };
            }),
        );
        assert.deepEqual(
            seen,
            parted.map(({ well }) => ({ well, versions: [two, one] })),
        );
        // Without the header there is nothing that could be different.
        assert.equal((await send("asked")).version, one);
    });

    it("asks routes by their priorities, and those without one by the length of their paths", async () => {
        assert.equal((await send("ordered")).version, one);
        assert.equal((await send("ordered", ["deeper/1"])).version, two);
        assert.equal((await send("ordered", ["-Hx-both: 0"])).version, two);
        assert.equal((await send("ordered", ["deeper/1", "-Hx-both: 0", "-Hx-all: 0"])).version, one);
    });

    it("rewrites paths at the gateway, and tells routes apart by path, host and priority", async () => {
        const status = async (below: string) => (await ask(`http://${gateway}${below}`, {})).status;
        assert.deepEqual(
            await Promise.all(["/", "/cut/status/418", "/replaced/418", "/status/418", "/exactly"].map(status)),
            [200, 418, 418, 418, 418],
        );
        const version = async (host: string) => (await ask(`http://${gateway}/cut/`, { host })).version;
        assert.deepEqual(await Promise.all(["example", "two.example", "a.two.example", "atwo.example"].map(version)), [
            one,
            two,
            two,
            one,
        ]);
    });

    it("retries as a route says, and without a word of it only what answers 503", async () => {
        const succeededOf = (replies: Reply[]) => replies.filter(({ status }) => status === 200).length;
        assert.equal(succeededOf(await sendMany("broken", 100)), 50);
        assert.equal(succeededOf(await sendMany("retried", 100)), 100);
        const before = await counted();
        assert.deepEqual([...new Set((await sendMany("plain", 5, "status/503")).map((r) => r.status))], [503]);
        assert.deepEqual([...new Set((await sendMany("plain", 5, "status/500")).map((r) => r.status))], [500]);
        const now = await counted();
        assert.deepEqual([rise(before, now, "503"), rise(before, now, "500")], [15, 5]);
    });

    it("gives up after the time that a route gives a request", async () => {
        const [late, inTime, patient] = await Promise.all([
            send("brisk", ["delay/2"]),
            send("brisk"),
            send("plain", ["delay/1"]),
        ]);
        assert.deepEqual([late.status, inTime.status, patient.status], [504, 200, 200]);
    });

    it("cuts off what is no HTTP, until a TCP route carries it", async () => {
        const livez = async () => (await member.curl("-k", "https://kubernetes.default/livez"))[0]!;
        assert.equal((await livez()).status, 0);
        await change(meshObject("VirtualNode", "tester", { backends: [...backends, "api"].map(backend) }));
        await answered(200, livez);
    });

    it("counts the requests as they were sent", async () => {
        const before = await counted();
        await Promise.all([sendMany("plain", 40), sendMany("plain", 7, "status/404")]);
        const now = await counted();
        assert.deepEqual([rise(before, now, "200"), rise(before, now, "404")], [40, 7]);
    });

    it("refuses what is no backend, until it is one or the mesh lets everything through", async () => {
        const beyond = async () => (await member.curl(`http://outside.outside:${appPort}/`))[0]!;
        assert.equal((await send("unlisted")).status, 404);
        assert.equal((await beyond()).status, 404);

        const listed = [...backends, "unlisted"].map(backend);
        await change(meshObject("VirtualNode", "tester", { backends: listed }));
        await answered(200, () => send("unlisted"));
        assert.equal((await beyond()).status, 404);

        await change(mesh("ALLOW_ALL"));
        await answered(200, beyond);
        await change(mesh("DROP_ALL"));
        await answered(404, beyond);
        assert.equal((await send("unlisted")).status, 200);
    });

    it("changes the weights under way without a failed request", async () => {
        const client = new Client(`http://${gateway}/shifted/`, { perSecond: 100 });
        const recent = (version: string) => () => {
            const last = client.answers().slice(-30);
            return (last.length === 30 && last.every((a) => a.version === version)) || undefined;
        };
        assert.ok(await poll(recent(one), 30), "the first version has to have all first");
        await change(meshObject("VirtualRouter", "shifted", { routes: [weights({ one: 0, two: 100 })] }));
        assert.ok(await poll(recent(two), 30), "the second version has to have all then");
        await change(meshObject("VirtualRouter", "shifted", { routes: [weights({ one: 100, two: 0 })] }));
        assert.ok(await poll(recent(one), 30), "the first version has to have all again");
        wellAnswered(await client.stop());
    });

    it("loses no request when a pod goes while another serves", async () => {
        // They take a second each, so that some are always under way.
        const client = new Client(`http://${gateway}/cut/delay/1`, { perSecond: 20 });
        assert.ok(await poll(() => client.answers().length > 50 || undefined, 30));
        const { name, namespace: home } = (await podsOf("one"))[0]!.metadata!;
        await lab.controlPlane.kubeconfig
            .makeApiClient(CoreV1Api)
            .deleteNamespacedPod({ name: name!, namespace: home! });
        const isGone = async () => (await podsOf("one")).every(({ metadata }) => metadata!.name !== name) || undefined;
        assert.ok(await poll(isGone, 60), "the pod has to go");
        const sent = client.answers().length;
        assert.ok(await poll(() => client.answers().length > sent + 50 || undefined, 30));
        wellAnswered(await client.stop());
    });
});

/** How many more there are of a code. */
function rise(before: Record<string, number>, now: Record<string, number>, code: string): number {
    return (now[code] ?? 0) - (before[code] ?? 0);
}
