import { Json, cluster } from "../envoy";
import { World } from "../mesh";
import { addressOf, serviceNamed } from "../serviceNames";
import { isHttp2 } from "../servedPorts";
import { fullHost } from "./hosts";
import { Destination, DestinationRule, members } from "./objects";

/** The clusters of a proxy for what virtual services send requests to, made as they are asked for. */
export class Destinations {
    private readonly made = new Map<string, Json>();

    constructor(private readonly world: World) {}

    all(): Json[] {
        return [...this.made.values()];
    }

    /**
     * The name of the cluster for a destination in an object of this namespace; none where there is no such service. Where the
     * destination says no port, it is the service's only one, or else the one that was asked.
     */
    cluster({ host, port }: Destination, namespace: string, asked: number): string | undefined {
        const full = fullHost(host, namespace);
        const ports = serviceNamed(this.world, full)?.spec?.ports ?? [];
        const number = port?.number ?? (ports.length === 1 ? ports[0]!.port : asked);
        const found = ports.find((p) => p.port === number);
        if (found === undefined) {
            return undefined;
        }
        const name = `outbound|${number}||${full}`;
        this.made.set(name, {
            ...cluster(name, addressOf(this.world, full), number, isHttp2(found)),
            ...limits(this.ruleFor(full)),
        });
        return name;
    }

    private ruleFor(host: string): DestinationRule | undefined {
        return members(this.world, "DestinationRule").find(
            ({ metadata, spec }) => fullHost(spec?.host ?? "", metadata!.namespace!) === host,
        );
    }
}

function limits(rule: DestinationRule | undefined): Json {
    const { tcp, http } = rule?.spec?.trafficPolicy?.connectionPool ?? {};
    const thresholds = Object.entries({
        max_connections: tcp?.maxConnections,
        max_pending_requests: http?.http1MaxPendingRequests,
        max_requests: http?.http2MaxRequests,
        max_retries: http?.maxRetries,
    }).filter(([, value]) => value !== undefined);
    return thresholds.length === 0 ? {} : { circuit_breakers: { thresholds: [Object.fromEntries(thresholds)] } };
}
