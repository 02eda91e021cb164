import type { CanaryAppArgs } from "../../../index";
import { app } from "../delivery";

const off = { enabled: false };

/** Any metrics server that answers at all says yes to this: only whether it can be measured counts. */
const measurable = { name: "measurable", min: 1, query: "vector(1)" };

/** The cheapest application there is: blue/green without a mesh, a load tester or requests. */
export function smallApp(
    name: string,
    namespace: string,
    changes: Partial<CanaryAppArgs> = {},
): Omit<CanaryAppArgs, "platform"> {
    const { workload } = app(name, namespace);
    return {
        namespace,
        workload: { ...workload!, preStopSeconds: 1 },
        analysis: analysis(3),
        loadTester: off,
        ...changes,
    };
}

/** An analysis of so many iterations. */
export function analysis(iterations: number): CanaryAppArgs["analysis"] {
    return { interval: "10s", threshold: 3, blueGreen: { iterations }, metrics: [measurable] };
}

/** A platform for such applications. */
export const smallPlatform = { mesh: { provider: "kubernetes" }, addons: { grafana: off } };
