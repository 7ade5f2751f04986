"""Which periods an evaluation looks at, and what their datapoints are made of."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat, Query, WallClock
from ecs_monitoring.cloudwatch.evaluation import Datapoint, Sample, Series, signal_of, timeline
from ecs_monitoring.cloudwatch.evaluation.signal import periods_of
from ecs_monitoring.cloudwatch.timing import Timing, timing_of
from tests.evaluation.alarms import KEY, START, alarm, timing


@pytest.mark.parametrize(
    ("fields", "time", "periods"),
    [
        # Two more than N, up to the very time.
        ({}, 0, [(-180, -120), (-120, -60), (-60, 0)]),
        ({"period": 300}, 60, [(-840, -540), (-540, -240), (-240, 60)]),
        ({"known_timing": timing(0, 0), "evaluation_periods": 2}, 0, [(-120, -60), (-60, 0)]),
        # Whole periods of which nothing has arrived are passed over, and parts are left out.
        ({"known_timing": timing(0, 120)}, 0, [(-180, -120)]),
        ({"known_timing": timing(0, 120), "period": 300}, 0, [(-300, -120)]),
        ({"known_timing": timing(0, 300), "period": 300}, 0, [(-600, -300)]),
        (
            {"known_timing": timing(1, 360), "period": 300},
            0,
            [(-900, -600), (-600, -360)],
        ),
        # By the clock a period has to be over: at 10:04 that of 10:00 is not.
        ({"wall_clock": WallClock(), "period": 300}, 240, [(-300, 0)]),
        ({"wall_clock": WallClock(), "period": 300}, 300, [(0, 300)]),
        (
            {"wall_clock": WallClock(), "period": 300, "evaluation_periods": 2},
            599,
            [(-300, 0), (0, 300)],
        ),
        (
            {"wall_clock": WallClock(), "period": 300, "known_timing": timing(0, 120)},
            300,
            [(0, 180)],
        ),
        # Two minutes late: the one that ended at 10:03 and the one before it have not arrived.
        (
            {"wall_clock": WallClock(), "known_timing": timing(0, 120), "evaluation_periods": 2},
            180,
            [(-60, 0), (0, 60)],
        ),
    ],
)
def test_periods(fields: dict[str, Any], time: int, periods: list[tuple[int, int]]) -> None:
    found = periods_of(alarm(**fields), START + time)
    assert [(start - START, end - START) for start, end in found] == periods


def test_a_datapoint_is_made_of_its_samples() -> None:
    samples = [
        Sample.of(0, 5.0),
        Sample(30, count=3, total=6.0, minimum=1.0, maximum=4.0),
        Sample.of(60, 9.0),
    ]
    signal = signal_of(alarm("Sum"), {KEY: Series(samples)})
    periods = [(-60, 0), (0, 60), (60, 120), (120, 180)]
    assert signal.datapoints(periods) == (
        None,
        Datapoint(0, 11.0, 4.0),
        Datapoint(60, 9.0, 1.0),
        None,
    )
    # Percentiles of what is not known exactly are none, and neither is what there is nothing of.
    assert signal_of(alarm("p50"), {KEY: Series(samples)}).datapoints(periods) == (
        *(None, None),
        Datapoint(60, 9.0, 1.0),
        None,
    )
    assert signal_of(alarm("Sum"), {}).datapoints(periods) == (None,) * 4


def test_a_period_grows_with_what_arrives() -> None:
    signal = signal_of(alarm("Sum"), {KEY: Series.of([(0, 1.0), (30, 2.0), (60, 4.0), (90, 8.0)])})
    assert signal.datapoints([(0, 60), (60, 90)]) == (
        Datapoint(0, 3.0, 2.0),
        Datapoint(60, 4.0, 1.0),
    )
    assert signal.datapoints([(0, 60), (60, 120)]) == (
        Datapoint(0, 3.0, 2.0),
        Datapoint(60, 12.0, 2.0),
    )


def test_metric_math_has_datapoints_without_samples() -> None:
    other = MetricKey(namespace="Shop", name="Visits")
    definition = alarm(
        queries=(
            Query(id="share", source="100 * orders / visits + PERIOD(orders)"),
            Query(id="orders", source=MetricStat(metric=KEY, statistic="Sum")),
            Query(id="visits", source=MetricStat(metric=other, statistic="SampleCount")),
        ),
        watched="share",
    )
    series = {KEY: Series.of([(0, 1.0), (60, 3.0)]), other: Series.of([(0, 9.0), (1, 9.0)])}
    # One order of two visits, and the period of 60 s; 3 / 0 is dropped.
    found = signal_of(definition, series).datapoints([(0, 60), (60, 120)])
    assert found == (Datapoint(0, 110.0, None), None)


def test_evaluations_are_at_whole_intervals_from_start_to_end() -> None:
    def times(start: int, end: int, **fields: Any) -> list[int]:
        found = timeline(alarm(**fields), {}, START + start, START + end)
        return [one.time - START for one in found]

    assert times(0, 120) == [0, 60, 120]
    assert times(1, 179) == [60, 120]
    assert times(60, 60) == [60]
    assert times(61, 60) == []
    assert times(1, 30, period=10) == [10, 20, 30]
    assert times(1, 7200, period=86_400, evaluation_periods=2) == [3600, 7200]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"extra_periods": -1}, "extra_periods -1: write 0 or more"),
        ({"delay": -60}, "delay -60: write whole minutes in seconds, such as 120"),
        ({"delay": 90}, "delay 90: write whole minutes in seconds, such as 120"),
        ({"delay": 300}, "longest_delay 240: write no less than the delay, 300"),
    ],
)
def test_what_is_said_of_a_timing(fields: dict[str, int], words: str) -> None:
    given = {"extra_periods": 2, "delay": 0, "longest_delay": 240} | fields
    with pytest.raises(ValueError) as error:  # noqa: PT011 (its words are looked at)
        Timing(source="a test", **given)
    assert str(error.value) == words


def test_a_timing_at_its_edges() -> None:
    edge = Timing(extra_periods=0, delay=240, longest_delay=240, source="a test")
    assert edge.evaluation_range(3) == 3
    # The data of 600 s came at 840 s at the latest, and once in a minute it is looked at.
    assert edge.noticed(840) == (600, 900)


@pytest.mark.parametrize(
    ("namespaces", "period", "periods", "numbers"),
    [
        # Extra periods, delay and longest delay.
        (["AWS/ECS"], 60, 1440, (2, 0, 120)),
        ([], 60, 5, (2, 0, 120)),
        (["AWS/ApplicationELB", "AWS/ECS"], 60, 5, (2, 0, 240)),
        (["AWS/ApplicationELB"], 3600, 25, (2, 0, 3600)),
        (["AWS/ApplicationELB"], 86_400, 1, (2, 0, 240)),
    ],
)
def test_the_default_timing(
    namespaces: list[str], period: int, periods: int, numbers: tuple[int, int, int]
) -> None:
    found = timing_of(namespaces, period, periods)
    assert (found.extra_periods, found.delay, found.longest_delay) == numbers
