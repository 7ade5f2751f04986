"""From a scenario's words to samples: what each metric publishes, minute by minute."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import Final

from ecs_monitoring.cloudwatch.evaluation.series import Sample
from ecs_monitoring.words import DAY, MINUTE
from sandbox.scenario_steps import OrdinaryMetric, SeriesChange

_QUIETEST_MINUTE: Final = 4 * 60
"""Minute of the day, UTC, at which traffic is at its least."""

# Few enough to evaluate fast, enough for a 99th percentile to mean something.
_DISTINCT_VALUES: Final = 25


def samples(
    usual: OrdinaryMetric,
    changes: Sequence[SeriesChange],
    *,
    start: int,
    minutes: int,
    seed: int | str,
) -> Iterator[Sample]:
    """What a metric publishes.

    Args:
        usual: the metric on an ordinary day.
        changes: what happens to it; their minutes count from ``start``.
        start: seconds since 1970 UTC of minute 0, a whole minute. Minutes before it are usual.
        minutes: up to which minute, from ``start`` on.
        seed: of the noise.
    """
    yield from _minutes(usual, changes, start, range(minutes), random.Random(seed))


def usual_samples(
    usual: OrdinaryMetric, *, start: int, minutes: range, seed: int | str
) -> Iterator[Sample]:
    """What a metric publishes in minutes in which nothing happens, such as those before 0."""
    yield from _minutes(usual, (), start, minutes, random.Random(seed))


def _minutes(
    usual: OrdinaryMetric,
    changes: Sequence[SeriesChange],
    start: int,
    minutes: range,
    noise: random.Random,
) -> Iterator[Sample]:
    for minute in minutes:
        time = start + minute * MINUTE
        begun = [change for change in changes if change.at <= minute]
        count = _latest(begun, "samples", usual.samples)
        deviation = _latest(begun, "noise", usual.noise)
        level = _level(usual, changes, minute, time) + noise.gauss(0, deviation)
        yield from _published(usual, time, level, int(count), noise)


def _latest(begun: Sequence[SeriesChange], field: str, default: float) -> float:
    said = [getattr(change, field) for change in begun if getattr(change, field) is not None]
    return float(said[-1]) if said else default


def _level(usual: OrdinaryMetric, changes: Sequence[SeriesChange], minute: int, time: int) -> float:
    """The level in a minute: each change starts from where the one before it had got to."""
    level = ordinary = _ordinary(usual, time)
    for change in changes:
        if change.to is None or change.at > minute:
            continue
        goal = ordinary if change.to == "usual" else change.to
        passed = minute - change.at
        part = 1.0 if passed >= change.over else passed / change.over
        level += (goal - level) * part
    return level


def _ordinary(usual: OrdinaryMetric, time: int) -> float:
    minute_of_day = time % DAY // MINUTE
    phase = 2 * math.pi * (minute_of_day - _QUIETEST_MINUTE) * MINUTE / DAY
    return usual.level * (1 - usual.daily * (1 + math.cos(phase)) / 2)


def _published(
    usual: OrdinaryMetric, time: int, level: float, count: int, noise: random.Random
) -> Iterator[Sample]:
    if count == 0 or (usual.sparse and round(level) <= 0):
        return
    distinct = min(count, _DISTINCT_VALUES)
    if not usual.spread:
        yield Sample.of(time, _bounded(usual, level), count)
        return
    for place in range(distinct):
        # The count is shared out so that the sum over all values stays what it is.
        share = count // distinct + (place < count % distinct)
        yield Sample.of(time, _bounded(usual, noise.gauss(level, usual.spread)), share)


def _bounded(usual: OrdinaryMetric, value: float) -> float:
    most = math.inf if usual.at_most is None else usual.at_most
    bounded = min(max(value, usual.at_least), most)
    return float(round(bounded)) if usual.counts else bounded
