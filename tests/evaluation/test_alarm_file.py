"""Which alarm of a file is evaluated, what it rests on, and what is in it that nobody knows."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from history.evaluate.alarm_file import AlarmFile, read_alarm_file
from history.evaluate.outcome import EvaluateError

METRIC: Final[dict[str, Any]] = {"AlarmName": "cpu", "AlarmArn": "arn:cpu", "Threshold": 5}
OTHER: Final[dict[str, Any]] = {"AlarmName": "errors"}
LOG: Final[dict[str, Any]] = {"AlarmName": "log", "QueryResultsToEvaluate": 3}
TOP: Final[dict[str, Any]] = {
    "AlarmName": "top",
    "AlarmArn": "arn:top",
    "AlarmRule": "ALARM(cpu) OR ALARM(inner)",
}
INNER: Final[dict[str, Any]] = {
    "AlarmName": "inner",
    "AlarmArn": "arn:inner",
    "AlarmRule": "ALARM(errors)",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "alarm.json"


def read(path: Path, answer: Any) -> AlarmFile:
    path.write_text(answer if isinstance(answer, str) else json.dumps(answer))
    return read_alarm_file(path)


@pytest.mark.parametrize(
    ("alarm", "shape"),
    [(METRIC, "MetricAlarm"), (TOP, "CompositeAlarm"), (LOG, "LogAlarm")],
)
def test_a_single_alarm(path: Path, alarm: dict[str, Any], shape: str) -> None:
    expected = AlarmFile(alarm=alarm, shape=shape, others={}, notes=())
    assert read(path, alarm) == expected
    # Or in the answer of DescribeAlarms, in which other lists may be empty or null.
    answer = {"MetricAlarms": [], "CompositeAlarms": None, f"{shape}s": [alarm], "NextToken": "x"}
    assert read(path, answer) == expected
    # What is in the list and is no alarm is passed over.
    assert read(path, {f"{shape}s": ["what", alarm, 3]}) == expected


@pytest.mark.parametrize(
    "suppressor", [None, "errors", "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors"]
)
def test_a_composite_alarm_with_what_it_rests_on(path: Path, suppressor: str | None) -> None:
    top = TOP | ({"ActionsSuppressor": suppressor} if suppressor else {})
    answer = {"MetricAlarms": [METRIC, OTHER], "CompositeAlarms": [INNER, top]}
    assert read(path, answer) == AlarmFile(
        alarm=top,
        shape="CompositeAlarm",
        others={
            "cpu": ("MetricAlarm", METRIC),
            "errors": ("MetricAlarm", OTHER),
            "inner": ("CompositeAlarm", INNER),
        },
        notes=(),
    )


@pytest.mark.parametrize(
    ("suppressed", "top"),
    [
        # Named by its name or its ARN, in a rule or as a suppressor.
        (INNER | {"ActionsSuppressor": "top"}, "inner"),
        (INNER | {"ActionsSuppressor": "arn:top"}, "inner"),
        (INNER | {"AlarmRule": "ALARM(top)"}, "inner"),
        (INNER | {"AlarmRule": "NOT ALARM(errors)"}, None),
        # A rule that cannot be read names nothing, and its suppressor is one.
        (INNER | {"AlarmRule": "ALARM("}, None),
        (INNER | {"AlarmRule": "ALARM(", "ActionsSuppressor": "top"}, "inner"),
    ],
)
def test_of_several_composite_alarms_the_one_that_no_other_names(
    path: Path, suppressed: dict[str, Any], top: str | None
) -> None:
    answer = {"CompositeAlarms": [TOP | {"AlarmRule": "ALARM(cpu)"}, suppressed]}
    if top is not None:
        assert read(path, answer).alarm["AlarmName"] == top
        return
    with pytest.raises(EvaluateError, match="holds 2 alarms; write exactly one"):
        read(path, answer)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("{\n\n]", ":3: not JSON: Expecting property name enclosed in double quotes"),
        ("[]", ": write an alarm as DescribeAlarms returns it, an object"),
        (
            {"MetricAlarms": []},
            ": holds no alarm: give --alarm-names a name that is there (`aws cloudwatch "
            "describe-alarms` leaves composite and log alarms out unless --alarm-types names them)",
        ),
        (
            {"MetricAlarms": [METRIC, OTHER], "LogAlarms": [LOG]},
            ": holds 3 alarms; write exactly one, as `aws cloudwatch describe-alarms --alarm-names "
            "NAME` prints it, or one composite alarm with those that its rule names",
        ),
    ],
)
def test_what_is_no_file_of_an_alarm(path: Path, answer: Any, message: str) -> None:
    with pytest.raises(EvaluateError) as refused:
        read(path, answer)
    assert str(refused.value) == f"{path}{message}"


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(EvaluateError) as refused:
        read_alarm_file(path)
    assert str(refused.value) == f"{path}: cannot be read: No such file or directory"


def test_what_nobody_knows_is_said_of_each_alarm(path: Path) -> None:
    nameless = {"AlarmRule": "ALARM(cpu)", "Hope": 1}
    answer = {
        "MetricAlarms": [METRIC | {"Patience": 1, "Grace": 2}, OTHER],
        "CompositeAlarms": [nameless],
    }
    why = "is not known to this program and not taken into account"
    assert read(path, answer).notes == (f"cpu: Patience, Grace {why}", f"?: Hope {why}")
