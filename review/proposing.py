"""Thresholds for a metric that no alarm watches yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey
from ecs_monitoring.cloudwatch.rule import Comparison
from ecs_monitoring.cloudwatch.units import Unit
from history.files import SeriesError
from replay.bounds import SUMMED, Bounds
from replay.choices import Wish
from replay.detectors import DetectorKind, WatchedMetric
from replay.history import FINEST, MetricHistory
from replay.incidents import Incident
from replay.proposal import propose
from replay.suggestion import SuggestedAlarm, Suggestion

_OPPOSITE: Final = {"high": "low", "low": "high"}

_WATCHED: Final = MetricKey(namespace="Files", name="series")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What is suggested for one direction.

    Attributes:
        watch: ``high`` or ``low``.
        definition: the first of the suggested alarms, with its threshold.
        suggestion: all of them, with the evidence.
        echo: seconds for which ``suppressor`` holds back this direction's pages after it.
        suppressor: the alarm on the recent past of the other direction; ``None`` where none is
            suggested, or where nothing of this direction could be its echo.
    """

    watch: str
    definition: AlarmDefinition
    suggestion: Suggestion
    echo: int
    suppressor: SuggestedAlarm | None


def proposals(
    history: MetricHistory,
    *,
    watch: Sequence[str] = ("high", "low"),
    statistic: str = "Average",
    period: int | None = None,
    m_of_n: tuple[int, int] | None = None,
    incidents: tuple[Incident, ...] = (),
    pages_per_month: float = 2.0,
    unit: Unit = Unit.COUNT,
    minimum: float | None = None,
    maximum: float | None = None,
) -> list[Proposal]:
    """Alarms for a metric that no alarm watches yet.

    Args:
        history: of the metric.
        watch: the directions, ``high`` and ``low``.
        statistic: of each period.
        period: seconds; by default what most records stand for.
        m_of_n: M and N of a threshold on the value itself, which is then all that is tried; by
            default the value is held against its recent past too, and N lasts half an hour.
        incidents: what was wrong.
        pages_per_month: the page budget.
        unit: of the values; percentages go from 0 to 100.
        minimum: the least value that the metric can have; by default 0, unless the history has a
            negative one.
        maximum: the greatest value that the metric can have.

    Raises:
        CannotEvaluateError: a statistic that cannot be evaluated.
        SeriesError: the history is shorter than the alarms' evaluation ranges, or lies beyond
            the minimum or maximum.
    """
    seconds = period or max(FINEST, int(np.median(history.resolutions)) // FINEST * FINEST)
    start, end = int(history.times[0]), int(history.times[-1] + history.resolutions[-1])
    watched = WatchedMetric(
        metric=_WATCHED,
        statistic=statistic,
        period=seconds,
        is_sparse=history.is_sparse(seconds),
        m_of_n=m_of_n,
    )
    reach = max(
        watched.definition(kind, Comparison.AT_LEAST, 0.0).lookback for kind in watched.kinds
    )
    if end < start + reach + FINEST:
        raise SeriesError(
            f"the history lasts {end - start} s: an alarm that looks at {reach} s needs more"
        )
    by_direction = propose(
        watched,
        history,
        _bounds(history, statistic, unit, minimum, maximum),
        Wish(pages_per_month=pages_per_month, incidents=incidents, unit=unit),
        start + reach,
        end,
    )
    return [
        Proposal(
            watch=direction,
            definition=_main(watched, direction, by_direction[direction]),
            suggestion=by_direction[direction],
            echo=watched.echo,
            suppressor=_suppressor(by_direction[direction], by_direction[_OPPOSITE[direction]]),
        )
        for direction in watch
    ]


def _suppressor(suggestion: Suggestion, opposite: Suggestion) -> SuggestedAlarm | None:
    has_echo = any(alarm.kind == DetectorKind.RECENT for alarm in suggestion.alarms)
    recent = (alarm for alarm in opposite.alarms if alarm.kind == DetectorKind.RECENT)
    return next(recent, None) if has_echo else None


def _bounds(
    history: MetricHistory,
    statistic: str,
    unit: Unit,
    minimum: float | None,
    maximum: float | None,
) -> Bounds:
    bounds = Bounds.of(history, statistic, unit, minimum=minimum, maximum=maximum)
    lowest, highest = float(history.minimums.min()), bounds.highest_seen
    if statistic in SUMMED:
        return bounds
    if bounds.lowest is not None and lowest < bounds.lowest:
        raise SeriesError(f"the history has {lowest:g}, below the minimum {bounds.lowest:g}")
    if bounds.highest is not None and highest > bounds.highest:
        raise SeriesError(
            f"the history has {highest:g}, above the maximum {bounds.highest:g}: write --maximum "
            "with the greatest value that it can have"
        )
    return bounds


def _main(watched: WatchedMetric, direction: str, suggestion: Suggestion) -> AlarmDefinition:
    """The first of the suggested alarms; without any, what would have been one."""
    if suggestion.alarms:
        return suggestion.alarms[0].definition
    comparison = Comparison.AT_LEAST if direction == "high" else Comparison.AT_MOST
    return watched.definition(DetectorKind.LEVEL, comparison, 0.0)
