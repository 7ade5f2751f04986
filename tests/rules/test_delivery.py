"""The alarms on the way of the notifications themselves."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules import DELIVERY
from ecs_monitoring.rules.delivery import DeliveryTarget, carried, carrier_name
from ecs_monitoring.rules.plan import Plan, Scope

QUEUES: Final = {"notifications": "alerts-dead", "events": "events-dead"}
ALONE: Final = (
    "there is no other topic to tell of it: give some alarm, or event, of the stack the other "
    "severity"
)


def delivered(**fields: Any) -> Plan:
    target = DeliveryTarget(**{"severity": Severity.WARNING, "topic": "alerts", **fields})
    scope = Scope(project="shop", stack="prod", component="delivery")
    return DELIVERY.plan(scope, "warning", target, {})


def test_lost_notifications_are_told_on_the_other_topic() -> None:
    plan = delivered(queues=QUEUES, event_rules=("failed", "killed"))
    told = [(r.key, r.part, r.severity, r.condition, r.schedule) for r in plan.rules]
    held = "1 of 1 x 300 s"
    assert told == [
        (
            "delivery.notifications-failed",
            "",
            "critical",
            "NumberOfNotificationsFailed Sum >= 1",
            held,
        ),
        *(
            (
                "delivery.dead-letters",
                part,
                "critical",
                "ApproximateNumberOfMessagesVisible Maximum >= 1",
                held,
            )
            for part in ("notifications", "events")
        ),
        ("delivery.events-failed", "", "critical", "events given up >= 1", held),
    ]
    assert {rule.treat_missing_data for rule in plan.rules} == {"notBreaching"}
    assert plan.omitted == ()


@pytest.mark.parametrize(
    ("fields", "omitted"),
    [
        (
            {"has_another": False, "queues": QUEUES, "event_rules": ("failed",)},
            dict.fromkeys(("notifications-failed", "dead-letters", "events-failed"), ALONE),
        ),
        (
            {"topic": "", "queues": {}},
            {
                "notifications-failed": "only topics of others are told",
                "dead-letters": "nobody is subscribed, and nothing is kept",
                "events-failed": "no rule of EventBridge publishes to the topic",
            },
        ),
    ],
)
def test_what_carries_nothing_is_not_watched(
    fields: Mapping[str, Any], omitted: Mapping[str, str]
) -> None:
    plan = delivered(**fields)
    assert {o.key.removeprefix("delivery."): o.reason for o in plan.omitted} == omitted


def test_each_alarm_reads_what_belongs_to_its_part() -> None:
    # One alarm reads ten metrics at most, so that the eleventh rule has a further alarm:
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    rules = tuple(f"rule-{number}" for number in range(1, 12))
    plan = delivered(queues=QUEUES, event_rules=rules)
    read = {r.address.partition(".")[2]: [m.dimensions for m in r.metrics] for r in plan.rules}
    assert read == {
        "notifications-failed@warning": [{"TopicName": "alerts"}],
        "dead-letters@warning/notifications": [{"QueueName": "alerts-dead"}],
        "dead-letters@warning/events": [{"QueueName": "events-dead"}],
        "events-failed@warning": [{"RuleName": f"rule-{number}"} for number in range(1, 11)],
        "events-failed@warning/2": [{"RuleName": "rule-11"}],
    }
    sums = [rule.signal for rule in plan.rules if rule.key == "delivery.events-failed"]
    assert [s.queries[-1].source for s in sums if isinstance(s, MetricMath)] == [
        " + ".join(f"FILL(r{number}, 0)" for number in range(1, 11)),
        "FILL(r1, 0)",
    ]


@pytest.mark.parametrize(
    ("fields", "part", "where"),
    [
        ({}, "", "topic alerts"),
        ({}, "notifications", "queue alerts-dead"),
        # A part that is a number is no queue.
        ({}, "2", "topic alerts"),
        ({"topic": ""}, "", "topics of others"),
    ],
)
def test_what_is_said_to_have_failed(fields: Mapping[str, Any], part: str, where: str) -> None:
    given = {"severity": "critical", "topic": "alerts", "queues": QUEUES, **fields}
    assert DeliveryTarget.model_validate(given).where(part) == where


def test_what_carries_a_teams_notifications_has_its_name() -> None:
    assert carrier_name("data", Severity.CRITICAL) == "data-critical"
    assert carrier_name("", Severity.WARNING) == "warning"


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("delivery.dead-letters@data-warning/events", ("data", Severity.WARNING)),
        ("incident.delivery@data-critical", ("data", Severity.CRITICAL)),
        # Topics of the Region of outside checks.
        ("delivery.dead-letters@data-warning-outside", ("data", Severity.WARNING)),
        # The longer of two names that fit.
        ("delivery.dead-letters@data-warning-critical", ("data-warning", Severity.CRITICAL)),
        ("delivery.dead-letters@data-warnings", None),
        ("delivery.dead-letters@warning", None),
        ("delivery.dead-letters@warning-outside", None),
        ("rds.cpu-high@data-warning", None),
        ("incident.rds@data-warning", None),
    ],
)
def test_whose_notifications_an_alarm_is_about(
    address: str, meant: tuple[str, Severity] | None
) -> None:
    assert carried(AlarmAddress(address), ["data", "data-warning"]) == meant
