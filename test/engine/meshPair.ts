import assert from "node:assert/strict";

import { CoreV1Api } from "@kubernetes/client-node";

import { charts } from "../../components/charts";
import { meshes } from "../../components/mesh/meshes";
import { Answer, isFailure } from "../../lab/ask";
import { Client } from "../../lab/client";
import { Lab } from "../../lab/lab";
import { pause, poll } from "../../lab/poll";
import { Project } from "../../lab/pulumi";
import { Rollouts } from "../../lab/rollout";
import { nothingLeft, succeeded } from "./asserts";
import { Program, SharedPlatform, givenPlatform, podinfo } from "./delivery";
import { Member, Reply } from "./member";
import { appsOn, insider } from "./meshPairApps";
import { dashboardsIn, emptyPanels, values } from "./panels";
import { Stretch, Stretches, assertServed, assertShare, during, sinceServed } from "./served";
import { theLab } from "./theLab";
import { together } from "./together";

const good = "6.0.1";
const bad = "6.0.2-errors50";

/** How a rollout ended, and what was seen of it. */
interface Outcome {
    phase: string;
    said: string;
    primary: string | undefined;
    answers: Answer[];
    stretches: Stretch[];
}

/** Whether any requests are led to the canary: by its weight, or to chosen users, of whom only the iteration tells. */
const isAsked = ({ weight, iteration }: Stretch) => weight > 0 || iteration > 0;

/**
 * Leaves out what Envoy Gateway answers itself in the moment in which a version gets its first requests or loses its last
 * (docs/reliability.md says why).
 */
