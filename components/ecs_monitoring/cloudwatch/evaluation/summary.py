"""What an alarm did over a timeline, in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation.timeline import Evaluation, evaluation_interval


@dataclass(frozen=True, slots=True)
class Summary:
    """A timeline's evaluations, taken together.

    Attributes:
        evaluations: how many there were.
        first: when the first one was, in seconds since 1970 UTC.
        last: when the last one was.
        changes: those that changed the state, in order.
        seconds_in_alarm: of the time that the evaluations stand for, an interval each.
        state: the state after the last one.
    """

    evaluations: int
    first: int
    last: int
    changes: tuple[Evaluation, ...]
    seconds_in_alarm: int
    state: AlarmState

    @property
    def firings(self) -> int:
        """How often the state changed to ALARM."""
        return sum(change.state is AlarmState.ALARM for change in self.changes)


def summary(evaluations: Iterable[Evaluation]) -> Summary | None:
    """The summary of a timeline, which need not fit into memory; ``None`` of an empty one."""
    count = seconds = 0
    first = last = None
    changes = []
    for evaluation in evaluations:
        count += 1
        first = first or evaluation
        last = evaluation
        if evaluation.changed:
            changes.append(evaluation)
        if evaluation.state is AlarmState.ALARM:
            seconds += evaluation_interval(evaluation.definition)
    if first is None or last is None:
        return None
    return Summary(count, first.time, last.time, tuple(changes), seconds, last.state)
