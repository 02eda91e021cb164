import assert from "node:assert/strict";

import * as client from "@kubernetes/client-node";

import { CanaryObject } from "../../../components/operate/canary";
import { MetricsServer } from "../../../components/page/metricsServer";
import { Answer, ApiServer, Script, kubeconfigFor } from "../delivery/promotion/apiServer";

const flaggers = "/apis/apps/v1/deployments?labelSelector=app.kubernetes.io%2Fname%3Dflagger";
const flagger = (...args: string[]) => ({
    items: [
        {
            metadata: { namespace: "mon" },
            spec: { template: { spec: { containers: [{ command: ["./flagger"], args }] } } },
        },
    ],
});
const web: CanaryObject = {
    metadata: { namespace: "shop", name: "web" },
    spec: {
        targetRef: { kind: "Deployment", name: "front" },
        analysis: {
            interval: "10s",
            metrics: [{ name: "request-success-rate" }, { name: "request-duration" }, { name: "own" }],
        },
    },
};
/** The rollout: from the 100th second to the 160th. */
const [from, to] = [100_000, 160_000];

function query({ service = "mon/services/http:prometheus:9090", start = "90", end = "170", step = "10" } = {}): string {
    const asked = new URLSearchParams({
        query:
            'max by (metric) (flagger_canary_metric_analysis{namespace="shop",name="front"}) or ' +
            'label_replace(max(flagger_canary_weight{namespace="shop",workload="front"}), "metric", "canary weight", "", "")',
        start,
        end,
        step,
    });
    return `/api/v1/namespaces/${service}/proxy/api/v1/query_range?${asked.toString()}`;
}
const answer = (values: Record<string, [number, string][]>): Answer => ({
    data: { result: Object.entries(values).map(([metric, list]) => ({ metric: { metric }, values: list })) },
});

describe("the values that Flagger judged by", () => {
    let server: ApiServer | undefined;

    afterEach(() => server?.stop());

    async function metrics(script: Script): Promise<MetricsServer> {
        server = await new ApiServer(script).start();
        const kubeconfig = new client.KubeConfig();
        kubeconfig.loadFromString(kubeconfigFor(server.port));
        return new MetricsServer(client, kubeconfig);
    }
    const known = { [flaggers]: [flagger("-log-level=info", "-metrics-server=http://prometheus:9090")] };

    it("come with the canary's share of the traffic, from when it changed", async () => {
        const shares: [number, string][] = [0, 0, 5, 5, 10].map((value, index) => [100 + 10 * index, String(value)]);
        const asked = await metrics({
            ...known,
            [query()]: [answer({ own: [[120, "7"]], "canary weight": shares })],
        });
        const { values, weights } = await asked.measured(web, from, to);
        assert.deepEqual([...values!.keys()], ["own"]);
        assert.deepEqual(weights, [
            { time: 100_000, value: 0 },
            { time: 120_000, value: 5 },
            { time: 140_000, value: 10 },
        ]);
    });

    it("are asked of the Service that Flagger's own arguments name, for the time of the rollout", async () => {
        const asked = await metrics({
            ...known,
            [query()]: [
                answer({
                    // At first the last value of the release before.
                    "request-success-rate": [
                        [90, "100"],
                        [100, "100"],
                        [110, "100"],
                        [120, "54.5"],
                        [130, "50.3"],
                    ],
                    "request-duration": [
                        [90, "0.1"],
                        [120, "0.25"],
                    ],
                    own: [[120, "7"]],
                }),
            ],
        });
        const { values, why } = await asked.measured(web, from, to);
        assert.equal(why, undefined);
        assert.deepEqual(values?.get("request-success-rate"), [
            { time: 120_000, value: 54.5 },
            { time: 130_000, value: 50.3 },
        ]);
        assert.deepEqual(values?.get("request-duration"), [{ time: 120_000, value: 250 }], "seconds, as milliseconds");
        assert.deepEqual(values?.get("own"), [{ time: 120_000, value: 7 }]);
    });

    it("are those of a release that measures the same as the one before, too", async () => {
        const asked = await metrics({
            ...known,
            [query()]: [answer({ own: [90, 100, 110, 120].map((second): [number, string] => [second, "1"]) })],
        });
        const { values } = await asked.measured(web, from, to);
        assert.deepEqual(
            values?.get("own")?.map(({ time }) => time),
            [110_000, 120_000],
        );
    });

    it("are asked of the Canary's own metrics server where it has one, and Flagger is not looked for", async () => {
        const own = { ...web, spec: { ...web.spec, metricsServer: "http://vm.metrics:8481/select" } };
        const path = query({ service: "metrics/services/http:vm:8481" }).replace("/proxy/", "/proxy/select/");
        const asked = await metrics({ [path]: [answer({ own: [[120, "7"]] })] });
        assert.deepEqual((await asked.measured(own, from, to)).values?.get("own"), [{ time: 120_000, value: 7 }]);
        assert.deepEqual(server!.asked, [path]);
    });

    it("are as many as a chart can show, however long the rollout", async () => {
        const day = 86_400_000;
        const asked = await metrics({
            ...known,
            [query({ start: "-188", end: "86788", step: "288" })]: [answer({ own: [[120, "7"]] })],
        });
        assert.equal((await asked.measured(web, from, from + day)).why, undefined, server!.asked.at(-1));
    });

    it("are asked of what Flagger's arguments name, which are read once", async () => {
        const asked = await metrics({ ...known, [query()]: [answer({ own: [[120, "7"]] })] });
        await asked.measured(web, from, to);
        await asked.measured(web, from, to);
        assert.equal(server!.count(flaggers), 1);
    });

    const without: [title: string, script: Script, canary: CanaryObject, why: RegExp][] = [
        ["Flagger is not found", { [flaggers]: [{ items: [] }] }, web, /own Deployment was not found/],
        [
            "its Deployment may not be read",
            { [flaggers]: [[403, "deployments is forbidden"]] },
            web,
            /could not be read.*: deployments is forbidden\.$/,
        ],
        [
            "the metrics server is elsewhere",
            { [flaggers]: [flagger("-metrics-server=https://aps.example.com/x")] },
            web,
            /no Service of this cluster/,
        ],
        [
            "it does not answer",
            { ...known, [query()]: [[503, "no endpoints available"]] },
            web,
            /no endpoints available/,
        ],
        ["it may not be asked", { ...known, [query()]: [[403, "services/proxy is forbidden"]] }, web, /is forbidden/],
        ["it has nothing of Flagger's", { ...known, [query()]: [answer({})] }, web, /scrapes Flagger's pods/],
    ];
    for (const [title, script, canary, why] of without) {
        it(`are not shown where ${title}, and the page says so`, async () => {
            const measured = await (await metrics(script)).measured(canary, from, to);
            assert.equal(measured.values, undefined);
            assert.match(measured.why!, why);
        });
    }

    it("are asked of no other Canary by what stands in a name", async () => {
        const evil = { ...web, metadata: { namespace: 'shop",name=~".*', name: "web" } };
        const asked = await metrics(known);
        await asked.measured(evil, from, to);
        const { searchParams } = new URL(server!.asked.at(-1)!, "http://server");
        assert.match(searchParams.get("query")!, /namespace="shop\\",name=~\\"\.\*",name="front"/);
    });
});
