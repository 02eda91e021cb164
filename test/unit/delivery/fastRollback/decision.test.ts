import assert from "node:assert/strict";

import { decide } from "../../../../components/delivery/fastRollback/decision";
import { promotedVersions } from "../../../../components/delivery/fastRollback/promotedVersions";
import { copied, noon, replicaSets, template } from "./versions";

describe("decide", () => {
    const bounds = { revisions: 3, windowSeconds: 3600 };
    type Versions = Parameters<typeof replicaSets>;
    const decided = (
        target: ReturnType<typeof template>,
        versions: Versions,
        { limits = bounds, running = versions.at(-1)! }: { limits?: typeof bounds; running?: Versions[number] } = {},
    ) => {
        const [image, id, , changes] = running;
        const decision = decide(
            {
                target,
                primary: copied(image, id, changes),
                promoted: promotedVersions("primary", replicaSets(...versions)),
                now: noon,
            },
            limits,
        );
        return [decision.way, ...("says" in decision ? [decision.says] : [])];
    };
    const history: Versions = [
        ["web:1", "a", 600],
        ["web:2", "b", 12],
    ];
    const fast = (what: string, ago: string) => [
        "fast",
        `fast rollback to ${what}, which the primary ran until ${ago} ago: promoted without analysis as soon as its pods are ready`,
    ];

    it("goes back to the version before, from when it was left and not from when it was promoted", () => {
        assert.deepEqual(decided(template("web:1"), history), fast("web:1", "12 min"));
    });

    it("has nothing to say of what the primary runs, of a new version, nor of what Kubernetes keeps nothing of", () => {
        assert.deepEqual(decided(template("web:2"), history), ["none"]);
        assert.deepEqual(decided(template("web:3"), history), ["none"]);
        assert.deepEqual(
            decided(template("web:1"), history, { running: ["web:2", "b", 12, { annotations: { by: "hand" } }] }),
            ["none"],
        );
        assert.deepEqual(decided(template("web:1"), [history[1]!]), ["none"]);
    });

    for (const [what, changes] of Object.entries({
        "another annotation, as the digest of the configuration is one": { annotations: { config: "other" } },
        "an annotation less": { annotations: { team: undefined } },
        "other pods": { spec: { serviceAccountName: "other" } },
    })) {
        it(`takes the same image with ${what} for a new version`, () => {
            assert.deepEqual(decided(template("web:1", changes), history), ["none"]);
        });
    }

    it("says that only what surrounds the image is what it was", () => {
        const before = { annotations: { config: "blue" } };
        const versions: Versions = [
            ["web:1", "a", 60, before],
            ["web:1", "b", 0.5, { annotations: { config: "green" } }],
        ];
        assert.deepEqual(decided(template("web:1", before), versions), fast("web:1 as it was before", "30 s"));
    });

    it("keeps to the window, to the second", () => {
        const at = (minutes: number) => decided(template("web:1"), [history[0]!, ["web:2", "b", minutes]]);
        assert.deepEqual(at(60), fast("web:1", "1 h"));
        assert.deepEqual(at(60 + 1 / 60), [
            "analysed",
            "back to web:1, with its analysis: the primary ran it until 1 h ago, and fastRollback.window is 1 h",
        ]);
    });

    it("keeps to so many promotions", () => {
        const versions: Versions = [
            ["web:1", "a", 50],
            ["web:2", "b", 40],
            ["web:3", "c", 30],
        ];
        assert.deepEqual(decided(template("web:1"), versions, { limits: { ...bounds, revisions: 2 } })[0], "fast");
        assert.deepEqual(decided(template("web:1"), versions, { limits: { ...bounds, revisions: 1 } }), [
            "analysed",
            "back to web:1, with its analysis: 2 versions have been promoted since, and fastRollback.revisions is 1",
        ]);
    });

    it("does not go back to what was left for the version before it", () => {
        const left: Versions = [...history, ["web:1", "c", 5]];
        assert.deepEqual(decided(template("web:2"), left), [
            "analysed",
            "back to web:2, with its analysis: it was promoted for the first time after what the primary runs, web:1",
        ]);
        // But further back, as long as it was left lately.
        const further: Versions = [["web:0", "z", 900], ...left];
        assert.equal(decided(template("web:0"), further)[0], "analysed");
        assert.equal(
            decided(template("web:0"), further, { limits: { revisions: 3, windowSeconds: 86_400 } })[0],
            "fast",
        );
    });

    it("goes by the last time that it was promoted", () => {
        const versions: Versions = [...history, ["web:1", "c", 8], ["web:3", "d", 3]];
        assert.deepEqual(decided(template("web:1"), versions), fast("web:1", "3 min"));
    });

    it("takes the primary's newest for left just now where Kubernetes has nothing of the one that came after", () => {
        const running: Versions[number] = ["web:0", "e", 0];
        const versions: Versions = [
            ["web:0", "z", 900],
            ["web:2", "b", 12],
        ];
        assert.deepEqual(decided(template("web:2"), versions, { running })[0], "analysed");
        assert.deepEqual(
            decided(
                template("web:1"),
                [
                    ["web:1", "a", 900],
                    ["web:0", "z", 800],
                    ["web:1", "b", 12],
                ],
                { running },
            ),
            [...fast("web:1", "0 s")],
        );
    });
});
