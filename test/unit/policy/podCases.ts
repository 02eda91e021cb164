import { Case, deployment, object, release, restricted } from "./cases";
import { later } from "./unknown";

const running = (image: string) => ({ name: "app", image });
const moves =
    "which moves: a pod that starts tomorrow may run another version, and no canary before it. Name a version.";
const digest = `sha256:${"0".repeat(64)}`;

export const imageCases: Case[] = [
    {
        rule: "image-tags",
        title: "versions and digests, in pods and in values",
        given: [
            deployment("tag", [running("registry.example.com:5000/app:1.2.3")]),
            deployment("digest", [running(`example.com/app@${digest}`), running(`example.com/app:latest@${digest}`)]),
            deployment("later", [running(later)]),
            release("chart", "podinfo", { image: { repository: "ghcr.io/podinfo", tag: "6.0.0" } }),
            release("as-the-chart-has-it", "podinfo", {
                image: { repository: "ghcr.io/podinfo", tag: "" },
                tag: "latest",
            }),
            release("by-digest", "podinfo", { image: { repository: "ghcr.io/podinfo", tag: "latest", digest } }),
        ],
        says: [],
    },
    {
        rule: "image-tags",
        title: "no tag and tags that move, of pods of all kinds",
        given: [
            deployment("untagged", [running("registry.example.com:5000/app")]),
            deployment("latest", [restricted, running("app:latest")], { initContainers: [running("setup:edge")] }),
            object("CronJob", "nightly", {
                spec: { jobTemplate: { spec: { template: { spec: { containers: [running("job:nightly")] } } } } },
            }),
            object("Pod", "pod", { spec: { containers: [running("pod:main")] } }),
        ],
        says: [
            'untagged spec.template.spec.containers[0].image: "registry.example.com:5000/app" has no tag, which means `latest`: a pod that starts tomorrow may run another version, and no canary before it. Name a version.',
            `latest spec.template.spec.initContainers[0].image: "setup:edge" has the tag edge, ${moves}`,
            `latest spec.template.spec.containers[1].image: "app:latest" has the tag latest, ${moves}`,
            `nightly spec.jobTemplate.spec.template.spec.containers[0].image: "job:nightly" has the tag nightly, ${moves}`,
            `pod spec.containers[0].image: "pod:main" has the tag main, ${moves}`,
        ],
    },
    {
        rule: "image-tags",
        title: "tags that move, wherever charts have them",
        given: [
            release("repository", "podinfo", { image: { repository: "ghcr.io/podinfo", tag: "latest" } }),
            release("whole", "podinfo", { sidecars: [{ proxyImage: "envoy:latest" }] }),
            release("hub", "istiod", { global: { hub: "docker.io/istio", tag: "latest" } }),
            release("flat", "podinfo", { imageTag: "edge" }),
        ],
        says: [
            `repository values.image.tag: "latest" has the tag latest, ${moves}`,
            `whole values.sidecars[0].proxyImage: "envoy:latest" has the tag latest, ${moves}`,
            `hub values.global.tag: "latest" has the tag latest, ${moves}`,
            `flat values.imageTag: "edge" has the tag edge, ${moves}`,
        ],
    },
    {
        rule: "image-tags",
        title: "what the configuration asks for: other tags, and digests",
        given: [deployment("app", [running("app:v1"), running("app:latest"), running(`app:v2@${digest}`)])],
        config: { "image-tags": { floatingTags: ["v1"], requireDigest: true } },
        says: [
            `app spec.template.spec.containers[0].image: "app:v1" has the tag v1, ${moves}`,
            'app spec.template.spec.containers[1].image: "app:latest" has no digest, and `requireDigest` asks for one. Add it: image:tag@sha256:...',
        ],
    },
];

const inexact =
    'is not one exact chart version. Pin it, like "1.44.0": a range or "latest" makes two runs of one program differ.';

