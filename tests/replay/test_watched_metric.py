"""The alarms that are tried on a metric: which, with what M and N, and what they look at."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.by_hour import Table
from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricStat, Query
from ecs_monitoring.cloudwatch.rule import Comparison, MissingData
from replay.detectors import DetectorKind, WatchedMetric
from tests.evaluation.alarms import KEY

LEVEL, RECENT = DetectorKind.LEVEL, DetectorKind.RECENT
HIGH, LOW = Comparison.AT_LEAST, Comparison.AT_MOST


def watched(**fields: Any) -> WatchedMetric:
    given: dict[str, Any] = {"metric": KEY, "statistic": "Sum", "period": 60}
    return WatchedMetric(**(given | fields))


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({}, (LEVEL, RECENT)),
        ({"has_level": False}, (RECENT,)),
        # M and N that somebody named are those of a fixed threshold.
        ({"m_of_n": (2, 3)}, (LEVEL,)),
        ({"m_of_n": (2, 3), "has_level": False}, ()),
        # Ten periods are needed, and an alarm looks back on a day: 8,640 seconds each.
        ({"period": 8640}, (LEVEL, RECENT)),
        ({"period": 8700}, (LEVEL,)),
    ],
)
def test_which_are_tried(fields: dict[str, Any], kinds: tuple[DetectorKind, ...]) -> None:
    assert watched(**fields).kinds == kinds


@pytest.mark.parametrize(
    ("period", "m_of_n", "m", "n"),
    [
        # A breaching datapoint holds the alarm for half an hour.
        (60, None, 1, 30),
        (300, None, 1, 6),
        (1800, None, 1, 1),
        (3600, None, 1, 1),
        (60, (2, 3), 2, 3),
    ],
)
@pytest.mark.parametrize(("comparison", "name"), [(HIGH, "level-high"), (LOW, "level-low")])
def test_a_fixed_threshold(
    period: int, m_of_n: tuple[int, int] | None, m: int, n: int, comparison: Comparison, name: str
) -> None:
    one = watched(period=period, m_of_n=m_of_n, is_sparse=True)
    assert one.definition(LEVEL, comparison, 7.5) == AlarmDefinition(
        name=name,
        queries=(Query(id="m1", source=MetricStat(metric=KEY, statistic="Sum")),),
        watched="m1",
        period=period,
        comparison=comparison,
        threshold=7.5,
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=MissingData.NOT_BREACHING,
    )


BY_HOUR: Table = ((2.0,) * 6 + (5.0,) * 18,) * 7

FILL = "FILL(m1, 0)"
OF_METRIC = "(m1 - AVG(m1)) * (EPOCH(m1) > MAX(EPOCH(m1)) - 900)"
OF_FILLED = "(e0 - AVG(e0)) * (EPOCH(e0) > MAX(EPOCH(e0)) - 900)"


@pytest.mark.parametrize(
    ("is_sparse", "comparison", "table", "expressions", "threshold"),
    [
        (False, HIGH, None, {"e1": OF_METRIC}, 7.5),
        (True, LOW, None, {"e0": FILL, "e1": OF_FILLED}, -7.5),
        # In distances of each hour's own, and therefore from 1 on, in either direction.
        (
            False,
            HIGH,
            BY_HOUR,
            {"e2": "HOUR(m1)", "e4": "2*(e2<6) + 5*(e2>=6)", "e1": f"{OF_METRIC} / e4"},
            1.0,
        ),
        (
            True,
            LOW,
            BY_HOUR,
            {"e0": FILL, "e2": "HOUR(e0)", "e4": "2*(e2<6) + 5*(e2>=6)", "e1": f"{OF_FILLED} / e4"},
            -1.0,
        ),
    ],
)
def test_the_value_against_the_mean(
    is_sparse: bool,
    comparison: Comparison,
    table: Table | None,
    expressions: dict[str, str],
    threshold: float,
) -> None:
    distance = 7.5 if comparison is HIGH else -7.5
    found = watched(is_sparse=is_sparse).definition(RECENT, comparison, distance, table)
    stat = Query(id="m1", source=MetricStat(metric=KEY, statistic="Sum"))
    assert found == AlarmDefinition(
        name="recent-high" if comparison is HIGH else "recent-low",
        queries=(stat, *(Query(id=id_, source=source) for id_, source in expressions.items())),
        watched="e1",
        period=60,
        comparison=comparison,
        threshold=threshold,
        # Three minutes of an hour.
        evaluation_periods=60,
        datapoints_to_alarm=3,
        treat_missing_data=MissingData.NOT_BREACHING,
    )


@pytest.mark.parametrize(
    ("period", "echo", "newest"),
    # An hour or ten periods, and the two periods more that an evaluation looks at; a quarter of an
    # hour of them is the newest, or three periods.
    [(60, 62 * 60, 900), (300, 14 * 300, 900), (900, 12 * 900, 2700)],
)
def test_how_long_and_how_much_the_other_side_echoes(period: int, echo: int, newest: int) -> None:
    one = watched(period=period)
    assert one.echo == echo
    assert one.newest_share == newest / echo
