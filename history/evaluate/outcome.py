"""What an alarm would have done, whatever kind it is of, or why nobody can tell."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.words import iso

if TYPE_CHECKING:
    # Every command of ``python -m ops`` imports this module, and only some evaluate alarms.
    from ecs_monitoring.cloudwatch.evaluation import Evaluation


class EvaluateError(Exception):
    """A file or time cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class ExplainedChange:
    """A change of state, of an alarm that reads no metrics.

    Attributes:
        time: seconds since 1970 UTC.
        previous: the state before.
        state: the state from then on.
        value: of the newest result; ``None`` without one, and of composite alarms.
        reason: why, as CloudWatch says it.
        reason_data: the same for programs.
    """

    time: int
    previous: AlarmState
    state: AlarmState
    value: float | None = None
    reason: str = ""
    reason_data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What an alarm would have done.

    Attributes:
        name: the alarm's.
        changes: in the order of time.
        first: the first evaluation, in seconds since 1970 UTC.
        last: the last evaluation.
        evaluations: how many there were.
        seconds_in_alarm: of that time.
        state: at the end.
        without_values: names of metrics that the history has no value for.
        notes: what else is to be known.
        actions: when a composite alarm carries out which state's actions; ``None`` where
            nothing holds them back, so that they are at the changes.
        parts: the alarms that it rests on.
    """

    name: str
    changes: "tuple[ExplainedChange | Evaluation, ...]"
    first: int
    last: int
    evaluations: int
    seconds_in_alarm: int
    state: AlarmState
    without_values: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    actions: tuple[tuple[int, AlarmState], ...] | None = None
    parts: tuple["Replay", ...] = ()

    @property
    def firings(self) -> int:
        """How often the state changed to ALARM."""
        return sum(change.state is AlarmState.ALARM for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts; times in UTC."""
        fields: dict[str, Any] = {
            "alarm": self.name,
            "first_evaluation": iso(self.first),
            "last_evaluation": iso(self.last),
            "evaluations": self.evaluations,
            "changes": [
                {
                    "time": iso(change.time),
                    "from": change.previous.value,
                    "to": change.state.value,
                    "value": change.value,
                    "reason": change.reason,
                    "reason_data": change.reason_data,
                }
                for change in self.changes
            ],
            "firings": self.firings,
            "minutes_in_alarm": self.seconds_in_alarm / 60,
            "state": self.state.value,
            "metrics_without_values": list(self.without_values),
            "notes": list(self.notes),
        }
        if self.actions is not None:
            fields["actions"] = [
                {"time": iso(time), "state": state.value} for time, state in self.actions
            ]
        if self.parts:
            fields["parts"] = [part.as_json() for part in self.parts]
        return fields