function notOwnOf(mesh: string, all: Stretch[]): (answer: Answer) => boolean {
    const turns = all.filter((one, index) => index > 0 && isAsked(one) !== isAsked(all[index - 1]!));
    const isOwn = ({ version, status, at }: Answer) =>
        version === undefined && status === 500 && turns.some(({ from }) => Math.abs(at - from) < 3000);
    return (answer) => mesh !== "envoy-gateway" || !isOwn(answer);
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
        const stretches = new Map<string, Stretches>();

        const namespaceOf = (name: string) => program.apps[name]!.args.namespace;
        const core = () => lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);

        before(async () => {
            lab = await theLab();
            const { kubeconfig, kubeconfigFile } = lab.controlPlane;
            rollouts = new Rollouts(kubeconfig);
            stack = await givenPlatform(
                lab,
                `on-${first}`,
                { mesh: { provider: first }, secondMesh: { provider: second } },
                { kubeconfig: kubeconfigFile },
            );
            platform = await SharedPlatform.of(lab, stack);
            program = await platform.program(`apps-on-${first}`, { ...appsOn(first), ...appsOn(second) });
            succeeded(await program.up());
            await Promise.all(
                Object.keys(program.apps).map((name) => rollouts.phase(namespaceOf(name), name, ["Initialized"], 240)),
            );
        });

        after(async () => {
            rollouts?.stop();
            stretches.forEach((followed) => followed.stop());
            await Promise.all([...users.values()].map((user) => user.stop()));
        });

        /**
         * A user of an application: at the gateway of its mesh, and where it has none at the application's service. There each
         * request has a connection of its own, for Kubernetes leads connections and not requests.
         */
        async function userOf(name: string, headers: Record<string, string> = {}): Promise<Client> {
            const { gateway, secondMesh } = JSON.parse(platform.connection) as {
                gateway?: { address: string };
                secondMesh: { gateway?: { address: string } };
            };
            const { mesh, namespace, gateway: exposed } = program.apps[name]!.args;
            const address = (mesh === first ? gateway : secondMesh.gateway)?.address;
            return exposed !== undefined
                ? new Client(`http://${address}${exposed.path}`, { perSecond: 15, headers })
                : new Client(await lab.addressOf(namespace, name, ""), {
                      perSecond: 5,
                      headers: { connection: "close" },
                  });
        }

        it("is as it was asked for: a preview of it changes nothing", async () => {
            for (const preview of [await stack.preview(), await program.project.preview()]) {
                succeeded(preview);
                assert.match(preview.output, /Resources:\n +\d+ unchanged\n/, preview.output);
            }
        });

        it("leads users to the applications", async () => {
            for (const name of Object.keys(program.apps)) {
                const user = await userOf(name);
                users.set(name, user);
                assert.ok(await poll(() => user.answers().find(({ status }) => status === 200), 60), name);
                stretches.set(name, new Stretches(rollouts, namespaceOf(name), name));
                if (name.endsWith("-tested")) {
                    users.set(`${name}-insiders`, await userOf(name, insider));
                }
                program.image(name, name.endsWith("-bad") ? bad : good);
            }
            succeeded(await program.up());
        });

        async function outcomeOf(name: string): Promise<Outcome> {
            const { phase } = await rollouts.outcome(namespaceOf(name), name, 400);
            await pause(5);
            return {
                phase,
                said: rollouts.messages(namespaceOf(name), name).join("\n"),
                primary: rollouts.primaryImage(namespaceOf(name), name),
                answers: sinceServed(await users.get(name)!.stop()),
                stretches: stretches.get(name)!.stop(),
            };
        }

        const analysed = (all: Stretch[], weight: number) =>
            all.find((stretch) => stretch.phase === "Progressing" && stretch.weight === weight);

        /** Asks from inside the mesh, by its load tester, until the application is promoted or not. */
        async function askInside(name: string): Promise<(Reply & { at: number })[]> {
            const { items } = await core().listNamespacedPod({ namespace: namespaceOf(name) });
            const tester = items.find(({ metadata }) => metadata!.name!.startsWith("flagger-loadtester-"))!;
            const phase = () => rollouts.canary(namespaceOf(name), name)?.status?.phase ?? "";
            await rollouts.phase(namespaceOf(name), name, ["Progressing"], 60);
            const isOver = () => ["Promoting", "Finalising", "Succeeded", "Failed"].includes(phase());
            return new Member(tester.status!.podIP!).follow(`http://${name}:9898/`, isOver);
        }

        async function isPromoted(mesh: string): Promise<void> {
            const name = `${mesh}-good`;
            // Where pods have proxies, what they send goes by the weights, too.
            const proxied = Object.keys(meshes[mesh]!.podMembership).length > 0;
            const [{ phase, said, primary, answers, stretches: all }, inside] = await Promise.all([
                outcomeOf(name),
                proxied ? askInside(name) : undefined,
            ]);
            assert.equal(phase, "Succeeded", said);
            assert.equal(primary, podinfo(good));
            assertServed(answers.filter(notOwnOf(mesh, all)), { during: all });
            assert.deepEqual(new Set(answers.map(({ version }) => version)), new Set(["6.0.0", good]));
            const asked = program.apps[name]!.args.gateway === undefined ? [] : [answers];
            for (const weight of [30, 60]) {
                for (const answered of [...asked, ...(inside === undefined ? [] : [inside])]) {
                    assertShare(
                        during<{ at: number; version?: string }>(answered, analysed(all, weight)!),
                        good,
                        weight / 100,
                    );
                }
            }
        }

        async function isRolledBack(mesh: string): Promise<void> {
            const { phase, said, primary, answers, stretches: all } = await outcomeOf(`${mesh}-bad`);
            assert.equal(phase, "Failed", said);
            assert.match(said, /request-success-rate \d|success rate \d/);
            assert.equal(primary, podinfo("6.0.0"));
            assertServed(answers.filter(notOwnOf(mesh, all)), { faulty: bad, during: all });
            const failed = answers.filter(isFailure).length;
            assert.equal(failed > 0, program.apps[`${mesh}-bad`]!.args.gateway !== undefined, `${failed} failed`);
        }

        async function isCompared(mesh: string): Promise<void> {
            const name = `${mesh}-tested`;
            const { phase, said, answers, stretches: all } = await outcomeOf(name);
            const insiders = await users.get(`${name}-insiders`)!.stop();
            assert.equal(phase, "Succeeded", said);
            const compared = all.find((stretch) => stretch.phase === "Progressing" && stretch.iteration === 1)!;
            assertShare(during(answers, compared), good, 0);
            assertShare(during(insiders, compared), good, 1);
            assertServed(answers.filter(notOwnOf(mesh, all)), { during: all });
            assertServed(sinceServed(insiders).filter(notOwnOf(mesh, all)), { during: all });
        }

        const tests = [first, second].flatMap((mesh): [string, () => Promise<void>][] => [
            [`promotes a good release on ${mesh} by its weights, and no request is lost`, () => isPromoted(mesh)],
            [
                `rolls a bad release back on ${mesh}, for its errors, and nothing else answers any`,
                () => isRolledBack(mesh),
            ],
            ...(`${mesh}-tested` in appsOn(mesh)
                ? [
                      [
                          `shows a release on ${mesh} to those whom an A/B test asks for, all of them and nobody else`,
                          () => isCompared(mesh),
                      ] as [string, () => Promise<void>],
                  ]
                : []),
        ]);
        // What begins together begins with its own block, and here that is after the releases.
        describe("once they are released", () => together(Object.fromEntries(tests)));

        describe("in the end", () => {
            it("shows the rollouts in every panel of the dashboards of either mesh, as they were", async () => {
                const dashboards = await dashboardsIn(lab, charts.grafana.namespace);
                assert.equal(Object.keys(dashboards).length, 4);
                const { metricsServer } = JSON.parse(platform.connection) as { metricsServer: string };
                for (const mesh of [first, second]) {
                    const namespace = `on-${mesh}`;
                    const own = Object.keys(dashboards).filter((file) => file.includes("second") === (mesh === second));
                    const empty = await emptyPanels(
                        lab,
                        metricsServer,
                        own.map((file) => dashboards[file]!),
                        { namespace, canary: `${mesh}-good` },
                    );
                    assert.deepEqual(empty, []);
                    const worst = async (release: string) =>
                        Math.min(
                            ...(await values(lab, metricsServer, {
                                expr: meshes[mesh]!.queries.successRate(namespace, `${mesh}-${release}`),
                                instant: false,
                            })),
                        );
                    const [ofGood, ofBad] = [await worst("good"), await worst("bad")];
                    assert.ok(
                        ofGood > 99 && ofBad < 90,
                        `${mesh}: ${ofGood} % and ${ofBad} % were answered without an error`,
                    );
                }
            });

            it("goes, and all that carried it", async () => {
                succeeded(await program.project.destroy());
                succeeded(await stack.destroy());
                await nothingLeft(lab, left);
            });
        });
    });
}
