import { Fields, isObject } from "../components/shape";
import { Resource, fieldsAt, isKind } from "./resource";

/** A Canary of Flagger, whoever wrote it. */
export interface Canary {
    spec: Fields;
    /** Where the analysis is. */
    path: string;
    /** Undefined where there is none. */
    analysis: Fields | undefined;
}

/** The Canary that a resource makes, if it makes one. Flagger still reads the analysis' former name. */
export function canaryOf(resource: Resource): Canary | undefined {
    if (!isKind(resource, "flagger.app", "Canary")) {
        return undefined;
    }
    const spec = fieldsAt(resource.props, "spec");
    const key = spec.analysis === undefined && spec.canaryAnalysis !== undefined ? "canaryAnalysis" : "analysis";
    const analysis = spec[key];
    return { spec, path: `spec.${key}`, analysis: isObject(analysis) ? analysis : undefined };
}
