"""What the production stack's alarms must be: one row an alarm, each with its source.

Staging is this table with the changes that its settings make.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

GUIDE: Final = "monitoring guide, the five main alerts"
GUIDE_LOGS: Final = "monitoring guide, logs; thresholds in docs/runbooks.md"
GUIDE_METRICS: Final = "monitoring guide, metrics to watch; thresholds in docs/runbooks.md"
AWS: Final = (
    "AWS recommended alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
    "Best_Practice_Recommended_Alarms_AWS_Services.html"
)
ELB: Final = (
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "load-balancer-cloudwatch-metrics.html; thresholds in docs/runbooks.md"
)
CREDITS: Final = (
    "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html; "
    "threshold in docs/runbooks.md"
)

CLUSTER_SERVICE: Final = {"ClusterName": "django-ecs-cluster", "ServiceName": "django-app-service"}
BALANCER: Final = {"LoadBalancer": "app/django-alb/1234567890"}
GROUP: Final = {**BALANCER, "TargetGroup": "targetgroup/django-tg/0123456789abcdef"}

ECS: Final = ("AWS/ECS", CLUSTER_SERVICE)
ALB: Final = ("AWS/ApplicationELB", BALANCER)
ALB_GROUP: Final = ("AWS/ApplicationELB", GROUP)
RDS: Final = ("AWS/RDS", {"DBInstanceIdentifier": "django-db"})
APP: Final = ("Django/API", {"Service": "django-app-service"})

_COMPARISONS: Final = {
    ">=": "GreaterThanOrEqualToThreshold",
    ">": "GreaterThanThreshold",
    "<": "LessThanThreshold",
}


class Row(NamedTuple):
    """One alarm on one metric."""

    key: str
    source: str
    severity: str
    published: tuple[str, Mapping[str, str]]
    metric: str
    statistic: str
    comparison: str
    threshold: float
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int
    missing: str

    def wire(self) -> dict[str, Any]:
        """The alarm's properties as they must be sent; ``None`` where none may be."""
        namespace, dimensions = self.published
        extended = self.statistic.startswith("p")
        return {
            "namespace": namespace,
            "metricName": self.metric,
            "dimensions": dimensions,
            "statistic": None if extended else self.statistic,
            "extendedStatistic": self.statistic if extended else None,
            "comparisonOperator": _COMPARISONS[self.comparison],
            "threshold": self.threshold,
            "period": self.period,
            "evaluationPeriods": self.evaluation_periods,
            "datapointsToAlarm": self.datapoints_to_alarm,
            "treatMissingData": self.missing,
            "metricQueries": None,
        }


def log_metrics(stack: str) -> tuple[str, Mapping[str, str]]:
    """The namespace of a stack's metric filters: their metrics have no dimensions."""
    return (f"django-ecs-monitoring/{stack}", {})


# Numbers that follow from the database, db.t4g.small (2 GiB, 2 vCPUs) with 100 GiB:
# - nominal memory: 2 x 1024^3 = 2,147,483,648 bytes
# - memory for the database, estimated from below: less an eighth, less 256 MiB
#   = 2,147,483,648 - 268,435,456 - 268,435,456 = 1,610,612,736 bytes
# - max_connections of PostgreSQL: 1,610,612,736 / 9,531,392 = 168.98, in integers 168; a real
#   instance answers 181, so the alarm is on before it refuses connections
MAX_CONNECTIONS: Final = 168
CONNECTIONS: Final = 134.4  # 80 % of 168
MEMORY: Final = 214_748_364.8  # 10 % of 2,147,483,648
STORAGE: Final = 10_737_418_240  # 100 GiB = 107,374,182,400 bytes, of which 10 %
VCPUS: Final = 2
MISS, NOT, BREACH = "missing", "notBreaching", "breaching"
WARN, CRIT = "warning", "critical"

_RDS_ROWS: Final = (
    Row("rds.connections-high", GUIDE, CRIT, RDS, "DatabaseConnections", "Average", ">=",
        CONNECTIONS, 60, 5, 5, MISS),
    Row("rds.cpu-high", AWS, WARN, RDS, "CPUUtilization", "Average", ">", 90, 60, 5, 5, MISS),
    Row("rds.memory-low", AWS, WARN, RDS, "FreeableMemory", "Average", "<",
        MEMORY, 60, 15, 15, MISS),
    Row("rds.storage-low", AWS, CRIT, RDS, "FreeStorageSpace", "Minimum", "<",
        STORAGE, 60, 5, 5, MISS),
    Row("rds.read-latency", AWS, WARN, RDS, "ReadLatency", "p90", ">", 0.02, 60, 5, 5, MISS),
    Row("rds.write-latency", AWS, WARN, RDS, "WriteLatency", "p90", ">", 0.02, 60, 5, 5, MISS),
    Row("rds.ebs-io-balance", AWS, WARN, RDS, "EBSIOBalance%", "Average", "<", 10, 60, 3, 3, MISS),
    Row("rds.ebs-byte-balance", AWS, WARN, RDS, "EBSByteBalance%", "Average", "<",
        10, 60, 3, 3, MISS),
    Row("rds.cpu-credits", CREDITS, WARN, RDS, "CPUCreditBalance", "Average", "<",
        20, 300, 2, 2, MISS),
    Row("rds.db-load", AWS, WARN, RDS, "DBLoad", "Average", ">", VCPUS, 60, 15, 15, MISS),
    Row("rds.transaction-ids", AWS, CRIT, RDS, "MaximumUsedTransactionIDs", "Average", ">",
        1_000_000_000, 60, 1, 1, MISS),
)  # fmt: skip
