"""A log alarm over the results of its query, whole: every change, its reason, the time in ALARM."""

from collections.abc import Sequence
from typing import Any, Final

import pytest

from history.evaluate.datapoints import Given
from history.evaluate.log_alarm import replay_log
from history.evaluate.outcome import EvaluateError, ExplainedChange, Replay
from tests.evaluation.alarms import ALARM, NO_DATA, OK, START

LOG: Final[dict[str, Any]] = {
    "AlarmName": "shop-log",
    "QueryResultsToEvaluate": 3,
    "QueryResultsToAlarm": 2,
    "Threshold": 5,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}
NOTE: Final = "a log alarm: each row counts as one result of its scheduled query"
STEP: Final = 300


def results(*values: float | None) -> list[Given]:
    """A result every five minutes."""
    return [Given(where="", time=START + STEP * at, value=value) for at, value in enumerate(values)]


def reason(breaching: int, evaluated: int = 3, needed: int = 2) -> str:
    return (
        f"{breaching} of the last {evaluated} results beyond the threshold (5.0), of which "
        f"{needed} are needed"
    )


def test_two_of_the_last_three_results() -> None:
    given = results(9, 1, 9, None, None, 9, 9)
    replayed = replay_log(LOG, given)
    assert replayed == Replay(
        name="shop-log",
        changes=(
            ExplainedChange(time=START, previous=NO_DATA, state=OK, value=9, reason=reason(1)),
            ExplainedChange(
                time=START + 2 * STEP, previous=OK, state=ALARM, value=9, reason=reason(2)
            ),
            # The first one is no longer among the last three.
            ExplainedChange(
                time=START + 3 * STEP, previous=ALARM, state=OK, value=None, reason=reason(1)
            ),
            ExplainedChange(
                time=START + 6 * STEP, previous=OK, state=ALARM, value=9, reason=reason(2)
            ),
        ),
        first=START,
        last=START + 6 * STEP,
        evaluations=7,
        # From 10:10 to 10:15; the last firing has lasted for nothing yet.
        seconds_in_alarm=STEP,
        state=ALARM,
        notes=(NOTE,),
    )
    # Whatever order the rows come in.
    assert replay_log(LOG, given[::-1]) == replayed


def states(alarm: dict[str, Any], values: Sequence[float | None]) -> list[tuple[int, str]]:
    """At which result the alarm changed, and to what."""
    found = replay_log(alarm, results(*values))
    return [((change.time - START) // STEP, change.state.value) for change in found.changes]


@pytest.mark.parametrize(
    ("changes", "values", "expected"),
    [
        # All of them where it does not say how many; one is enough.
        ({"QueryResultsToAlarm": None}, [9, 9, 9, 1], [(0, "OK"), (2, "ALARM"), (3, "OK")]),
        ({"QueryResultsToAlarm": 1}, [1, 9, 1, 1, 1], [(0, "OK"), (1, "ALARM"), (4, "OK")]),
        ({"QueryResultsToEvaluate": 2}, [9, 9, 1], [(0, "OK"), (1, "ALARM"), (2, "OK")]),
        # The threshold itself.
        ({}, [5, 5, 5], [(0, "OK")]),
        (
            {"ComparisonOperator": "GreaterThanOrEqualToThreshold"},
            [5, 5],
            [(0, "OK"), (1, "ALARM")],
        ),
        ({"ComparisonOperator": "LessThanThreshold"}, [4, 4], [(0, "OK"), (1, "ALARM")]),
        ({"Threshold": 8.5}, [8, 9, 9], [(0, "OK"), (2, "ALARM")]),
        # A query without a result: it is in trouble, or says nothing.
        (
            {"TreatMissingData": "breaching"},
            [1, 1, 1, None, None],
            # Before the first result there was none either.
            [(0, "ALARM"), (1, "OK"), (4, "ALARM")],
        ),
        (
            {"TreatMissingData": None},
            [1, None, None, None],
            [(0, "OK"), (3, "INSUFFICIENT_DATA")],
        ),
        ({"TreatMissingData": "ignore"}, [9, 9, None, None, None], [(1, "ALARM")]),
    ],
)
def test_fields_of_a_log_alarm(
    changes: dict[str, Any], values: list[float | None], expected: list[tuple[int, str]]
) -> None:
    assert states(LOG | changes, values) == expected


def test_a_warm_up_is_not_taken_into_account() -> None:
    warm = LOG | {"WarmUpConfiguration": {"WarmUpPeriodDurationInMinutes": 10}}
    assert replay_log(warm, results(1)).notes == (
        NOTE,
        "its warm-up of 10 min is not taken into account",
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"QueryResultsToEvaluate": None}, "QueryResultsToEvaluate is missing"),
        (
            {"QueryResultsToAlarm": 4},
            "QueryResultsToAlarm 4 of QueryResultsToEvaluate 3: write 1 or more, and no more than "
            "are evaluated",
        ),
        (
            {"QueryResultsToAlarm": -1},
            "QueryResultsToAlarm -1 of QueryResultsToEvaluate 3: write 1 or more, and no more "
            "than are evaluated",
        ),
        ({"Threshold": "5"}, "Threshold '5': not of the API's type"),
        (
            {"ComparisonOperator": None},
            "ComparisonOperator None: only GreaterThanOrEqualToThreshold, GreaterThanThreshold, "
            "LessThanOrEqualToThreshold, LessThanThreshold can be evaluated",
        ),
        (
            {"TreatMissingData": "maybe"},
            "TreatMissingData 'maybe': only missing, notBreaching, breaching, ignore can be "
            "evaluated",
        ),
    ],
)
def test_what_is_no_log_alarm(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(EvaluateError) as refused:
        replay_log(LOG | changes, results(1))
    what, _, names = message.partition(": only ")
    said, _, said_names = str(refused.value).partition(": only ")
    assert said == f"alarm shop-log: {what}"
    # In whatever order.
    end = " can be evaluated"
    assert sorted(said_names.removesuffix(end).split(", ")) == sorted(
        names.removesuffix(end).split(", ")
    )


def test_a_log_alarm_without_a_name() -> None:
    nameless = {name: of for name, of in LOG.items() if name != "AlarmName"}
    assert replay_log(nameless, results(1)).name == "?"
