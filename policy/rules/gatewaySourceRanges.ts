import { charts } from "../../components/charts";
import { Fields, isLater } from "../../components/shape";
import { Problems } from "../../components/validation";
import { checkRanges } from "../addressRanges";
import { chartOf } from "../charts";
import { Resource, at, fieldsAt, isKind } from "../resource";
import { ResourceRule, textsOf } from "../rule";
import { entriesOf } from "../tree";

/** Charts of gateways, whose Service has a load balancer unless told otherwise. */
const gatewayCharts = [charts.appmeshGateway, charts.istioGateway].map(({ chart }) => chart);
const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** What makes a load balancer one of the own network, in the clouds that have a word for it. */
const internal: readonly (readonly [string, string])[] = [
    ["service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"],
    ["service.beta.kubernetes.io/aws-load-balancer-internal", "true"],
    ["service.beta.kubernetes.io/azure-load-balancer-internal", "true"],
    ["networking.gke.io/load-balancer-type", "Internal"],
];

/** Whatever is reached from outside says from where. */
export const gatewaySourceRanges: ResourceRule = {
    name: "gateway-source-ranges",
    description: "Load balancers and gateways that are reached from the internet say who may call them.",
    // Most gateways are there for everybody. Who serves a known circle makes it mandatory.
    enforcementLevel: "advisory",
    severity: "medium",
    options: {
        privateGatewayClasses: {
            description: "Classes of Gateways of the Gateway API that are not reached from the internet.",
            default: ["amazon-vpc-lattice", "istio-waypoint"],
        },
    },
    check(problems, resource, options) {
        const { props } = resource;
        if (isKind(resource, "core", "Service")) {
            const spec = fieldsAt(props, "spec");
            checkService(problems, "spec.loadBalancerSourceRanges", {
                ...spec,
                annotations: at(props, "metadata", "annotations"),
            });
        } else if (isKind(resource, "gateway.envoyproxy.io", "EnvoyProxy")) {
            const place = ["spec", "provider", "kubernetes", "envoyService"];
            checkService(problems, `${place.join(".")}.loadBalancerSourceRanges`, {
                type: "LoadBalancer",
                ...fieldsAt(props, ...place),
            });
        } else if (isKind(resource, "gateway.networking.k8s.io", "Gateway")) {
            checkGateway(problems, props, textsOf(options, "privateGatewayClasses"));
        } else {
            checkChart(problems, resource);
        }
    },
};

/** Checks a Service by its type, its annotations and its ranges, wherever those are written. */
function checkService(problems: Problems, path: string, service: Fields): void {
    const annotations = fieldsAt(service, "annotations");
    if (
        service.type !== "LoadBalancer" ||
        isLater(service.annotations) ||
        internal.some(([key, value]) => annotations[key] === value)
    ) {
        return;
    }
    const fix =
        "Name the ranges that may call it, or let it have addresses of the own network only. With this library: " +
        "`sourceRanges` or `internal` of the gateway.";
    checkRanges(
        problems,
        path,
        rangesOf(annotations) ?? service.loadBalancerSourceRanges,
        "call the load balancer",
        fix,
    );
}

function rangesOf(annotations: Fields): unknown {
    const given = annotations[rangesAnnotation];
    return typeof given === "string" ? given.split(",").map((range) => range.trim()) : given;
}

/** A Gateway's load balancer is its controller's: parameters of its own are judged where they are written. */
function checkGateway(problems: Problems, props: Fields, privateClasses: readonly string[]): void {
    const infrastructure = fieldsAt(props, "spec", "infrastructure");
    if (
        infrastructure.parametersRef !== undefined ||
        privateClasses.includes(String(at(props, "spec", "gatewayClassName")))
    ) {
        return;
    }
    checkService(problems, `spec.infrastructure.annotations[${JSON.stringify(rangesAnnotation)}]`, {
        type: "LoadBalancer",
        annotations: infrastructure.annotations,
    });
}

/** The values of a chart may hold several Services; those of a gateway's chart hold one that is public by default. */
function checkChart(problems: Problems, resource: Resource): void {
    const chart = chartOf(resource);
    if (chart === undefined) {
        return;
    }
    if (gatewayCharts.includes(chart.name)) {
        checkService(problems, "values.service.loadBalancerSourceRanges", {
            type: "LoadBalancer",
            ...fieldsAt(chart.values, "service"),
        });
        return;
    }
    for (const { path, key, value, siblings } of entriesOf("values", chart.values)) {
        if (key === "type" && value === "LoadBalancer") {
            checkService(problems, path.replace(/type$/, "loadBalancerSourceRanges"), siblings);
        }
    }
}
