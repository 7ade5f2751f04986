"""Reasons in CloudWatch's words, as AWS's pages and published answers of the API have them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""

from typing import Any

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.definition import Query
from ecs_monitoring.cloudwatch.evaluation.reason import format_number
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData
from tests.evaluation.alarms import ALARM, NO_DATA, OK, alarm, evaluated


def reason(
    values: list[float | None], *, state: AlarmState = OK, statistic: str = "Maximum", **fields: Any
) -> str:
    """The reason of the evaluation at the end of the values."""
    definition = alarm(statistic, **fields)
    return evaluated(definition, values, first=len(values), state=state)[-1].reason


class TestDatapoints:
    def test_alarm(self) -> None:
        assert reason(
            [85.0], datapoints_to_alarm=1, threshold=80.0, comparison=Comparison.AT_LEAST
        ) == (
            "Threshold Crossed: 1 out of the last 1 datapoints [85.0 (24/11/24 10:00:00)] was "
            "greater than or equal to the threshold (80.0) "
            "(minimum 1 datapoint for OK -> ALARM transition)."
        )

    def test_ok(self) -> None:
        assert reason([0.0666851903306472], datapoints_to_alarm=1, state=ALARM) == (
            "Threshold Crossed: 1 out of the last 1 datapoints "
            "[0.0666851903306472 (24/11/24 10:00:00)] was not greater than the threshold (10.0) "
            "(minimum 1 datapoint for ALARM -> OK transition)."
        )

    def test_newest_comes_first(self) -> None:
        assert reason([20, 1, 30], evaluation_periods=3, datapoints_to_alarm=2) == (
            "Threshold Crossed: 2 out of the last 3 datapoints "
            "[30.0 (24/11/24 10:02:00), 20.0 (24/11/24 10:00:00)] were greater than the "
            "threshold (10.0) (minimum 2 datapoints for OK -> ALARM transition)."
        )

    def test_ok_of_m_of_n_needs_so_many_that_m_cannot_breach(self) -> None:
        assert "(minimum 4 datapoints for ALARM -> OK transition)" in reason(
            [1, 1, 20, 1, 1], evaluation_periods=5, datapoints_to_alarm=2
        )

    def test_alarm_without_datapoints_to_alarm(self) -> None:
        assert reason([63.0], threshold=3.0) == (
            "Threshold Crossed: 1 datapoint [63.0 (24/11/24 10:00:00)] was greater than the "
            "threshold (3.0)."
        )

    def test_five_and_more(self) -> None:
        values: list[float | None] = [27.1, 27.2, 27.3, 27.4, 27.5, 27.6]
        assert reason(values, evaluation_periods=6) == (
            "Threshold Crossed: 6 datapoints were greater than the threshold (10.0). The most "
            "recent datapoints which crossed the threshold: [27.6 (24/11/24 10:05:00), "
            "27.5 (24/11/24 10:04:00), 27.4 (24/11/24 10:03:00), 27.3 (24/11/24 10:02:00), "
            "27.2 (24/11/24 10:01:00)]."
        )

    def test_five_and_more_within_the_threshold(self) -> None:
        assert reason([1.0] * 5, evaluation_periods=5).startswith(
            "Threshold Crossed: 5 datapoints were not greater than the threshold (10.0). "
            "The most recent datapoints: [1.0 (24/11/24 10:04:00), "
        )

    def test_timestamp_is_where_the_sliding_period_starts(self) -> None:
        assert "(24/11/24 10:02:00)" in reason([20.0] * 7, period=300)


class TestMissing:
    def test_no_data(self) -> None:
        assert reason([None], state=OK) == "Insufficient Data: 1 datapoint was unknown."
        assert (
            reason([None], evaluation_periods=3) == "Insufficient Data: 3 datapoints were unknown."
        )

    @pytest.mark.parametrize(
        ("treatment", "word"),
        [(MissingData.BREACHING, "Breaching"), (MissingData.NOT_BREACHING, "NonBreaching")],
    )
    def test_no_data_filled(self, treatment: MissingData, word: str) -> None:
        assert reason([None], treat_missing_data=treatment) == (
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing "
            f"datapoint was treated as [{word}]."
        )
        assert reason([None], evaluation_periods=2, treat_missing_data=treatment) == (
            "Threshold Crossed: no datapoints were received for 2 periods and 2 missing "
            f"datapoints were treated as [{word}]."
        )

    def test_data_that_does_not_speak_for_the_state(self) -> None:
        found = reason(
            [1.0, None, None],
            evaluation_periods=3,
            datapoints_to_alarm=2,
            treat_missing_data=MissingData.BREACHING,
        )
        assert found == (
            "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints "
            "were treated as [Breaching]."
        )

    def test_data_and_filled_data(self) -> None:
        found = reason(
            [None, 1.0],
            evaluation_periods=2,
            treat_missing_data=MissingData.BREACHING,
            comparison=Comparison.BELOW,
            threshold=1.0,
        )
        assert found == (
            "Threshold Crossed: 1 datapoint [1.0 (24/11/24 10:01:00)] was not less than the "
            "threshold (1.0) and 1 missing datapoint was treated as [Breaching]."
        )

    def test_alarm_on_a_breach_that_is_old_enough(self) -> None:
        found = reason([None, None, 20, None, None], evaluation_periods=3, datapoints_to_alarm=3)
        assert found == (
            "Threshold Crossed: 1 out of the last 3 datapoints [20.0 (24/11/24 10:02:00)] was "
            "greater than the threshold (10.0) and 2 datapoints were unknown."
        )


class TestKept:
    """The state is kept, and CloudWatch would keep the reason too."""

    def test_missing_data_ignored(self) -> None:
        kept = "State kept: 1 datapoint was missing and ignored."
        assert reason([None], treat_missing_data=MissingData.IGNORE) == kept

    def test_few_samples(self) -> None:
        found = reason([20], statistic="p90", low_samples=LowSamples.IGNORE)
        assert found.startswith("State kept: too few samples")


class TestReasonData:
    def test_of_a_metric(self) -> None:
        (found,) = evaluated(alarm("Average", evaluation_periods=2), [1, None, 99.5], first=3)
        assert found.reason_data == {
            "version": "1.0",
            "queryDate": "2024-11-24T10:03:00.000+0000",
            "startDate": "2024-11-24T10:00:00.000+0000",
            "statistic": "Average",
            "period": 60,
            "recentDatapoints": [1.0, 99.5],
            "threshold": 10.0,
            # OK follows from the newest datapoint within the threshold.
            "evaluatedDatapoints": [
                {"timestamp": "2024-11-24T10:00:00.000+0000", "sampleCount": 1.0, "value": 1.0}
            ],
        }

    def test_unit_is_the_alarms(self) -> None:
        (found,) = evaluated(alarm(unit="Milliseconds"), [1])
        assert list(found.reason_data)[:5] == [
            "version",
            "queryDate",
            "startDate",
            "unit",
            "statistic",
        ]
        assert found.reason_data["unit"] == "Milliseconds"

    @pytest.mark.parametrize(
        ("needed", "values", "evaluated_minutes"),
        [
            # Two of three breach, of which two are needed; one is enough to be OK of 3 of 3.
            (2, [20, 1, 30], [2, 0]),
            (1, [20, 1, 30], [2]),
            (3, [1, 2, 3], [2]),
            (1, [1, 2, 3], [2, 1, 0]),
        ],
    )
    def test_the_datapoints_that_decided(
        self, needed: int, values: list[float | None], evaluated_minutes: list[int]
    ) -> None:
        definition = alarm(evaluation_periods=3, datapoints_to_alarm=needed)
        (found,) = evaluated(definition, values, first=3)
        stamps = [point["timestamp"] for point in found.reason_data["evaluatedDatapoints"]]
        assert stamps == [f"2024-11-24T10:0{m}:00.000+0000" for m in evaluated_minutes]

    def test_of_no_data(self) -> None:
        (found,) = evaluated(alarm("Sum"), [None])
        assert found.state is NO_DATA
        assert found.reason_data["recentDatapoints"] == []
        assert "startDate" not in found.reason_data
        assert found.reason_data["evaluatedDatapoints"] == [
            {"timestamp": "2024-11-24T10:00:00.000+0000"}
        ]

    def test_of_metric_math(self) -> None:
        math = alarm(queries=(*alarm().queries, Query(id="e", source="2 * m1")), watched="e")
        (found,) = evaluated(math, [7])
        assert found.reason_data["recentDatapoints"] == [14.0]
        assert "statistic" not in found.reason_data


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0.0"),
        (85, "85.0"),
        (-0.001, "-0.001"),
        (9_999_999.5, "9999999.5"),
        (1e7, "1.0E7"),
        (268_435_456, "2.68435456E8"),
        (-1.5e-5, "-1.5E-5"),
        (1e22, "1.0E22"),
    ],
)
def test_numbers_are_written_as_java_does(value: float, written: str) -> None:
    assert format_number(value) == written
