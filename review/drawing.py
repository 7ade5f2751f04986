"""What the report draws, coarse enough for a screen: series and curves."""

import numpy as np

from replay.curve import Curve
from replay.history import Floats
from replay.incidents import Incident
from replay.signal import SlidingSignal
from review.model import CurvePoints, Trace

STRETCHES = 800
"""How many stretches a series is drawn in: about the points that a screen has across."""

THRESHOLDS = 200
"""How many thresholds a curve is drawn at."""


def trace_of(signal: SlidingSignal) -> Trace | None:
    """The range of what an alarm watches in each stretch of time; ``None`` without data."""
    values = signal.values[signal.first :: signal.every][: len(signal.times)]
    if not len(values) or np.isnan(values).all():
        return None
    size = -(-len(values) // STRETCHES)
    starts = np.arange(0, len(values), size)
    is_there = ~np.isnan(values)
    low = np.minimum.reduceat(np.where(is_there, values, np.inf), starts)
    high = np.maximum.reduceat(np.where(is_there, values, -np.inf), starts)
    return Trace(
        times=tuple(signal.times[int(at)] for at in starts),
        low=_drawn(low),
        high=_drawn(high),
    )


def curve_points(
    m_of_n: tuple[int, int],
    curve: Curve,
    incidents: tuple[Incident, ...],
    marked: tuple[float, ...],
) -> CurvePoints:
    """Firings, hours and incidents caught by threshold.

    Args:
        m_of_n: M and N.
        curve: the alarm's levels with them.
        incidents: those that concern the alarm.
        marked: thresholds that have to be among the points.
    """
    where = curve.changes_at()
    if len(where) > THRESHOLDS:
        # As many points where levels are many as over the whole range of levels.
        half = THRESHOLDS // 2
        where = np.concatenate(
            (np.quantile(where, np.linspace(0, 1, half)), np.linspace(where[0], where[-1], half))
        )
    thresholds = np.unique(np.concatenate((where, marked)))
    caught = tuple(curve.caught(incidents, thresholds).tolist()) if incidents else ()
    return CurvePoints(
        datapoints_to_alarm=m_of_n[0],
        evaluation_periods=m_of_n[1],
        thresholds=tuple(thresholds.tolist()),
        firings=tuple(curve.firings(thresholds).tolist()),
        hours=tuple((curve.seconds(thresholds) / 3600).tolist()),
        caught=caught,
    )


def _drawn(values: Floats) -> tuple[float | None, ...]:
    return tuple(float(value) if np.isfinite(value) else None for value in values)
