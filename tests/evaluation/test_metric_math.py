"""Metric math: AWS's documented examples, and numbers worked by hand.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

import math
from collections.abc import Sequence
from typing import Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.evaluation import timeline
from tests.evaluation.alarms import START, alarm, computed, minutes

Values = Sequence[float | None]

# The page's two series for operators, and the three for IF.
OPERANDS: Final[dict[str, Values]] = {"metric1": [30, 20, 0, 0], "metric2": [20, None, 20, None]}
CHOICES: Final[dict[str, Values]] = {
    "metric1": [1, 1, 0, 0, None],
    "metric2": [30, None, 0, 0, 30],
    "metric3": [0, 0, 20, None, 20],
}
SERIES: Final[dict[str, Values]] = {
    "m1": [1, 2, None, 4],
    "m2": [10, None, None, 0],
    "m3": [None] * 4,
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(metric1 < metric2)", [0, 0, 1, 0]),
        ("(metric1 >= 30)", [1, 0, 0, 0]),
        ("(metric1 > 15 AND metric2 > 15)", [1, 0, 0, 0]),
        ("metric1 > 15 && metric2 > 15", [1, 0, 0, 0]),
        ("metric1 > 15 || metric2 > 15", [1, 1, 1, 0]),
    ],
)
def test_documented_operators(expression: str, expected: Values) -> None:
    assert computed(expression, OPERANDS) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IF(metric1, metric2, metric3)", [30, 0, 20, 0, None]),
        ("IF(metric1, 5, metric3)", [5, 5, 20, None, None]),
        ("IF(metric1, metric2, 5)", [30, 0, 5, 5, None]),
        # Without a third argument: "dropped, if the data point of metric1 is FALSE".
        ("IF(metric1, metric2)", [30, 0, None, None, None]),
        ("IF(metric1, 5)", [5, 5, None, None, None]),
        ("IF(metric1 < 1, 10, 2)", [2, 2, 10, 10, None]),
        # A scalar condition takes a series as it is, or gives an empty one.
        ("IF(1 > 0, metric2, metric3)", [30, None, 0, 0, 30]),
        ("IF(0, metric2, metric3)", [0, 0, 20, None, 20]),
        ("IF(0, metric2)", [None] * 5),
    ],
)
def test_documented_choices(expression: str, expected: Values) -> None:
    assert computed(expression, CHOICES) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 + m2", [11, 2, None, 4]),
        ("m1 - m2", [-9, 2, None, 4]),
        ("m2 * m1", [10, 0, None, 0]),
        # Missing is 0, and a division by it drops the datapoint.
        ("m1 / m2", [0.1, None, None, None]),
        ("m2 / m1", [10, 0, None, 0]),
        ("m1 ^ 2", [1, 4, None, 16]),
        ("5 * m1", [5, 10, None, 20]),
        ("-m1", [-1, -2, None, -4]),
        ("-5*m1", [-5, -10, None, -20]),
        ("m1 + m3", [1, 2, None, 4]),
        ("m3 + 1", [None] * 4),
        ("1 / (m1 - 2)", [-1, None, None, 0.5]),
        ("m1 * (1 / 0)", [None] * 4),
        ("m1 + 10 ^ 400", [None] * 4),
        ("m1 + (0 - 8) ^ 0.5", [None] * 4),
    ],
)
def test_arithmetic(expression: str, expected: Values) -> None:
    assert computed(expression, SERIES) == expected


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("16 / 4 / 2", 2),
        ("2 ^ 3 ^ 2", 512),
        ("-2 ^ 2", -4),
        ("2 ^ -1", 0.5),
        ("1 + 1 == 2", 1),
        ("2 > 1 AND 1 > 2 OR 1 != 0", 1),
        ("0 AND 0 OR 1", 1),
        ("1 OR 1 AND 0", 1),
        (".5 + 1e2 + 2.", 102.5),
    ],
)
def test_precedence(expression: str, value: float) -> None:
    assert computed(f"TIME_SERIES({expression})", {"m": [None]}) == [value]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("FILL(m1, 0)", [1, 2, 0, 4]),
        ("FILL(m1, m2)", [1, 2, None, 4]),
        ("FILL(m2, m1)", [10, 2, None, 0]),
        ("FILL(m1, REPEAT)", [1, 2, 2, 4]),
        ("FILL(m1, LINEAR)", [1, 2, 3, 4]),
        ("FILL(m2, LINEAR)", [10, 10 - 10 / 3, 10 - 20 / 3, 0]),
        ("FILL(m1, MIN(m1))", [1, 2, 1, 4]),
        ("FILL(m3, 7)", [7] * 4),
        ("FILL(m3, REPEAT)", [None] * 4),
        ("SUM(FILL([m1, m2], 1))", [11, 3, 2, 4]),
        ("SUM([m1, m2])", [11, 2, None, 4]),
        ("MAX([m1, m2])", [10, 2, None, 4]),
        ("MIN([m1, m2])", [1, 2, None, 0]),
        # "Missing values are treated as 0."
        ("AVG([m1, m2])", [5.5, 1, None, 2]),
        ("DATAPOINT_COUNT([m1, m2])", [2, 1, None, 2]),
        ("m1 - SUM(m1)", [-6, -5, None, -3]),
        ("m1 - AVG(m2)", [-4, -3, None, -1]),
        ("MAX(m1) / m1", [4, 2, None, 1]),
        ("m1 - MIN(m1)", [0, 1, None, 3]),
        ("m1 * DATAPOINT_COUNT(m1)", [3, 6, None, 12]),
        ("m1 + SUM(m3)", [None] * 4),
        ("SUM(METRICS())", [11, 2, None, 4]),
        ('SUM(METRICS("2"))', [10, None, None, 0]),
        ("SUM(METRICS('9'))", [None] * 4),
        ("SUM([METRICS('1'), METRICS('2'), m1])", [12, 4, None, 8]),
        ("SUM(METRICS() * 100)", [1100, 200, None, 400]),
        ("SUM(100 / [m1, m2])", [110, 50, None, 25]),
        ("MAX(m1 - [m2, m1])", [0, 2, None, 4]),
        ("SUM(-[m1, m2])", [-11, -2, None, -4]),
        ("m1 / METRIC_COUNT(METRICS())", [1 / 3, 2 / 3, None, 4 / 3]),
        ("m1 * METRIC_COUNT(REMOVE_EMPTY(METRICS()))", [2, 4, None, 8]),
        ("FIRST([m1, m2])", [1, 2, None, 4]),
        ("LAST([m1, m2])", [10, None, None, 0]),
        ("PERIOD(m1) / m1", [60, 30, None, 15]),
        ("DIFF(m1)", [None, 1, None, 2]),
        ("DIFF_TIME(m1)", [None, 60, None, 120]),
        ("RATE(m1)", [None, 1 / 60, None, 2 / 120]),
        ("RUNNING_SUM(m1)", [1, 3, None, 7]),
        ("SUM(DIFF([m1, m2]))", [None, 1, None, 2 - 10]),
        ("ABS(m1 - 3)", [2, 1, None, 1]),
        ("CEIL(m1 / 3)", [1, 1, None, 2]),
        ("FLOOR(m1 / 3)", [0, 0, None, 1]),
        ("LOG10(m2)", [1, None, None, None]),
        ("LOG(m1)", [0, math.log(2), None, math.log(4)]),
        ("TIME_SERIES(10)", [10] * 4),
        ("HOUR(m1) * 100 + MINUTE(m1)", [1000, 1001, 1002, 1003]),
        # 2024-11-24 was a Sunday.
        ("DAY(m1)", [7] * 4),
        ("YEAR(m1) * 10000 + MONTH(m1) * 100 + DATE(m1)", [20241124] * 4),
        ("EPOCH(m1)", [START, START + 60, START + 120, START + 180]),
        ("IF(MINUTE(m1) < 1, m1)", [1, None, None, None]),
    ],
)
def test_functions(expression: str, expected: Values) -> None:
    assert computed(expression, SERIES) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("expression", "metrics", "expected"),
    [
        (
            # Two are always wanted; without a count of running tasks all desired are missing.
            "IF(desired > 2, desired, 2) - running",
            {"desired": [4, 2, 1, 4, None], "running": [3, 2, 1, None, 4]},
            [1, 0, 1, 4, -4],
        ),
        (
            "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)",
            {"errors": [1, None, 19, 5, None], "requests": [20, 100, 19, 0, None]},
            [5, 0, 0, 0, None],
        ),
        (
            "100 * FILL(hits, 0) / (FILL(hits, 0) + FILL(misses, 0))",
            {"hits": [90, 10, None, None], "misses": [10, None, 10, None]},
            [90, 100, 0, None],
        ),
        ("lag / 1000", {"lag": [1500, 0, None]}, [1.5, 0, None]),
    ],
)
def test_expressions_of_the_rules(
    expression: str, metrics: dict[str, Values], expected: Values
) -> None:
    assert computed(expression, metrics) == expected


def error_rate(expression: str = "100 * FILL(errors, 0) / requests") -> AlarmDefinition:
    """An alarm on what is left of two metrics, with an expression over an expression."""
    return alarm(
        queries=(
            Query(id="half", source="rate / 2"),
            Query(id="rate", source=expression),
            *(
                Query(id=id_, source=MetricStat(metric=key(id_), statistic="Sum"))
                for id_ in ("errors", "requests")
            ),
        ),
        watched="half",
        period=120,
    )


def key(name: str) -> MetricKey:
    return MetricKey(namespace="Shop", name=name)


def test_alarm_on_metric_math_slides_like_any_other() -> None:
    series = {
        key("errors"): minutes([None, 6, None, 6]),
        key("requests"): minutes([10, 10, 20, 20]),
    }
    found = list(timeline(error_rate(), series, START + 120, START + 240))
    # Sums over two minutes: 6 of 20, 6 of 30, 6 of 40.
    assert [e.value for e in found] == [15.0, 10.0, 7.5]
    assert [e.state.value for e in found] == ["ALARM", "OK", "OK"]
