"""Rows of values from files: what each kind of file gives, and where it says that it is wrong."""

import json
from datetime import UTC, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any, Final

import pytest

from history.evaluate import datapoints
from history.evaluate.datapoints import Given, read_given, time_of
from history.evaluate.outcome import EvaluateError
from tests.evaluation.alarms import START

TOKYO: Final = timezone(timedelta(hours=9))
NINE: Final = 9 * 3600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "series.csv"


def read(path: Path, text: str, zone: tzinfo = UTC) -> list[Given]:
    path.write_text(text)
    return read_given(path, zone)


def refused(path: Path, text: str) -> str:
    """What is wrong, without the path before it."""
    with pytest.raises(EvaluateError) as error:
        read(path, text)
    message = str(error.value)
    assert message.startswith(f"{path}:")
    return message.removeprefix(f"{path}:")


def test_a_row_of_everything(path: Path) -> None:
    text = (
        "# exported\n"
        "Timestamp,Metric,Value,Samples,Average,Maximum,Unit\n"
        "2024-11-24T10:00:00Z,cpu,1.5,3,,7,Percent\n"
        "\n"
        "2024-11-24 10:01,,,,2,,\n"
    )
    assert read(path, text) == [
        Given(
            where=f"{path}:3",
            time=START,
            metric="cpu",
            value=1.5,
            samples=3.0,
            statistics={"maximum": 7.0},
        ),
        Given(where=f"{path}:5", time=START + 60, statistics={"average": 2.0}),
    ]


@pytest.mark.parametrize("column", ["time", "timestamp"])
def test_times_without_a_zone_are_of_the_zone_that_is_told(path: Path, column: str) -> None:
    text = f"{column},value\n2024-11-24T19:00,1\n2024-11-24T10:00Z,2\n"
    given = [
        Given(where=f"{path}:2", time=START, value=1.0),
        Given(where=f"{path}:3", time=START, value=2.0),
    ]
    assert read(path, text, TOKYO) == given


def test_the_timestamp_goes_before_the_time(path: Path) -> None:
    text = "time,timestamp,value\n2024-11-24T11:00Z,2024-11-24T10:00Z,1\n2024-11-24T11:00Z,,2\n"
    assert [row.time for row in read(path, text)] == [START, START + 3600]


@pytest.mark.parametrize("zone", [UTC, TOKYO])
def test_get_metric_statistics(path: Path, zone: tzinfo) -> None:
    answer = {
        "Label": "CPUUtilization",
        "Datapoints": [
            {"Timestamp": "2024-11-24T10:00:00Z", "Average": 2, "Sum": 6.5, "Unit": "Percent"},
            {
                "Timestamp": "2024-11-24T10:01:00",
                "SampleCount": 3.0,
                "ExtendedStatistics": {"p99": 9.5},
            },
        ],
    }
    naive = 0 if zone is UTC else -NINE
    assert read(path, json.dumps(answer), zone) == [
        Given(
            where=f"{path}: datapoint 1",
            time=START,
            metric="CPUUtilization",
            statistics={"average": 2.0, "sum": 6.5},
        ),
        Given(
            where=f"{path}: datapoint 2",
            time=START + 60 + naive,
            metric="CPUUtilization",
            statistics={"samplecount": 3.0, "p99": 9.5},
        ),
    ]
    del answer["Label"]
    assert [row.metric for row in read(path, json.dumps(answer), zone)] == ["", ""]


@pytest.mark.parametrize("zone", [UTC, TOKYO])
def test_get_metric_data(path: Path, zone: tzinfo) -> None:
    one: dict[str, Any] = {
        "Id": "q1",
        "Timestamps": ["2024-11-24T10:00:00Z", "2024-11-24T10:01:00"],
        "Values": [1, 2.5],
    }
    naive = 0 if zone is UTC else -NINE
    answer: dict[str, Any] = {"MetricDataResults": [one]}
    # The results of one query need no name.
    given = [
        Given(where=f"{path}: q1, value 1", time=START, value=1.0),
        Given(where=f"{path}: q1, value 2", time=START + 60 + naive, value=2.5),
    ]
    assert read(path, f"\n {json.dumps(answer)}", zone) == given
    other = {"Id": "q2", "Timestamps": ["2024-11-24T10:00:00Z"], "Values": [4]}
    answer["MetricDataResults"].append(other)
    assert [(row.metric, row.value) for row in read(path, json.dumps(answer), zone)] == [
        ("q1", 1.0),
        ("q1", 2.5),
        ("q2", 4.0),
    ]