export const chartCases: Case[] = [
    {
        rule: "chart-versions",
        title: "one version, or a chart that lies in a folder",
        given: [
            release("exact", "flagger", {}),
            { type: "kubernetes:helm.sh/v3:Release", name: "folder", props: { chart: "./charts/flagger" } },
            release("later", "flagger", {}, later),
        ],
        says: [],
    },
    {
        rule: "chart-versions",
        title: "none, and a range",
        given: [
            { type: "kubernetes:helm.sh/v4:Chart", name: "none", props: { chart: "flagger" } },
            release("range", "flagger", {}, "^1.44.0"),
            release("range-of-a-folder", "./charts/flagger", {}, "1.x"),
        ],
        says: [
            `none version: nothing given, but it ${inexact}`,
            `range version: "^1.44.0" ${inexact}`,
            `range-of-a-folder version: "1.x" ${inexact}`,
        ],
    },
];

const { securityContext, ...bare } = restricted;
const own = "spec.template.spec.containers[0].securityContext";

export const podCases: Case[] = [
    {
        rule: "pod-security",
        title: "what a container says, and what its pod says for it",
        given: [
            deployment("container", [restricted]),
            deployment(
                "pod",
                [{ ...bare, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } }],
                { securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "Localhost" } } },
            ),
            deployment("port", [
                {
                    ...bare,
                    securityContext: { ...securityContext, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } },
                },
            ]),
            deployment("later", [{ ...bare, securityContext: { ...securityContext, runAsNonRoot: later } }]),
        ],
        says: [],
    },
    {
        rule: "pod-security",
        title: "containers that say nothing, and that ask for more",
        given: [
            deployment("silent", [bare]),
            deployment("asking", [
                {
                    ...bare,
                    securityContext: {
                        runAsNonRoot: false,
                        runAsUser: 0,
                        allowPrivilegeEscalation: true,
                        capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
                        seccompProfile: { type: "Unconfined" },
                    },
                },
            ]),
        ],
        says: [
            `silent ${own}.runAsNonRoot: nothing given, but it has to be true: otherwise an image that says nothing else runs as root. Set it to true, with a runAsUser of at least 1 where the image names its user.`,
            `silent ${own}.allowPrivilegeEscalation: nothing given, but it has to be false: otherwise a program may gain privileges that its container does not have. Set it to false.`,
            `silent ${own}.capabilities.drop: nothing given, but it has to have ALL in it. Write ["ALL"], and add what the container cannot be without.`,
            `silent ${own}.seccompProfile.type: nothing given, but it has to be RuntimeDefault or Localhost: without a profile every system call is allowed. Set it to RuntimeDefault.`,
            `asking ${own}.runAsNonRoot: false has to be true: otherwise an image that says nothing else runs as root. Set it to true, with a runAsUser of at least 1 where the image names its user.`,
            `asking ${own}.runAsUser: 0 is root. Give another user.`,
            `asking ${own}.allowPrivilegeEscalation: true has to be false: otherwise a program may gain privileges that its container does not have. Set it to false.`,
            `asking ${own}.capabilities.add: ["NET_ADMIN"] gives more than NET_BIND_SERVICE. Leave it out.`,
            `asking ${own}.seccompProfile.type: "Unconfined" has to be RuntimeDefault or Localhost: without a profile every system call is allowed. Set it to RuntimeDefault.`,
        ],
    },
    {
        rule: "pod-privileges",
        title: "pods and charts without privileges",
        given: [
            deployment("app", [restricted], { volumes: [{ name: "tmp", emptyDir: {} }] }),
            release("chart", "flagger", { securityContext: { privileged: false } }),
        ],
        says: [],
    },
    {
        rule: "pod-privileges",
        title: "the node's namespaces, its folders and privileged containers",
        given: [
            deployment("pod", [{ ...bare, securityContext: { privileged: true } }], {
                hostNetwork: true,
                volumes: [{ name: "logs", hostPath: { path: "/var/log" } }],
            }),
            release("chart", "agent", { agents: [{ securityContext: { privileged: true } }] }),
        ],
        says: [
            "pod spec.template.spec.hostNetwork: true puts the pod into a namespace of its node. Leave it out.",
            'pod spec.template.spec.volumes[0].hostPath: "/var/log" is a folder of the node. Use a volume of another kind: emptyDir, a ConfigMap, a PersistentVolumeClaim.',
            `pod ${own}.privileged: true gives the container all that its node may do. Leave it out; give single capabilities where the container cannot be without.`,
            "chart values.agents[0].securityContext.privileged: true gives the container all that its node may do. Leave it out; give single capabilities where the container cannot be without.",
        ],
    },
];
