import { AlertArgs, checkAlerts } from "../../components/delivery/alerts";
import { isObject } from "../../components/shape";
import { canaryOf } from "../canaries";
import { ResourceRule } from "../rule";

/** An alert that is there is sent. */
export const canaryAlertSeverity: ResourceRule = {
    name: "canary-alert-severity",
    description: "Each alert of a Canary says its severity and where it goes, as CanaryApp checks it.",
    enforcementLevel: "mandatory",
    severity: "medium",
    check(problems, resource) {
        const canary = canaryOf(resource);
        const alerts = canary?.analysis?.alerts;
        if (alerts === undefined) {
            return;
        }
        const path = `${canary!.path}.alerts`;
        checkAlerts(problems, path, alerts as AlertArgs[]);
        (Array.isArray(alerts) ? alerts : []).forEach((alert: unknown, index) => {
            problems.require(!isObject(alert) || (alert.severity !== undefined && alert.severity !== ""), {
                path: `${path}[${index}].severity`,
                rule: "is required: Flagger sends nothing of an alert without one, whatever its documentation says of a default",
                fix: "Use one of info, warn, error.",
            });
        });
    },
};
