"""Alarms that look at many periods, long ones or seconds: the same answers, in little memory."""

import tracemalloc
from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.curve import Curve
from replay.history import MetricHistory
from replay.levels import levels_of
from replay.outcome import replay
from replay.signal import signal_of
from tests.evaluation.alarms import KEY, OK, START, alarm

MEBIBYTE: Final = 2**20


def recorded(step: int, count: int, share: float, seed: int = 1) -> dict[Any, MetricHistory]:
    """Whole numbers at random, of which only a share was recorded."""
    random = np.random.default_rng(seed)
    chosen = np.flatnonzero(random.random(count) < share)
    values = random.integers(0, 12, count).astype(np.float64)
    return {KEY: MetricHistory.of_values(START + step * chosen, values[chosen], resolution=step)}


def assert_same_firings(
    fields: dict[str, Any], of: dict[Any, MetricHistory], start: int, end: int
) -> None:
    fields = {"comparison": Comparison.AT_LEAST} | fields
    definition = alarm("Maximum", **fields)
    one = Curve.of(definition, signal_of(definition, of, start, end))
    thresholds = [float(threshold) for threshold in range(13)]
    for threshold, firings in zip(thresholds, one.firings(thresholds), strict=True):
        found = replay(alarm("Maximum", threshold=threshold, **fields), of, start, end, before=OK)
        assert one.firing_times(threshold).tolist() == list(found.firings)
        assert firings == len(found.firings)


@pytest.mark.parametrize("treatment", list(MissingData))
@pytest.mark.parametrize("share", [0.02, 0.7, 1.0])
@pytest.mark.parametrize(
    ("period", "n", "m"),
    [
        # More than a byte counts; half a minute every ten seconds; more than a day, every hour.
        (60, 300, 160),
        (30, 4, 2),
        (6 * 3600, 5, 3),
    ],
)
def test_firings_are_those_of_replays(
    period: int, n: int, m: int, share: float, treatment: MissingData
) -> None:
    step = {60: 60, 30: 10}.get(period, 3600)
    fields = {
        "period": period,
        "evaluation_periods": n,
        "datapoints_to_alarm": m,
        "treat_missing_data": treatment,
    }
    of = recorded(step, 700, share)
    assert_same_firings(fields, of, START + 90, START + 700 * step)


def test_an_alarm_that_looks_at_more_than_there_is() -> None:
    fields = {"evaluation_periods": 500, "datapoints_to_alarm": 3, "period": 60}
    assert_same_firings(fields, recorded(60, 20, 1.0), START, START + 3600)
    nothing: dict[Any, MetricHistory] = {}
    assert_same_firings(fields, nothing, START, START + 3600)


def peak_memory(definition: AlarmDefinition, of: dict[Any, MetricHistory], count: int) -> float:
    """The most memory that the levels of so many evaluations take at a time, in MiB."""
    end = START + 60 * (2000 + count)
    tracemalloc.start()
    try:
        levels_of(definition, signal_of(definition, of, END_OF_LEAD, end))
        return tracemalloc.get_traced_memory()[1] / MEBIBYTE
    finally:
        tracemalloc.stop()


END_OF_LEAD: Final = START + 60 * 2000


@pytest.mark.parametrize(
    ("statistic", "share", "fields"),
    [
        # The 700th largest of 1,440 minutes, with and without gaps; a percentile of a day.
        ("Maximum", 1.0, {"evaluation_periods": 1440, "datapoints_to_alarm": 700}),
        ("Maximum", 0.9, {"evaluation_periods": 1440, "datapoints_to_alarm": 700}),
        ("p90", 1.0, {"period": 86_400}),
    ],
)
def test_windows_of_a_day_take_little_memory(
    statistic: str, share: float, fields: dict[str, Any]
) -> None:
    # 4,000 windows of 1,440 values would take 44 MiB a copy, and several copies are needed.
    definition = alarm(statistic, **fields)
    assert peak_memory(definition, recorded(60, 6500, share), 4000) < 64
