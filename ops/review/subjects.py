"""The alarms under review: as they are deployed, or as the program would deploy them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from account.alarms import LiveAlarm, definition_or_problem
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.units import Unit, format_quantity
from ecs_monitoring.rules.units import alarm_unit
from stack.alarm_api import put_metric_alarm_request
from stack.config import StackConfig, StackConfigError, read_stack_config
from stack.definitions import ALARM
from stack.program import run_program


@dataclass(frozen=True, kw_only=True)
class ReviewSubject:
    """One alarm under review.

    Attributes:
        address: as in the stack's exports.
        name: in CloudWatch.
        severity: ``critical`` or ``warning``.
        region: that it is in; empty where only the program is known and its provider decides.
        label: what it watches, in words.
        unit: of its threshold.
        definition: the alarm; ``None`` where it cannot be evaluated.
        problem: why it cannot; empty where it can.
    """

    address: AlarmAddress
    name: str
    severity: str
    region: str
    label: str
    unit: Unit
    definition: AlarmDefinition | None
    problem: str = ""

    @property
    def condition(self) -> str:
        """When the alarm is on, in words, such as ``CPUUtilization Average >= 80 %``."""
        if self.definition is None:
            return self.label
        quantity = format_quantity(self.definition.threshold, self.unit)
        return f"{self.label} {self.definition.comparison.sign} {quantity}"


def deployed_subjects(alarms: Iterable[LiveAlarm]) -> list[ReviewSubject]:
    """The metric alarms of a stack as they were read from AWS, by address."""
    subjects = [
        _subject(
            alarm.raw,
            (alarm.definition, alarm.problem),
            address=alarm.address,
            severity=alarm.severity,
            region=alarm.region,
            unit=alarm.unit,
        )
        for alarm in alarms
        if not alarm.is_composite
    ]
    return sorted(subjects, key=lambda subject: subject.address)


def program_subjects(config: StackConfig) -> list[ReviewSubject]:
    """The alarms that the program registers for a stack, by address.

    Raises:
        pulumi.RunError: the settings are wrong.
    """
    subjects = []
    for registration in run_program(config).of_type(ALARM):
        inputs = registration.inputs
        tags = inputs.get("tags", {})
        raw = {**put_metric_alarm_request(inputs), "AlarmArn": registration.arn}
        definition, problem = definition_or_problem(raw)
        subjects.append(
            _subject(
                raw,
                (definition, problem),
                address=AlarmAddress.from_tags(tags),
                severity=tags.get("Severity", ""),
                region=inputs.get("region", ""),
                unit=alarm_unit(tags, definition),
            )
        )
    return sorted(subjects, key=lambda subject: subject.address)


def candidate_subjects(stack: str, changes: Sequence[str]) -> dict[str, ReviewSubject]:
    """The alarms of a stack with some overrides tried, by address.

    Args:
        stack: the stack's name.
        changes: overrides by alarm key or address, each such as ``ecs.cpu-high.threshold=85`` or
            ``ecs.cpu-high@web.threshold=85``.

    Raises:
        StackConfigError: no such stack, or a change that names no override.
        pulumi.RunError: the settings would be wrong.
    """
    for change in changes:
        path, equals, _ = change.partition("=")
        if not equals or path.count(".") < 2:
            raise StackConfigError(
                f"--set {change}: write an alarm's key, a field and its value, such as "
                "ecs.cpu-high.threshold=85"
            )
    settings = [
        change if change.startswith("alarms.") else f"alarms.{change}" for change in changes
    ]
    config = read_stack_config(stack, settings=settings)
    return {subject.address: subject for subject in program_subjects(config)}


def _subject(
    raw: Mapping[str, Any],
    evaluated: tuple[AlarmDefinition | None, str],
    *,
    address: AlarmAddress,
    severity: str,
    region: str,
    unit: Unit,
) -> ReviewSubject:
    definition, problem = evaluated
    return ReviewSubject(
        address=address,
        name=str(raw["AlarmName"]),
        severity=severity,
        region=region,
        label=_watched(raw, definition),
        unit=unit,
        definition=definition,
        problem=problem,
    )


def _watched(raw: Mapping[str, Any], definition: AlarmDefinition | None) -> str:
    """What an alarm watches, in words."""
    if definition is not None and isinstance(definition.signal, MetricStat):
        return f"{definition.signal.metric.name} {definition.signal.statistic}"
    watched: Mapping[str, Any] = next(
        (q for q in raw.get("Metrics", ()) if q.get("ReturnData", True)), {}
    )
    return str(watched.get("Label") or watched.get("Expression") or raw.get("MetricName", ""))
