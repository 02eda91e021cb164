import { V1Pod } from "@kubernetes/client-node";

import { Mesh } from "../mesh";
import { untranslated } from "../untranslated";
import { gatewayProxy, gatewayOf } from "./gateway";
import { knownFields } from "./knownFields";
import { inboundPort, outboundPort, virtualNodeProxy } from "./node";
import { MeshKind, find, group, members, plurals, version } from "./objects";

/** The variable by which App Mesh tells a proxy what it stands for: `mesh/global/virtualNode/podinfo-primary_apps`. */
export const resourceVariable = "APPMESH_VIRTUAL_NODE_NAME";

/** The variable that tells which ports of its pod a proxy stands before, as App Mesh's injector sets it. */
export const appPortsVariable = "APPMESH_APP_PORTS";

/** App Mesh, as AWS ran it: its objects in, what each proxy has to do out. */
export const appMesh: Mesh = {
    kinds: {
        ...Object.fromEntries(Object.entries(plurals).map(([kind, plural]) => [kind, { group, version, plural }])),
        Namespace: { group: "", version: "v1", plural: "namespaces" },
    },
    container: "envoy",
    ports: { inbound: inboundPort, outbound: outboundPort, admin: 9901 },
    redirects: (pod, port) => (variable(pod, appPortsVariable) ?? "").split(",").includes(String(port)),
    redirectsOutbound: (pod) => variable(pod, appPortsVariable) !== undefined,

    translate(world, pod) {
        const resource = /^mesh\/([^/]+)\/(virtualNode|virtualGateway)\/([^_]+)_(.+)$/.exec(
            variable(pod, resourceVariable) ?? "",
        );
        const [, mesh = "", kind, name, namespace = ""] = resource ?? [];
        const node = kind === "virtualNode" && find(world, "VirtualNode", { name: name! }, namespace);
        const gateway = kind === "virtualGateway" && find(world, "VirtualGateway", { name: name! }, namespace);
        return node
            ? virtualNodeProxy(world, mesh, node)
            : gateway
              ? gatewayProxy(world, mesh, gateway)
              : { listeners: [], routes: [], clusters: [] };
    },

    entrances: (world) =>
        members(world, "GatewayRoute").flatMap((route) => {
            const gateway = gatewayOf(world, route);
            const match = route.spec?.httpRoute?.match;
            return gateway === undefined
                ? []
                : {
                      namespace: route.metadata!.namespace!,
                      name: route.metadata!.name!,
                      gateway: {
                          namespace: gateway.metadata!.namespace!,
                          labels: gateway.spec?.podSelector?.matchLabels ?? {},
                      },
                      path: match?.path?.exact ?? match?.prefix ?? "/",
                      host: match?.hostname?.exact,
                  };
        }),

    untranslated: (world) =>
        (Object.keys(plurals) as MeshKind[]).flatMap((kind) =>
            members(world, kind).flatMap((object) =>
                untranslated(object.spec, knownFields[kind]).map((field) => ({ object, field })),
            ),
        ),
};

function variable(pod: V1Pod, name: string): string | undefined {
    const proxy = pod.spec?.containers.find((c) => c.name === appMesh.container);
    return proxy?.env?.find((e) => e.name === name)?.value;
}
