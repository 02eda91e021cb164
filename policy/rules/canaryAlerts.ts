import { charts } from "../../components/charts";
import { canaryOf } from "../canaries";
import { chartOf } from "../charts";
import { Resource, at, listAt } from "../resource";
import { StackRule } from "../rule";

/** Somebody hears of a rollout that failed. */
export const canaryAlerts: StackRule = {
    name: "canary-alerts",
    description: "A Canary has alerts, of its own or those that Flagger was installed with.",
    // Where alerts go, only the user can know, so the library has none by default.
    enforcementLevel: "advisory",
    severity: "medium",
    options: {
        globalAlerts: {
            description: "Whether Flagger was installed with alerts in another stack than the Canary's.",
            default: false,
        },
    },
    checkStack(problemsOf, resources, options) {
        if (options.globalAlerts === true || resources.some(alertsGlobally)) {
            return;
        }
        for (const resource of resources) {
            const canary = canaryOf(resource);
            if (canary?.analysis === undefined) {
                continue;
            }
            const alerts = canary.analysis.alerts;
            problemsOf(resource).require(alerts !== undefined && listAt(canary.analysis, "alerts").length > 0, {
                path: `${canary.path}.alerts`,
                value: alerts,
                rule: "is needed, for nothing here installs Flagger with alerts for all: a rollback would go unnoticed",
                fix:
                    "Give an alert with a severity. With this library: `analysis.alerts`, or `addons.flagger.alerts` " +
                    "for all applications. If Flagger has them from another stack, set this rule's `globalAlerts`.",
            });
        }
    },
};

const addresses = ["SLACK_URL", "MSTEAMS_URL"];

/** Whether a resource installs Flagger with an address for the alerts of all Canaries. */
function alertsGlobally(resource: Resource): boolean {
    const chart = chartOf(resource);
    return (
        chart?.name === charts.flagger.chart &&
        ([at(chart.values, "slack", "url"), at(chart.values, "msteams", "url")].some(
            (url) => url !== undefined && url !== "",
        ) ||
            listAt(chart.values, "env").some((variable) => addresses.includes(String(at(variable, "name")))))
    );
}
