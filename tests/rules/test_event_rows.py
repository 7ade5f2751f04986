"""The events one by one: what a rule of EventBridge takes, and what is said of it.

Each row names the page that documents its fields.
"""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import EVENTS
from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.health_events import AwsServices
from ecs_monitoring.rules.rds_target import RdsTarget
from ecs_monitoring.rules.target import Target

WEB: Final = EcsTarget(cluster="shop", service="web")
API: Final = EcsTarget(cluster="shop", service="api")
MAIN: Final = RdsTarget(instance="main", engine="postgres", instance_class="db.m7g.large")
AURORA: Final = RdsTarget(
    instance="one", cluster="shop", engine="aurora-mysql", instance_class="db.r7g.large"
)
ALONE: Final = RdsTarget(instance="one", engine="aurora-mysql", instance_class="db.r7g.large")
USED: Final = AwsServices(services=("ECS", "RDS"))


def service_action(*names: str) -> dict[str, Any]:
    return {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Service Action"],
        "detail": {"eventName": list(names)},
        "resources": [{"suffix": ":service/shop/web"}, {"suffix": ":service/web"}],
    }


def task_stopped(**detail: Any) -> dict[str, Any]:
    return {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {
            "lastStatus": ["STOPPED"],
            **detail,
            "clusterArn": [{"suffix": ":cluster/shop"}],
            "group": ["service:web"],
        },
    }


def of_database(**detail: Any) -> dict[str, Any]:
    return {
        "source": ["aws.rds"],
        "detail-type": ["RDS DB Instance Event", "RDS DB Cluster Event"],
        "detail": {**detail, "SourceArn": [{"suffix": ":db:main"}]},
    }


def of_aws(*categories: str) -> dict[str, Any]:
    return {
        "source": ["aws.health"],
        "detail-type": ["AWS Health Event"],
        "detail": {
            "eventTypeCategory": list(categories),
            # A copy for another region, and further pages of the same.
            "backupEvent": ["false", False],
            "page": ["1"],
            "service": ["ECS", "RDS"],
        },
    }


PATTERNS: list[tuple[str, Target, Mapping[str, Any]]] = [
    (
        "ecs.deployment-failed",
        WEB,
        {
            **service_action("SERVICE_DEPLOYMENT_FAILED"),
            "detail-type": ["ECS Deployment State Change"],
        },
    ),
    ("ecs.start-impaired", WEB, service_action("SERVICE_TASK_START_IMPAIRED")),
    (
        "ecs.placement-failed",
        WEB,
        service_action("SERVICE_TASK_PLACEMENT_FAILURE", "SERVICE_TASK_CONFIGURATION_FAILURE"),
    ),
    ("ecs.scheduler-throttled", WEB, service_action("ECS_OPERATION_THROTTLED")),
    ("ecs.task-start-failed", WEB, task_stopped(stopCode=["TaskFailedToStart"])),
    # Signals are 128 and their number: SIGILL 4, SIGABRT 6, SIGFPE 8, SIGSEGV 11 are of its own
    # doing; SIGKILL 9 and SIGTERM 15 are how it is stopped.
    (
        "ecs.container-exited",
        WEB,
        task_stopped(
            stopCode=["EssentialContainerExited"],
            containers={"exitCode": [{"numeric": [">=", 1, "<=", 127]}, 132, 134, 136, 139]},
        ),
    ),
    (
        "ecs.out-of-memory",
        WEB,
        task_stopped(containers={"reason": [{"prefix": "OutOfMemoryError"}]}),
    ),
    ("rds.failover", MAIN, of_database(EventCategories=["failover"])),
    ("rds.storage-full", MAIN, of_database(EventID=["RDS-EVENT-0007", "RDS-EVENT-0221"])),
    ("rds.maintenance", MAIN, of_database(EventCategories=["maintenance"])),
    ("rds.backups-off", MAIN, of_database(EventID=["RDS-EVENT-0028"])),
    (
        "rds.backup-failed",
        AURORA,
        {
            "source": ["aws.backup"],
            "detail-type": ["Backup Job State Change"],
            "detail": {
                "state": ["FAILED", "ABORTED", "EXPIRED"],
                "resourceArn": [{"suffix": ":db:one"}, {"suffix": ":cluster:shop"}],
            },
        },
    ),
    ("health.service-issue", USED, of_aws("issue", "investigation")),
    ("health.scheduled-change", USED, of_aws("scheduledChange")),
    ("health.account-notification", USED, of_aws("accountNotification")),
]


@pytest.mark.parametrize(("key", "target", "pattern"), PATTERNS, ids=[row[0] for row in PATTERNS])
def test_what_is_taken_of_a_target(key: str, target: Target, pattern: Mapping[str, Any]) -> None:
    assert EVENTS[key].pattern([target]) == pattern


