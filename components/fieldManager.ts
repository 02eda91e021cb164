/** Who changed an object of the cluster, in Kubernetes' records, where it was not Pulumi but this library or its command. */
export const fieldManager = "pulumi-progressive-mesh";