@pytest.mark.parametrize("zone", [UTC, TOKYO])
def test_a_file_of_the_console(path: Path, zone: tzinfo) -> None:
    text = (
        "Title,Shop\n"
        "Label,CPU,Memory\n"
        "Full label,a,b\n"
        "2024/11/24 10:00:00,1,2.5\n"
        "2024/11/24 10:01:00,,3\n"
    )
    naive = 0 if zone is UTC else -NINE
    assert read(path, text, zone) == [
        Given(where=f"{path}:4", time=START + naive, metric="CPU", value=1.0),
        Given(where=f"{path}:4", time=START + naive, metric="Memory", value=2.5),
        Given(where=f"{path}:5", time=START + 60 + naive, metric="CPU"),
        Given(where=f"{path}:5", time=START + 60 + naive, metric="Memory", value=3.0),
    ]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        # One column is of the only metric, whatever it is called.
        ("Label,CPU\n2024/11/24 10:00:00,1\n", [""]),
        ("Title,CPU\n2024/11/24 10:00:00,1,2\n", ["", ""]),
        # A column more than there are labels.
        ("Label,CPU\n2024/11/24 10:00:00,1,2\n", ["CPU", ""]),
        ("LABEL,CPU,Memory\n2024/11/24 10:00:00,1,2\n", ["CPU", "Memory"]),
    ],
)
def test_labels_of_the_console(path: Path, text: str, metrics: list[str]) -> None:
    assert [row.metric for row in read(path, text)] == metrics


WRITE: Final = (
    "write timestamp,value and, where they are needed, metric and samples; or a column for each "
    "statistic, such as timestamp,Average"
)
API: Final = " write what `aws cloudwatch get-metric-statistics` or `get-metric-data` prints"
ISO: Final = "write ISO 8601, such as 2026-11-24T10:00:00Z"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"1: the header is missing; {WRITE}"),
        ("timestamp,value\n", " no rows below the header; write timestamp,value in each"),
        ("timestamp,unit\n", f"1: the header is timestamp,unit; {WRITE}"),
        ("timestamp,host\n", f"1: the header is timestamp,host; {WRITE}"),
        ("value,metric\n", f"1: the header is value,metric; {WRITE}"),
        ("timestamp,value,value\n", f"1: the header is timestamp,value,value; {WRITE}"),
        (
            "timestamp,b,sum,a\n",
            f"1: the header is timestamp,b,sum,a: no column b, a is known; {WRITE}",
        ),
        ("when,value\n", f"1: the header is when,value: no column when is known; {WRITE}"),
        ("timestamp,value\nsoon,1\n", f"2: 'soon' is no time; {ISO}"),
        ("timestamp,value\n,1\n", f"2: '' is no time; {ISO}"),
        ("timestamp,value\n2024-11-24,x\n", "2: 'x' is no number"),
        ("timestamp,value,samples\n2024-11-24,1,y\n", "2: 'y' is no number"),
        ("timestamp,sum\n2024-11-24,z\n", "2: 'z' is no number"),
        (
            "Label,CPU\n2024/11/24 10:00:00,1\nTotal,1\n",
            "3: 'Total' is no time, as the rows above have",
        ),
        ("Label,CPU\n2024/11/24 10:00:00,much\n", "2: 'much' is no number"),
        ("{\n]", "2: not JSON: Expecting property name enclosed in double quotes"),
        ("[1]", API),
        ('{"Metrics": []}', API),
        ('{"Datapoints": []}', " no rows below the header; write timestamp,value in each"),
        ('{"Datapoints": [{}]}', " not as the API answers: KeyError('Timestamp')"),
        (
            '{"Datapoints": 1}',
            " not as the API answers: TypeError(\"'int' object is not iterable\")",
        ),
        (
            '{"MetricDataResults": [{"Id": "q", "Timestamps": [], "Values": [1]}]}',
            " not as the API answers: ValueError('zip() argument 2 is longer than argument 1')",
        ),
        ('{"Datapoints": [{"Timestamp": "soon"}]}', f" datapoint 1: 'soon' is no time; {ISO}"),
        (
            '{"MetricDataResults": [{"Id": "q", "Timestamps": ["x"], "Values": [1]}]}',
            f" q, value 1: 'x' is no time; {ISO}",
        ),
    ],
)
def test_what_is_wrong_with_a_file(path: Path, text: str, message: str) -> None:
    assert refused(path, text) == message


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(EvaluateError) as error:
        read_given(path, UTC)
    assert str(error.value) == f"{path}: cannot be read: No such file or directory"


def test_a_file_has_so_many_lines(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datapoints, "_MOST_LINES", 101)
    rows = "timestamp,value\n" + "2024-11-24T10:00:00Z,1\n" * 100
    assert len(read(path, rows)) == 100
    assert refused(path, f"{rows}\n") == (" more than 101 lines: leave out what is not evaluated")


def test_a_time_of_an_option() -> None:
    assert time_of("2024-11-24T19:00", "--start", TOKYO) == START
    with pytest.raises(EvaluateError) as error:
        time_of("noon", "--start", UTC)
    assert str(error.value) == f"--start: 'noon' is no time; {ISO}"
