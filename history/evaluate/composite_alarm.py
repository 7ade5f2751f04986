"""A composite alarm over those that its rule names."""

from collections.abc import Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.described import composite_from_described
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeChange, composite_course
from history.evaluate.outcome import EvaluateError, ExplainedChange, Replay

_INTERVAL: Final = 60


def composite_of(alarm: Mapping[str, Any]) -> CompositeDefinition:
    """A composite alarm as DescribeAlarms returns it.

    Raises:
        EvaluateError: its rule cannot be read.
    """
    try:
        return composite_from_described(alarm)
    except CannotEvaluateError as error:
        raise EvaluateError(str(error)) from None


def replay_composite(composite: CompositeDefinition, parts: Mapping[str, Replay]) -> Replay:
    """Evaluate a composite alarm: whenever one that it rests on changes.

    It begins in INSUFFICIENT_DATA, as they do, and is first evaluated with their first
    evaluation.

    Args:
        composite: the alarm.
        parts: the alarms that it rests on, by name.
    """
    mine = [parts[name] for name in composite.needs]
    first = min((part.first for part in mine), default=0)
    last = max((part.last for part in mine), default=0)
    turns = {part.name: [(c.time, c.state) for c in part.changes] for part in mine}
    course = composite_course(composite, turns, first=first, last=last)
    changes = tuple(_change(composite, change) for change in course.changes)
    return Replay(
        name=composite.name,
        changes=changes,
        first=first,
        last=last,
        evaluations=(last - first) // _INTERVAL + 1,
        seconds_in_alarm=sum(
            (firing.end or last + _INTERVAL) - firing.start for firing in course.firings
        ),
        state=changes[-1].state if changes else course.initial,
        without_values=tuple(dict.fromkeys(n for part in mine for n in part.without_values)),
        notes=tuple(dict.fromkeys(note for part in mine for note in part.notes)),
        actions=tuple((action.time, action.state) for action in course.actions)
        if composite.suppressor
        else None,
        parts=tuple(mine),
    )


def _change(composite: CompositeDefinition, change: CompositeChange) -> ExplainedChange:
    """A change with which of its alarms are in which state."""
    said = ", ".join(f"{name} is {change.states[name].value}" for name in composite.needs)
    holds = "true" if change.state is AlarmState.ALARM else "false"
    reason = f"its rule is {holds}: {said or 'no alarm'}"
    return ExplainedChange(
        time=change.time, previous=change.previous, state=change.state, reason=reason
    )
