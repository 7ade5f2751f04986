"""Every sentence of a reason, whole, and the same for programs."""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import Query
from ecs_monitoring.cloudwatch.evaluation import Evaluation, Sample, Series, timeline
from ecs_monitoring.cloudwatch.evaluation.reason import format_number
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData, WarmUp
from tests.evaluation.alarms import ALARM, KEY, OK, START, alarm, evaluated

Values = list[float | None]


def last(values: Values, state: AlarmState = OK, **fields: Any) -> Evaluation:
    """The evaluation at the end of the values."""
    return evaluated(alarm(**fields), values, first=len(values), state=state)[-1]


def at(minute: int, value: float) -> str:
    return f"{value} (24/11/24 10:{minute:02}:00)"


@pytest.mark.parametrize(
    ("values", "fields", "words"),
    [
        (
            [20],
            {"statistic": "p90", "low_samples": LowSamples.IGNORE},
            "State kept: too few samples for the percentile to be statistically significant.",
        ),
        ([None], {}, "Insufficient Data: 1 datapoint was unknown."),
        (
            [None],
            {"evaluation_periods": 2, "treat_missing_data": MissingData.IGNORE},
            "State kept: 2 datapoints were missing and ignored.",
        ),
        # Breaching ones that are old enough to fire, and those that are not.
        *(
            (
                values,
                {"evaluation_periods": 3, "treat_missing_data": MissingData.IGNORE},
                "State kept: 2 datapoints were missing and ignored.",
            )
            for values in ([20.0, None, None], [None, None, 20.0])
        ),
        (
            [None, None, 20],
            {"evaluation_periods": 3},
            "Threshold Crossed: 1 datapoint was received for 3 periods and 2 datapoints were "
            "unknown.",
        ),
        (
            [20, None, None],
            {"evaluation_periods": 3},
            f"Threshold Crossed: 1 datapoint [{at(0, 20.0)}] was greater than the threshold (10.0) "
            "and 2 datapoints were unknown.",
        ),
        # Data that decide are no state that is kept.
        (
            [1, None],
            {"evaluation_periods": 2, "treat_missing_data": MissingData.IGNORE},
            f"Threshold Crossed: 1 datapoint [{at(0, 1.0)}] was not greater than the threshold "
            "(10.0) and 1 datapoint was unknown.",
        ),
        (
            [20, None],
            {"evaluation_periods": 2, "datapoints_to_alarm": 1},
            f"Threshold Crossed: 1 out of the last 2 datapoints [{at(0, 20.0)}] was greater than "
            "the threshold (10.0) and 1 datapoint was unknown (minimum 1 datapoint for OK -> ALARM "
            "transition).",
        ),
        (
            [1, 2, 20],
            {"evaluation_periods": 3, "datapoints_to_alarm": 2},
            f"Threshold Crossed: 2 out of the last 3 datapoints [{at(1, 2.0)}, {at(0, 1.0)}] were "
            "not greater than the threshold (10.0) (minimum 2 datapoints for ALARM -> OK "
            "transition).",
        ),
        (
            [10, 10],
            {"evaluation_periods": 2, "comparison": Comparison.AT_MOST},
            f"Threshold Crossed: 2 datapoints [{at(1, 10.0)}, {at(0, 10.0)}] were less than or "
            "equal to the threshold (10.0).",
        ),
        (
            [10],
            {"comparison": Comparison.BELOW, "threshold": 1e7},
            f"Threshold Crossed: 1 datapoint [{at(0, 10.0)}] was less than the threshold (1.0E7).",
        ),
        # Four are all shown, and five are the most recent ones.
        (
            [21, 22, 23, 24],
            {"evaluation_periods": 4},
            f"Threshold Crossed: 4 datapoints [{at(3, 24.0)}, {at(2, 23.0)}, {at(1, 22.0)}, "
            f"{at(0, 21.0)}] were greater than the threshold (10.0).",
        ),
        (
            [1, 2, 3, 4, 5, 6],
            {"evaluation_periods": 6, "datapoints_to_alarm": 6},
            "Threshold Crossed: 6 out of the last 6 datapoints were not greater than the threshold "
            f"(10.0). The most recent datapoints: [{at(5, 6.0)}, {at(4, 5.0)}, {at(3, 4.0)}, "
            f"{at(2, 3.0)}, {at(1, 2.0)}] (minimum 1 datapoint for ALARM -> OK transition).",
        ),
        (
            [None],
            {"evaluation_periods": 3, "treat_missing_data": MissingData.NOT_BREACHING},
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints "
            "were treated as [NonBreaching].",
        ),
        (
            [20, None],
            {"evaluation_periods": 2, "treat_missing_data": MissingData.NOT_BREACHING},
            "Threshold Crossed: 1 datapoint was received for 2 periods and 1 missing datapoint was "
            "treated as [NonBreaching].",
        ),
    ],
)
def test_a_reason(values: Values, fields: dict[str, Any], words: str) -> None:
    assert last(values, **fields).reason == words


