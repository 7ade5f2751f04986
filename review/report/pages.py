"""The stack's pages: what wakes somebody, as it was, as suggested, and what to expect."""

from collections.abc import Iterator
from dataclasses import dataclass

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.recent import key_beside
from ecs_monitoring.cloudwatch.rule import Severity
from replay.chance import most_events
from replay.suggestion import UNJUDGED
from review.model import AlarmReview, Candidate, Review, Walk


@dataclass(frozen=True, kw_only=True)
class StackPages:
    """The pages of a stack: of its incidents where those page, else of its critical alarms.

    Attributes:
        now: when the stack would have paged as it is, in seconds since 1970 UTC, ascending.
        then: the same with every suggestion.
        expected: pages a month of 30 days with what is suggested, on days that the suggestions
            had not seen; ``None`` where that is known of nothing that pages.
        most: the most pages a month that are compatible with that, at 95 %.
        unjudged: addresses of what pages and is not in ``expected``: too little is known of it.
        beside: addresses of critical alarms beside which another one is suggested, whose pages
            are not in ``expected`` either.
    """

    now: tuple[int, ...]
    then: tuple[int, ...]
    expected: float | None
    most: float | None
    unjudged: tuple[str, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Pager:
    """An incident or an alarm that pages."""

    address: str
    now: tuple[int, ...]
    then: tuple[int, ...]
    walk: Walk | None


def pages_of(review: Review) -> StackPages | None:
    """Sum up what pages.

    ``None`` where that is not known: incidents page, and only some of the alarms are reviewed.
    """
    if review.pages_by_incident and not review.incidents:
        return None
    pagers = [*_incidents(review), *_alarms(review)]
    walks = [pager.walk for pager in pagers if pager.walk is not None]
    return StackPages(
        now=tuple(sorted(time for pager in pagers for time in pager.now)),
        then=tuple(sorted(time for pager in pagers for time in pager.then)),
        expected=sum(len(walk.paged) / walk.months for walk in walks) if walks else None,
        most=_most(walks) if walks else None,
        unjudged=tuple(pager.address for pager in pagers if pager.walk is None),
        beside=tuple(
            alarm.address
            for alarm in review.alarms
            if alarm.suggestion.alarms
            and alarm.severity == Severity.CRITICAL
            # Of an alarm on the recent past it is the alarm itself.
            and not key_beside(alarm.address.key)
        ),
    )


def _most(walks: list[Walk]) -> float:
    """The 95 % limit of all rates together.

    All pages together are one Poisson count, whose mean is at least the sum of the rates times
    the shortest time: so the count's limit over the shortest time is one of that sum.
    """
    count = sum(len(walk.paged) for walk in walks)
    return most_events(count) / min(walk.months for walk in walks)


def _incidents(review: Review) -> Iterator[_Pager]:
    for incident in review.incidents:
        yield _Pager(
            address=incident.address,
            now=incident.paged,
            then=incident.paged_as_suggested,
            walk=incident.walk,
        )


def _alarms(review: Review) -> Iterator[_Pager]:
    """The critical alarms, where they page for themselves: else they tell the warning topic."""
    if review.pages_by_incident:
        return
    for alarm in review.alarms:
        current = alarm.current
        if alarm.severity != Severity.CRITICAL or current is None:
            continue
        if current.definition.actions(AlarmState.ALARM):
            yield _Pager(
                address=alarm.address,
                now=current.outcome.firings,
                then=(alarm.suggested or current).outcome.firings,
                walk=_walk(alarm, current),
            )


def _walk(alarm: AlarmReview, current: Candidate) -> Walk | None:
    """How an alarm did on days that nothing was learnt from; all days where it stays as it is."""
    if alarm.suggestion.verdict in UNJUDGED:
        return None
    if not alarm.suggested:
        outcome = current.outcome
        return Walk(start=outcome.start, end=outcome.end, paged=outcome.firings)
    walk = alarm.suggestion.validation
    return Walk(start=walk.start, end=walk.end, paged=walk.firings) if walk else None
