"""A composite alarm over those that its rule names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeRule, Suppression
from ops.evaluate.errors import EvaluateError
from ops.evaluate.outcome import Change, Replay

_INTERVAL = 60


@dataclass(frozen=True, kw_only=True)
class Composite:
    """A composite alarm as DescribeAlarms returns it.

    Attributes:
        name: the alarm's.
        rule: over the other alarms.
        suppressor: the name or ARN of the alarm that holds actions back; empty without one.
        wait_period: seconds.
        extension_period: seconds.
    """

    name: str
    rule: CompositeRule
    suppressor: str
    wait_period: int
    extension_period: int

    @classmethod
    def from_api(cls, alarm: Mapping[str, Any]) -> "Composite":
        """Read it.

        Raises:
            EvaluateError: its rule cannot be read.
        """
        name = str(alarm.get("AlarmName", "?"))
        try:
            rule = CompositeRule.parse(str(alarm.get("AlarmRule", "")))
        except CannotEvaluateError as error:
            raise EvaluateError(f"alarm {name}: {error}") from None
        return cls(
            name=name,
            rule=rule,
            suppressor=str(alarm.get("ActionsSuppressor") or ""),
            wait_period=int(alarm.get("ActionsSuppressorWaitPeriod") or 0),
            extension_period=int(alarm.get("ActionsSuppressorExtensionPeriod") or 0),
        )

    @property
    def needs(self) -> tuple[str, ...]:
        """The names of the alarms that it rests on."""
        named = (*self.rule.alarms, *([self.suppressor] if self.suppressor else []))
        return tuple(dict.fromkeys(alarm.rpartition(":alarm:")[2] for alarm in named))


def replay_composite(composite: Composite, parts: Mapping[str, Replay]) -> Replay:
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
    state = AlarmState.INSUFFICIENT_DATA
    changes: list[Change] = []
    actions: list[tuple[int, AlarmState]] = []
    suppression = Suppression(
        wait_period=composite.wait_period, extension_period=composite.extension_period
    )
    suppressor = composite.suppressor.rpartition(":alarm:")[2]
    for time, states in _moments(mine, first, last):
        now = composite.rule.state(states)
        if now is not state:
            reason = _reason(composite, states, now)
            changes.append(Change(time=time, previous=state, state=now, reason=reason))
            state = now
        if suppressor:
            suppression, done = suppression.at(time, state, states[suppressor])
            actions += [(action.time, action.state) for action in done]
    return Replay(
        name=composite.name,
        changes=tuple(changes),
        first=first,
        last=last,
        evaluations=(last - first) // _INTERVAL + 1,
        seconds_in_alarm=_seconds(changes, last + _INTERVAL),
        state=state,
        without_values=tuple(dict.fromkeys(n for part in mine for n in part.without_values)),
        notes=tuple(dict.fromkeys(note for part in mine for note in part.notes)),
        actions=tuple(actions) if suppressor else None,
        parts=tuple(mine),
    )


def _moments(
    parts: Sequence[Replay], first: int, last: int
) -> Iterator[tuple[int, dict[str, AlarmState]]]:
    """Every time at which anything changes, and the last, with the states from then on."""
    states = {part.name: AlarmState.INSUFFICIENT_DATA for part in parts}
    times = sorted({first, last, *(change.time for part in parts for change in part.changes)})
    for time in times:
        for part in parts:
            for change in part.changes:
                if change.time == time:
                    states[part.name] = change.state
        yield time, dict(states)


def _seconds(changes: Sequence[Change], end: int) -> int:
    ends = [change.time for change in changes[1:]] + [end]
    return sum(
        until - change.time
        for change, until in zip(changes, ends, strict=False)
        if change.state is AlarmState.ALARM
    )


def _reason(composite: Composite, states: Mapping[str, AlarmState], now: AlarmState) -> str:
    """Which of its alarms are in which state."""
    said = ", ".join(f"{name} is {states[name].value}" for name in composite.needs)
    return f"its rule is {'true' if now is AlarmState.ALARM else 'false'}: {said or 'no alarm'}"
