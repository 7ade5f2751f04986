"""Composite alarms in the emulator, which has only the beginnings of them.

Not to be imported but by ``sandbox.server``: it changes moto's CloudWatch. What AWS refuses, and
in which words, is from reports of those whom it refused; the rest is PutCompositeAlarm's:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from collections.abc import Iterable
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

from ecs_monitoring.cloudwatch.composite_rule import name_of
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeRule

_SUPPRESSION = {
    "actions_suppressor": "ActionsSuppressor",
    "actions_suppressor_wait_period": "ActionsSuppressorWaitPeriod",
    "actions_suppressor_extension_period": "ActionsSuppressorExtensionPeriod",
}


def install() -> None:
    """Have the emulator keep composite alarms."""
    CloudWatchResponse.put_composite_alarm = _put  # type: ignore[attr-defined]
    CloudWatchResponse.describe_alarms = _describe  # type: ignore[method-assign]
    CloudWatchResponse.delete_alarms = _delete  # type: ignore[method-assign]


def _put(self: CloudWatchResponse) -> ActionResult:
    backend = self.cloudwatch_backend
    name, rule = str(self._get_param("AlarmName")), str(self._get_param("AlarmRule"))
    suppressor = self._get_param("ActionsSuppressor")
    _refuse_unknown(backend, name, _children(rule), suppressor)
    before = backend.alarms.get(name)
    alarm = backend.put_metric_alarm(
        name=name,
        namespace=None,  # type: ignore[arg-type]
        metric_name=None,  # type: ignore[arg-type]
        comparison_operator=None,  # type: ignore[arg-type]
        evaluation_periods=None,  # type: ignore[arg-type]
        period=None,  # type: ignore[arg-type]
        threshold=None,  # type: ignore[arg-type]
        statistic=None,  # type: ignore[arg-type]
        description=self._get_param("AlarmDescription"),
        dimensions=[],
        alarm_actions=self._get_param("AlarmActions", []),
        ok_actions=self._get_param("OKActions", []),
        insufficient_data_actions=self._get_param("InsufficientDataActions", []),
        actions_enabled=self._get_bool_param("ActionsEnabled", True),
        rule=rule,
        # Of an alarm that is there already AWS leaves the tags alone.
        tags=None if before else self._get_param("Tags", []),
    )
    fields: dict[str, Any] = vars(alarm)
    fields["alarm_rule"] = rule
    if suppressor:
        fields |= {field: self._get_param(api) for field, api in _SUPPRESSION.items()}
    alarm.state_value = before.state_value if before else "INSUFFICIENT_DATA"
    if before:
        alarm.state_reason = before.state_reason
    return EmptyResult()


def _describe(self: CloudWatchResponse) -> ActionResult:
    backend = self.cloudwatch_backend
    alarms = list(backend.describe_alarms())
    if parents := self._get_param("ParentsOfAlarmName"):
        return _only(alarm for alarm in alarms if parents in _named_by(alarm))
    if children := self._get_param("ChildrenOfAlarmName"):
        below = [name for alarm in alarms if alarm.name == children for name in _named_by(alarm)]
        return _only(alarm for alarm in alarms if alarm.name in below)
    kept = [alarm for alarm in alarms if _asked_for(self, alarm)]
    # Without the parameter, AWS tells of metric alarms only.
    types = self._get_param("AlarmTypes", ["MetricAlarm"])
    result = {
        "MetricAlarms": [a for a in kept if a.rule is None and "MetricAlarm" in types],
        "CompositeAlarms": [a for a in kept if a.rule is not None and "CompositeAlarm" in types],
    }
    return ActionResult(result)


def _asked_for(request: CloudWatchResponse, alarm: Any) -> bool:
    names = request._get_param("AlarmNames", [])
    prefix = request._get_param("AlarmNamePrefix", "")
    state = request._get_param("StateValue")
    action = request._get_param("ActionPrefix")
    actions = (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions)
    return (
        (not names or alarm.name in names)
        and alarm.name.startswith(prefix)
        and (not state or alarm.state_value == state)
        and (not action or any(arn.startswith(action) for arn in actions))
    )


def _only(alarms: Iterable[Any]) -> ActionResult:
    """Of the alarms above or below another, DescribeAlarms tells name, ARN and state."""
    both = list(alarms)
    return ActionResult(
        {
            "MetricAlarms": [a for a in both if a.rule is None],
            "CompositeAlarms": [a for a in both if a.rule is not None],
        }
    )


def _delete(self: CloudWatchResponse) -> ActionResult:
    backend = self.cloudwatch_backend
    names = self._get_param("AlarmNames", [])
    composites = [name for name in names if getattr(backend.alarms.get(name), "rule", None)]
    if len(composites) > 1 or (composites and len(names) > 1):
        # As the page of DeleteAlarms says.
        raise ValidationError("at most one composite alarm can be deleted in one operation")
    for name in names:
        if any(name in _named_by(other) for other in backend.describe_alarms()):
            raise ValidationError(
                f"Cannot delete {name} as there are composite alarm(s) depending on it."
            )
    for name in names:
        if name in backend.alarms:
            backend.tagger.delete_all_tags_for_resource(backend.alarms[name].alarm_arn)
    backend.delete_alarms(names)
    return EmptyResult()


def _named_by(alarm: Any) -> list[str]:
    """The alarms that a composite alarm rests on; none for a metric alarm."""
    if alarm.rule is None:
        return []
    suppressor = getattr(alarm, "actions_suppressor", None)
    return [*_children(alarm.rule), *([name_of(suppressor)] if suppressor else [])]


def _children(rule: str) -> list[str]:
    try:
        return [name_of(alarm) for alarm in CompositeRule.parse(rule).alarms]
    except CannotEvaluateError as error:
        raise ValidationError(f"AlarmRule syntax could not be parsed: {error}") from None


def _refuse_unknown(
    backend: CloudWatchBackend, name: str, children: list[str], suppressor: str | None
) -> None:
    missing = [child for child in children if child not in backend.alarms]
    if missing:
        raise ValidationError(
            f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm "
            "rule do not exist"
        )
    if suppressor and name_of(suppressor) not in backend.alarms:
        raise ValidationError(f"ActionsSuppressor {suppressor} does not exist")
    there = backend.alarms.get(name)
    if there is not None and there.rule is None:
        raise ValidationError(f"{name} is a metric alarm: a composite alarm cannot replace it")
