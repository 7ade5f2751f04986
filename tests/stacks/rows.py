"""What the production stack's alarms must be: one row an alarm, each with its source.

Staging is this table with the changes that its settings make.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

SOURCES: Final = {
    "guide": "monitoring guide, the five main alerts",
    "guide-logs": "monitoring guide, logs; thresholds in docs/runbooks.md",
    "guide-app": "monitoring guide, custom metrics; thresholds in docs/runbooks.md",
    "guide-ecs": "monitoring guide, metrics to watch; condition in docs/runbooks.md",
    "aws": "AWS recommended alarms, https://docs.aws.amazon.com/AmazonCloudWatch/latest/"
    "monitoring/Best_Practice_Recommended_Alarms_AWS_Services.html",
    "elb": "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
    "load-balancer-cloudwatch-metrics.html; thresholds in docs/runbooks.md",
    "burst": "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/"
    "burstable-credits-baseline-concepts.html; threshold in docs/runbooks.md",
}

SERVICE: Final = {"ClusterName": "django-ecs-cluster", "ServiceName": "django-app-service"}
BALANCER: Final = {"LoadBalancer": "app/django-alb/1234567890"}
GROUP: Final = {**BALANCER, "TargetGroup": "targetgroup/django-tg/0123456789abcdef"}

# What a row's metric belongs to: its namespace and dimensions. Metrics that log filters make
# have no dimensions, since these would rule out the default value of 0.
_OWNERS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "service": ("AWS/ECS", SERVICE),
    "balancer": ("AWS/ApplicationELB", BALANCER),
    "group": ("AWS/ApplicationELB", GROUP),
    "database": ("AWS/RDS", {"DBInstanceIdentifier": "django-db"}),
    "log": ("django-ecs-monitoring/prod", {}),
    "app": ("Django/API", {"Service": "django-app-service"}),
}

COMPARISONS: Final = {
    ">=": "GreaterThanOrEqualToThreshold",
    ">": "GreaterThanThreshold",
    "<": "LessThanThreshold",
}

# Numbers that follow from the database, db.t4g.small (2 GiB, 2 vCPUs) with 100 GiB:
# - rds.connections-high. Nominal memory is 2 x 1024^3 = 2,147,483,648 bytes; what the database
#   gets, estimated from below, is an eighth and 256 MiB less: 2,147,483,648 - 268,435,456
#   - 268,435,456 = 1,610,612,736. PostgreSQL's max_connections is that divided by 9,531,392, in
#   integers 168 (a real instance answers 181: the alarm is on before it refuses connections),
#   of which 80 % are 134.4.
# - rds.memory-low: 10 % of 2,147,483,648 bytes.
# - rds.storage-low: 100 GiB are 107,374,182,400 bytes, of which 10 %.
# - rds.db-load: one session a vCPU.
_TABLE: Final = """
key                      source      severity  owner    metric                    statistic  condition         period N  M  missing
ecs.cpu-high             guide       warning   service  CPUUtilization            Average    >= 80             300    1  1  missing
ecs.memory-high          guide       warning   service  MemoryUtilization         Average    >= 85             300    1  1  missing
alb.target-5xx           guide       critical  balancer HTTPCode_Target_5XX_Count Sum        >= 5              60     1  1  notBreaching
alb.latency-high         guide       critical  balancer TargetResponseTime        Average    >= 2              300    1  1  notBreaching
rds.connections-high     guide       critical  database DatabaseConnections       Average    >= 134.4          60     5  5  missing
alb.elb-5xx              elb         critical  balancer HTTPCode_ELB_5XX_Count    Sum        >= 5              60     5  1  notBreaching
alb.latency-p99          elb         warning   balancer TargetResponseTime        p99        >= 5              60     5  5  notBreaching
alb.unhealthy-hosts      elb         warning   group    UnHealthyHostCount        Maximum    >= 1              60     3  3  missing
alb.no-healthy-hosts     elb         critical  group    HealthyHostCount          Minimum    <  1              60     2  2  breaching
alb.rejected-connections elb         critical  balancer RejectedConnectionCount   Sum        >= 1              60     5  1  notBreaching
rds.cpu-high             aws         warning   database CPUUtilization            Average    >  90             60     5  5  missing
rds.memory-low           aws         warning   database FreeableMemory            Average    <  214_748_364.8  60     15 15 missing
rds.storage-low          aws         critical  database FreeStorageSpace          Minimum    <  10_737_418_240 60     5  5  missing
rds.read-latency         aws         warning   database ReadLatency               p90        >  0.02           60     5  5  missing
rds.write-latency        aws         warning   database WriteLatency              p90        >  0.02           60     5  5  missing
rds.ebs-io-balance       aws         warning   database EBSIOBalance%             Average    <  10             60     3  3  missing
rds.ebs-byte-balance     aws         warning   database EBSByteBalance%           Average    <  10             60     3  3  missing
rds.cpu-credits          burst       warning   database CPUCreditBalance          Average    <  20             300    2  2  missing
rds.db-load              aws         warning   database DBLoad                    Average    >  2              60     15 15 missing
rds.transaction-ids      aws         critical  database MaximumUsedTransactionIDs Average    >  1_000_000_000  60     1  1  missing
logs.errors              guide-logs  warning   log      logs.app.errors           Sum        >= 10             300    1  1  notBreaching
logs.exceptions          guide-logs  warning   log      logs.app.exceptions       Sum        >= 5              300    1  1  notBreaching
logs.database-errors     guide-logs  critical  log      logs.app.database-errors  Sum        >= 1              300    2  1  notBreaching
logs.security            guide-logs  warning   log      logs.app.security         Sum        >= 20             300    1  1  notBreaching
app.server-errors        guide-app   warning   app      StatusCode_5xx            Sum        >= 5              60     1  1  notBreaching
app.latency-p95          guide-app   warning   app      ResponseTime              p95        >= 2              60     5  5  notBreaching
"""  # noqa: E501 (one row an alarm)


class Row(NamedTuple):
    """One alarm on one metric."""

    key: str
    source: str
    severity: str
    namespace: str
    dimensions: Mapping[str, str]
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
        is_percentile = self.statistic.startswith("p")
        return {
            "namespace": self.namespace,
            "metricName": self.metric,
            "dimensions": self.dimensions,
            "statistic": None if is_percentile else self.statistic,
            "extendedStatistic": self.statistic if is_percentile else None,
            "comparisonOperator": COMPARISONS[self.comparison],
            "threshold": self.threshold,
            "period": self.period,
            "evaluationPeriods": self.evaluation_periods,
            "datapointsToAlarm": self.datapoints_to_alarm,
            "treatMissingData": self.missing,
            "metricQueries": None,
        }


def _row(line: str) -> Row:
    key, source, severity, owner, metric, statistic, sign, threshold, *rest = line.split()
    period, evaluation_periods, datapoints_to_alarm, missing = rest
    namespace, dimensions = _OWNERS[owner]
    return Row(
        key,
        SOURCES[source],
        severity,
        namespace,
        dimensions,
        metric,
        statistic,
        sign,
        float(threshold),
        int(period),
        int(evaluation_periods),
        int(datapoints_to_alarm),
        missing,
    )


ROWS: Final = {row.key: row for row in map(_row, _TABLE.strip().splitlines()[1:])}
"""Every alarm of the production stack that watches one metric, by alarm key."""

MATH_KEYS: Final = {"ecs.tasks-low", "alb.target-5xx-rate"}
"""The alarms that watch metric math."""

# rds.replica-lag needs a replica, app.cache-hit-rate-low is off by default.
# The database is neither Aurora nor on gp2, and the service's deployments stop no task first.
LEFT_OUT: Final = {
    *("rds.replica-lag@main", "app.cache-hit-rate-low@web", "ecs.tasks-below-desired@web"),
    *("rds.local-storage-low@main", "rds.acu-high@main", "rds.burst-balance@main"),
    # What its volume can do is not known.
    *("rds.iops-high@main", "rds.throughput-high@main"),
    # All events are told as warnings.
    "delivery.events-failed@critical",
}
"""What the production stack does not have, by address."""


def topic_arn(stack: str, severity: str) -> str:
    """The topic that hears of a severity."""
    name = f"django-app-alerts-django-ecs-monitoring-{stack}-{severity}"
    return f"arn:aws:sns:ap-northeast-1:123456789012:{name}"