def test_events_tell_of_no_page() -> None:
    assert {EVENTS[key].severity for key, *_ in PATTERNS} == {Severity.WARNING}


def test_several_targets_share_a_pattern() -> None:
    # Where one field tells the targets apart, its values are joined, each once.
    (services, tasks) = (EVENTS[f"ecs.{name}"] for name in ("start-impaired", "out-of-memory"))
    twin = EcsTarget(cluster="other", service="web")
    assert services.pattern([WEB, API, twin])["resources"] == [
        {"suffix": ":service/shop/web"},
        {"suffix": ":service/web"},
        {"suffix": ":service/shop/api"},
        {"suffix": ":service/api"},
        {"suffix": ":service/other/web"},
    ]
    # Where two fields do, they belong together.
    assert tasks.pattern([WEB, API]) == {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Task State Change"],
        "detail": {
            "lastStatus": ["STOPPED"],
            "containers": {"reason": [{"prefix": "OutOfMemoryError"}]},
        },
        "$or": [
            {
                "detail": {
                    "clusterArn": [{"suffix": ":cluster/shop"}],
                    "group": [f"service:{name}"],
                }
            }
            for name in ("web", "api")
        ],
    }


def test_a_pattern_does_not_change_its_row() -> None:
    row = EVENTS["ecs.container-exited"]
    before = row.pattern([WEB])
    before["detail"]["containers"]["exitCode"].clear()
    assert row.pattern([WEB]) == dict(PATTERNS[5][2])


GROWS: Final = "aurora-mysql grows its storage by itself"


@pytest.mark.parametrize(
    ("key", "target", "why"),
    [
        ("rds.failover", MAIN, ""),
        ("rds.failover", AURORA, ""),
        (
            "rds.failover",
            ALONE,
            "Aurora tells of it about the cluster: write its identifier in the database's cluster",
        ),
        ("rds.storage-full", MAIN, ""),
        ("rds.storage-full", AURORA, GROWS),
        ("rds.maintenance", ALONE, ""),
        ("rds.backups-off", MAIN, ""),
        ("rds.backups-off", AURORA, "aurora-mysql always has automated backups"),
        ("rds.backup-failed", ALONE, ""),
        ("ecs.out-of-memory", WEB, ""),
    ],
)
def test_which_databases_have_no_such_event(key: str, target: Target, why: str) -> None:
    assert EVENTS[key].why_not(target) == why


_ECS_GUIDE: Final = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide"
_TASK: Final = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html"
_RDS: Final = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html"
_BACKUP: Final = "https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html"
_HEALTH: Final = (
    "https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html"
)
_ACTIONS: Final = f"{_ECS_GUIDE}/ecs_service_events.html"
_WHAT: Final = "$.resources[0]"
_GROUP: Final = "$.detail.group"
_STOPPED: Final = "$.detail.stoppedReason"
_SAID: Final = ("$.detail.SourceIdentifier", "$.detail.Message", _RDS)
_CODE: Final = (
    "$.detail.eventTypeCode",
    "$.detail.eventDescription[0].latestDescription",
    _HEALTH,
)


def test_what_is_read_of_an_event_and_where_that_is_documented() -> None:
    read = {key: (row.about, row.words, row.documented) for key, row in EVENTS.items()}
    assert (
        read.items()
        >= {
            "ecs.deployment-failed": (
                _WHAT,
                "$.detail.reason",
                f"{_ECS_GUIDE}/ecs_service_deployment_events.html",
            ),
            "ecs.start-impaired": (_WHAT, "", _ACTIONS),
            "ecs.placement-failed": (_WHAT, "$.detail.reason", _ACTIONS),
            "ecs.scheduler-throttled": (_WHAT, "", _ACTIONS),
            "ecs.task-start-failed": (_GROUP, _STOPPED, _TASK),
            "ecs.container-exited": (_GROUP, _STOPPED, _TASK),
            "ecs.out-of-memory": (_GROUP, _STOPPED, f"{_ECS_GUIDE}/stopped-task-error-codes.html"),
            "rds.failover": _SAID,
            "rds.storage-full": _SAID,
            "rds.maintenance": _SAID,
            "rds.backups-off": _SAID,
            "rds.backup-failed": ("$.detail.resourceArn", "", _BACKUP),
            "health.service-issue": _CODE,
            "health.scheduled-change": _CODE,
            "health.account-notification": _CODE,
        }.items()
    )
    # Of these, that none comes says nothing.
    assert {key for key, row in EVENTS.items() if row.only_sent} >= {
        *("ecs.deployment-failed", "ecs.out-of-memory", "rds.backup-failed")
    }
