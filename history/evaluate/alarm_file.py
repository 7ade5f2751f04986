"""Alarms from files, as DescribeAlarms answers them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ecs_monitoring.cloudwatch.described_fields import unknown_fields
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeRule
from history.evaluate.outcome import EvaluateError
from history.text import TextError, read_text

Described = Mapping[str, Any]

_SHAPES: Final = {
    "MetricAlarms": "MetricAlarm",
    "CompositeAlarms": "CompositeAlarm",
    "LogAlarms": "LogAlarm",
}


@dataclass(frozen=True, kw_only=True)
class AlarmFile:
    """What is to be evaluated.

    Attributes:
        alarm: the alarm itself.
        shape: ``MetricAlarm``, ``CompositeAlarm`` or ``LogAlarm``.
        others: the other alarms of the file by name, which a composite alarm's rule may need.
        notes: what is in the file and is not taken into account.
    """

    alarm: Described
    shape: str
    others: Mapping[str, tuple[str, Described]]
    notes: tuple[str, ...]


def read_alarm_file(path: Path) -> AlarmFile:
    """Read one alarm, and where it is a composite one, those that it rests on.

    Raises:
        EvaluateError: the file cannot be used, or holds no alarm, or several.
    """
    answer = _read(path)
    alarms = [
        (shape, alarm)
        for field, shape in _SHAPES.items()
        for alarm in answer.get(field) or ()
        if isinstance(alarm, Mapping)
    ]
    if not answer.keys() & _SHAPES.keys():
        alarms = [(_shape(answer), answer)]
    shape, alarm = _chosen(path, alarms)
    others = {str(o.get("AlarmName")): (of, o) for of, o in alarms if o is not alarm}
    return AlarmFile(alarm=alarm, shape=shape, others=others, notes=tuple(_notes(alarms)))


def _read(path: Path) -> dict[str, Any]:
    try:
        answer = json.loads(read_text(path))
    except TextError as error:
        raise EvaluateError(str(error)) from None
    except json.JSONDecodeError as error:
        raise EvaluateError(f"{path}:{error.lineno}: not JSON: {error.msg}") from None
    if not isinstance(answer, dict):
        raise EvaluateError(f"{path}: write an alarm as DescribeAlarms returns it, an object")
    return answer


def _shape(alarm: Described) -> str:
    if "AlarmRule" in alarm:
        return "CompositeAlarm"
    return "LogAlarm" if "QueryResultsToEvaluate" in alarm else "MetricAlarm"


def _chosen(path: Path, alarms: Sequence[tuple[str, Described]]) -> tuple[str, Described]:
    """The only alarm, or the only composite one that no other refers to."""
    if len(alarms) == 1:
        return alarms[0]
    if not alarms:
        raise EvaluateError(
            f"{path}: holds no alarm: give --alarm-names a name that is there (`aws cloudwatch "
            "describe-alarms` leaves composite and log alarms out unless --alarm-types names them)"
        )
    composites = [pair for pair in alarms if pair[0] == "CompositeAlarm"]
    used = {name for _, alarm in composites for name in _referred(alarm)}
    top = [
        (shape, a) for shape, a in composites if not {a.get("AlarmName"), a.get("AlarmArn")} & used
    ]
    if len(top) == 1:
        return top[0]
    raise EvaluateError(
        f"{path}: holds {len(alarms)} alarms; write exactly one, as `aws cloudwatch "
        "describe-alarms --alarm-names NAME` prints it, or one composite alarm with those that "
        "its rule names"
    )


def _referred(alarm: Described) -> tuple[str, ...]:
    try:
        named = CompositeRule.parse(str(alarm.get("AlarmRule", ""))).alarms
    except CannotEvaluateError:
        named = ()
    return (*named, str(alarm.get("ActionsSuppressor", "")))


def _notes(alarms: Sequence[tuple[str, Described]]) -> list[str]:
    notes = []
    for shape, alarm in alarms:
        if unknown := unknown_fields(alarm, shape):
            notes.append(
                f"{alarm.get('AlarmName', '?')}: {', '.join(unknown)} is not known to this "
                "program and not taken into account"
            )
    return notes
