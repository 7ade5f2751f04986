"""The records of a history without which an alarm cannot breach.

A window's average, extreme or sum is beyond a threshold only where some record in it is beyond the
threshold, or beyond its share of it; and an alarm needs as many such windows as its M, or all of
the few that a range without more datapoints has.
"""

from typing import Final

import numpy as np

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.history import RECORDED, Bools, Floats, Ints, MetricHistory
from replay.tails import BREACHES

_FALLING: Final = (Comparison.BELOW, Comparison.AT_MOST)

_SLACK: Final = 1e-9
"""By how much of the threshold a record may fall short of it and still be looked at: more than
sums, shares and means of a window are ever rounded by."""

_PART: Final = 65_536
"""How many records are looked at at a time."""

_DECIDING: Final = (MissingData.MISSING, MissingData.IGNORE)
"""Where missing data count for nothing, the datapoints that there are decide."""

_MANY: Final = 16
"""Windows of more records than this are not looked at by themselves."""

_NEVER: Final = 2**62
"""Seconds since 1970 that no record has."""


def may_breach(
    definition: AlarmDefinition, history: MetricHistory, rows: slice, most: float
) -> Ints | None:
    """The records beyond the threshold, of which a breaching window holds at least one.

    Args:
        definition: the alarm, which watches a metric's statistic; its windows hold records as
            they are, none that is made finer.
        history: of the metric.
        rows: those that count.
        most: how many records are worth having.

    Returns:
        Their rows, ascending; ``None`` where no record tells by itself, or where there are more.
    """
    stat, threshold, comparison = definition.signal, definition.threshold, definition.comparison
    if not isinstance(stat, MetricStat) or stat.statistic not in RECORDED:
        return None
    at_once = _at_once(definition, history)
    if stat.statistic in ("Sum", "SampleCount"):
        if at_once is None or (at_once > 1 and (threshold <= 0 or comparison in _FALLING)):
            return None
        threshold /= at_once
    sign = -1 if comparison in _FALLING else 1
    nearest = threshold - sign * _SLACK * abs(threshold)
    breaching = history.tails(stat.statistic).beyond(comparison, nearest)
    if breaching is None:
        breaching = _beyond(definition, history, stat.statistic, nearest, rows, most)
    if breaching is None:
        return None
    first, last = np.searchsorted(breaching, (rows.start, rows.stop))
    breaching = breaching[first:last]
    if len(breaching) > most:
        return None
    is_added = stat.statistic in ("Average", "Sum", "SampleCount")
    # A period of which only a part has arrived is another window.
    is_whole = not definition.timing.delay % definition.period
    if is_added and is_whole and at_once is not None and 1 < at_once <= _MANY:
        return breaching[_reaches(definition, history, breaching, at_once, threshold)]
    return breaching


