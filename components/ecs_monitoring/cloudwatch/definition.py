"""A metric alarm as CloudWatch holds it: what is watched, and when the alarm is on.

The one form that everything which evaluates alarms works on, whether the alarm was read back
from the API (``cloudwatch.described``) or comes from one of the project's rules
(``definition_of``).
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import HeldAlarm
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LowSamples,
    MissingData,
    NoThreshold,
    WarmUp,
)
from ecs_monitoring.cloudwatch.timing import Timing, timing_of
from ecs_monitoring.words import DAY

ONLY_QUERY: Final = "m1"
"""The query id of an alarm that watches one metric without metric math."""


@dataclass(frozen=True, kw_only=True)
class MetricKey:
    """Which metric it is: what CloudWatch tells metrics apart by.

    Attributes:
        namespace: for example ``AWS/ECS``.
        name: for example ``CPUUtilization``.
        dimensions: pairs of name and value; their order means nothing.
    """

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()


def api_dimensions(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Dimensions as the CloudWatch API takes them, by name: their order means nothing."""
    return [{"Name": name, "Value": value} for name, value in sorted(pairs)]


@dataclass(frozen=True, kw_only=True)
class MetricStat:
    """One statistic of a metric, for example ``Average`` or ``p99``."""

    metric: MetricKey
    statistic: str


@dataclass(frozen=True, kw_only=True)
class Query:
    """A metric's statistic, or an expression, under the id by which expressions refer to it."""

    id: str
    source: MetricStat | str


WALL_CLOCK_PERIODS: Final = (60, 300, 3600, 86_400, 604_800)
"""Seconds: the periods of alarms with wall clock windows.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WallClockWindow.html
"""

_OFFSET: Final = re.compile(r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})")


@dataclass(frozen=True)
class WallClock:
    """Periods that begin where the clock on a wall says so.

    "1-hour periods align to the top of the hour, 1-day periods to midnight, and 1-week periods
    to Monday 00:00", and a datapoint counts once its period is over:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html

    Attributes:
        timezone: an IANA name such as ``Europe/Berlin``, or an offset such as ``+05:30`` or
            ``UTC+05:30``.

    Raises:
        CannotEvaluateError: it is no time zone.
    """

    timezone: str = "UTC"

    def __post_init__(self) -> None:
        _ = self.zone

    @cached_property
    def zone(self) -> tzinfo:
        """The time zone itself."""
        if match := _OFFSET.fullmatch(self.timezone):
            offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
            return timezone(-offset if match["sign"] == "-" else offset)
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise CannotEvaluateError(
                f"Timezone {self.timezone!r}: write an IANA name such as Europe/Berlin, or an "
                "offset such as +05:30"
            ) from None

    def begun(self, period: int, time: int) -> int:
        """When the period began that contains a time, in seconds since 1970 UTC."""
        local = datetime.fromtimestamp(time, self.zone)
        if period < DAY:
            offset = local.utcoffset() or timedelta()
            shift = int(offset.total_seconds())
            return (time + shift) // period * period - shift
        midnight = local.replace(hour=0, minute=0, second=0, fold=0)
        if period > DAY:
            midnight -= timedelta(days=midnight.weekday())
        return math.floor(midnight.astimezone(UTC).timestamp())


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition(HeldAlarm):
    """A metric alarm with a fixed threshold.

    Attributes:
        queries: what the alarm reads; a single query without metric math.
        watched: the id of the query that is compared with the threshold.
        period: seconds that one datapoint covers, the same for every metric.
        comparison: the datapoint breaches while ``value comparison threshold`` holds.
        threshold: in the metric's own unit.
        evaluation_periods: N, how many of the most recent datapoints are looked at.
        datapoints_to_alarm: M, how many of them must breach; ``None`` where the alarm does
            not say, which means all N (and makes CloudWatch word its reasons differently).
        treat_missing_data: what a period without data counts as.
        low_samples: what a percentile of too few samples does.
        unit: the alarm's ``Unit``; empty without one. Datapoints carry no unit here, so they
            count as published with the alarm's own.
        wall_clock: the time zone whose clock the periods are aligned to; ``None`` for windows
            that slide.
        warm_up: how a new alarm waits for data; ``None`` where it does not.
        known_timing: how CloudWatch evaluates it in time, where that was estimated; ``None`` for
            the default of its namespace and period (see ``timing``).

    Raises:
        CannotEvaluateError: values that CloudWatch would refuse.
    """

    queries: tuple[Query, ...]
    watched: str
    period: int
    comparison: Comparison
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int | None = None
    treat_missing_data: MissingData = MissingData.MISSING
    low_samples: LowSamples = LowSamples.EVALUATE
    unit: str = ""
    wall_clock: WallClock | None = None
    warm_up: WarmUp | None = None
    known_timing: Timing | None = None

    def __post_init__(self) -> None:
        if self.watched not in (query.id for query in self.queries):
            raise CannotEvaluateError(f"the watched id {self.watched!r} is none of the queries")
        is_short = self.period in limits.HIGH_RESOLUTION_PERIODS
        if not is_short and (self.period < 1 or self.period % limits.STANDARD_PERIOD):
            raise CannotEvaluateError(
                f"Period {self.period}: write 10, 20, 30 or a multiple of 60 seconds"
            )
        if not 1 <= self.breaching_datapoints <= self.evaluation_periods:
            raise CannotEvaluateError(
                f"DatapointsToAlarm {self.datapoints_to_alarm} of EvaluationPeriods "
                f"{self.evaluation_periods}: write 1 or more, and no more than are looked at"
            )
        if self.wall_clock is not None and self.period not in WALL_CLOCK_PERIODS:
            raise CannotEvaluateError(
                f"Period {self.period}: with a wall clock window write "
                f"{', '.join(map(str, WALL_CLOCK_PERIODS))} seconds"
            )
        if not math.isfinite(self.threshold):
            raise CannotEvaluateError(f"Threshold {self.threshold}: write a finite number")

    @property
    def breaching_datapoints(self) -> int:
        """M: how many of the last N datapoints must breach."""
        if self.datapoints_to_alarm is None:
            return self.evaluation_periods
        return self.datapoints_to_alarm

    @property
    def signal(self) -> MetricStat | str:
        """What is compared with the threshold: a metric's statistic, or an expression."""
        return next(query.source for query in self.queries if query.id == self.watched)

    @property
    def metrics(self) -> tuple[MetricKey, ...]:
        """The distinct metrics that the alarm reads, in the order of its queries."""
        stats = (q.source for q in self.queries if isinstance(q.source, MetricStat))
        return tuple(dict.fromkeys(stat.metric for stat in stats))

    @cached_property
    def timing(self) -> Timing:
        """How far back CloudWatch looks, and how late it has the data."""
        if self.known_timing is not None:
            return self.known_timing
        namespaces = (metric.namespace for metric in self.metrics)
        return timing_of(namespaces, self.period, self.evaluation_periods)

    @cached_property
    def evaluation_range(self) -> int:
        """How many datapoints an evaluation looks at; exactly N by the clock on the wall."""
        if self.wall_clock is not None:
            return self.evaluation_periods
        return self.timing.evaluation_range(self.evaluation_periods)

    @property
    def lookback(self) -> int:
        """Seconds that an evaluation reaches back, to the start of its oldest datapoint."""
        late = self.timing.delay // self.period
        # By the clock on the wall up to a period has begun and counts for nothing, and a day may
        # have 25 hours.
        begun = 2 if self.wall_clock is not None else 0
        return (self.evaluation_range + late + begun) * self.period

    def breaches(self, value: float) -> bool:
        """Whether a datapoint with this value is beyond the threshold."""
        return self.comparison.holds(value, self.threshold)


