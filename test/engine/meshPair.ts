import assert from "node:assert/strict";

import { Client } from "../../lab/client";
import { Lab } from "../../lab/lab";
import { poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import type { CanaryAppArgs } from "../../index";
import { nothingLeft, succeeded } from "./asserts";
import { Apps, Program, SharedPlatform, app, givenPlatform, podinfo } from "./delivery";
import { assertServed, sinceServed } from "./served";
import { theLab } from "./theLab";
import { together } from "./together";

const off = { enabled: false };

/** What differs between applications on these meshes. */
const changes: Record<string, (name: string) => Partial<CanaryAppArgs>> = {
    istio: () => ({}),
    "envoy-gateway": () => ({}),
    linkerd: (name) => ({ gateway: undefined, loadTest: { command: load("on-linkerd", name) } }),
    kubernetes: (name) => ({
        gateway: undefined,
        loadTest: { command: load("on-kubernetes", name) },
        workload: {
            ...app(name, "on-kubernetes").workload!,
            podAnnotations: { "prometheus.io/scrape": "true", "prometheus.io/port": "9898" },
        },
        analysis: { ...app(name, "on-kubernetes").analysis, steps: undefined, blueGreen: { iterations: 3 } },
    }),
};

const load = (namespace: string, name: string) => `hey -z 1m -q 10 -c 2 http://${name}-canary.${namespace}:9898/`;

/** Two applications on a mesh, in a namespace of its name: one that gets a good release, and one that gets a bad one. */
function appsOn(mesh: string): Apps {
    const [good, bad] = [`${mesh}-good`, `${mesh}-bad`];
    return {
        [good]: { args: app(good, `on-${mesh}`, { mesh, ...changes[mesh]!(good) }) },
        [bad]: {
            args: app(bad, `on-${mesh}`, { mesh, createNamespace: false, loadTester: off, ...changes[mesh]!(bad) }),
            dependsOn: [good],
        },
    };
}

/**
 * A platform of the library on a cluster that exists, of two meshes: with the real charts, definitions, Envoys and Flagger where the
 * lab has them, and stand-ins for the control planes of Istio and Linkerd. `left` is what destroy leaves.
 */
export function meshPair(first: string, second: string, left: string[]): void {
    describe(`a platform on ${first}, and beside it ${second}`, function () {
        this.timeout(900_000);
        // Each step stands on the one before.
        this.bail(true);
        let lab: Lab;
        let stack: Project;
        let platform: SharedPlatform;
        let program: Program;
        let rollouts: Rollouts;
        const users = new Map<string, Client>();

        before(async () => {
            lab = await theLab();
            const { kubeconfig, kubeconfigFile } = lab.controlPlane;
            rollouts = new Rollouts(kubeconfig);
            stack = await givenPlatform(
                lab,
                `on-${first}`,
                {
                    mesh: { provider: first },
                    secondMesh: { provider: second },
                    addons: { grafana: off },
                },
                { kubeconfig: kubeconfigFile },
            );
            platform = await SharedPlatform.of(lab, stack);
            program = await platform.program(`apps-on-${first}`, { ...appsOn(first), ...appsOn(second) });
            succeeded(await program.up());
            await Promise.all(
                Object.entries(program.apps).map(([name, { args }]) =>
                    rollouts.phase(args.namespace, name, ["Initialized"], 240),
                ),
            );
        });

        after(() => rollouts?.stop());

        /** Where users reach an application by the gateway of its mesh, if there is one. */
        function urlOf(name: string): string | undefined {
            const { gateway, secondMesh } = JSON.parse(platform.connection) as {
                gateway?: { address: string };
                secondMesh: { gateway?: { address: string } };
            };
            const { mesh, gateway: exposed } = program.apps[name]!.args;
            const address = (mesh === first ? gateway : secondMesh.gateway)?.address;
            return exposed === undefined ? undefined : `http://${address}${exposed.path}`;
        }

        it("is as it was asked for: a preview of it changes nothing", async () => {
            for (const preview of [await stack.preview(), await program.project.preview()]) {
                succeeded(preview);
                assert.match(preview.output, /Resources:\n +\d+ unchanged\n/, preview.output);
            }
        });

        it("leads users to the applications", async () => {
            for (const name of Object.keys(program.apps)) {
                const url = urlOf(name);
                if (url !== undefined) {
                    const client = new Client(url, { perSecond: 15 });
                    users.set(name, client);
                    assert.ok(await poll(() => client.answers().find(({ status }) => status === 200), 60), url);
                }
            }
            assert.ok(users.size > 0 || first === "linkerd");
            for (const [name] of Object.entries(program.apps)) {
                program.image(name, name.endsWith("-good") ? "6.0.1" : "6.0.2-errors50");
            }
            succeeded(await program.up());
        });

        const outcomeOf = async (name: string) => {
            const { namespace } = program.apps[name]!.args;
            const { phase } = await rollouts.outcome(namespace, name, 400);
            await new Promise((resolve) => setTimeout(resolve, 5000));
            return {
                phase,
                said: rollouts.messages(namespace, name).join("\n"),
                primary: rollouts.primaryImage(namespace, name),
                answers: sinceServed((await users.get(name)?.stop()) ?? []),
            };
        };
        const tests = [first, second].flatMap((mesh) => [
            [
                `promotes a good release on ${mesh}, and no request is lost`,
                async () => {
                    const { phase, said, primary, answers } = await outcomeOf(`${mesh}-good`);
                    assert.equal(phase, "Succeeded", said);
                    assert.equal(primary, podinfo("6.0.1"));
                    if (users.has(`${mesh}-good`)) {
                        assertServed(answers);
                        assert.ok(new Set(answers.map(({ version }) => version)).size === 2);
                    }
                },
            ],
            [
                `rolls a bad release back on ${mesh}, for its errors`,
                async () => {
                    const { phase, said, primary } = await outcomeOf(`${mesh}-bad`);
                    assert.equal(phase, "Failed", said);
                    assert.match(said, /request-success-rate \d|success rate \d/);
                    assert.equal(primary, podinfo("6.0.0"));
                },
            ],
        ]);
        together(Object.fromEntries(tests) as Record<string, () => Promise<void>>);

        it("goes, and all that carried it", async () => {
            succeeded(await program.project.destroy());
            succeeded(await stack.destroy());
            await nothingLeft(lab, left);
        });
    });
}
