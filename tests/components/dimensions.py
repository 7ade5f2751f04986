"""The documented dimensions of the AWS metrics that the monitoring reads.

A metric with any other set of dimensions does not exist: its alarm is accepted and never fires.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecs_monitoring.catalog.metrics import SHEETS
from stack.program import ProgramRun, Registration
from tests.components.registered import ALARM

_SERVICE: Final = ({"ClusterName", "ServiceName"},)
_BALANCER: Final = ({"LoadBalancer"},)
_GROUP: Final = ({"LoadBalancer", "TargetGroup"},)
_INSTANCE: Final = ({"DBInstanceIdentifier"},)

DOCUMENTED: Final[Mapping[tuple[str, str], tuple[set[str], ...]]] = {
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
    ("AWS/ECS", "CPUUtilization"): _SERVICE,
    ("AWS/ECS", "MemoryUtilization"): _SERVICE,
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
    ("ECS/ContainerInsights", "DesiredTaskCount"): _SERVICE,
    ("ECS/ContainerInsights", "RunningTaskCount"): _SERVICE,
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count"): _BALANCER,
    ("AWS/ApplicationELB", "RejectedConnectionCount"): _BALANCER,
    **{
        ("AWS/ApplicationELB", name): (*_BALANCER, *_GROUP)
        for name in (
            "HTTPCode_Target_2XX_Count",
            "HTTPCode_Target_4XX_Count",
            "HTTPCode_Target_5XX_Count",
            "RequestCount",
            "TargetResponseTime",
        )
    },
    ("AWS/ApplicationELB", "HealthyHostCount"): _GROUP,
    ("AWS/ApplicationELB", "UnHealthyHostCount"): _GROUP,
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/dimensions.html
    **{
        ("AWS/RDS", name): _INSTANCE
        for name in (
            "AuroraReplicaLag",
            "CPUCreditBalance",
            "CPUUtilization",
            "DatabaseConnections",
            "DBLoad",
            "EBSByteBalance%",
            "EBSIOBalance%",
            "FreeableMemory",
            "FreeStorageSpace",
            "MaximumUsedTransactionIDs",
            "ReadLatency",
            "ReplicaLag",
            "WriteLatency",
        )
    },
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
    ("AWS/Route53", "HealthCheckStatus"): ({"HealthCheckId"},),
}


class WrongDimensionsError(AssertionError):
    """A metric that AWS does not publish."""


def check_dimensions(run: ProgramRun) -> int:
    """Compare the metrics of all alarms with the documentation.

    Returns:
        How many AWS metrics were compared.

    Raises:
        WrongDimensionsError: the first metric that AWS does not publish.
    """
    compared = 0
    for alarm in run.of_type(ALARM):
        for metric in alarm_metrics(alarm):
            if metric["namespace"].startswith(("AWS/", "ECS/")):
                check_metric(alarm.name, metric["namespace"], metric["metricName"], metric)
                compared += 1
    return compared


def check_metric(where: str, namespace: str, name: str, metric: Mapping[str, Any]) -> None:
    """Compare one metric's dimensions with the documentation."""
    documented = DOCUMENTED.get((namespace, name))
    if documented is None and (sheet := SHEETS.get((namespace, name))) is not None:
        documented = (set(sheet.dimensions),)
    if documented is None:
        raise WrongDimensionsError(f"{where}: {namespace} {name} is not a documented metric")
    dimensions = metric.get("dimensions") or {}
    if set(dimensions) not in documented:
        raise WrongDimensionsError(f"{where}: {name} has the dimensions {sorted(dimensions)}")
    if not all(dimensions.values()):
        raise WrongDimensionsError(f"{where}: {name} has an empty dimension in {dimensions}")


def alarm_metrics(alarm: Registration) -> Iterator[Mapping[str, Any]]:
    """Every metric that an alarm reads, those in metric math included."""
    if "metricName" in alarm.inputs:
        yield alarm.inputs
    for query in alarm.inputs.get("metricQueries") or []:
        if query.get("metric"):
            yield query["metric"]
