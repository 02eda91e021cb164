import assert from "node:assert/strict";

import { checkPods, podWarnings } from "../../components/addonPods";
import { charts } from "../../components/charts";
import { linesOf, pathsOf } from "./problems";

const check = (pods: unknown) => linesOf((problems) => checkPods(problems, "a", pods as never, charts.flagger));
const paths = (pods: unknown) => pathsOf((problems) => checkPods(problems, "a", pods as never, charts.flagger));
const toleration = (...tolerations: unknown[]) => check({ tolerations });

describe("checkPods", () => {
    it("accepts what Kubernetes does", () => {
        assert.deepEqual(check({}), []);
        assert.deepEqual(
            check({
                replicas: 3,
                resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
                nodeSelector: { "kubernetes.io/arch": "arm64" },
                tolerations: [
                    { operator: "Exists" },
                    { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 0 },
                    { key: "a", value: "b" },
                    { key: "a" },
                ],
                priorityClassName: "system-cluster-critical",
                disruptionBudget: { minAvailable: "50%" },
            }),
            [],
        );
    });

    it("refuses a number of pods that is none", () => {
        for (const replicas of [0, 1.5, "2", 101]) {
            assert.deepEqual(check({ replicas }), [
                `a.replicas: ${JSON.stringify(replicas)} is not a whole number from 1 to 100 (pods). Give a number in that range.`,
            ]);
        }
    });

    it("refuses what is no text, no list and no object where one is needed", () => {
        assert.deepEqual(
            paths({
                resources: { requests: { cpu: 1 }, limits: "1" },
                nodeSelector: { a: true },
                tolerations: {},
                priorityClassName: "High!",
                disruptionBudget: "1",
            }),
            [
                "a.resources.requests.cpu",
                "a.resources.limits",
                "a.nodeSelector.a",
                "a.tolerations",
                "a.priorityClassName",
                "a.disruptionBudget",
            ],
        );
        assert.deepEqual(paths({ resources: 1, tolerations: [null] }), ["a.resources", "a.tolerations[0]"]);
    });

    it("refuses tolerations that Kubernetes would", () => {
        assert.deepEqual(toleration({ key: "a", operator: "In" }), [
            'a.tolerations[0].operator: "In" is not an operator of a toleration: Kubernetes would refuse the pods. ' +
                "Use Equal or Exists.",
        ]);
        assert.deepEqual(toleration({ value: "b" }), [
            "a.tolerations[0].key: nothing given, but it is required with the operator Equal: Kubernetes would refuse the " +
                'pods. Name the taint\'s key, or tolerate every taint by `operator: "Exists"`.',
        ]);
        assert.deepEqual(toleration({ key: "a", operator: "Exists", value: "b" }), [
            'a.tolerations[0].value: "b" is given beside the operator Exists, which asks for none: Kubernetes would refuse ' +
                "the pods. Keep one of the two.",
        ]);
        assert.deepEqual(toleration({ key: "a", effect: "NoWay" }), [
            'a.tolerations[0].effect: "NoWay" is not an effect of a taint: Kubernetes would refuse the pods. ' +
                "Use one of NoSchedule, PreferNoSchedule, NoExecute.",
        ]);
        assert.deepEqual(toleration({ key: "a", tolerationSeconds: 5 }), [
            "a.tolerations[0].tolerationSeconds: 5 is for the effect NoExecute alone: Kubernetes would refuse the pods. " +
                "Leave it out, or name the effect.",
        ]);
        assert.deepEqual(paths({ tolerations: [{ key: "" }, { key: "a", value: 1 }] }), [
            "a.tolerations[0].key",
            "a.tolerations[1].value",
        ]);
    });
});

describe("podWarnings", () => {
    it("are none for a chart whose pods share what they know, and for one pod", () => {
        assert.deepEqual(podWarnings("a", { replicas: 2 }, charts.flagger), []);
        assert.deepEqual(podWarnings("a", { replicas: 1 }, charts.grafana), []);
    });

    it("say why more pods are not better", () => {
        assert.deepEqual(podWarnings("a", { replicas: 2 }, charts.loadtester), [
            "a.replicas: of 2 pods each keeps gates and running tests in its own memory: a gate opened in one stays closed in " +
                "the other.",
        ]);
    });

    it("say that a budget lets no node be drained", () => {
        const text = (budget: string, pods: string) =>
            `a.disruptionBudget: ${budget} never lets ${pods} be evicted, so that draining its node waits for ever, and with it ` +
            "every upgrade of nodes. Allow one pod to be missing, or have more of them.";
        assert.deepEqual(podWarnings("a", { disruptionBudget: { minAvailable: "1" } }, charts.flagger), [
            text('{"minAvailable":"1"}', "the one pod"),
        ]);
        assert.deepEqual(podWarnings("a", { replicas: 2, disruptionBudget: { maxUnavailable: "0" } }, charts.flagger), [
            text('{"maxUnavailable":"0"}', "any of the 2 pods"),
        ]);
        assert.deepEqual(
            podWarnings("a", { replicas: 2, disruptionBudget: { minAvailable: "1" } }, charts.flagger),
            [],
        );
    });
});
