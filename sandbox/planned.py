"""A stack's alarms and log filters as they would be deployed, from a run of its program.

What the scenarios need of them is all there before anything is deployed, so that a scenario's
pages can be told in a moment.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.log_pattern import parse_pattern
from ecs_monitoring.cloudwatch.mute import MuteSchedule
from sandbox.deployed import (
    Deployed,
    DeployedFilter,
    DeployedMute,
    deployed_alarm,
    deployed_composite,
    judging,
)
from stack.alarm_api import put_composite_alarm_request, put_metric_alarm_request
from stack.definitions import ALARM
from stack.incidents import COMPOSITE
from stack.mutes import MUTE_RULE
from stack.program import ProgramRun, Registration
from stack.resource_types import LOG_FILTER

_UPDATED: Final = datetime(2026, 1, 1, tzinfo=UTC)


def planned(run: ProgramRun, region: str) -> Deployed:
    """What a run registered, as if it were read back.

    Args:
        run: of the program.
        region: the stack's.
    """
    alarms = [
        deployed_alarm(*_described(registration, put_metric_alarm_request, region))
        for registration in run.of_type(ALARM)
    ]
    composites = [
        deployed_composite(*_described(registration, put_composite_alarm_request, region))
        for registration in run.of_type(COMPOSITE)
    ]
    return Deployed(
        alarms={alarm.address: alarm for alarm in sorted(alarms, key=lambda a: a.address)},
        filters=tuple(_filter(registration.inputs) for registration in run.of_type(LOG_FILTER)),
        mutes=tuple(_mute(registration, region) for registration in run.of_type(MUTE_RULE)),
        composites={c.address: c for c in sorted(composites, key=lambda c: c.address)},
        deployment_alarms=judging(run.exports),
    )


def _mute(registration: Registration, region: str) -> DeployedMute:
    schedule = registration.inputs["rule"]["schedule"]
    return DeployedMute(
        region=registration.inputs.get("region") or region,
        alarms=frozenset(registration.inputs["muteTargets"]["alarmNames"]),
        schedule=MuteSchedule.parsed(
            schedule["expression"], schedule["duration"], schedule["timezone"]
        ),
    )


def _described(
    registration: Registration, request: Callable[[Mapping[str, Any]], dict[str, Any]], region: str
) -> tuple[dict[str, Any], Mapping[str, str], str]:
    """An alarm as DescribeAlarms would return it, its tags, and its region."""
    described = {
        **request(registration.inputs),
        "AlarmArn": registration.arn,
        "AlarmConfigurationUpdatedTimestamp": _UPDATED,
    }
    return described, registration.inputs["tags"], registration.inputs.get("region") or region


def _filter(inputs: Any) -> DeployedFilter:
    fed = inputs["metricTransformation"]
    default = fed.get("defaultValue")
    return DeployedFilter(
        text=inputs["pattern"],
        pattern=parse_pattern(inputs["pattern"]),
        metric=MetricKey(namespace=fed["namespace"], name=fed["name"]),
        value=float(fed["value"]),
        default=None if default is None else float(default),
    )
