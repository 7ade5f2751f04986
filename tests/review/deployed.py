"""Alarms as they are deployed, for archives of tests."""

from typing import Any, Final

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.definition import MetricKey
from tests.history.recorded import HOME, key, metric_alarm
from tests.times import at

DAY: Final = 86_400
START: Final = at("2026-02-01 00:00")


def deployed(address: str, metric: MetricKey | None = None, **fields: Any) -> LiveAlarm:
    """A warning on a metric, with other fields of DescribeAlarms."""
    alarm_key, target = address.split("@")
    return LiveAlarm.described(
        metric_alarm(address, metric or key(), **fields),
        {"AlarmKey": alarm_key, "Target": target, "Severity": "warning"},
        HOME,
    )


ALARM: Final = deployed("ecs.cpu-high@web")