def definition_of(rule: AlarmRule) -> AlarmDefinition:
    """The alarm that a rule of the project becomes in CloudWatch, without ARN and actions.

    Raises:
        CannotEvaluateError: the rule has no threshold, or CloudWatch would refuse it.
    """
    if isinstance(rule.threshold, NoThreshold):
        raise CannotEvaluateError(f"{rule.address} has no threshold: {rule.threshold.reason}")
    # Every alarm of the project is registered with DatapointsToAlarm spelled out, and with
    # the treatment of low samples for single metrics alone.
    if isinstance(rule.signal, Metric):
        queries: tuple[Query, ...] = (Query(id=ONLY_QUERY, source=_source(rule.signal)),)
        watched, low_samples = ONLY_QUERY, rule.low_samples
    else:
        queries = tuple(Query(id=q.id, source=_source(q.source)) for q in rule.signal.queries)
        watched, low_samples = rule.signal.returned, LowSamples.EVALUATE
    return AlarmDefinition(
        name=rule.name or rule.address,
        description=rule.description,
        queries=queries,
        watched=watched,
        period=rule.period,
        comparison=rule.comparison,
        threshold=float(rule.threshold),
        evaluation_periods=rule.evaluation_periods,
        datapoints_to_alarm=rule.breaching_datapoints,
        treat_missing_data=rule.treat_missing_data,
        low_samples=low_samples,
        warm_up=rule.warm_up,
    )


def _source(source: Metric | str) -> MetricStat | str:
    return source if isinstance(source, str) else metric_stat(source)


def metric_stat(metric: Metric) -> MetricStat:
    """The statistic of a rule's metric, as an alarm on it reads it."""
    dimensions = frozenset(metric.dimensions.items())
    key = MetricKey(namespace=metric.namespace, name=metric.name, dimensions=dimensions)
    return MetricStat(metric=key, statistic=metric.statistic)
