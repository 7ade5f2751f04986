"""What each sheet says of its metric, beside what AWS, or the Django package, documents.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

import pytest

from ecs_monitoring.catalog.metrics import SHEETS, Fact, MetricSheet, Published
from ecs_monitoring.catalog.metrics.logs import MATCHING_EVENTS

When = Literal["always", "five minutes", "not zero", "in use"]


class Said(NamedTuple):
    """What a sheet says besides names: what most metrics of the table have is left out."""

    unit: str = "Count"
    published: When = "always"
    whole: bool = False
    highest: float | Fact | None = None
    reached: bool = True
    samples: int | None = None
    needs: str = ""
    narrowed_by: tuple[str, ...] = ()
    sentinels: tuple[float, ...] = ()


_WHEN: Final[Mapping[Published, When]] = {
    Published.ALWAYS: "always",
    Published.EVERY_FIVE_MINUTES: "five minutes",
    Published.NOT_ZERO: "not zero",
    Published.IN_USE: "in use",
}


def said(sheet: MetricSheet) -> Said:
    return Said(
        unit=sheet.unit.value,
        published=_WHEN[sheet.published],
        whole=sheet.whole,
        highest=sheet.highest,
        reached=sheet.reached,
        samples=sheet.samples,
        needs=sheet.needs,
        narrowed_by=sheet.narrowed_by,
        sentinels=tuple(sheet.sentinels),
    )


_BY_GROUP: Final = ("TargetGroup",)
_EVENTS: Final = Said(published="not zero", whole=True)
_RESPONSES: Final = _EVENTS._replace(narrowed_by=_BY_GROUP)
# Ten times the quota of a load balancer's targets, 1,000, which can be raised.
_HOSTS: Final = Said(whole=True, highest=10_000, needs="health checks")
# A service has at most 5,000 tasks.
_RUNNING: Final = Said(whole=True, highest=5000, needs="Container Insights")
_SHARE: Final = Said("Percent", highest=100)
_RATE: Final = Said(samples=1)
_BURST: Final = _SHARE._replace(samples=1, needs="an instance class with EBS burst credits")
_BACKGROUND: Final = "background tasks (docs/django.md)"
_CELERY: Final = Said(needs="Celery workers (docs/django.md)")
_TASKS: Final = _EVENTS._replace(needs=_BACKGROUND)
_TIMED_TASKS: Final = Said("Seconds", "in use", needs=_BACKGROUND)

PUBLISHED: Final[Mapping[tuple[str, tuple[str, ...]], Mapping[str, Said]]] = {
    ("AWS/ApplicationELB", ("LoadBalancer",)): {
        "RequestCount": _RESPONSES._replace(published="in use"),
        "HTTPCode_Target_2XX_Count": _RESPONSES,
        "HTTPCode_Target_4XX_Count": _RESPONSES,
        "HTTPCode_Target_5XX_Count": _RESPONSES,
        "HTTPCode_ELB_5XX_Count": _EVENTS,
        "RejectedConnectionCount": _EVENTS,
        "TargetResponseTime": Said(
            "Seconds", "in use", highest=Fact.RESPONSE_TIME, narrowed_by=_BY_GROUP
        ),
    },
    ("AWS/ApplicationELB", ("TargetGroup", "LoadBalancer")): {
        "HealthyHostCount": _HOSTS,
        "UnHealthyHostCount": _HOSTS,
    },
    ("AWS/ECS", ("ServiceName", "ClusterName")): {
        "CPUUtilization": _SHARE,
        "MemoryUtilization": _SHARE,
    },
    ("ECS/ContainerInsights", ("ServiceName", "ClusterName")): {
        "DesiredTaskCount": _RUNNING,
        "RunningTaskCount": _RUNNING,
    },
    ("AWS/RDS", ("DBInstanceIdentifier",)): {
        "DatabaseConnections": Said(whole=True, highest=Fact.MAX_CONNECTIONS, samples=1),
        "CPUUtilization": _SHARE._replace(samples=1),
        "FreeableMemory": Said("Bytes", highest=Fact.MEMORY, reached=False, samples=1),
        "FreeStorageSpace": Said(
            "Bytes",
            highest=Fact.ALLOCATED_STORAGE,
            reached=False,
            samples=1,
            needs="storage of the instance's own: Aurora has none",
        ),
        "FreeLocalStorage": Said(
            "Bytes", highest=Fact.LOCAL_STORAGE, reached=False, samples=1, needs="Aurora"
        ),
        "ACUUtilization": _SHARE._replace(samples=1, needs="Aurora Serverless v2 (db.serverless)"),
        "BurstBalance": _BURST._replace(needs="a gp2 volume"),
        "EBSIOBalance%": _BURST,
        "EBSByteBalance%": _BURST,
        # Count/Second and Bytes/Second: no whole numbers.
        "ReadIOPS": _RATE,
        "WriteIOPS": _RATE,
        "ReadThroughput": _RATE._replace(unit="Bytes"),
        "WriteThroughput": _RATE._replace(unit="Bytes"),
        "ReadLatency": _RATE._replace(unit="Seconds"),
        "WriteLatency": _RATE._replace(unit="Seconds"),
        # "CPU credit metrics are reported at 5-minute intervals only."
        "CPUCreditBalance": Said(
            published="five minutes",
            highest=Fact.CPU_CREDITS,
            samples=1,
            needs="a burstable instance class (db.t)",
        ),
        "DBLoad": Said(highest=Fact.SESSIONS, samples=1, needs="Performance Insights"),
        # Half of the 32-bit space lies in the past: 2^31.
        "MaximumUsedTransactionIDs": Said(
            whole=True, highest=2_147_483_648, samples=1, needs="PostgreSQL"
        ),
        # "ReplicaLag metric returns -1" where replication is not running.
        "ReplicaLag": Said("Seconds", samples=1, needs="a read replica", sentinels=(-1,)),
        "AuroraReplicaLag": Said("Milliseconds", samples=1, needs="an Aurora replica"),
    },
    # 1 is healthy, 0 is not.
    ("AWS/Route53", ("HealthCheckId",)): {"HealthCheckStatus": Said(whole=True, highest=1)},
    ("AWS/SNS", ("TopicName",)): {"NumberOfNotificationsFailed": _EVENTS},
    ("AWS/SQS", ("QueueName",)): {
        "ApproximateNumberOfMessagesVisible": _EVENTS._replace(published="in use")
    },
    ("AWS/Events", ("RuleName",)): {"FailedInvocations": _EVENTS},
    ("Django/API", ("Service",)): {
        "StatusCode_2xx": _EVENTS,
        "StatusCode_3xx": _EVENTS,
        "StatusCode_4xx": _EVENTS,
        "StatusCode_5xx": _EVENTS,
        "ResponseTime": Said("Seconds", "in use"),
        "CacheHits": _EVENTS,
        "CacheMisses": _EVENTS,
        "Disconnects": _EVENTS,
        "StreamsBroken": _EVENTS,
        "SamplesDropped": _EVENTS,
        "RequestsInProgress": Said(whole=True),
        "OldestRequestAge": Said("Seconds"),
        "ThreadsBusy": _SHARE._replace(
            needs="a server with a known number of threads (docs/django.md)"
        ),
        "Tasks": _TASKS,
        "TaskFailures": _TASKS,
        "TaskRetries": _TASKS,
        "TaskTime": _TIMED_TASKS,
        "TaskWait": _TIMED_TASKS,
        "TasksInProgress": _CELERY._replace(whole=True),
        "OldestTaskAge": _CELERY._replace(unit="Seconds"),
        "QueueLength": _CELERY._replace(whole=True),
        "QueueAge": _CELERY._replace(unit="Seconds"),
    },
    ("Django/API", ("Service", "Method", "Route")): {"Requests": _EVENTS},
    ("Django/API", ("Service", "Action")): {"Actions": _EVENTS},
    ("Django/API", ("Service", "Type")): {"Failures": _EVENTS},
}


@pytest.mark.parametrize(("namespace", "dimensions"), PUBLISHED)
def test_a_sheet_says_what_is_documented(namespace: str, dimensions: tuple[str, ...]) -> None:
    listed = PUBLISHED[namespace, dimensions]
    sheets = {name: SHEETS[namespace, name] for name in listed}
    assert {sheet.dimensions for sheet in sheets.values()} == {dimensions}
    assert {name: said(sheet) for name, sheet in sheets.items()} == listed


def test_a_log_filters_metric_counts_lines_wherever_it_is_written_to() -> None:
    """Filters with a default value have no dimensions, and write only where there was a line."""
    sheet = MATCHING_EVENTS.called("Shop/Logs", "prod-app-errors")
    assert (sheet.namespace, sheet.name, sheet.dimensions) == ("Shop/Logs", "prod-app-errors", ())
    assert said(sheet) == _EVENTS._replace(published="in use")
    # What has no name yet is no metric of AWS's.
    assert ("", "") not in SHEETS


# Of metrics that AWS documents elsewhere than those beside them in their namespace.
ELSEWHERE: Final = {
    "FreeLocalStorage": "AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html",
    "ACUUtilization": "AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html",
    "AuroraReplicaLag": "AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html",
    "BurstBalance": "knowledge-center/rds-low-burst-balance",
    "DBLoad": "UserGuide/USER_PerfInsights.Cloudwatch.html",
}


def test_a_metric_of_rds_names_the_page_that_it_is_on() -> None:
    pages = {
        name: sheet.source for (namespace, name), sheet in SHEETS.items() if namespace == "AWS/RDS"
    }
    usual = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html"
    assert {name for name, page in pages.items() if page != usual} >= set(ELSEWHERE)
    assert all(pages[name].endswith(page) for name, page in ELSEWHERE.items())
