import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { CanaryApp, CanaryAppArgs, LinkerdArgs, PlatformConnection, ProgressiveMeshCluster } from "../../../../index";
import { AddonsArgs } from "../../../../index";
import { digest } from "../../../../components/digest";
import { drawCredentials } from "../../../../components/mesh/linkerd/certificates";
import { at, graph, kubeconfig, plain, secret, valueOf } from "../../graph";
import { refusal } from "../../problems";

const make = (linkerd?: LinkerdArgs, addons?: AddonsArgs) =>
    new ProgressiveMeshCluster("dev", { mesh: { provider: "linkerd", linkerd }, existing: { kubeconfig }, addons });
const platform = (linkerd?: LinkerdArgs, addons?: AddonsArgs) => graph(() => make(linkerd, addons));

const connection: PlatformConnection = {
    kubeconfig,
    mesh: { provider: "linkerd" },
    metricsServer: "http://prometheus-server.flagger-system",
};

const args = (more: Partial<CanaryAppArgs> = {}): CanaryAppArgs => ({
    platform: connection,
    namespace: "apps",
    workload: { image: "a/b:1", port: 9898 },
    analysis: { interval: "30s", threshold: 3, steps: { stepWeight: 10, maxWeight: 50 } },
    ...more,
});
const app = (more: Partial<CanaryAppArgs> = {}) => graph(() => new CanaryApp("podinfo", args(more)));

const data = (props: unknown) => at(props, "data") as Record<string, unknown>;
const decoded = (value: unknown) => Buffer.from(value as string, "base64").toString();

