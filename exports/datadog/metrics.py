"""What Datadog calls the metrics of its AWS integration: one row a metric, each from its lists.

No rule leads from CloudWatch's names to these (``CPUUtilization`` is ``cpuutilization``,
``DatabaseConnections`` is ``database_connections``), so that a metric without a row has no name
here and is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ecs_monitoring.cloudwatch.metric import Metric
from exports.result import NotCarriedError

_ELB: Final = "https://docs.datadoghq.com/integrations/amazon_elb/#data-collected"
_ECS: Final = "https://docs.datadoghq.com/integrations/amazon_ecs/#data-collected"
_RDS: Final = "https://docs.datadoghq.com/integrations/amazon_rds/#data-collected"


class MetricType(StrEnum):
    """What a metric's values are to Datadog."""

    GAUGE = "gauge"
    COUNT = "count"


@dataclass(frozen=True)
class DatadogMetric:
    """A metric of the AWS integration.

    Attributes:
        name: such as ``aws.ecs.service.cpuutilization``.
        type: as its list has it.
        space: how the series of one thing become one: ``avg``, ``sum``, ``min`` or ``max``.
        source: the list.
        differs: how it is otherwise than CloudWatch's, a sentence; empty where it is not.
    """

    name: str
    type: MetricType
    space: str
    source: str
    differs: str = ""


_BY_ZONE: Final = (
    "Datadog has the number of hosts of each availability zone, and the monitor adds them up."
)
_FROM_ECS: Final = (
    "Datadog asks ECS for the number of tasks, where CloudWatch has it from Container Insights."
)
_ONE_SAMPLE: Final = (
    "Datadog has the average of a minute. RDS publishes one value a minute, so that it is the "
    "same as the minimum."
)

_Key = tuple[str, str, str]


def _counts(**names: str) -> dict[_Key, DatadogMetric]:
    return {
        ("AWS/ApplicationELB", metric, "Sum"): DatadogMetric(
            f"aws.applicationelb.{name}", MetricType.COUNT, "sum", _ELB
        )
        for metric, name in names.items()
    }


def _gauge(name: str, source: str, space: str = "avg", differs: str = "") -> DatadogMetric:
    return DatadogMetric(name, MetricType.GAUGE, space, source, differs)


METRICS: Final[Mapping[_Key, DatadogMetric]] = MappingProxyType(
    {
        **_counts(
            RequestCount="request_count",
            RejectedConnectionCount="rejected_connection_count",
            HTTPCode_ELB_4XX_Count="httpcode_elb_4xx",
            HTTPCode_ELB_5XX_Count="httpcode_elb_5xx",
            HTTPCode_Target_2XX_Count="httpcode_target_2xx",
            HTTPCode_Target_3XX_Count="httpcode_target_3xx",
            HTTPCode_Target_4XX_Count="httpcode_target_4xx",
            HTTPCode_Target_5XX_Count="httpcode_target_5xx",
        ),
        **{
            ("AWS/ApplicationELB", "TargetResponseTime", statistic): _gauge(
                f"aws.applicationelb.target_response_time.{name}", _ELB, space
            )
            for statistic, name, space in (
                ("Average", "average", "avg"),
                ("Maximum", "maximum", "max"),
                ("p50", "p50", "avg"),
                ("p90", "p90", "avg"),
                ("p95", "p95", "avg"),
                ("p99", "p99", "avg"),
            )
        },
        ("AWS/ApplicationELB", "HealthyHostCount", "Minimum"): _gauge(
            "aws.applicationelb.healthy_host_count.minimum", _ELB, "sum", _BY_ZONE
        ),
        ("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum"): _gauge(
            "aws.applicationelb.un_healthy_host_count.maximum", _ELB, "sum", _BY_ZONE
        ),
        ("AWS/ECS", "CPUUtilization", "Average"): _gauge("aws.ecs.service.cpuutilization", _ECS),
        ("AWS/ECS", "MemoryUtilization", "Average"): _gauge(
            "aws.ecs.service.memory_utilization", _ECS
        ),
        ("ECS/ContainerInsights", "DesiredTaskCount", "Average"): _gauge(
            "aws.ecs.service.desired", _ECS, differs=_FROM_ECS
        ),
        ("ECS/ContainerInsights", "RunningTaskCount", "Average"): _gauge(
            "aws.ecs.service.running", _ECS, differs=_FROM_ECS
        ),
        ("AWS/RDS", "CPUUtilization", "Average"): _gauge("aws.rds.cpuutilization", _RDS),
        ("AWS/RDS", "CPUCreditBalance", "Average"): _gauge("aws.rds.cpucredit_balance", _RDS),
        ("AWS/RDS", "DatabaseConnections", "Average"): _gauge("aws.rds.database_connections", _RDS),
        ("AWS/RDS", "DBLoad", "Average"): _gauge("aws.rds.dbload", _RDS),
        ("AWS/RDS", "FreeableMemory", "Average"): _gauge("aws.rds.freeable_memory", _RDS),
        ("AWS/RDS", "FreeLocalStorage", "Average"): _gauge("aws.rds.free_local_storage", _RDS),
        ("AWS/RDS", "FreeStorageSpace", "Minimum"): _gauge(
            "aws.rds.free_storage_space", _RDS, differs=_ONE_SAMPLE
        ),
    }
)
"""By namespace, name and statistic."""

TAGS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "AWS/ApplicationELB": {"LoadBalancer": "loadbalancer", "TargetGroup": "targetgroup"},
        "AWS/ECS": {"ClusterName": "clustername", "ServiceName": "servicename"},
        "ECS/ContainerInsights": {"ClusterName": "clustername", "ServiceName": "servicename"},
        "AWS/RDS": {"DBInstanceIdentifier": "dbinstanceidentifier"},
    }
)
"""By namespace: a dimension's name to that of its tag, which is the same in lower case.

https://docs.datadoghq.com/integrations/guide/aws-integration-and-cloudwatch-faq/
"""


def datadog_metric(metric: Metric) -> DatadogMetric:
    """A metric as Datadog has it.

    Raises:
        NotCarriedError: it is in none of its lists.
    """
    translated = METRICS.get((metric.namespace, metric.name, metric.statistic))
    if translated is None and not metric.is_aws:
        raise NotCarriedError(
            f"the table of Datadog's metrics here has none of {metric.namespace}, a namespace of "
            "one's own: find their names in the metrics explorer, and use them there"
        )
    if translated is None:
        raise NotCarriedError(
            f"the table of Datadog's metrics here has no {metric.statistic} of {metric.name} in "
            f"{metric.namespace}: find its name in the metrics explorer, and use it there"
        )
    return translated


def scope(metric: Metric, region: str) -> str:
    """The tags by which a metric's series is told from all others, sorted, as a query has them.

    Datadog's tags are in lower case: https://docs.datadoghq.com/getting_started/tagging/#define-tags
    """
    tags = TAGS[metric.namespace]
    pairs = {tags[name]: value.lower() for name, value in metric.dimensions.items()}
    return ",".join(
        f"{name}:{value}" for name, value in sorted({**pairs, "region": region}.items())
    )
