"""Alarms and topics as values, for tests of what needs no AWS."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from account.alarms import LiveAlarm
from account.obstacles import Obstacle, obstacles
from account.topics import Subscription, Topic
from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.policies import topic_policy
from stack.placeholder_aws import ACCOUNT
from tests.account.emulated import HOME, PROJECT, identity

CRITICAL = f"arn:aws:sns:{HOME}:{ACCOUNT}:django-app-alerts-django-ecs-monitoring-prod-critical"
WARNING = f"arn:aws:sns:{HOME}:{ACCOUNT}:django-app-alerts-django-ecs-monitoring-prod-warning"
READ = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def alarm(
    address: str = "ecs.cpu-high@web", *, topics: tuple[str, ...] = (CRITICAL,), **changes: Any
) -> LiveAlarm:
    key, target = address.split("@")
    name = f"{PROJECT}-prod-{key.replace('.', f'-{target}-')}"
    return LiveAlarm(
        **{
            "name": name,
            "arn": f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:{name}",
            "region": HOME,
            "address": AlarmAddress(address),
            "severity": "critical",
            "is_composite": False,
            "state": AlarmState.OK,
            "state_reason": "as the metric has it",
            "state_updated": READ,
            "actions_enabled": True,
            "actions": {
                AlarmState.ALARM: topics,
                AlarmState.OK: (),
                AlarmState.INSUFFICIENT_DATA: (),
            },
            **changes,
        }
    )


def subscription(
    endpoint: str = "oncall@example.com", *, protocol: str = "email", arn: str = "arn:aws:sns:1"
) -> Subscription:
    return Subscription(arn=arn, protocol=protocol, endpoint=endpoint)


def topic(arn: str = CRITICAL, **changes: Any) -> Topic:
    """A topic with nothing in the way."""
    return Topic(
        **{
            "arn": arn,
            "policy": topic_policy(identity(), arn),
            "subscriptions": (subscription(),),
            **changes,
        }
    )


def dims(**values: str) -> frozenset[tuple[str, str]]:
    """The dimensions of a metric."""
    return frozenset(values.items())


def in_the_way(*topics: Topic, alarms: Sequence[LiveAlarm] = (alarm(),)) -> list[Obstacle]:
    """The obstacles between alarms and some topics, of which there are no others."""
    return obstacles(alarms, {one.arn: one for one in topics})
