"""The alarms that are tried on a metric which nobody watches yet.

Each is one that CloudWatch evaluates by itself: the value against what was usual so far
(``LEVEL``), and the value against the mean of the alarm's own evaluation range (``RECENT``), which
sees what is sudden and lies within the range of earlier values. Both are held: breaching datapoints
of the last N keep the alarm on for N periods, so that what flaps is one page. What is sudden at one
hour is usual at another, so that the second one's threshold may differ from hour to hour.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ecs_monitoring.cloudwatch.by_hour import Table, expressions
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.recent import against_mean, is_possible, m_of_n, newest_seconds
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData

HELD: Final = 1800
"""Seconds that one breaching datapoint keeps an alarm on: half an hour, as long as somebody who
was called is looking anyway."""

_METRIC: Final = "m1"
_FILLED: Final = "e0"
_WATCHED: Final = "e1"
_BY_HOUR: Final = ("e2", "e3", "e4", "e5", "e6")


class DetectorKind(StrEnum):
    """What a value is held against."""

    LEVEL = "level"
    """A fixed threshold."""

    RECENT = "recent"
    """The mean of the alarm's evaluation range."""


@dataclass(frozen=True, kw_only=True)
class WatchedMetric:
    """A metric to be watched.

    Attributes:
        metric: which one.
        statistic: of each period.
        period: seconds.
        is_sparse: whether periods without data are ones in which there was nothing to count.
        m_of_n: M and N of the fixed threshold, where somebody named them.
        has_level: whether a fixed threshold is tried too.
    """

    metric: MetricKey
    statistic: str
    period: int
    is_sparse: bool = False
    m_of_n: tuple[int, int] | None = None
    has_level: bool = True

    @property
    def kinds(self) -> tuple[DetectorKind, ...]:
        """What can be tried; a named M of N is what is tried."""
        has_recent = self.m_of_n is None and is_possible(self.period)
        recent = (DetectorKind.RECENT,) if has_recent else ()
        return (DetectorKind.LEVEL, *recent) if self.has_level else recent

    @property
    def echo(self) -> int:
        """Seconds for which the alarm on one side keeps the other quiet after it.

        A burst lifts the mean that later values are held against, so that what is usual again
        looks low, for as long as the burst lies within the evaluation range.
        """
        alarm = self.definition(DetectorKind.RECENT, Comparison.AT_LEAST, 0.0)
        return alarm.evaluation_range * self.period

    @property
    def newest_share(self) -> float:
        """The share of a step of the values that the last of them before it seem to be off.

        They are held against a mean that the first values after the step are in.
        """
        alarm = self.definition(DetectorKind.RECENT, Comparison.AT_LEAST, 0.0)
        return newest_seconds(self.period) / (alarm.evaluation_range * self.period)

    def definition(
        self,
        kind: DetectorKind,
        comparison: Comparison,
        threshold: float,
        by_hour: Table | None = None,
    ) -> AlarmDefinition:
        """The alarm of a kind.

        Args:
            kind: what the value is held against.
            comparison: ``AT_LEAST`` or ``AT_MOST``.
            threshold: in the metric's unit; of ``RECENT`` how far from the mean, negative where
                it is below.
            by_hour: of ``RECENT``, how far from the mean at each hour of the week instead.
        """
        m, n = self.m_of_n or (1, max(1, HELD // self.period))
        queries = [
            Query(id=_METRIC, source=MetricStat(metric=self.metric, statistic=self.statistic))
        ]
        watched = _METRIC
        if kind is DetectorKind.RECENT:
            m, n = m_of_n(self.period)
            value = _FILLED if self.is_sparse else _METRIC
            if self.is_sparse:
                queries.append(Query(id=_FILLED, source=f"FILL({_METRIC}, 0)"))
            source = against_mean(value, self.period)
            if by_hour is not None:
                # In thresholds: a quotient is at least 1 exactly where the threshold is reached.
                threshold = 1.0 if comparison is Comparison.AT_LEAST else -1.0
                parts = expressions(by_hour, value, _BY_HOUR)
                queries += [Query(id=id_, source=part) for id_, part in parts.items()]
                source += f" / {list(parts)[-1]}"
            queries.append(Query(id=_WATCHED, source=source))
            watched = _WATCHED
        return AlarmDefinition(
            name=f"{kind}-{'high' if comparison is Comparison.AT_LEAST else 'low'}",
            queries=tuple(queries),
            watched=watched,
            period=self.period,
            comparison=comparison,
            threshold=threshold,
            evaluation_periods=n,
            datapoints_to_alarm=m,
            treat_missing_data=MissingData.NOT_BREACHING,
        )
