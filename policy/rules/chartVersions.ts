import { checkChartVersion } from "../../components/chartSource";
import { isLater } from "../../components/shape";
import { chartOf, isLocal } from "../charts";
import { at } from "../resource";
import { ResourceRule } from "../rule";

/** Charts have one version each. */
export const chartVersions: ResourceRule = {
    name: "chart-versions",
    description: "Helm charts are installed in one exact version.",
    enforcementLevel: "mandatory",
    severity: "medium",
    check(problems, resource) {
        const { props } = resource;
        const version = at(props, "version");
        if (chartOf(resource) === undefined || isLater(version) || (version === undefined && isLocal(props.chart))) {
            return;
        }
        checkChartVersion(problems, "version", version);
    },
};
