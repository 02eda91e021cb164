import { generateKeyPairSync, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

import { shareConnections } from "../components/sharedConnections";
import { stages } from "./kubelet/stages";
import { network } from "./network";
import { pause } from "./poll";
import { Daemon } from "./processes";
import { Toolchain } from "./toolchain/ensure";

/** A running Kubernetes without machines: the real API server, controllers and scheduler, and nodes that only exist on paper. */
export interface ControlPlane {
    kubeconfigFile: string;
    kubeconfig: KubeConfig;
    /** The certificate that the API server shows, for pods to trust. */
    ca: string;
    daemons: Daemon[];
    /** Kills one of its programs, starts it again after so many seconds, and answers once the API server serves again. */
    outage: (program: "kube-apiserver" | "etcd", seconds: number) => Promise<void>;
}

const nodes = 3;

/** KWOK keeps the nodes alive that have this label. */
export const aliveLabel = "progressive-mesh.lab/alive";

/** Starts the control plane in a folder. `podSeconds` is how long a pod takes to start. */
export async function startControlPlane(
    tools: Toolchain,
    folder: string,
    logs: string,
    podSeconds: number,
): Promise<ControlPlane> {
    const pki = path.join(folder, "pki");
    fs.mkdirSync(pki, { recursive: true });
    const keyFile = path.join(pki, "service-account.key");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    fs.writeFileSync(keyFile, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
    const token = randomBytes(24).toString("hex");
    const tokens = path.join(pki, "tokens.csv");
    fs.writeFileSync(tokens, `${token},lab-admin,lab-admin,"system:masters"\n`, { mode: 0o600 });

    const etcdUrl = "http://127.0.0.1:2379";
    const peerUrl = "http://127.0.0.1:2380";
    const etcd = Daemon.start(
        "etcd",
        [
            tools["etcd"]!,
            ...["--data-dir", path.join(folder, "etcd"), "--unsafe-no-fsync"],
            ...["--listen-client-urls", etcdUrl, "--advertise-client-urls", etcdUrl],
            ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
            ...["--initial-cluster", `default=${peerUrl}`],
        ],
        logs,
    );
    const apiserver = Daemon.start(
        "kube-apiserver",
        [
            tools["kube-apiserver"]!,
            ...["--etcd-servers", etcdUrl],
            ...["--bind-address", "0.0.0.0", "--secure-port", "6443", "--advertise-address", network.node],
            ...["--cert-dir", pki],
            ...["--service-cluster-ip-range", network.services],
            ...["--service-account-issuer", "https://kubernetes.default.svc"],
            ...["--service-account-key-file", keyFile, "--service-account-signing-key-file", keyFile],
            ...["--token-auth-file", tokens, "--authorization-mode", "RBAC"],
        ],
        logs,
    );

    const server = `https://${network.node}:6443`;
    const kubeconfigFile = path.join(folder, "kubeconfig");
    const certificate = path.join(pki, "apiserver.crt");
    const kubeconfig = new KubeConfig();
    shareConnections(kubeconfig);
    // The default namespace is among the last things that the API server makes at its start.
    const serves = () => kubeconfig.makeApiClient(CoreV1Api).readNamespace({ name: "default" });
    await apiserver.until(async () => {
        const ca = fs.readFileSync(certificate).toString("base64");
        fs.writeFileSync(kubeconfigFile, kubeconfigText(server, ca, token), { mode: 0o600 });
        kubeconfig.loadFromString(kubeconfigText(server, ca, token));
        await serves();
        return true;
    }, 60);

    const controllers = Daemon.start(
        "kube-controller-manager",
        [
            tools["kube-controller-manager"]!,
            ...["--kubeconfig", kubeconfigFile, "--leader-elect=false", "--bind-address", "127.0.0.1"],
            ...["--cert-dir", pki, "--root-ca-file", certificate],
            ...["--service-account-private-key-file", keyFile, "--use-service-account-credentials=false"],
            // The pace of a cluster that has one tenant and no machines.
            ...["--concurrent-deployment-syncs=10", "--kube-api-qps=200", "--kube-api-burst=400"],
        ],
        logs,
    );
    const scheduler = Daemon.start(
        "kube-scheduler",
        [
            tools["kube-scheduler"]!,
            ...[
                "--kubeconfig",
                kubeconfigFile,
                "--leader-elect=false",
                "--bind-address",
                "127.0.0.1",
                "--cert-dir",
                pki,
            ],
        ],
        logs,
    );
    const stagesFile = path.join(folder, "stages.yaml");
    fs.writeFileSync(stagesFile, stages(podSeconds));
    const kwok = Daemon.start(
        "kwok",
        [
            tools["kwok"]!,
            ...[
                "--kubeconfig",
                kubeconfigFile,
                "--config",
                stagesFile,
                "--manage-all-nodes=false",
                `--manage-nodes-with-label-selector=${aliveLabel}`,
                "--cidr",
                network.firstPod,
                "--node-ip",
                network.node,
            ],
            // Without a lease the controller manager gives the nodes up after 40 seconds.
            ...["--node-lease-duration-seconds", "40"],
        ],
        logs,
    );
    await makeNodes(kubeconfig);
    return {
        kubeconfigFile,
        kubeconfig,
        ca: fs.readFileSync(certificate, "utf8"),
        daemons: [kwok, scheduler, controllers, apiserver, etcd],
        outage: async (program, seconds) => {
            const daemon = program === "etcd" ? etcd : apiserver;
            await daemon.stop("SIGKILL");
            await pause(seconds);
            daemon.startAgain();
            await apiserver.until(async () => {
                await serves();
                return true;
            }, 60);
        },
    };
}

/** A kubeconfig for a token. */
export function kubeconfigText(server: string, ca: string, token: string): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "lab", cluster: { server, "certificate-authority-data": ca } }],
        users: [{ name: "lab", user: { token } }],
        contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
        "current-context": "lab",
    });
}

async function makeNodes(kubeconfig: KubeConfig): Promise<void> {
    const api = kubeconfig.makeApiClient(CoreV1Api);
    const amounts = { cpu: "32", memory: "256Gi", pods: "1000" };
    for (let i = 0; i < nodes; i++) {
        const name = `lab-node-${i}`;
        await api.createNode({
            body: {
                metadata: {
                    name,
                    labels: {
                        [aliveLabel]: "true",
                        "kubernetes.io/hostname": name,
                        "kubernetes.io/os": "linux",
                        "topology.kubernetes.io/zone": `lab-${"abc"[i]}`,
                    },
                },
                status: { capacity: amounts, allocatable: amounts },
            },
        });
    }
}
