import assert from "node:assert/strict";

import { CoreV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";

import { Lab } from "../../../lab/lab";
import { poll } from "../../../lab/poll";
import { succeeded } from "../asserts";
import { Fault, Subject } from "./stage";
import { steps } from "./steps";

/** Deletes a namespace as `kubectl delete namespace` does: it ends when the namespace is gone. */
export async function deleteNamespace(lab: Lab, name: string): Promise<void> {
    const api = lab.controlPlane.kubeconfig.makeApiClient(CoreV1Api);
    await api.deleteNamespace({ name });
    const gone = () =>
        api.readNamespace({ name }).then(
            () => undefined,
            () => true,
        );
    assert.ok(await poll(gone, 120), `the namespace ${name} does not go`);
}

/** Pulumi believes that all is there, and learns otherwise by a refresh. The application begins anew, with the version it had. */
export const namespaceDeleted: Fault = {
    fault: "Namespace of an application deleted by hand",
    run: async (stage) => {
        const subject = await Subject.up(stage, "deleted");
        await deleteNamespace(stage.lab, "deleted");
        const change = await subject.release("6.0.1");
        assert.notEqual(change.code, 0);
        assert.match(change.output, /not found/);
        succeeded(await subject.upWith(["--refresh"]));
        await subject.converged({ anew: true });
        await subject.destroy();
        return [steps.refresh];
    },
};

/** Pulumi does not see it by itself; a refresh does, and takes it back. What Flagger remembers is untouched. */
export const canaryEdited: Fault = {
    fault: "Canary edited by hand",
    run: async (stage) => {
        const name = "edited";
        const subject = await Subject.up(stage, name);
        const kind = { group: "flagger.app", version: "v1beta1", plural: "canaries", namespace: name, name };
        const api = stage.lab.controlPlane.kubeconfig.makeApiClient(CustomObjectsApi);
        const threshold = async () => {
            const canary: unknown = await api.getNamespacedCustomObject(kind);
            return (canary as { spec: { analysis: { threshold: number } } }).spec.analysis.threshold;
        };
        await api.patchNamespacedCustomObject(
            { ...kind, body: { spec: { analysis: { threshold: 9 } } }, fieldManager: "kubectl-edit" },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
        );
        succeeded(await subject.program.up());
        assert.equal(await threshold(), 9);
        succeeded(await subject.upWith(["--refresh"]));
        assert.equal(await threshold(), 3);
        await subject.converged();
        await subject.destroy();
        return [steps.refresh];
    },
};
