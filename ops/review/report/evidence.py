"""What speaks for and against an alarm's definition, in sentences."""

from collections.abc import Iterator
from typing import Final

from ecs_monitoring.words import counted, duration, sentence
from ops.review.model import AlarmReview, Review
from ops.review.report.recorded import RecordedAndReplayed, compare
from ops.review.report.wording import ReaderClock, expectation, quantity, significant
from replay.suggestion import ThresholdVerdict, Validation

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


def validation_words(alarm: AlarmReview, review: Review) -> list[str]:
    """How the same way of choosing did on days that it had not seen, as sentences."""
    walk = alarm.suggestion.validation
    return [*_validation(walk, alarm, review)] if walk else []


def _validation(walk: Validation, alarm: AlarmReview, review: Review) -> Iterator[str]:
    clock = ReaderClock(review.zone)
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
        low, high = (quantity(significant(end(thresholds)), alarm.unit) for end in (min, max))
        moved = f"stayed at {low}" if low == high else f"moved between {low} and {high}"
        yield f"The threshold {moved}."
    if words := expectation(alarm.suggestion):
        yield words


def recorded_words(alarm: AlarmReview, review: Review) -> list[str]:
    """What really happened beside what the definition would have done, as sentences."""
    comparison = compare(alarm)
    if comparison is None:
        return []
    return [*_differences(comparison, ReaderClock(review.zone))]


def _differences(comparison: RecordedAndReplayed, clock: ReaderClock) -> Iterator[str]:
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