def test_a_new_alarm_says_that_it_waits() -> None:
    waiting = alarm(warm_up=WarmUp(600, is_whole=True))
    series = {KEY: Series.of([(START, 20.0)])}
    (found,) = timeline(waiting, series, START + 60, START + 60, created=START)
    assert found.reason == "Insufficient Data: the alarm is in its warm-up period."


def stamp(minute: int, second: int = 0) -> str:
    return f"2024-11-24T10:{minute:02}:{second:02}.000+0000"


def test_a_reason_for_programs_of_a_metric() -> None:
    definition = alarm(
        "Sum", unit="Count", evaluation_periods=3, datapoints_to_alarm=2, threshold=10.0
    )
    samples = [
        Sample.of(START, 6.0, count=2),
        Sample.of(START + 60, 1.0),
        Sample(START + 120, count=3, total=30.0, minimum=1.0, maximum=20.0),
        Sample.of(START + 180, 20.0),
    ]
    (found,) = timeline(definition, {KEY: Series(samples)}, START + 240, START + 240)
    assert found.reason_data == {
        "version": "1.0",
        "queryDate": stamp(4),
        # Of the newest three.
        "startDate": stamp(1),
        "unit": "Count",
        "statistic": "Sum",
        "period": 60,
        "recentDatapoints": [1.0, 30.0, 20.0],
        "threshold": 10.0,
        "evaluatedDatapoints": [
            {"timestamp": stamp(3), "sampleCount": 1.0, "value": 20.0},
            {"timestamp": stamp(2), "sampleCount": 3.0, "value": 30.0},
        ],
    }


def test_a_reason_for_programs_of_metric_math() -> None:
    queries = (*alarm().queries, Query(id="e", source="m1 / 2"))
    definition = alarm(queries=queries, watched="e", evaluation_periods=3, datapoints_to_alarm=3)
    found = evaluated(definition, [50, 40, 30, 4, 2], first=5)[0]
    assert found.reason_data == {
        "version": "1.0",
        "queryDate": stamp(5),
        "startDate": stamp(2),
        "period": 60,
        "recentDatapoints": [15.0, 2.0, 1.0],
        "threshold": 10.0,
        # Where all three are needed, one that does not breach decides.
        "evaluatedDatapoints": [{"timestamp": stamp(4), "value": 1.0}],
    }


@pytest.mark.parametrize(
    ("treatment", "state"), [(MissingData.BREACHING, ALARM), (MissingData.NOT_BREACHING, OK)]
)
def test_a_reason_for_programs_without_data(treatment: MissingData, state: AlarmState) -> None:
    found = last([None, None, None], evaluation_periods=2, treat_missing_data=treatment)
    assert found.state is state
    assert found.reason_data == {
        "version": "1.0",
        "queryDate": stamp(3),
        "statistic": "Maximum",
        "period": 60,
        "recentDatapoints": [],
        "threshold": 10.0,
        # The newest two periods, and not all four that are looked at.
        "evaluatedDatapoints": [{"timestamp": stamp(2)}, {"timestamp": stamp(1)}],
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.001, "0.001"),
        (0.00099, "9.9E-4"),
        (-1e7, "-1.0E7"),
        (9_999_999, "9999999.0"),
        (12_345_678.9, "1.23456789E7"),
        (100, "100.0"),
        (1e-10, "1.0E-10"),
        (-0.0005, "-5.0E-4"),
    ],
)
def test_a_number_as_java_writes_it(value: float, written: str) -> None:
    assert format_number(value) == written
