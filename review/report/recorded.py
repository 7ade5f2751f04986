"""What really happened beside what the definition as it is would have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from replay.outcome import Outcome
from review.model import AlarmReview

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
