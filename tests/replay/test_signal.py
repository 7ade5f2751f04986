"""What an alarm watches, in every period that its evaluations look at: worked out by hand."""

from dataclasses import fields
from typing import Any, Final

import numpy as np
import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query, WallClock
from ecs_monitoring.cloudwatch.evaluation import Sample
from ecs_monitoring.cloudwatch.rule import LowSamples
from replay.history import MetricHistory
from replay.metric_math import NeedsWholeRangeError
from replay.signal import SlidingSignal, evaluation_times, signal_of
from tests.evaluation.alarms import KEY, START, alarm, timing
from tests.replay.alarms import HOUR, MINUTE, history, history_of, statistic_sets

# The minute that begins so many minutes after the start has that number, from half an hour before.
NUMBERED: Final = history([float(at) for at in range(-30, 30)], start=START - 30 * MINUTE)


def listed(signal: SlidingSignal) -> dict[str, Any]:
    """Each field, with plain lists for columns."""
    columns = {field.name: getattr(signal, field.name) for field in fields(signal)}
    return {
        name: column.tolist() if isinstance(column, np.ndarray) else column
        for name, column in columns.items()
    }


def seen(definition: AlarmDefinition, of: MetricHistory, start: int, end: int) -> dict[str, Any]:
    return listed(signal_of(definition, {KEY: of}, START + start, START + end))


PLAIN: Final = {"few_samples": None, "newest": None, "newest_few": None, "approximate": False}


def test_a_period_a_minute() -> None:
    definition = alarm("Average", evaluation_periods=2, known_timing=timing(1, 0))
    # Three minutes before each of the evaluations at minute 1, 2 and 3.
    assert seen(definition, NUMBERED, 60, 180) == PLAIN | {
        "values": [-2.0, -1.0, 0.0, 1.0, 2.0],
        "stride": 1,
        "every": 1,
        "first": 2,
        "times": range(START + 60, START + 181, 60),
    }


def test_windows_that_slide_and_periods_of_which_a_part_has_arrived() -> None:
    # The data is three minutes late: of the newest two minutes nothing has arrived, and of the two
    # before one. So an evaluation at minute 0 sees the averages of the minutes -8 and -7, -6 and
    # -5, and of the newest two minutes, -4 and -3, the first.
    definition = alarm("Average", period=120, evaluation_periods=2, known_timing=timing(1, 180))
    assert seen(definition, NUMBERED, 0, 120) == PLAIN | {
        "values": [-7.5, -6.5, -5.5, -4.5, -3.5, -2.5, -1.5],
        "newest": [-8.0, -7.0, -6.0, -5.0, -4.0, -3.0, -2.0],
        "stride": 2,
        "every": 1,
        "first": 4,
        "times": range(START, START + 121, 60),
    }


def test_alarms_over_days_are_evaluated_on_the_hour() -> None:
    definition = alarm(
        "Sum", period=5400, evaluation_periods=17, datapoints_to_alarm=1, known_timing=timing(0, 0)
    )
    of = history([1.0] * 104, start=START - 49 * HOUR, step=1800)
    found = seen(definition, of, 1800, 2 * HOUR)
    # Every half an hour from 24 hours before the first one to the second: an hour and a half each.
    assert found == PLAIN | {
        "values": [3.0] * 51,
        "stride": 3,
        "every": 2,
        "first": 48,
        "times": range(START + HOUR, START + 2 * HOUR + 1, HOUR),
    }


def test_seconds() -> None:
    definition = alarm("Maximum", period=30, known_timing=timing(0, 0))
    of = history([0.0, 5.0, 2.0, 1.0, 3.0], step=10)
    assert seen(definition, of, 31, 50) == PLAIN | {
        "values": [5.0, 3.0],
        "stride": 3,
        "every": 1,
        "first": 0,
        "times": range(START + 40, START + 51, 10),
    }


def test_percentiles_of_few_samples() -> None:
    # Fewer than 100 are few for p90. The second of two minutes has not arrived.
    of = history_of([Sample.of(START, 1.0, 60), Sample.of(START + 60, 2.0, 50)])
    heedless = alarm("p90", period=120, known_timing=timing(0, 60))
    heedful = alarm("p90", period=120, known_timing=timing(0, 60), low_samples=LowSamples.IGNORE)
    expected = PLAIN | {
        "values": [1.0, 2.0, 2.0],
        "newest": [pytest.approx(np.nan, nan_ok=True), 1.0, 2.0],
        "stride": 2,
        "every": 1,
        "first": 0,
        "times": range(START + 60, START + 181, 60),
    }
    assert seen(heedless, of, 60, 180) == expected
    assert seen(heedful, of, 60, 180) == expected | {
        "few_samples": [True, False, True],
        "newest_few": [False, True, True],
    }


def test_an_expression_knows_when_each_period_starts() -> None:
    queries = (
        Query(id="m1", source=MetricStat(metric=KEY, statistic="Sum")),
        Query(id="e1", source=f"EPOCH(m1) - {START} + 0 * m1"),
    )
    definition = alarm(
        queries=queries,
        watched="e1",
        period=120,
        known_timing=timing(0, 60),
        low_samples=LowSamples.IGNORE,
    )
    assert seen(definition, NUMBERED, 0, 60) == PLAIN | {
        "values": [-120.0, -60.0],
        # The same where a part of the period has arrived.
        "newest": [-120.0, -60.0],
        "stride": 2,
        "every": 1,
        "first": 0,
        "times": range(START, START + 61, 60),
    }
    coarse = {KEY: statistic_sets([(0, 60, 60, 1, 1)], resolution=HOUR)}
    assert signal_of(definition, coarse, START + 120, START + 180).approximate


def test_more_periods_than_the_alarm_looks_at() -> None:
    definition = alarm("Average", known_timing=timing(1, 0))
    found = signal_of(definition, {KEY: NUMBERED}, START, START + 60, periods=4)
    assert found.values.tolist() == [-4.0, -3.0, -2.0, -1.0, 0.0]
    assert found.first == 3


def test_no_evaluation_and_no_data() -> None:
    definition = alarm("Average", evaluation_periods=2, known_timing=timing(0, 0))
    found = signal_of(definition, {}, START + 1, START + 59)
    assert (found.times, len(found.values), found.first) == (
        range(START + 60, START + 60, 60),
        2,
        1,
    )
    assert np.isnan(found.values).all()


def test_when_evaluations_are() -> None:
    for start, end, expected in (
        (0, 120, [0, 60, 120]),
        (1, 119, [60]),
        (-59, 0, [0]),
        (1, 59, []),
    ):
        found = evaluation_times(alarm(), START + start, START + end)
        assert [time - START for time in found] == expected


def test_periods_by_the_clock_on_the_wall_are_left_to_the_evaluator() -> None:
    definition = alarm(period=HOUR, wall_clock=WallClock("Europe/Berlin"))
    with pytest.raises(NeedsWholeRangeError, match="periods by the clock on the wall"):
        signal_of(definition, {}, START, START)