describe("Linkerd on a platform", () => {
    it("installs its definitions, then its credentials and its control plane", async () => {
        const { nodes, node, before } = await platform();
        assert.deepEqual(
            nodes.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release").map(({ name }) => name),
            ["dev-flagger", "dev-grafana", "dev-linkerd-control-plane", "dev-linkerd-crds", "dev-prometheus"],
        );
        assert.deepEqual(node("Namespace dev-linkerd").props.metadata, {
            name: "linkerd",
            labels: {
                "linkerd.io/is-control-plane": "true",
                "linkerd.io/control-plane-ns": "linkerd",
                "config.linkerd.io/admission-webhooks": "disabled",
            },
        });
        assert.deepEqual(node("Release dev-linkerd-crds").props.values, { installGatewayAPI: true });
        const first = before("Release dev-linkerd-control-plane");
        for (const key of [
            "Namespace dev-linkerd",
            "Release dev-linkerd-crds",
            "Secret dev-linkerd-identity-issuer",
            "ConfigMap dev-linkerd-identity-trust-roots",
        ]) {
            assert.ok(first.has(key), key);
        }
        assert.equal(at(node("Release dev-flagger").props, "values", "meshProvider"), "gatewayapi:v1beta1");
    });

    it("draws credentials once, and hands none of them to Helm", async () => {
        const { node } = await platform({ validityDays: 30 });
        const issuer = node("Secret dev-linkerd-identity-issuer");
        assert.deepEqual(issuer.ignoreChanges, ["data"]);
        assert.equal(issuer.props.type, "kubernetes.io/tls");
        const drawn = data(plain(issuer.props));
        assert.deepEqual(Object.keys(drawn).sort(), ["ca.crt", "tls.crt", "tls.key"]);
        assert.match(
            decoded((secret(issuer.props.data) as Record<string, unknown>)["tls.key"]),
            /^-----BEGIN EC PRIVATE KEY-----/,
        );

        const roots = node("ConfigMap dev-linkerd-identity-trust-roots");
        const anchor = decoded(drawn["ca.crt"]);
        // In plain: everyone may see it, and a secret would hide what changes.
        assert.deepEqual(roots.props.data, { "ca-bundle.crt": anchor });
        assert.deepEqual(roots.propDeps.data, ["Secret dev-linkerd-identity-issuer"]);

        assert.deepEqual(node("Release dev-linkerd-control-plane").props.values, {
            identity: { externalCA: true, issuer: { scheme: "kubernetes.io/tls" } },
            podAnnotations: { "progressive-mesh/trust-anchors": digest(anchor) },
            proxy: { waitBeforeExitSeconds: 25 },
        });
    });

    it("trusts further anchors beside the one that it draws", async () => {
        const more = drawCredentials("identity.linkerd.cluster.local", 1).trustAnchor;
        const { node } = await platform({ trustAnchorsPem: more });
        const anchor = decoded(data(plain(node("Secret dev-linkerd-identity-issuer").props))["ca.crt"]);
        const roots = node("ConfigMap dev-linkerd-identity-trust-roots");
        assert.deepEqual(roots.props.data, { "ca-bundle.crt": `${anchor}\n${more}` });
    });

    it("takes credentials of one's own, which then follow every change", async () => {
        const mine = drawCredentials("identity.linkerd.cluster.local", 1);
        const { node } = await graph(() =>
            make({
                trustAnchorsPem: mine.trustAnchor,
                issuerCertificatePem: mine.certificate,
                issuerKeyPem: pulumi.secret(mine.key),
            }),
        );
        const issuer = node("Secret dev-linkerd-identity-issuer");
        assert.deepEqual(issuer.ignoreChanges, []);
        const drawn = data(plain(issuer.props));
        assert.equal(decoded(drawn["tls.crt"]), mine.certificate);
        assert.equal(decoded((secret(issuer.props.data) as Record<string, unknown>)["tls.key"]), mine.key);
        assert.deepEqual(node("ConfigMap dev-linkerd-identity-trust-roots").props.data, {
            "ca-bundle.crt": mine.trustAnchor,
        });
    });

    it("knows its issuer by the controller's namespace", async () => {
        const { node } = await platform(undefined, { meshController: { namespace: "mesh" } });
        assert.equal(at(node("Namespace dev-mesh").props, "metadata", "labels", "linkerd.io/control-plane-ns"), "mesh");
        assert.deepEqual(node("Namespace dev-linkerd").props.metadata, { name: "linkerd", labels: {} });
        const mine = drawCredentials("identity.linkerd.cluster.local", 1);
        const own = {
            trustAnchorsPem: mine.trustAnchor,
            issuerCertificatePem: mine.certificate,
            issuerKeyPem: mine.key,
        };
        const [line, ...others] = await refusal(() => make(own, { meshController: { namespace: "mesh" } }));
        assert.match(line!, /^mesh\.linkerd\.issuerCertificatePem: .*is not for the DNS name identity\.mesh\.cluster/);
        assert.deepEqual(others, []);
    });

    it("can be one that is there already", async () => {
        const off = { meshDefinitions: { enabled: false }, meshController: { enabled: false } };
        const { nodes } = await platform(undefined, off);
        assert.deepEqual(
            nodes.filter(({ name }) => name.includes("linkerd")),
            [],
        );
        assert.deepEqual(await refusal(() => make({ validityDays: 1 }, off)), [
            'mesh.linkerd: ["validityDays"] is for a control plane that the platform installs, and addons.meshController is off. ' +
                "Leave it out: the Linkerd that you have has certificates of its own.",
        ]);
    });

    it("refuses what it does not have", async () => {
        const budget = { disruptionBudget: { minAvailable: "1" } };
        const lines = await refusal(() => make(undefined, { gateway: {}, meshController: budget }));
        assert.deepEqual(lines, [
            'addons.meshController.disruptionBudget: {"minAvailable":"1"} would select no pod: Linkerd\'s carry no label that is ' +
                "one for all. Let the chart make them: `values: { enablePodDisruptionBudget: true }` of meshController.",
            "addons.gateway: [] is nothing that Linkerd has. Leave it out.",
        ]);
    });

    it("lets Prometheus read proxies, labelled as Linkerd's own would", async () => {
        const { node } = await platform();
        const rules = at(
            node("Release dev-prometheus").props,
            "values",
            "scrapeConfigs",
            "linkerd-proxy",
            "relabel_configs",
        ) as Record<string, unknown>[];
        assert.deepEqual(rules[0], {
            source_labels: ["__meta_kubernetes_pod_container_name"],
            regex: "linkerd-proxy",
            action: "keep",
        });
        assert.deepEqual(rules[3], {
            source_labels: ["__meta_kubernetes_pod_ip"],
            regex: "(.+)",
            target_label: "__address__",
            replacement: "$1:4191",
        });
        assert.deepEqual(rules.slice(-4), [
            { source_labels: ["__meta_kubernetes_namespace"], target_label: "namespace" },
            { source_labels: ["__meta_kubernetes_pod_name"], target_label: "pod" },
            {
                source_labels: ["__meta_kubernetes_pod_label_linkerd_io_proxy_deployment"],
                regex: "(.+)",
                target_label: "deployment",
            },
            {
                source_labels: ["__meta_kubernetes_pod_label_linkerd_io_proxy_daemonset"],
                regex: "(.+)",
                target_label: "deployment",
            },
        ]);
    });
});

