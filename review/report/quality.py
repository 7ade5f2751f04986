"""How good the history is that an alarm was replayed on, in words."""

from collections.abc import Iterator
from typing import Final

from ecs_monitoring.words import DAY, counted, duration
from review.model import AlarmReview, Review, Trace
from review.report.totals import is_coarse
from review.report.wording import ReaderClock, share

_LATE: Final = DAY
"""Seconds by which a replay may begin later without a word: alarms look back that far at most."""


def data_words(alarm: AlarmReview, review: Review) -> Iterator[str]:
    """What is to be known about an alarm's history, as sentences; none without any."""
    data, clock = alarm.data, ReaderClock(review.zone)
    if alarm.problem or data.first is None or data.last is None:
        return
    yield (
        f"{counted(data.records, 'record')} from {clock.minute(data.first)} to "
        f"{clock.minute(data.last)}, {_resolutions(alarm)}."
    )
    if data.without_data:
        yield f"No record at all of {', '.join(data.without_data)}."
    if alarm.current and alarm.current.outcome.start > review.start + _LATE:
        outcome = alarm.current.outcome
        yield (
            f"Replayed from {clock.minute(outcome.start)} on: "
            f"{duration(outcome.end - outcome.start)} of "
            f"{duration(review.end - review.start)}."
        )
    if is_coarse(alarm):
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
        yield (
            "≈ Some of it is coarser than what CloudWatch saw, so firings and hours may differ "
            "from what really would have happened; CloudWatch keeps one-minute data for 15 days "
            "and five-minute data for 63."
        )
    if alarm.trace:
        yield from _gaps(alarm.trace, review, clock)


def _resolutions(alarm: AlarmReview) -> str:
    """Shares of the time that is covered, the finest first."""
    if len(alarm.data.resolutions) == 1:
        return f"in steps of {duration(*alarm.data.resolutions)}"
    seconds = {size: size * count for size, count in sorted(alarm.data.resolutions.items())}
    whole = sum(seconds.values())
    return ", ".join(
        f"{share(part, whole)} of the time in steps of {duration(size)}"
        for size, part in seconds.items()
    )


def _gaps(trace: Trace, review: Review, clock: ReaderClock) -> Iterator[str]:
    """The stretches in which nothing at all is known."""
    ends = (*trace.times[1:], review.end)
    gaps: list[tuple[int, int]] = []
    for start, end, high in zip(trace.times, ends, trace.high, strict=True):
        if high is not None:
            continue
        if gaps and gaps[-1][1] == start:
            gaps[-1] = (gaps[-1][0], end)
        else:
            gaps.append((start, end))
    if gaps:
        longest = max(gaps, key=lambda gap: gap[1] - gap[0])
        without = sum(end - start for start, end in gaps)
        yield (
            f"No data in {share(without, review.end - trace.times[0])} of the time, the longest "
            f"gap from {clock.minute(longest[0])} on, {duration(longest[1] - longest[0])}."
        )
