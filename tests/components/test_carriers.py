"""What carries the notifications of a routing and of events, as DeliveryMonitoring watches it."""

from types import SimpleNamespace
from typing import Any, Final

import pytest

import ecs_monitoring as watch
from ecs_monitoring.alert_routing import NotificationWay
from ecs_monitoring.events import EventWay
from tests.components.registered import sent
from tests.components.small import RunComponents

CRITICAL, WARNING = watch.Severity


def routing(*ways: tuple[watch.Severity, str]) -> Any:
    """A routing with topics of severities, of the stack or of teams; on pay's nobody is."""
    return SimpleNamespace(
        ways={
            f"{team}-{severity}" if team else severity.value: NotificationWay(
                team=team,
                severity=severity,
                topic=f"t-{team}{severity}",
                dead_letters="" if team == "pay" else f"q-{team}{severity}",
            )
            for severity, team in ways
        }
    )


def carrier(severity: watch.Severity, topic: str, **fields: Any) -> watch.DeliveryTargetArgs:
    usual: dict[str, Any] = {"queues": {}, "event_rules": [], "has_another": False}
    return watch.DeliveryTargetArgs(**{**usual, "severity": severity, "topic": topic, **fields})


EVENTS: Final[Any] = SimpleNamespace(
    ways={
        "warning": EventWay(severity=WARNING, rules=("r1", "r2"), dead_letters="q-events"),
        "web-critical": EventWay(severity=CRITICAL, rules=("r3",), dead_letters="q-web-events"),
    }
)


def test_topics_of_both_severities_have_each_other() -> None:
    both = routing((CRITICAL, ""), (WARNING, ""))
    assert watch.delivery_targets(both) == {
        "critical": carrier(
            CRITICAL, "t-critical", queues={"notifications": "q-critical"}, has_another=True
        ),
        "warning": carrier(
            WARNING, "t-warning", queues={"notifications": "q-warning"}, has_another=True
        ),
    }


def test_one_topic_alone_has_nobody_to_tell_of_its_failures() -> None:
    assert watch.delivery_targets(routing((WARNING, ""))) == {
        "warning": carrier(WARNING, "t-warning", queues={"notifications": "q-warning"}),
    }


def test_events_are_carried_by_topics_and_by_those_of_others() -> None:
    """What a team's events are told to may be a topic that the routing has not made."""
    assert watch.delivery_targets(routing((WARNING, "")), EVENTS) == {
        "warning": carrier(
            WARNING,
            "t-warning",
            queues={"notifications": "q-warning", "events": "q-events"},
            event_rules=["r1", "r2"],
        ),
        "web-critical": carrier(
            CRITICAL,
            "",
            queues={"events": "q-web-events"},
            event_rules=["r3"],
            has_another=True,
        ),
    }


def test_a_teams_failures_are_told_on_the_stacks_topics_or_its_own_other_one() -> None:
    def another(*ways: tuple[watch.Severity, str]) -> dict[str, bool | None]:
        targets = watch.delivery_targets(routing(*ways))
        return {name: target.has_another for name, target in targets.items()}

    assert another((WARNING, "pay"), (CRITICAL, "")) == {"pay-warning": True, "critical": False}
    assert another((WARNING, "pay"), (WARNING, "")) == {"pay-warning": False, "warning": False}
    assert another((WARNING, "pay"), (CRITICAL, "pay")) == {
        "pay-warning": True,
        "pay-critical": True,
    }
    # Another team's topic is none of theirs.
    assert another((WARNING, "pay"), (CRITICAL, "web")) == {
        "pay-warning": False,
        "web-critical": False,
    }


def test_where_nobody_is_subscribed_there_is_no_queue() -> None:
    targets = watch.delivery_targets(routing((WARNING, "pay")))
    assert targets == {"pay-warning": carrier(WARNING, "t-paywarning")}


def test_the_topics_of_others_may_tell_of_failures() -> None:
    own, others = routing((WARNING, "")), routing((CRITICAL, ""))
    (target,) = watch.delivery_targets(own, told_by=others).values()
    assert target.has_another is True


@pytest.mark.parametrize("region", [None, "eu-west-1"])
def test_alarms_are_where_their_topics_are(
    run_components: RunComponents, region: str | None
) -> None:
    where = region or "ap-northeast-1"
    target = carrier(
        WARNING, "t", queues={"notifications": "q"}, event_rules=["r"], has_another=True
    )
    told = watch.RoutingArgs(topics={"critical": [f"arn:aws:sns:{where}:123456789012:pager"]})

    def program() -> None:
        args = watch.DeliveryMonitoringArgs(
            targets={"warning": target}, routing=told, region=region
        )
        watch.DeliveryMonitoring("delivery", args)

    found = sent(run_components(program))
    assert {name: inputs.get("region") for name, inputs in found.items()} == dict.fromkeys(
        (
            "MetricAlarm delivery.warning-notifications-failed",
            "MetricAlarm delivery.warning.notifications-dead-letters",
            "MetricAlarm delivery.warning-events-failed",
        ),
        region,
    )


def test_topics_of_another_region_are_refused(run_components: RunComponents) -> None:
    told = watch.RoutingArgs(topics={"critical": ["arn:aws:sns:eu-west-1:123456789012:pager"]})

    def program() -> None:
        target = carrier(WARNING, "t", has_another=True)
        args = watch.DeliveryMonitoringArgs(
            targets={"warning": target}, routing=told, region="us-east-1"
        )
        watch.DeliveryMonitoring("delivery", args)

    with pytest.raises(watch.InvalidArgsError) as refusal:
        run_components(program)
    assert str(refusal.value) == (
        "routing.topics: arn:aws:sns:eu-west-1:123456789012:pager cannot be notified of "
        "delivery.notifications-failed@warning, whose alarm is in us-east-1: make topics there, "
        "with an AlertRouting that has a region"
    )
