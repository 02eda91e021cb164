import * as pulumi from "@pulumi/pulumi";

import { CanaryAppArgs } from "./canaryAppArgs";
import { checkCanaryApp } from "./canaryAppCheck";
import { RolloutPlan } from "./delivery/plan";
import { graceSeconds } from "./delivery/podTemplate";
import { gateOf } from "./delivery/promotion/promotionGate";
import { boundDeletion } from "./destroy/bounds";
import { leaveOutPromiseStacks } from "./promiseStacks";
import { appParts } from "./appParts";

/**
 * An application under a mesh and Flagger: its namespace, mesh membership, load tester, workload, route from the gateway
 * and Canary.
 *
 * Errors in the arguments are one `pulumi.InputPropertiesError`, thrown before anything is registered. With
 * `waitForPromotion`, what depends on the application waits until its version is promoted; a rollback is a
 * `pulumi.RunError`.
 */
export class CanaryApp extends pulumi.ComponentResource {
    /** The namespace of the application. */
    public readonly namespace: pulumi.Output<string>;
    /** The name of the Canary. */
    public readonly canaryName: pulumi.Output<string>;
    /** The address at the gateway; empty where the application is not exposed. */
    public readonly url: pulumi.Output<string>;
    /** What a target's service account has to be annotated with for its pods to be members of the mesh. */
    public readonly serviceAccountAnnotations: pulumi.Output<Record<string, string>>;
    /** How a rollout will go. */
    public readonly plan: pulumi.Output<RolloutPlan>;
    /** The commands that `approve`, `hold` and `reject` a release at the load tester's gate; empty without such a gate. */
    public readonly gateCommands: pulumi.Output<Record<string, string>>;

    constructor(name: string, args: CanaryAppArgs, opts?: pulumi.ComponentResourceOptions) {
        leaveOutPromiseStacks();
        const mesh = checkCanaryApp(name, args);
        super(
            "pulumi-progressive-mesh:index:CanaryApp",
            name,
            {},
            boundDeletion(opts, args.workload && graceSeconds(args.workload)),
        );
        const made = appParts(this, name, args, mesh, opts);
        this.registerOutputs({ ...made });
        this.namespace = made.namespace;
        this.canaryName = made.canaryName;
        this.url = made.url;
        this.serviceAccountAnnotations = made.serviceAccountAnnotations;
        this.plan = made.plan;
        this.gateCommands = made.gateCommands;
    }

    /** What depends on the application waits for this. */
    protected override initialize(): Promise<boolean> {
        return gateOf(this);
    }
}
