"""Which calls of GetMetricData bring what the archive does not have yet.

Finest first and oldest first: what CloudWatch forgets next is fetched before anything else.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from ecs_monitoring.words import DAY, MINUTE
from history.day import ArchivedDay
from history.retention import MARGIN, SHORT_PERIOD, SHORT_RETENTION, finest_period, floor_to
from history.wanted import WantedMetric

# "as many as 500 different metrics in a single request, with a total of as many as 100,800 data
# points"; a metric's statistics are queries of their own.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
MOST_QUERIES: Final = 500
MOST_DATAPOINTS: Final = 100_800


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call, which may come in several pages.

    Attributes:
        start: seconds since 1970 UTC; a day's beginning, but for periods below a minute.
        end: likewise; nothing from here on.
        period: seconds.
        metrics: all with equally many statistics.
    """

    start: int
    end: int
    period: int
    metrics: tuple[WantedMetric, ...]

    @property
    def queries(self) -> int:
        """How many statistics are asked for."""
        return sum(len(metric.statistics) for metric in self.metrics)

    @property
    def days(self) -> tuple[int, ...]:
        """The beginnings of the days that it reaches into."""
        return tuple(range(floor_to(self.start, DAY), self.end, DAY))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDay:
    """What matters of an archived day when it comes to fetching.

    Attributes:
        period: seconds; the shortest period at which the whole of it was asked for.
        is_settled: whether it was asked for when all its samples had arrived.
        percentiles: those that were asked for.
        has_data: whether it has any record.
    """

    period: int
    is_settled: bool
    percentiles: frozenset[str]
    has_data: bool

    @classmethod
    def of(cls, day: ArchivedDay) -> Self:
        """That of a day."""
        return cls(
            period=day.period,
            is_settled=day.is_settled,
            percentiles=frozenset(day.records.percentiles),
            has_data=len(day.records) > 0,
        )


Archived = Mapping[WantedMetric, Mapping[int, KnownDay]]
"""What the archive has of each metric, by the days' beginnings."""


def plan(archived: Archived, now: int, days: int) -> list[Request]:
    """The calls that bring the archive up to now.

    Args:
        archived: every metric that is wanted, and what is there of it.
        now: seconds since 1970 UTC.
        days: how many days to go back, today included.
    """
    spans: dict[tuple[int, int, int, int], list[WantedMetric]] = defaultdict(list)
    for metric, archived_days in archived.items():
        for start, end, period in _missing(metric, archived_days, now, days):
            spans[period, start, end, len(metric.statistics)].append(metric)
    calls = [
        call
        for (period, start, end, _), metrics in sorted(spans.items(), key=lambda span: span[0])
        for call in _split(metrics, start, end, period)
    ]
    # Days of a minute's resolution come before their parts of less than a minute.
    return sorted(calls, key=lambda call: call.period == SHORT_PERIOD)


def _missing(
    metric: WantedMetric, archived_days: Mapping[int, KnownDay], now: int, days: int
) -> Iterator[tuple[int, int, int]]:
    """Start, end and period of everything that is to be fetched of a metric."""
    today = floor_to(now, DAY)
    runs: list[tuple[int, int, int]] = []
    for start in range(today - (days - 1) * DAY, today + 1, DAY):
        period = finest_period(start, now)
        if period is None or not _is_needed(metric, archived_days.get(start), period):
            continue
        end = min(start + DAY, floor_to(now, period))
        if end == start:
            continue
        if runs and runs[-1][1:] == (start, period):
            runs[-1] = (runs[-1][0], end, period)
        else:
            runs.append((start, end, period))
    yield from runs
    if metric.is_short:
        end = floor_to(now, MINUTE)
        yield end - SHORT_RETENTION + MARGIN, end, SHORT_PERIOD


def _is_needed(metric: WantedMetric, day: KnownDay | None, period: int) -> bool:
    return (
        day is None
        or not day.is_settled
        or day.period > period
        or not day.percentiles.issuperset(metric.percentiles)
    )


def _split(metrics: Sequence[WantedMetric], start: int, end: int, period: int) -> Iterator[Request]:
    """Calls of as much as one may ask for: long ones of few metrics before short ones of many.

    AWS bills metrics by the call, so a metric in few calls is cheap.
    """
    statistics = len(metrics[0].statistics)
    most_days = max(1, MOST_DATAPOINTS // (statistics * (DAY // period)))
    for begin in range(start, end, most_days * DAY):
        stop = min(begin + most_days * DAY, end)
        points = statistics * -(-(stop - begin) // period)
        most = max(1, min(MOST_DATAPOINTS // points, MOST_QUERIES // statistics))
        for index in range(0, len(metrics), most):
            chosen = tuple(metrics[index : index + most])
            yield Request(start=begin, end=stop, period=period, metrics=chosen)