describe("an application on Linkerd", () => {
    it("joins by its namespace and its pods, and its route joins its service", async () => {
        const { node, result } = await app();
        const injected = { "linkerd.io/inject": "enabled" };
        assert.deepEqual(node("Namespace podinfo-apps").props.metadata, { name: "apps", annotations: injected });
        assert.equal(
            at(node("Deployment podinfo").props, "spec", "template", "metadata", "annotations", "linkerd.io/inject"),
            "enabled",
        );
        assert.deepEqual(at(node("Release podinfo-loadtester").props, "values", "podAnnotations"), injected);
        const { spec } = plain(node("Canary podinfo").props) as { spec: Record<string, unknown> };
        assert.equal(spec.provider, "gatewayapi:v1beta1");
        assert.deepEqual(spec.service, {
            port: 9898,
            portName: "http",
            targetPort: 9898,
            gatewayRefs: [{ group: "core", kind: "Service", name: "podinfo", port: 9898 }],
        });
        assert.equal(await valueOf(result.url), "");
    });

    it("keeps gateways of its own, and goes by its service's name and port", async () => {
        const { node } = await app({ service: { name: "web", port: 80, gatewayRefs: [{ name: "public" }] } });
        const { spec } = plain(node("Canary podinfo").props) as { spec: unknown };
        assert.deepEqual(at(spec, "service", "gatewayRefs"), [
            { name: "public" },
            { group: "core", kind: "Service", name: "web", port: 80 },
        ]);
    });

    it("is judged by what its proxies count", async () => {
        const { node } = await app();
        const of = 'namespace="{{ namespace }}",deployment="{{ target }}",direction="inbound"';
        const template = (name: string) => plain(node(`MetricTemplate podinfo-metric-${name}`).props) as object;
        assert.deepEqual(at(template("mesh-request-success-rate"), "spec"), {
            provider: { type: "prometheus", address: "http://prometheus-server.flagger-system" },
            query:
                `100 * sum(rate(response_total{${of},classification!="failure"}[{{ interval }}])) ` +
                `/ sum(rate(response_total{${of}}[{{ interval }}]))`,
        });
        assert.equal(
            at(template("mesh-request-duration"), "spec", "query"),
            `histogram_quantile(0.99, sum by (le) (rate(response_latency_ms_bucket{${of}}[{{ interval }}])))`,
        );
        const { spec } = plain(node("Canary podinfo").props) as { spec: unknown };
        assert.deepEqual(at(spec, "analysis", "metrics"), [
            {
                name: "mesh-request-success-rate",
                templateRef: { name: "podinfo-mesh-request-success-rate", namespace: "apps" },
                interval: "1m",
                thresholdRange: { min: 99 },
            },
            {
                name: "mesh-request-duration",
                templateRef: { name: "podinfo-mesh-request-duration", namespace: "apps" },
                interval: "1m",
                thresholdRange: { max: 500 },
            },
        ]);
    });

    it("cannot ask for what would void its route, or send users astray", async () => {
        const refused = (more: Partial<CanaryAppArgs>) => refusal(() => new CanaryApp("podinfo", args(more)));
        const whole = "Linkerd would leave out the whole route, and with it every weight";
        assert.deepEqual(
            await refused({
                service: { rewrite: { uri: "/" }, mirror: [{ backendRef: { name: "copies", port: 80 } }] },
            }),
            [
                `service.rewrite: {"uri":"/"} cannot be had on Linkerd: ${whole}, for it does not rewrite. Leave it out.`,
                `service.mirror: [{"backendRef":{"name":"copies","port":80}}] cannot be had on Linkerd: ${whole}, for it does not ` +
                    "mirror. Leave it out.",
            ],
        );
        const match = [{ headers: { "x-canary": { prefix: "in" } } }];
        const [line] = await refused({ analysis: { interval: "30s", threshold: 3, abTest: { iterations: 5, match } } });
        assert.match(line!, /^analysis\.abTest\.match\[0\]\.headers\["x-canary"\]\.prefix: .*Use exact or regex\.$/);
    });

    it("is told how to have timeouts and retries", async () => {
        const { messages } = await app({ service: { timeout: "10s", retries: { attempts: 2, retryOn: ["5xx"] } } });
        assert.deepEqual(
            messages.filter(({ text }) => text.startsWith("service.")).map(({ text }) => text),
            [
                "service.timeout: ignored on Linkerd: Flagger writes none into the route; annotate it: " +
                    '`apex: { annotations: { "timeout.linkerd.io/request": "10s" } }`.',
                "service.retries: ignored on Linkerd: Flagger writes none into the route; annotate it: " +
                    '`apex: { annotations: { "retry.linkerd.io/http": "5xx", "retry.linkerd.io/limit": "2" } }`.',
            ],
        );
    });
});
