"""Two ECS services of a shop, who is notified of them, and a dashboard."""

import pulumi
from rules import OVERRIDES

import ecs_monitoring as watch
from settings import CLUSTER, ON_CALL, SERVICES

alerts = watch.AlertRouting(
    "alerts",
    watch.AlertRoutingArgs(
        severities=[watch.Severity.CRITICAL, watch.Severity.WARNING],
        emails={"critical": [*ON_CALL]},
    ),
)
ecs = watch.EcsMonitoring(
    "ecs",
    watch.EcsMonitoringArgs(
        targets={
            name: watch.EcsTargetArgs(cluster=CLUSTER, service=service)
            for name, service in SERVICES.items()
        },
        overrides=OVERRIDES,
        routing=alerts.routing,
    ),
)
dashboard = watch.Dashboard(
    "dashboard", watch.DashboardArgs(graphs=[ecs.graphs], alarms=[ecs.alarms])
)
pulumi.export("alarms", ecs.alarms)
pulumi.export("dashboard_url", dashboard.url)
