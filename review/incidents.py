"""What a stack's incidents paged, and would have: its composite alarms over the replayed alarms."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmAddress, AlarmState
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.described import composite_from_described
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeCourse, composite_courses
from ecs_monitoring.cloudwatch.evaluation.course import Turn
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.incidents import is_incident_of
from replay.outcome import Outcome
from replay.suggestion import UNJUDGED
from review.model import AlarmReview, IncidentReview, Walk


@dataclass(frozen=True, kw_only=True)
class StackComposite:
    """A composite alarm of the stack.

    Attributes:
        address: such as ``incident.rds@main``.
        definition: the alarm.
    """

    address: AlarmAddress
    definition: CompositeDefinition


def stack_composites(alarms: Iterable[LiveAlarm]) -> list[StackComposite]:
    """The composite alarms among a stack's alarms; those that can be read."""
    composites = []
    for alarm in alarms:
        if not alarm.is_composite:
            continue
        try:
            definition = composite_from_described(alarm.raw)
        except CannotEvaluateError:
            continue
        composites.append(StackComposite(address=alarm.address, definition=definition))
    return composites


def review_incidents(
    composites: Sequence[StackComposite], alarms: Sequence[AlarmReview], start: int, end: int
) -> tuple[IncidentReview, ...]:
    """What each incident would have paged: with the alarms as they are, as suggested, and walked.

    Args:
        composites: the stack's composite alarms.
        alarms: the metric alarms with what a replay made of them. Of one without a replay
            nothing is known: it counts as OK, and the incident says so.
        start: of the stretch, in seconds since 1970 UTC.
        end: of it.
    """
    by_name = {alarm.name: alarm for alarm in alarms}
    named = {composite.definition.name: composite for composite in composites}
    definitions = [composite.definition for composite in composites]
    children = {name for definition in definitions for name in definition.needs}

    def courses(turns: _TurnsOf) -> dict[str, CompositeCourse]:
        return composite_courses(
            definitions,
            {name: turns(by_name.get(name), start) for name in children - named.keys()},
            first=start,
            last=end,
            settled=True,
        )

    now, then, walked = courses(_turns_now), courses(_turns_then), courses(_turns_walked)
    return tuple(
        _reviewed(
            named[name],
            now[name],
            then[name],
            walked[name],
            [by_name[child] for child in _metric_alarms(name, named) if child in by_name],
        )
        for name in sorted(now, key=lambda name: named[name].address)
        if now[name].definition.alarm_actions
    )


_TurnsOf = Callable[[AlarmReview | None, int], list[Turn]]


def _turns_now(alarm: AlarmReview | None, start: int) -> list[Turn]:
    """The states of an alarm as it is."""
    return _turns(_outcome(alarm), start)


def _turns_then(alarm: AlarmReview | None, start: int) -> list[Turn]:
    """The states of an alarm as suggested."""
    suggested = alarm.suggested if alarm is not None else None
    return _turns(suggested.outcome if suggested else _outcome(alarm), start)


def _turns_walked(alarm: AlarmReview | None, start: int) -> list[Turn]:
    """The states of an alarm as it is, and from the first day of its walk on those of the walk."""
    turns = _turns_now(alarm, start)
    walk = alarm.suggestion.validation if alarm is not None and alarm.suggested else None
    if walk is None:
        return turns
    turns = [(time, state) for time, state in turns if time < walk.start]
    turns.append((walk.start, AlarmState.OK))
    for on, off in walk.bands:
        turns += [(on, AlarmState.ALARM), (off, AlarmState.OK)]
    return turns


def _turns(outcome: Outcome | None, start: int) -> list[Turn]:
    if outcome is None:
        return [(start, AlarmState.OK)]
    changes = ((change.time, change.state) for change in outcome.changes)
    return [(start, outcome.state), *changes]


def _outcome(alarm: AlarmReview | None) -> Outcome | None:
    return alarm.current.outcome if alarm is not None and alarm.current is not None else None


def _reviewed(
    composite: StackComposite,
    now: CompositeCourse,
    then: CompositeCourse,
    walked: CompositeCourse,
    children: Sequence[AlarmReview],
) -> IncidentReview:
    own = [alarm for alarm in children if is_incident_of(composite.address, alarm.address)]
    critical = [alarm for alarm in own if alarm.severity == Severity.CRITICAL]
    outcomes = [outcome for alarm in critical if (outcome := _outcome(alarm)) is not None]
    return IncidentReview(
        address=composite.address,
        name=composite.definition.name,
        paged=_pages(now),
        suppressed=tuple(firing.start for firing in now.firings if firing.told is None),
        without_incidents=sum(len(outcome.firings) for outcome in outcomes),
        not_replayed=tuple(alarm.address for alarm in own if _outcome(alarm) is None),
        paged_as_suggested=_pages(then),
        walk=_walk(walked, critical, children),
    )


def _pages(course: CompositeCourse) -> tuple[int, ...]:
    return tuple(firing.told for firing in course.firings if firing.told is not None)


def _walk(
    course: CompositeCourse, critical: Sequence[AlarmReview], children: Sequence[AlarmReview]
) -> Walk | None:
    """The part of a course in which all of its critical alarms are known, and nothing learnt."""
    outcomes = [
        alarm.current.outcome
        for alarm in critical
        if alarm.current is not None and alarm.suggestion.verdict not in UNJUDGED
    ]
    changed = [alarm.suggestion.validation for alarm in children if alarm.suggested]
    walks = [walk for walk in changed if walk is not None]
    if not outcomes or len(walks) < len(changed):
        return None
    start = max([outcome.start for outcome in outcomes] + [walk.start for walk in walks])
    end = min([outcome.end for outcome in outcomes] + [walk.end for walk in walks])
    if end <= start:
        return None
    paged = tuple(time for time in _pages(course) if start <= time <= end)
    return Walk(start=start, end=end, paged=paged)


def _metric_alarms(name: str, composites: Mapping[str, StackComposite]) -> Iterator[str]:
    """The alarms that a composite alarm's rule names, itself or by what it is split over."""
    for child in composites[name].definition.children:
        if child in composites:
            yield from _metric_alarms(child, composites)
        else:
            yield child
