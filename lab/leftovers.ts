import { everyObject } from "../components/destroy/everyObject";
import { Lab } from "./lab";
import { poll } from "./poll";

/** What every cluster has, and nobody put there. */
const natural = [
    /^nodes /,
    /^namespaces (default|kube-.*)$/,
    /^(serviceaccounts) .*\/default$/,
    /^configmaps .*\/kube-root-ca\.crt$/,
    /^configmaps kube-system\/(extension-apiserver-authentication|kube-apiserver-legacy-service-account-token-tracking)$/,
    /^(services|endpoints|endpointslices) default\/kubernetes/,
    /^leases /,
    /^events /,
    /^(cluster)?role(binding)?s (.*system:.*|kube-system\/.*|cluster-admin|admin|edit|view)$/,
    /^(componentstatuses|flowschemas|prioritylevelconfigurations|priorityclasses|apiservices|servicecidrs|ipaddresses) /,
    // Definitions stay, those of the library's charts unless it is told to delete them.
    /^customresourcedefinitions /,
];

/** Every object of the cluster and every resource of the AWS account that is left of what a program made. */
export async function leftovers(lab: Lab): Promise<string[]> {
    const look = () => everyObject(lab.controlPlane.kubeconfig);
    // An API server that was just restarted refuses for a moment what it has yet to read.
    const whole = async () => {
        const all = await look();
        return all.unseen.length === 0 ? all : undefined;
    };
    const { objects, unseen } = (await poll(whole, 30, 1000)) ?? (await look());
    const found = objects.map(({ plural, metadata: { namespace, name } }) =>
        namespace === undefined ? `${plural} ${name}` : `${plural} ${namespace}/${name}`,
    );
    const left = found.filter((line) => !natural.some((pattern) => pattern.test(line)));
    return [...left, ...unseen.map((what) => `not looked at: ${what}`), ...lab.pulumi.awsResources()];
}
