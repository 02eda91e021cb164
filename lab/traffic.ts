import http from "node:http";

import { V1Service } from "@kubernetes/client-node";

import { Answer, ask } from "./ask";
import { Entrance } from "./mesh/mesh";

/** The two kinds of users: everyone, and those whom an A/B test may ask for. They take turns. */
const users: http.OutgoingHttpHeaders[] = [
    { "user-agent": "Safari" },
    { "user-agent": "Mozilla/5.0 Firefox/142.0", cookie: "session=1; type=insider", "x-canary": "insider" },
];

/** A lab with many applications would otherwise spend all its time on their users. */
const applicationsAtOnce = 3;

/** Stands in for the users: asks every application that a route leads to from outside, at the gateway's load balancer. */
export class Traffic {
    private readonly timer: NodeJS.Timeout;
    private readonly agent = new http.Agent({ keepAlive: true });
    private next = 0;
    private answers: Answer[] = [];
    /** An address that users come to without a route that leads there. */
    private door: string | undefined;
    /** How many users each application has had. */
    private readonly visits = new Map<string, number>();

    constructor(
        private readonly entrances: () => Entrance[],
        private readonly services: () => V1Service[],
        requestsPerSecond: number,
    ) {
        this.timer = setInterval(() => {
            for (const entrance of this.turn()) {
                void this.visit(entrance);
            }
            if (this.door !== undefined) {
                void this.call(this.door, this.door, {});
            }
        }, 1000 / requestsPerSecond);
    }

    /** Lets users come to an address too, where no route of a mesh is known to lead to the application. */
    at(address: string): void {
        if (this.entrances().length === 0) {
            this.door = address;
        }
    }

    /** What has been answered since the last time this was asked. */
    take(): Answer[] {
        const taken = this.answers;
        this.answers = [];
        return taken;
    }

    stop(): void {
        clearInterval(this.timer);
        this.agent.destroy();
    }

    /** Whose users come now: everybody's while there are few applications, each in turn where there are many. */
    private turn(): Entrance[] {
        const all = this.entrances();
        const count = Math.min(all.length, applicationsAtOnce);
        const chosen = Array.from({ length: count }, (_, i) => all[(this.next + i) % all.length]!);
        this.next += count;
        return chosen;
    }

    private async visit({ namespace, name, path, host, gateway }: Entrance): Promise<void> {
        const address = loadBalancerOf(this.services(), gateway);
        if (address === undefined) {
            return;
        }
        await this.call(`${namespace}/${name}`, `http://${address}${path}`, host === undefined ? {} : { host });
    }

    /** Each application gets as many users of one kind as of the other. */
    private async call(application: string, url: string, more: http.OutgoingHttpHeaders): Promise<void> {
        const visits = this.visits.get(application) ?? 0;
        this.visits.set(application, visits + 1);
        this.answers.push(await ask(url, { ...users[visits % users.length], ...more }, this.agent));
    }
}

/** The address of the load balancer in front of a gateway's pods. */
function loadBalancerOf(services: V1Service[], { namespace, labels, port }: Entrance["gateway"]): string | undefined {
    const service = services.find(
        ({ metadata, spec }) =>
            metadata?.namespace === namespace &&
            spec?.type === "LoadBalancer" &&
            Object.entries(spec.selector ?? {}).every(([key, value]) => labels[key] === value),
    );
    const ip = service?.status?.loadBalancer?.ingress?.[0]?.ip;
    return ip === undefined ? undefined : `${ip}:${port ?? service?.spec?.ports?.[0]?.port}`;
}
