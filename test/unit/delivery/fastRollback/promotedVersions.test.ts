import assert from "node:assert/strict";

import { imageText, promotedVersions } from "../../../../components/delivery/fastRollback/promotedVersions";
import { minutesAgo, replicaSets } from "./versions";

describe("promotedVersions", () => {
    const images = (...versions: Parameters<typeof replicaSets>) =>
        promotedVersions("primary", replicaSets(...versions)).map(({ template, promotedAt }) => [
            imageText(template),
            new Date(promotedAt).toISOString(),
        ]);

    it("are those of the primary, the newest first, whatever order they come in", () => {
        const own = replicaSets(["web:1", "a", 60], ["web:2", "b", 30], ["web:3", "c", 10]);
        const [foreign] = replicaSets(["web:9", "x", 1]);
        foreign!.metadata!.ownerReferences![0]!.uid = "target";
        const found = promotedVersions("primary", [own[1]!, foreign!, own[2]!, own[0]!]);
        assert.deepEqual(
            found.map(({ template }) => imageText(template)),
            ["web:3", "web:2", "web:1"],
        );
    });

    it("sorts by number: the tenth comes after the ninth", () => {
        const many = Array.from({ length: 11 }, (_, i): [string, string, number] => [`web:${i}`, `id${i}`, 100 - i]);
        assert.deepEqual(images(...many)[0], ["web:10", minutesAgo(90)]);
    });

    it("counts pods that were started anew to the promotion that they came from, at its time", () => {
        const restarted = { annotations: { "kubectl.kubernetes.io/restartedAt": "today" } };
        const found = promotedVersions(
            "primary",
            replicaSets(["web:1", "a", 60], ["web:1", "a", 40, restarted], ["web:2", "b", 10]),
        );
        assert.deepEqual(
            found.map(({ promotedAt }) => new Date(promotedAt).toISOString()),
            [minutesAgo(10), minutesAgo(60)],
        );
        assert.equal(found[1]!.template.metadata?.annotations?.["kubectl.kubernetes.io/restartedAt"], undefined);
    });

    it("has the templates as their Deployment had them", () => {
        const [only] = promotedVersions("primary", replicaSets(["web:1", "a", 60]));
        assert.deepEqual(only!.template.metadata?.labels, { app: "web-primary" });
    });
});
