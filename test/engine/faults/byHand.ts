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

/** What somebody has set by hand is theirs to the API server, until Pulumi takes it back. */
export const canaryEdited: Fault = {
    fault: "Canary edited by hand",
    run: async (stage) => {
        const name = "edited";
        const subject = await Subject.up(stage, name);
        const kind = { group: "flagger.app", version: "v1beta1", plural: "canaries", namespace: name, name };
        await stage.lab.controlPlane.kubeconfig
            .makeApiClient(CustomObjectsApi)
            .patchNamespacedCustomObject(
                { ...kind, body: { spec: { analysis: { threshold: 9 } } }, fieldManager: "kubectl-edit" },
                setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
            );
        subject.args.analysis.threshold = 4;
        const change = await subject.program.up();
        assert.notEqual(change.code, 0);
        assert.match(change.output, /conflict with "kubectl-edit".*\.spec\.analysis\.threshold/s);
        succeeded(await subject.upWith(["--refresh"], { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" }));
        await subject.converged();
        // It is not forced again: the next change goes through by itself.
        subject.args.analysis.threshold = 5;
        succeeded(await subject.program.up());
        await subject.destroy();
        return [steps.force];
    },
};
