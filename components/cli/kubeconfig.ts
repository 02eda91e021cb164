import { KubeConfig } from "@kubernetes/client-node";

/** The kubeconfig that a command was given, or the one that kubectl takes; with this context as the current one. */
export function load(file: string | undefined, context: string | undefined): KubeConfig {
    const kubeconfig = new KubeConfig();
    if (file === undefined) {
        kubeconfig.loadFromDefault();
    } else {
        kubeconfig.loadFromFile(file);
    }
    if (context !== undefined) {
        kubeconfig.setCurrentContext(context);
    }
    if (kubeconfig.getCurrentCluster() === null) {
        throw new Error(
            `the kubeconfig has no context ${JSON.stringify(context ?? kubeconfig.getCurrentContext())}, or that names no ` +
                "cluster of it: name another by --context",
        );
    }
    return kubeconfig;
}
