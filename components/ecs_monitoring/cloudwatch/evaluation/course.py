"""Composite alarms over time: what they were, when they told of it, what was held back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.composite_rule import name_of
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation.suppression import Action, SuppressedBy, Suppression

Turn = tuple[int, AlarmState]
"""A time, in seconds since 1970 UTC, and the state of an alarm from then on."""


@dataclass(frozen=True, kw_only=True)
class CompositeChange:
    """A composite alarm that changed its state.

    Attributes:
        time: seconds since 1970 UTC.
        previous: the state before.
        state: the state from then on.
        states: of the alarms that it rests on, by name.
        triggers: those that changed at that time, and so changed it.
        by: what held its actions back then, if anything.
    """

    time: int
    previous: AlarmState
    state: AlarmState
    states: Mapping[str, AlarmState]
    triggers: tuple[str, ...]
    by: SuppressedBy | None = None


@dataclass(frozen=True)
class Firing:
    """A time in ALARM.

    Attributes:
        start: seconds since 1970 UTC.
        end: when it was over; ``None`` where it was not.
        told: when its actions were carried out; ``None`` where they were held back throughout.
    """

    start: int
    end: int | None
    told: int | None


@dataclass(frozen=True, kw_only=True)
class CompositeCourse:
    """What became of a composite alarm.

    Attributes:
        definition: the alarm.
        initial: its state at the beginning.
        changes: in the order of time.
        actions: what it carried out, and when.
    """

    definition: CompositeDefinition
    initial: AlarmState
    changes: tuple[CompositeChange, ...]
    actions: tuple[Action, ...]

    @property
    def firings(self) -> tuple[Firing, ...]:
        """Every time in ALARM that began in the course, and whether it was told."""
        ends = [change.time for change in self.changes[1:]]
        return tuple(
            Firing(change.time, end, self._told(change.time, end))
            for change, end in zip(self.changes, [*ends, None], strict=False)
            if change.state is AlarmState.ALARM
        )

    def _told(self, start: int, end: int | None) -> int | None:
        for action in self.actions:
            is_in_it = start <= action.time and (end is None or action.time < end)
            if action.state is AlarmState.ALARM and is_in_it:
                return action.time
        return None


def composite_course(
    definition: CompositeDefinition,
    children: Mapping[str, Sequence[Turn]],
    *,
    first: int,
    last: int,
    settled: bool = False,
) -> CompositeCourse:
    """Evaluate a composite alarm whenever one that it rests on changes.

    Args:
        definition: the alarm.
        children: of each alarm that it rests on, by name, the states in the order of time;
            INSUFFICIENT_DATA before the first one.
        first: the beginning, in seconds since 1970 UTC.
        last: the end.
        settled: whether it was there long before; otherwise it begins in INSUFFICIENT_DATA, and
            carries out the actions of its first state.

    Raises:
        CannotEvaluateError: the states of one of the alarms are missing.
    """
    missing = [name for name in definition.needs if name not in children]
    if missing:
        raise CannotEvaluateError(f"{definition.name} rests on {missing[0]}, which is not given")
    turns = {name: children[name] for name in definition.needs}
    states = _states(turns, first)
    suppressor = name_of(definition.suppressor)
    state = initial = definition.rule.state(states) if settled else AlarmState.INSUFFICIENT_DATA
    suppression = Suppression(
        wait_period=definition.wait_period,
        extension_period=definition.extension_period,
        composite=state,
        suppressor=states[suppressor] if settled and suppressor else AlarmState.INSUFFICIENT_DATA,
    )
    changes: list[CompositeChange] = []
    actions: list[Action] = []
    for time, changed in _moments(turns, first, last):
        states |= changed
        now = definition.rule.state(states)
        held = states[suppressor] if suppressor else AlarmState.OK
        suppression, done = suppression.at(time, now, held)
        actions += done
        if now is not state:
            changes.append(
                CompositeChange(
                    time=time,
                    previous=state,
                    state=now,
                    states=dict(states),
                    triggers=tuple(name for name in definition.children if name in changed),
                    by=suppression.by,
                )
            )
            state = now
    return CompositeCourse(
        definition=definition, initial=initial, changes=tuple(changes), actions=tuple(actions)
    )


def composite_courses(
    definitions: Iterable[CompositeDefinition],
    alarms: Mapping[str, Sequence[Turn]],
    *,
    first: int,
    last: int,
    settled: bool = False,
) -> dict[str, CompositeCourse]:
    """Evaluate composite alarms over metric alarms and over each other, by name.

    Args:
        definitions: the composite alarms.
        alarms: the states of all other alarms, by name.
        first: the beginning, in seconds since 1970 UTC.
        last: the end.
        settled: whether they were there long before.

    Raises:
        CannotEvaluateError: an alarm that one of them rests on is not there, or they rest on each
            other.
    """
    courses: dict[str, CompositeCourse] = {}
    turns: dict[str, Sequence[Turn]] = dict(alarms)
    for definition in in_order(definitions):
        course = composite_course(definition, turns, first=first, last=last, settled=settled)
        courses[definition.name] = course
        begins = (first, course.initial)
        turns[definition.name] = [begins, *((c.time, c.state) for c in course.changes)]
    return courses


def in_order(definitions: Iterable[CompositeDefinition]) -> list[CompositeDefinition]:
    """Composite alarms, each after those that it rests on.

    Raises:
        CannotEvaluateError: they rest on each other: "evaluation of composite alarms stops if
            CloudWatch detects a cycle" (PutCompositeAlarm).
    """
    named = {definition.name: definition for definition in definitions}
    ordered: dict[str, CompositeDefinition] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise CannotEvaluateError(f"alarms rest on each other: {' -> '.join((*above, name))}")
        if name in named and name not in ordered:
            for below in named[name].needs:
                visit(below, (*above, name))
            ordered[name] = named[name]

    for name in named:
        visit(name, ())
    return list(ordered.values())


def _moments(
    turns: Mapping[str, Sequence[Turn]], first: int, last: int
) -> Iterator[tuple[int, dict[str, AlarmState]]]:
    """Every time at which anything changes, the first and the last, and what changes then."""
    at: dict[int, dict[str, AlarmState]] = {first: {}, last: {}}
    for name, some in turns.items():
        for time, state in some:
            if first < time <= last:
                at.setdefault(time, {})[name] = state
    yield from sorted(at.items(), key=lambda item: item[0])


def _states(turns: Mapping[str, Sequence[Turn]], time: int) -> dict[str, AlarmState]:
    """The states at a time."""
    return {
        name: next(
            (state for at, state in reversed(some) if at <= time), AlarmState.INSUFFICIENT_DATA
        )
        for name, some in turns.items()
    }
