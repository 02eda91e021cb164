import type { CanaryAppArgs } from "../../../index";
import { app } from "../delivery";

const off = { enabled: false };

/** The cheapest application there is: blue/green without a mesh, a load tester or metrics. */
export function smallApp(
    name: string,
    namespace: string,
    changes: Partial<CanaryAppArgs> = {},
): Omit<CanaryAppArgs, "platform"> {
    const { workload } = app(name, namespace);
    return {
        namespace,
        workload: { ...workload!, preStopSeconds: 1 },
        analysis: { interval: "10s", threshold: 3, blueGreen: { iterations: 3 }, metrics: [] },
        loadTester: off,
        ...changes,
    };
}

/** A platform for such applications. */
export const smallPlatform = { mesh: { provider: "kubernetes" }, addons: { grafana: off } };
