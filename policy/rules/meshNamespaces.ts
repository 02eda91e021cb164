import { charts } from "../../components/charts";
import { isLater, isObject } from "../../components/shape";
import { canaryOf } from "../canaries";
import { chartOf } from "../charts";
import { Memberships, inWords, marksIn, meshesOf, takes } from "../memberships";
import { podsOf } from "../pods";
import { Resource, at, fieldsAt, isKind, kindOf, listAt, namespaceOf } from "../resource";
import { StackRule } from "../rule";

/** A Canary's pods are where its mesh routes. */
export const meshNamespaces: StackRule = {
    name: "mesh-namespaces",
    description: "The namespace of a Canary carries what lets its pods join the mesh that the Canary is for.",
    enforcementLevel: "mandatory",
    severity: "high",
    checkStack(problemsOf, resources) {
        for (const resource of resources) {
            const canary = canaryOf(resource);
            if (canary === undefined) {
                continue;
            }
            const provider = canary.spec.provider ?? providerOfFlagger(resources);
            const parents = listAt(canary.spec, "service", "gatewayRefs").map((ref) => at(ref, "kind"));
            const meshes = meshesOf(provider, parents);
            const namespace = namespaceObject(resource, resources);
            if (meshes.length === 0 || namespace === undefined || isMember(resource, namespace, resources, meshes)) {
                continue;
            }
            problemsOf(namespace).add({
                path: "metadata",
                value: marksIn(meshes, fieldsAt(namespace.props, "metadata")),
                rule:
                    `does not let its pods join ${meshes.map(({ title }) => title).join(" or ")}, which the Canary ` +
                    `${String(at(resource.props, "metadata", "name"))} in it is for: Flagger would shift traffic that ` +
                    "no proxy routes",
                fix: `Give it ${meshes.map((mesh) => inWords(mesh.namespace[0]!)).join(" or ")}.`,
            });
        }
    },
};

/** What a Canary without a provider is for: what Flagger was installed for, where that is here. */
function providerOfFlagger(resources: readonly Resource[]): unknown {
    const flagger = resources.map(chartOf).find((chart) => chart?.name === charts.flagger.chart);
    return flagger?.values.meshProvider;
}

/** The namespace that a Canary is in, if this stack makes it: another cluster may have one of that name. */
function namespaceObject(canary: Resource, resources: readonly Resource[]): Resource | undefined {
    const name = namespaceOf(canary);
    const named = resources.filter(
        (other) => isKind(other, "core", "Namespace") && at(other.props, "metadata", "name") === name,
    );
    return named.find(({ provider }) => provider === canary.provider) ?? named[0];
}

function isMember(
    canary: Resource,
    namespace: Resource,
    resources: readonly Resource[],
    meshes: readonly Memberships[],
): boolean {
    const metadata = fieldsAt(namespace.props, "metadata");
    if (isLater(metadata.labels) || isLater(metadata.annotations)) {
        return true;
    }
    const target = targetOf(canary, resources);
    return meshes.some(
        (mesh) => takes(mesh.namespace, metadata) || (target !== undefined && takes(mesh.pod, target.metadata)),
    );
}

/** The pods that a Canary is about, if this stack makes them. */
function targetOf(canary: Resource, resources: readonly Resource[]) {
    const target = at(canary.props, "spec", "targetRef");
    const found = resources.find(
        (other) =>
            isObject(target) &&
            kindOf(other)?.kind === target.kind &&
            at(other.props, "metadata", "name") === target.name &&
            namespaceOf(other) === namespaceOf(canary),
    );
    return found === undefined ? undefined : podsOf(found);
}
