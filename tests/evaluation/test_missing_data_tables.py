"""The two tables of AWS's page on missing data, row by row and treatment by treatment.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.evaluation import (
    Basis,
    Decision,
    decide,
)
from ecs_monitoring.cloudwatch.rule import MissingData
from ecs_monitoring.cloudwatch.timing import STANDARD
from tests.evaluation.alarms import ALARM, NO_DATA, OK

TABLES: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("aws_missing_data_tables.json").read_text()
)
ROWS: Final = [
    pytest.param(case, MissingData(treatment), id=f"{case['id']}-{treatment}")
    for case in TABLES["cases"]
    for treatment in case["expected"]
]


def decided(
    datapoints: str,
    treatment: MissingData,
    *,
    needed: int = 3,
    of: int = 3,
    previous: AlarmState = NO_DATA,
) -> Decision:
    """The decision on datapoints as the page writes them."""
    return decide(
        [{"0": False, "O": False, "X": True, "-": None}[mark] for mark in datapoints.split()],
        evaluation_periods=of,
        datapoints_to_alarm=needed,
        treat_missing_data=treatment,
        previous=previous,
    )


@pytest.mark.parametrize("previous", list(AlarmState))
@pytest.mark.parametrize(("case", "treatment"), ROWS)
def test_state_is_that_of_the_table(
    case: dict[str, Any], treatment: MissingData, previous: AlarmState
) -> None:
    decision = decided(
        case["datapoints"],
        treatment,
        needed=case["datapoints_to_alarm"],
        of=case["evaluation_periods"],
        previous=previous,
    )
    expected = case["expected"][treatment]
    assert decision.state == (previous if expected == "RETAIN" else expected)


def test_all_rows_are_there() -> None:
    assert len(ROWS) == 40


def test_range_is_that_of_both_tables() -> None:
    assert STANDARD.evaluation_range(3) == TABLES["evaluation_range"]


@pytest.mark.parametrize(
    ("datapoints", "filled"),
    [("0 - X - X", 0), ("0 - - - -", 2), ("- - - - -", 3), ("0 X X - X", 0), ("- - X - -", 2)],
)
def test_as_many_are_filled_as_the_table_says(datapoints: str, filled: int) -> None:
    assert decided(datapoints, MissingData.BREACHING).filled == filled


@pytest.mark.parametrize("treatment", [MissingData.MISSING, MissingData.IGNORE])
class TestAvoidingPrematureTransitions:
    """The page's section of that name: 3 of 3, range 5."""

    @pytest.mark.parametrize("datapoints", ["- - - - X", "- - - X -"])
    def test_young_breach_does_not_fire(self, datapoints: str, treatment: MissingData) -> None:
        decision = decided(datapoints, treatment, previous=OK)
        assert (decision.state, decision.basis) == (OK, Basis.UNSETTLED)

    @pytest.mark.parametrize("datapoints", ["- - - X O", "- - X - O"])
    def test_next_datapoint_within_the_threshold_gives_ok(
        self, datapoints: str, treatment: MissingData
    ) -> None:
        assert decided(datapoints, treatment, previous=ALARM).state is OK


@pytest.mark.parametrize("datapoints", ["- - X - -", "- X - - -", "X - - - -", "- X - - X"])
def test_old_breach_fires_while_it_is_in_the_range(datapoints: str) -> None:
    decision = decided(datapoints, MissingData.MISSING, previous=OK)
    assert (decision.state, decision.basis) == (ALARM, Basis.SETTLED)


@pytest.mark.parametrize("needed", [2, 3])
def test_datapoint_within_the_threshold_rules_out_an_old_breach(needed: int) -> None:
    # Row 3 of the second table, and the same datapoints with more of them needed.
    assert decided("0 - X - -", MissingData.MISSING, needed=needed, previous=ALARM).state is OK


@pytest.mark.parametrize("previous", list(AlarmState))
@pytest.mark.parametrize("datapoints", ["- - - - X", "- - - X -", "- - X - -", "X - - - X"])
def test_ignore_keeps_the_state_on_too_few_breaches(datapoints: str, previous: AlarmState) -> None:
    assert decided(datapoints, MissingData.IGNORE, previous=previous).state is previous


@pytest.mark.parametrize("treatment", list(MissingData))
class TestEnoughData:
    """Where real datapoints decide, missing ones change nothing."""

    @pytest.mark.parametrize("datapoints", ["- - - X X", "X - - - X", "X X X 0 X", "- X - 0 X"])
    def test_m_breaches_of_n_fire(self, datapoints: str, treatment: MissingData) -> None:
        assert decided(datapoints, treatment, needed=2).state is ALARM

    @pytest.mark.parametrize("datapoints", ["X X 0 0 X", "X X 0 0 0", "X 0 0 - X"])
    def test_fewer_breaches_of_n_do_not(self, datapoints: str, treatment: MissingData) -> None:
        decision = decided(datapoints, treatment, needed=2, previous=ALARM)
        assert (decision.state, decision.basis) == (OK, Basis.DATA)

    def test_newest_n_decide(self, treatment: MissingData) -> None:
        assert decided("X 0 - 0 0", treatment, needed=1).used == (1, 3, 4)


def test_m_is_n_where_it_is_not_given() -> None:
    assert decide([True, False, True], evaluation_periods=3).state is OK
    assert decide([True, True, True], evaluation_periods=3).state is ALARM
