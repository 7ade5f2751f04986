"""What speaks for and against an alarm's definition, in sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ecs_monitoring.cloudwatch.units import format_quantity
from ecs_monitoring.words import counted, duration, sentence
from replay.outcome import Outcome
from replay.suggestion import ThresholdVerdict
from review.model import AlarmReview, Review
from review.report.wording import ReaderClock, expectation, significant

_SLACK: Final = 600
"""Seconds that two times in ALARM may be apart and still be the same one.

A choice: CloudWatch evaluates what has arrived, some minutes after the time that it is about, and
by periods that a replay lays down once a minute.
"""

Interval = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class RecordedAndReplayed:
    """The time of which both are known.

    Attributes:
        start: seconds since 1970 UTC.
        end: seconds since 1970 UTC.
        recorded: how often CloudWatch recorded that the alarm went on.
        replayed: how often the definition as it is would have gone on.
        only_recorded: times in ALARM that the replay does not have.
        only_replayed: times in ALARM that CloudWatch did not record.
    """

    start: int
    end: int
    recorded: int
    replayed: int
    only_recorded: tuple[Interval, ...]
    only_replayed: tuple[Interval, ...]

    @property
    def is_same(self) -> bool:
        """Whether the two agree on when the alarm was on."""
        return not self.only_recorded and not self.only_replayed


def compare(alarm: AlarmReview) -> RecordedAndReplayed | None:
    """Lay the two over each other; ``None`` where one of them is not known."""
    if alarm.current is None or alarm.happened is None:
        return None
    replayed, recorded = alarm.current.outcome, alarm.happened
    start = max(replayed.start, recorded.start)
    end = min(replayed.end, recorded.end)
    if end <= start:
        return None
    as_recorded = _within(recorded, start, end)
    as_replayed = _within(replayed, start, end)
    return RecordedAndReplayed(
        start=start,
        end=end,
        recorded=_firings(recorded, start, end),
        replayed=_firings(replayed, start, end),
        only_recorded=_missing(as_recorded, as_replayed),
        only_replayed=_missing(as_replayed, as_recorded),
    )


def _within(outcome: Outcome, start: int, end: int) -> tuple[Interval, ...]:
    clipped = ((max(began, start), min(ended, end)) for began, ended in outcome.bands)
    return tuple((began, ended) for began, ended in clipped if ended > began)


def _firings(outcome: Outcome, start: int, end: int) -> int:
    return sum(start <= time <= end for time in outcome.firings)


def _missing(these: Sequence[Interval], others: Sequence[Interval]) -> tuple[Interval, ...]:
    """Those that none of the others touches."""
    return tuple(
        (began, ended)
        for began, ended in these
        if not any(b < ended + _SLACK and e > began - _SLACK for b, e in others)
    )


_VERDICTS: Final = {
    ThresholdVerdict.CHANGE: "change",
    ThresholdVerdict.KEEP: "keep",
    ThresholdVerdict.NOT_ENOUGH_HISTORY: "not enough history",
    ThresholdVerdict.NO_DATA: "no data",
    ThresholdVerdict.NONE_FITS: "no threshold fits",
    ThresholdVerdict.NOT_SUGGESTED: "not judged",
}

_SHOWN: Final = 5
"""How many differences are named one by one."""


def verdict_words(alarm: AlarmReview) -> str:
    """What is to be done with an alarm, in a few words."""
    return "could not be replayed" if alarm.problem else _VERDICTS[alarm.suggestion.verdict]


def reasons(alarm: AlarmReview) -> list[str]:
    """Why, as sentences."""
    words = (alarm.problem,) if alarm.problem else alarm.suggestion.reasons
    return [sentence(reason) for reason in words]


def validation_words(alarm: AlarmReview, review: Review) -> Iterator[str]:
    """How the same way of choosing did on days that it had not seen, as sentences."""
    walk, clock = alarm.suggestion.validation, ReaderClock(review.zone)
    if walk is None:
        return
    days = round(30 * walk.months)
    yield (
        f"Each of {counted(days, 'day')} from {clock.day(walk.start)} on was judged by what would "
        f"have been suggested before it: {counted(len(walk.firings), 'firing')}."
    )
    if walk.incidents:
        yield (
            f"{walk.true_firings:,} of them came in an incident; {walk.caught:,} of "
            f"{counted(walk.incidents, 'incident')} caught."
        )
    thresholds = [value for _, value in walk.thresholds if value is not None]
    if thresholds:
        low, high = (
            format_quantity(significant(end(thresholds)), alarm.unit) for end in (min, max)
        )
        moved = f"stayed at {low}" if low == high else f"moved between {low} and {high}"
        yield f"The threshold {moved}."
    if words := expectation(alarm.suggestion):
        yield words


def recorded_words(alarm: AlarmReview, review: Review) -> Iterator[str]:
    """What really happened beside what the definition would have done, as sentences."""
    comparison, clock = compare(alarm), ReaderClock(review.zone)
    if comparison is None:
        return
    yield (
        f"From {clock.minute(comparison.start)} to {clock.minute(comparison.end)} CloudWatch "
        f"recorded {counted(comparison.recorded, 'firing')}; the definition as it is would have "
        f"had {comparison.replayed:,}."
    )
    if comparison.is_same:
        yield "The two agree on when the alarm was on."
        return
    for words, intervals in (
        ("Only CloudWatch has it in ALARM", comparison.only_recorded),
        ("Only the replay has it in ALARM", comparison.only_replayed),
    ):
        if intervals:
            named = ", ".join(
                f"{clock.minute(began)} ({duration(ended - began)})"
                for began, ended in intervals[:_SHOWN]
            )
            more = f" and {len(intervals) - _SHOWN:,} more" if len(intervals) > _SHOWN else ""
            yield f"{words} at {named}{more}."
    yield (
        "Usual reasons are another definition at that time, data that came late, a drill, or "
        "coarser history."
    )