def _at_once(definition: AlarmDefinition, history: MetricHistory) -> int | None:
    """How many records a window holds at most; ``None`` where nobody knows."""
    return -(-definition.period // history.nearest) if history.nearest else None


def _beyond(
    definition: AlarmDefinition,
    history: MetricHistory,
    statistic: str,
    nearest: float,
    rows: slice,
    most: float,
) -> Ints | None:
    """The records that breach a threshold; ``None`` where they are more than are worth having."""
    breaches, of_parts, count = BREACHES[definition.comparison], [np.empty(0, dtype=np.int64)], 0
    for first in range(rows.start, rows.stop, _PART):
        part = slice(first, min(first + _PART, rows.stop))
        of_parts.append(
            first + np.flatnonzero(breaches(history.recorded(statistic, part), nearest))
        )
        count += len(of_parts[-1])
        if count > most:
            return None
    return np.concatenate(of_parts)


def _reaches(
    definition: AlarmDefinition, history: MetricHistory, rows: Ints, at_once: int, part: float
) -> Bools:
    """Whether any window that holds a record breaches, for each of some records.

    A window breaches only where its records together have more than their parts of the threshold.

    Args:
        definition: the alarm, which watches a statistic that records are added up for.
        history: of the metric, without records that share a time.
        rows: the records.
        at_once: how many records a window holds at most.
        part: a sample's part of the threshold for an average, a record's for other statistics.
    """
    stat, period = definition.signal, definition.period
    assert isinstance(stat, MetricStat)
    near = rows + np.arange(-at_once, at_once + 1)[:, None]
    times = history.times.take(near, mode="clip")
    times[near < 0], times[near >= len(history)] = -_NEVER, _NEVER
    values: Floats = getattr(history, RECORDED[stat.statistic]).take(near, mode="clip")
    parts = np.full(1, part)
    if stat.statistic == "Average" and not history.has_single_samples:
        parts = part * history.counts.take(near, mode="clip")
    slack = _SLACK * (np.abs(values) + np.abs(parts)).sum(axis=0)
    sign = -1 if definition.comparison in _FALLING else 1
    sums = sign * (values - parts)
    for place in range(1, len(sums)):
        sums[place] += sums[place - 1]
    most, begun = sums + slack, times - period
    reaches = np.zeros(len(rows), dtype=np.bool_)
    own = at_once
    for first in range(1, at_once + 1):
        # Windows from the record at ``first`` on to any that is not before the own one.
        last = slice(own, first + at_once)
        after = slice(own + 1, first + at_once + 1)
        # Those exist that begin after the record before and end before the one after.
        exist = (times[first - 1] < begun[after]) & (begun[last] < times[first])
        reaches |= (exist & (most[last] >= sums[first - 1])).any(axis=0)
    return reaches


def enough(definition: AlarmDefinition, history: MetricHistory, rows: Ints) -> tuple[Ints, Ints]:
    """From when to when evaluations may see enough breaching records, given their rows.

    Those are M records, or all windows of a range that has fewer than M datapoints.
    """
    needed, lookback = definition.breaching_datapoints, definition.lookback
    oldest, newest = rows[: max(len(rows) - needed + 1, 0)], rows[needed - 1 :]
    at_once = _at_once(definition, history)
    if at_once is not None:
        # So few records apart that N datapoints may hold them; most are not.
        is_near = newest - oldest < definition.evaluation_periods * at_once
        oldest, newest = oldest[is_near], newest[is_near]
    begins, ends = history.times[newest], history.times[oldest] + lookback
    is_near = begins <= ends
    begins, ends = begins[is_near], ends[is_near]
    if needed == 1 or definition.treat_missing_data not in _DECIDING:
        return begins, ends
    few = history.times[_alone(definition, history, rows)]
    return np.concatenate((begins, few)), np.concatenate((ends, few + lookback))


def _alone(definition: AlarmDefinition, history: MetricHistory, rows: Ints) -> Ints:
    """The breaching records that may be the oldest of a range with fewer than M datapoints, all of
    which breach: between a record before it and the one after the newest, a range lies.
    """
    at_once = _at_once(definition, history)
    if at_once is None or not len(rows):
        return rows
    reach = definition.lookback - definition.timing.delay
    most = (definition.breaching_datapoints - 1) * at_once
    before, after = rows - 1, rows + most
    if at_once == 1:
        # Each datapoint is a record, so that it is the only one where the next does not breach.
        is_only = np.append(rows[1:] - rows[:-1] > 1, True)
        after = np.where(is_only, rows + 1, after)
    else:
        # The oldest window may begin with records that are not beyond the threshold.
        begun = history.times[rows] - definition.period
        before = np.searchsorted(history.times, begun, side="right") - 1
    between = history.times.take(after, mode="clip") - history.times.take(before, mode="clip")
    is_alone: Bools = between > reach
    # Before the first record and after the last one lies no other.
    is_alone[: np.searchsorted(before, 0)] = True
    is_alone[np.searchsorted(rows, len(history) - most) :] = True
    return rows[is_alone]
