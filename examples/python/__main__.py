import pulumi
import pulumi_progressive_mesh as mesh

config = pulumi.Config()

platform = mesh.ProgressiveMeshCluster(
    "platform",
    mesh=mesh.MeshArgs(provider=config.require("mesh")),
    existing=mesh.ExistingClusterArgs(
        kubeconfig=config.require_secret("kubeconfig"),
        cluster_name=config.require("clusterName"),
    ),
    addons=mesh.AddonsArgs(gateway=mesh.GatewayAddonArgs(type=config.require("gatewayType"))),
    mirror=config.get_object("mirror"),
)

podinfo = mesh.CanaryApp(
    "podinfo",
    platform=platform.connection,
    namespace="apps",
    workload=mesh.WorkloadArgs(
        image=f"ghcr.io/stefanprodan/podinfo:{config.require('tag')}",
        port=9898,
        readiness_path="/readyz",
    ),
    analysis=mesh.AnalysisArgs(
        interval="15s",
        threshold=5,
        steps=mesh.StepsArgs(step_weight=10, max_weight=50),
    ),
    load_test=mesh.LoadTestArgs(command="hey -z 1m -q 10 -c 2 http://podinfo-canary.apps:9898/"),
    gateway=mesh.AppGatewayArgs(path="/"),
    service=mesh.ServiceArgs(hosts=["podinfo.localhost"]),
    wait_for_promotion=mesh.WaitForPromotionArgs(),
)

pulumi.export("plan", podinfo.plan.summary)
pulumi.export("grafanaPassword", platform.grafana_password)
