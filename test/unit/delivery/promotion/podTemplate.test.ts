import assert from "node:assert/strict";

import fc from "fast-check";

import { configsOf, isCopy, released } from "../../../../components/delivery/promotion/podTemplate";

type Tree = Record<string, unknown>;

interface Named {
    name: string;
}

interface Source {
    configMap?: Named;
    secret?: { name?: string; secretName?: string };
    projected?: { sources: Source[] };
}

interface Container {
    env: { valueFrom?: { configMapKeyRef?: Named; secretKeyRef?: Named } }[];
    envFrom: { configMapRef?: Named; secretRef?: Named }[];
}

interface Template {
    metadata: { labels: Record<string, string>; annotations: Record<string, string> };
    spec: {
        containers: Container[];
        initContainers: Container[];
        volumes: Source[];
        nodeSelector: Record<string, string>;
        affinity: { podAntiAffinity: { terms: { labelSelector: { matchLabels: Record<string, string> } }[] } };
    };
}

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const few = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 3 });
const ref = fc.record({ name });
const container = fc.record({
    name,
    image: name,
    ports: few(fc.record({ containerPort: fc.nat() })),
    tty: fc.boolean(),
    env: few(
        fc.oneof(
            fc.record({ name, value: name }),
            fc.record({ name, valueFrom: fc.record({ configMapKeyRef: ref }) }),
            fc.record({ name, valueFrom: fc.record({ secretKeyRef: ref }) }),
        ),
    ),
    envFrom: few(fc.oneof(fc.record({ configMapRef: ref }), fc.record({ secretRef: ref }))),
});
const volume = fc.oneof(
    fc.record({ name, configMap: ref }),
    fc.record({ name, secret: fc.record({ secretName: name }) }),
    fc.record({
        name,
        projected: fc.record({
            sources: few(fc.oneof(fc.record({ configMap: ref }), fc.record({ secret: ref }))),
        }),
    }),
);
/** The template of a target as the API server gives it, with an annotation of Flux. */
const template = fc.record({
    metadata: fc.record({
        labels: fc.dictionary(name, name).map((labels) => ({ ...labels, app: "web" })),
        annotations: fc.dictionary(name, name).map((all) => ({ ...all, "kustomize.toolkit.fluxcd.io/checksum": "a" })),
    }),
    spec: fc.record({
        containers: fc.array(container, { minLength: 1, maxLength: 2 }),
        initContainers: few(container),
        volumes: few(volume),
        nodeSelector: fc.constant({ disk: "ssd" }),
        affinity: fc.constant({ podAntiAffinity: { terms: [{ labelSelector: { matchLabels: { app: "web" } } }] } }),
    }),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<Template>;

/** What Flagger makes of a template for the primary. */
function promoted(target: Template): Template {
    const copy = structuredClone(target);
    const rename = (...used: (object | undefined)[]) => {
        for (const holder of used as (Record<string, string> | undefined)[]) {
            const key = holder !== undefined && "secretName" in holder ? "secretName" : "name";
            if (holder !== undefined) {
                holder[key] += "-primary";
            }
        }
    };
    copy.metadata.labels.app = "web-primary";
    delete copy.metadata.annotations["kustomize.toolkit.fluxcd.io/checksum"];
    copy.metadata.annotations["flagger-id"] = "5f3c";
    for (const { configMap, secret, projected } of copy.spec.volumes) {
        rename(configMap, secret, ...(projected?.sources ?? []).flatMap((source) => [source.configMap, source.secret]));
    }
    for (const { env, envFrom } of [...copy.spec.containers, ...copy.spec.initContainers]) {
        rename(...env.flatMap(({ valueFrom }) => [valueFrom?.configMapKeyRef, valueFrom?.secretKeyRef]));
        rename(...envFrom.flatMap(({ configMapRef, secretRef }) => [configMapRef, secretRef]));
    }
    copy.spec.affinity.podAntiAffinity.terms[0]!.labelSelector.matchLabels.app = "web-primary";
    return copy;
}

/** Where the leaves of a tree are. */
function leaves(tree: unknown, path: string[] = []): string[][] {
    return typeof tree === "object" && tree !== null
        ? Object.entries(tree).flatMap(([key, value]) => leaves(value, [...path, key]))
        : [path];
}

/** A copy of the tree in which one leaf, and the object that holds it, were put through a change. */
function withLeaf<T extends object>(tree: T, path: string[], change: (holder: Tree, key: string) => void): T {
    const copy = structuredClone(tree);
    change(
        path.slice(0, -1).reduce((inner, key) => inner[key] as Tree, copy as Tree),
        path.at(-1)!,
    );
    return copy;
}

const other = (value: unknown) =>
    typeof value === "string" ? `${value}x` : typeof value === "number" ? value + 1 : value !== true;

/** Leaves that tell something of the version: Flagger's own annotation does not. */
const telling = (tree: object) => leaves(tree).filter((path) => !path.includes("flagger-id"));

describe("isCopy", () => {
    it("takes a template for a copy of itself", () => {
        fc.assert(fc.property(template, (t) => isCopy(t, structuredClone(t))));
    });

    it("takes what Flagger makes of a template for a copy", () => {
        fc.assert(fc.property(template, (t) => isCopy(t, promoted(t))));
    });

    it("takes what Flagger does not track, and so does not rename, for itself", () => {
        const uses = (configMap: string) => ({ spec: { volumes: [{ name: "a", configMap: { name: configMap } }] } });
        assert.equal(isCopy(uses("shared"), uses("shared")), true);
        assert.equal(isCopy(uses("shared"), uses("shared-primary")), true);
        assert.equal(isCopy(uses("shared"), uses("shared-primary-primary")), false);
        assert.equal(isCopy(uses("shared-primary"), uses("shared")), false);
    });

    it("sees every other change, of any leaf", () => {
        fc.assert(
            fc.property(template, fc.nat(), (t, nth) => {
                const copy = promoted(t);
                const all = telling(copy);
                const changed = withLeaf(copy, all[nth % all.length]!, (holder, key) => {
                    holder[key] = other(holder[key]);
                });
                return !isCopy(t, changed);
            }),
            { numRuns: 500 },
        );
    });

    it("sees what was left out and what was put in", () => {
        fc.assert(
            fc.property(template, fc.nat(), (t, nth) => {
                const copy = promoted(t);
                const all = telling(copy);
                const path = all[nth % all.length]!;
                const without = withLeaf(copy, path, (holder, key) => delete holder[key]);
                const withMore = withLeaf(copy, path, (holder, key) => (holder[`${key}NEW`] = 1));
                return !isCopy(t, without) && !isCopy(t, withMore);
            }),
            { numRuns: 500 },
        );
    });

    // An image or a variable may well end like this, and going back from it is a new version.
    it("forgives the suffix only where Flagger puts it", () => {
        const runs = (image: string, value: string, label: string) => ({
            metadata: { labels: { app: label } },
            spec: { containers: [{ image, env: [{ name: "DB", value }] }] },
        });
        const target = runs("web:1", "db", "web");
        assert.equal(isCopy(target, runs("web:1", "db", "web-primary")), true);
        assert.equal(isCopy(target, runs("web:1-primary", "db", "web-primary")), false);
        assert.equal(isCopy(target, runs("web:1", "db-primary", "web-primary")), false);
    });

    it("sees a changed label, which makes pods anew as well", () => {
        const labelled = (tier: string) => ({ metadata: { labels: { app: "web", tier } } });
        assert.equal(isCopy(labelled("front"), labelled("front")), true);
        assert.equal(isCopy(labelled("front"), labelled("back")), false);
    });

    it("takes nothing for a copy where one of the two is missing", () => {
        assert.equal(isCopy(undefined, {}), false);
        assert.equal(isCopy({}, undefined), false);
        assert.equal(isCopy(undefined, undefined), false);
        assert.equal(isCopy({}, {}), true);
    });

    it("does not stumble over what is of another kind", () => {
        assert.equal(isCopy({ spec: { a: null } }, { spec: { a: {} } }), false);
        assert.equal(isCopy({ spec: { a: {} } }, { spec: { a: null } }), false);
        assert.equal(isCopy({ spec: { a: null } }, { spec: { a: null } }), true);
        assert.equal(isCopy({ spec: { a: "1" } }, { spec: { a: 1 } }), false);
    });
});

describe("released", () => {
    const scaledDown = { "flagger.app/scale-to-zero": "true" };

    it("leaves out how Flagger scales a DaemonSet down, and nothing else", () => {
        const spec = { containers: [] };
        assert.deepEqual(released({ spec: { ...spec, nodeSelector: scaledDown } }), { spec });
        assert.deepEqual(released({ spec: { ...spec, nodeSelector: { ...scaledDown, disk: "ssd" } } }), {
            spec: { ...spec, nodeSelector: { disk: "ssd" } },
        });
        assert.deepEqual(released({ spec: { ...spec, nodeSelector: {} } }), { spec });
        assert.equal(released(undefined), undefined);
    });

    it("lets a DaemonSet that is scaled down be promoted", () => {
        const target = { spec: { containers: [{ image: "web:1" }], nodeSelector: scaledDown } };
        assert.equal(isCopy(target, { spec: { containers: [{ image: "web:1" }] } }), true);
        assert.equal(isCopy(target, { spec: { containers: [{ image: "web:2" }] } }), false);
    });

    it("does not change what it is given", () => {
        const given = { spec: { nodeSelector: { ...scaledDown } } };
        released(given);
        assert.deepEqual(given, { spec: { nodeSelector: scaledDown } });
    });
});

describe("configsOf", () => {
    it("finds what Flagger copies, wherever it is used, each once and in order", () => {
        assert.deepEqual(
            configsOf({
                spec: {
                    volumes: [
                        { name: "a", configMap: { name: "volume" } },
                        { name: "b", secret: { secretName: "volume" } },
                        {
                            name: "c",
                            projected: {
                                sources: [
                                    { configMap: { name: "projected" } },
                                    { secret: { name: "projected" } },
                                    { serviceAccountToken: { path: "token" } },
                                ],
                            },
                        },
                        { name: "d", emptyDir: {} },
                    ],
                    containers: [
                        {
                            env: [
                                { name: "PLAIN", value: "x" },
                                { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                                { name: "A", valueFrom: { configMapKeyRef: { name: "env", key: "a" } } },
                                { name: "B", valueFrom: { secretKeyRef: { name: "env", key: "b" } } },
                            ],
                            envFrom: [{ configMapRef: { name: "all" } }, { secretRef: { name: "all" } }],
                        },
                        { envFrom: [{ configMapRef: { name: "all" } }] },
                    ],
                    initContainers: [
                        { envFrom: [{ configMapRef: { name: "init" } }, { secretRef: { name: "init" } }] },
                    ],
                },
            }),
            {
                configMaps: ["all", "env", "init", "projected", "volume"],
                secrets: ["all", "env", "init", "projected", "volume"],
            },
        );
    });

    it("finds none where there is no template, or nothing in it", () => {
        const none = { configMaps: [], secrets: [] };
        assert.deepEqual(configsOf(undefined), none);
        assert.deepEqual(configsOf({}), none);
        assert.deepEqual(configsOf({ spec: { containers: [{ name: "web" }] } }), none);
    });

    it("finds in the primary's template the copies of what the target's uses", () => {
        const copies = (names: string[]) => names.map((n) => `${n}-primary`);
        fc.assert(
            fc.property(template, (t) => {
                const { configMaps, secrets } = configsOf(t);
                assert.deepEqual(configsOf(promoted(t)), {
                    configMaps: copies(configMaps),
                    secrets: copies(secrets),
                });
            }),
        );
    });
});
