import * as pulumi from "@pulumi/pulumi";

import { appProvider } from "./appProvider";
import { PlatformConnection } from "./connection";
import { MetricTemplateArgs, checkMetricTemplate, metricTemplate } from "./delivery/metricTemplate";
import { TemplateRefArgs } from "./delivery/metricArgs";
import { boundDeletion } from "./destroy/bounds";
import { checkPlatformConnection } from "./platformCheck";
import { problemsOf } from "./shape";
import { checkName } from "./validation";

/** A metric template for several applications. */
export interface SharedMetricTemplateArgs {
    /** The platform to run on: `connection` of a `ProgressiveMeshCluster`, of this program or another stack. */
    platform: PlatformConnection;
    /**
     * The namespace of the template and its credentials. It has to exist. Applications of any namespace can refer to
     * it.
     */
    namespace: string;
    /**
     * The name of the template.
     * @default - the component's name
     */
    templateName?: string;
    /** The query, and the server that answers it. */
    template: MetricTemplateArgs;
}

function checkArgs(name: string, args: SharedMetricTemplateArgs): void {
    const problems = problemsOf("MetricTemplate", name, args);
    checkPlatformConnection(problems, args.platform);
    checkName(problems, "namespace", args.namespace);
    checkName(problems, args.templateName === undefined ? "name" : "templateName", args.templateName ?? name);
    checkMetricTemplate(problems, "template", args.template);
    problems.throwIfAny(`MetricTemplate "${name}"`);
}

/**
 * A metric template that several applications judge by, also from other namespaces.
 *
 * Errors in the arguments are one `pulumi.InputPropertiesError`, thrown before anything is registered.
 */
export class MetricTemplate extends pulumi.ComponentResource {
    /** The name of the template. */
    public readonly templateName: pulumi.Output<string>;
    /** The namespace of the template. */
    public readonly namespace: pulumi.Output<string>;
    /** What a metric gives as `templateRef` to be measured by the template. */
    public readonly ref: TemplateRefArgs;

    constructor(name: string, args: SharedMetricTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        super("pulumi-progressive-mesh:index:MetricTemplate", name, {}, boundDeletion(opts));

        const { platform, namespace } = args;
        const { ref, resource } = metricTemplate(name, args.templateName ?? name, namespace, args.template, {
            parent: this,
            provider: appProvider(name, platform, this, opts),
        });
        // By way of the object, so that whoever refers to it comes after it and goes before it.
        this.templateName = resource.urn.apply(() => ref.name);
        this.namespace = pulumi.output(namespace);
        this.ref = { name: this.templateName, namespace: this.namespace };
        this.registerOutputs({ templateName: this.templateName, namespace: this.namespace, ref: this.ref });
    }
}
