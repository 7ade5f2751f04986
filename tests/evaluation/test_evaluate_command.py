"""``python -m ops evaluate``, from files to what it prints."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from history.evaluate.outcome import EvaluateError
from history.evaluate.replaying import replay
from ops.evaluate import command as evaluate

ALARM: Final[dict[str, Any]] = {
    "AlarmName": "shop-cpu",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Dimensions": [],
    "Period": 60,
    "EvaluationPeriods": 2,
    "DatapointsToAlarm": 2,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "missing",
}
RATE: Final[dict[str, Any]] = {
    "AlarmName": "shop-rate",
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "Metrics": [
        {"Id": "rate", "Expression": "100 * FILL(bad, 0) / all", "ReturnData": True},
        *(
            {
                "Id": id_,
                "MetricStat": {
                    "Metric": {"Namespace": "Shop", "MetricName": name, "Dimensions": []},
                    "Period": 60,
                    "Stat": "Sum",
                },
                "ReturnData": False,
            }
            for id_, name in (("bad", "Errors"), ("all", "Requests"))
        ),
    ],
}
ROWS: Final = "timestamp,value\n" + "".join(
    f"2026-11-24T10:{minute:02}:00Z,{value}\n"
    for minute, value in enumerate([10, 20, 85, 90.5, 95, 20])
)

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on an alarm and rows; gives what it printed."""

    def ran(alarm: Any, rows: str, *options: str) -> str:
        parser = argparse.ArgumentParser()
        evaluate.add_arguments(parser)
        files = tmp_path / "alarm.json", tmp_path / "series.csv"
        files[0].write_text(alarm if isinstance(alarm, str) else json.dumps(alarm))
        files[1].write_text(rows)
        assert evaluate.main(parser.parse_args([*map(str, files), *options])) == 0
        return capsys.readouterr().out

    return ran


def changes(output: str) -> list[tuple[str, str, float | None]]:
    return [(c["time"], c["to"], c["value"]) for c in json.loads(output)["changes"]]


def test_prints_the_changes_and_a_summary(run: Run) -> None:
    printed = run(ALARM, ROWS)
    assert [line for line in printed.splitlines() if "2026-11-24 10:04:00" in line]
    assert "INSUFFICIENT_DATA" in printed
    assert "2 out of the last 2 datapoints [90.5 (24/11/26 10:03:00), 85.0 (24/11/26" in printed
    assert "1 firing, 2 minutes in ALARM, OK at the end; 5 evaluations" in printed
    assert "from 2026-11-24T10:02:00Z to 2026-11-24T10:06:00Z" in printed


def test_json(run: Run) -> None:
    found = json.loads(run(ALARM, ROWS, "--json"))
    assert found["changes"][1] == {
        "time": "2026-11-24T10:04:00Z",
        "from": "OK",
        "to": "ALARM",
        "value": 90.5,
        "reason": "Threshold Crossed: 2 out of the last 2 datapoints [90.5 (24/11/26 10:03:00), "
        "85.0 (24/11/26 10:02:00)] were greater than or equal to the threshold (80.0) "
        "(minimum 2 datapoints for OK -> ALARM transition).",
        "reason_data": {
            "version": "1.0",
            "queryDate": "2026-11-24T10:04:00.000+0000",
            "startDate": "2026-11-24T10:02:00.000+0000",
            "statistic": "Average",
            "period": 60,
            "recentDatapoints": [85.0, 90.5],
            "threshold": 80.0,
            "evaluatedDatapoints": [
                {"timestamp": "2026-11-24T10:03:00.000+0000", "sampleCount": 1.0, "value": 90.5},
                {"timestamp": "2026-11-24T10:02:00.000+0000", "sampleCount": 1.0, "value": 85.0},
            ],
        },
    }
    del found["changes"]
    assert found == {
        "alarm": "shop-cpu",
        "first_evaluation": "2026-11-24T10:02:00Z",
        "last_evaluation": "2026-11-24T10:06:00Z",
        "evaluations": 5,
        "firings": 1,
        "minutes_in_alarm": 2.0,
        "state": "OK",
        "metrics_without_values": [],
        "notes": [
            "shop-cpu: looks at 4 datapoints of 60 s; the data may be up to 2 min later than that"
        ],
    }


@pytest.mark.parametrize(
    "wrapped",
    [ALARM, {"MetricAlarms": [ALARM]}, {"MetricAlarms": [ALARM], "CompositeAlarms": []}],
)
def test_whole_answer_or_the_alarm_in_it(run: Run, wrapped: dict[str, Any]) -> None:
    assert json.loads(run(wrapped, ROWS, "--json"))["firings"] == 1


def test_times_may_have_zones_gaps_and_any_order(run: Run) -> None:
    rows = (
        "timestamp,value\n2026-11-24 10:02:00,90\n2026-11-24T19:01:00+09:00,85\n"
        "2026-11-24T10:00:00,1\n2026-11-24T10:03:00Z,\n\n"
    )
    assert changes(run(ALARM, rows, "--json")) == [
        ("2026-11-24T10:02:00Z", "OK", 85.0),
        ("2026-11-24T10:03:00Z", "ALARM", 90.0),
    ]


def test_rows_without_a_value_are_time_without_data(run: Run) -> None:
    rows = ROWS + "".join(f"2026-11-24T10:{minute:02}:00Z,\n" for minute in range(6, 12))
    assert changes(run(ALARM, rows, "--json"))[-1] == (
        "2026-11-24T10:10:00Z",
        "INSUFFICIENT_DATA",
        None,
    )


def test_start_and_end_choose_what_is_evaluated(run: Run) -> None:
    options = "--start", "2026-11-24T10:05", "--end", "2026-11-24T10:10", "--json"
    assert changes(run(ALARM, ROWS, *options)) == [
        ("2026-11-24T10:05:00Z", "ALARM", 95.0),
        ("2026-11-24T10:06:00Z", "OK", 20.0),
        ("2026-11-24T10:10:00Z", "INSUFFICIENT_DATA", None),
    ]


def test_history_shorter_than_the_window_is_evaluated_at_once(run: Run) -> None:
    long = ALARM | {"EvaluationPeriods": 60, "DatapointsToAlarm": 1}
    assert changes(run(long, ROWS, "--json"))[:2] == [
        ("2026-11-24T10:01:00Z", "OK", 10.0),
        ("2026-11-24T10:03:00Z", "ALARM", 85.0),
    ]


def test_metrics_are_told_apart_by_id_or_name(run: Run) -> None:
    rows = (
        "metric,timestamp,value\nRequests,2026-11-24T10:00:00,100\nbad,2026-11-24T10:00:00,6\n"
        "Requests,2026-11-24T10:01:00,100\n"
    )
    assert changes(run(RATE, rows, "--json")) == [
        ("2026-11-24T10:01:00Z", "ALARM", 6.0),
        ("2026-11-24T10:02:00Z", "OK", 0.0),
    ]


def test_metric_without_values_is_mentioned(run: Run) -> None:
    rows = "metric,timestamp,value\nall,2026-11-24T10:00:00,100\n"
    assert "no values for Errors: it counts as without data" in run(RATE, rows)


def test_history_of_sample_counts_holds_the_counts(run: Run) -> None:
    tasks = ALARM | {
        "Statistic": "SampleCount",
        "Threshold": 2,
        "ComparisonOperator": "LessThanThreshold",
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "TreatMissingData": "breaching",
    }
    rows = "timestamp,value\n" + "".join(
        f"2026-11-24T10:0{minute}:00Z,{count}\n" for minute, count in enumerate([2, 1, 3, 0, 0, 0])
    )
    assert changes(run(tasks, rows, "--json")) == [
        ("2026-11-24T10:01:00Z", "OK", 2.0),
        ("2026-11-24T10:02:00Z", "ALARM", 1.0),
        ("2026-11-24T10:03:00Z", "OK", 3.0),
        # None were counted, which is no data; the 3 stays in the evaluation range for long.
        ("2026-11-24T10:06:00Z", "ALARM", None),
    ]


def test_samples_say_how_many_values_a_percentile_is_of(run: Run) -> None:
    slow = {"Statistic": None, "ExtendedStatistic": "p99", "EvaluationPeriods": 1}
    alarm = ALARM | slow | {"DatapointsToAlarm": 1, "EvaluateLowSampleCountPercentile": "ignore"}
    rows = (
        "timestamp,value,samples\n2026-11-24T10:00:00,90,1000\n2026-11-24T10:01:00,1,999\n"
        "2026-11-24T10:02:00,1,1000\n"
    )
    assert changes(run(alarm, rows, "--json")) == [
        ("2026-11-24T10:01:00Z", "ALARM", 90.0),
        ("2026-11-24T10:03:00Z", "OK", 1.0),
    ]


@pytest.mark.parametrize(
    ("alarm", "message"),
    [
        ("{", r"alarm\.json:1: not JSON"),
        ([], "write an alarm as DescribeAlarms returns it"),
        ({"MetricAlarms": []}, "holds no alarm: give --alarm-names a name"),
        ({"LogAlarms": []}, "holds no alarm"),
        ({"MetricAlarms": [ALARM, ALARM]}, "holds 2 alarms; write exactly one"),
        (
            {"CompositeAlarms": [{"AlarmName": "all", "AlarmRule": "ALARM(a)"}]},
            "the rule of all names a, which is not in the file",
        ),
        (
            {"CompositeAlarms": [{"AlarmName": "all", "AlarmRule": "ALARM("}]},
            "alarm all: rule 'ALARM\\('",
        ),
        (ALARM | {"Period": None}, "alarm shop-cpu: Period is missing"),
        (ALARM | {"Statistic": "tm9x"}, "alarm shop-cpu: statistic tm9x"),
        (RATE | {"Metrics": [{"Id": "e", "Expression": "SORT(m)"}]}, "alarm shop-rate: Metrics"),
    ],
)
def test_alarm_that_cannot_be_used(run: Run, alarm: Any, message: str) -> None:
    with pytest.raises(EvaluateError, match=message):
        run(alarm, ROWS)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("", "csv:1: the header is missing; write timestamp,value"),
        ("when,value\n", "csv:1: the header is when,value: no column when is known; write"),
        ("timestamp,value,host\n", "csv:1: the header is .*: no column host is known"),
        ("timestamp;value\n2026-11-24;1,5\n", "csv:2: '1,5' is no number"),
        ("timestamp,Maximum\n2026-11-24,1\n", "csv:2: has maximum, and the alarm reads Average"),
        ('{"Datapoints": [{}]}', "not as the API answers: KeyError"),
        ("{}", "write what `aws cloudwatch get-metric-statistics`"),
        ("timestamp,value\n", "no rows below the header"),
        ("timestamp,value\nyesterday,1\n", "csv:2: 'yesterday' is no time; write ISO 8601"),
        ("timestamp,value\n2026-11-24,1\n2026-11-25,x\n", "csv:3: 'x' is no number"),
        ("timestamp,value\n2026-11-24,nan\n", "csv:2: sample at .* finite"),
        ("timestamp,value\n2026-11-24,1,2\n", "csv:2: 3 values where the header names 2"),
        ("timestamp,value,samples\n2026-11-24,1,-1\n", "csv:2: .* above 0"),
        ("timestamp,value,metric\n2026-11-24,1,RAM\n", r"csv:2: metric 'RAM': not of this alarm"),
    ],
)
def test_history_that_cannot_be_used(run: Run, rows: str, message: str) -> None:
    with pytest.raises(EvaluateError, match=message):
        run(ALARM, rows)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("timestamp,value\n2026-11-24,1\n", r"metric '': .* of bad \(Errors\), all \(Requests\)"),
        (
            "timestamp,value,metric\n2026-11-24,1,bad\n2026-11-24,1,Errors\n",
            "csv:3: 'Errors' and 'bad' are the same metric",
        ),
    ],
)
def test_metric_that_cannot_be_told(run: Run, rows: str, message: str) -> None:
    with pytest.raises(EvaluateError, match=message):
        run(RATE, rows)


def test_name_of_several_metrics_is_refused(run: Run) -> None:
    twins = json.loads(json.dumps(RATE).replace('"Errors"', '"Requests"'))
    twins["Metrics"][1]["MetricStat"]["Metric"]["Namespace"] = "Other"
    with pytest.raises(EvaluateError, match="several metrics have that name; write a query id"):
        run(twins, "timestamp,value,metric\n2026-11-24,1,Requests\n")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluateError, match=r"nowhere\.json: cannot be read"):
        replay(tmp_path / "nowhere.json", tmp_path / "series.csv")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--start", "soon"), "--start: 'soon' is no time"),
        (
            ("--end", "2026-11-24T10:00:30", "--start", "2026-11-24T10:00:10"),
            "every 60 s, and never",
        ),
    ],
)
def test_times_that_cannot_be_used(run: Run, options: tuple[str, ...], message: str) -> None:
    with pytest.raises(EvaluateError, match=message):
        run(ALARM, ROWS, *options)


FIVE: Final = [
    (f"2026-11-24T10:0{minute}:00", value) for minute, value in enumerate([10, 20, 85, 90.5, 95])
]
FIRES: Final = [("2026-11-24T10:02:00Z", "OK", 20.0), ("2026-11-24T10:04:00Z", "ALARM", 90.5)]


def statistics_json(**more: float) -> str:
    points = [
        {"Timestamp": f"{time}Z", "Average": value, "Unit": "Percent"} for time, value in FIVE
    ]
    return json.dumps({"Label": "CPUUtilization", "Datapoints": [p | more for p in points]})


@pytest.mark.parametrize(
    "given",
    [
        "Timestamp;Value\r\n" + "".join(f"{t};{v}\r\n" for t, v in FIVE),
        "timestamp\tAverage\tUnit\n" + "".join(f"{t}\t{v}\tPercent\n" for t, v in FIVE),
        "Exported by hand,,\n\ntimestamp,Average,Maximum\n"
        + "".join(f"{t},{v},99\n" for t, v in FIVE),
        "timestamp,samplecount,sum,minimum,maximum\n"
        + "".join(f"{t},2,{2 * v},0,{2 * v}\n" for t, v in FIVE),
        statistics_json(),
        json.dumps(
            {
                "MetricDataResults": [
                    {"Id": "q1", "Timestamps": [t for t, _ in FIVE], "Values": [v for _, v in FIVE]}
                ]
            }
        ),
        # As CloudWatch's console writes it.
        'Title,CPU\n"Label","CPUUtilization"\n"Full label","us-east-1:AWS/ECS * CPU"\n'
        + "".join(f"{t.replace('-', '/').replace('T', ' ')},{v}\n" for t, v in FIVE),
    ],
)
def test_histories_may_come_from_elsewhere(run: Run, given: str) -> None:
    assert changes(run(ALARM, given, "--json")) == FIRES


def test_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "alarm.json").write_text(json.dumps(ALARM))
    (tmp_path / "series.csv").write_bytes(ROWS.encode("utf-16"))
    found = replay(tmp_path / "alarm.json", tmp_path / "series.csv")
    assert found.firings == 1
    (tmp_path / "series.csv").write_bytes(b"timestamp,value\n\xff\xfe,1\n")
    with pytest.raises(EvaluateError, match="csv:2: not UTF-8"):
        replay(tmp_path / "alarm.json", tmp_path / "series.csv")


def test_times_without_a_zone_are_of_the_zone_that_is_told(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    found = changes(run(ALARM, ROWS.replace("Z", ""), "--json", "--zone", "Asia/Tokyo"))
    assert found[1][0] == "2026-11-24T01:04:00Z"
    with pytest.raises(SystemExit):
        run(ALARM, ROWS, "--zone", "Mars")
    assert "--zone: Mars: no such time zone" in capsys.readouterr().err


def test_a_new_alarm_is_followed_from_when_it_was_made(run: Run) -> None:
    warm = ALARM | {
        "TreatMissingData": "breaching",
        "WarmUpConfiguration": {
            "WarmUpPeriodDurationInMinutes": 10,
            "OnlyStartEvaluatingAfterWarmUpPeriodEnds": True,
        },
    }
    assert "counts as older than its warm-up of 10 min" in run(warm, ROWS)
    found = run(warm, ROWS, "--json", "--created", "2026-11-24T09:54:00Z")
    assert changes(found) == [
        ("2026-11-24T10:04:00Z", "ALARM", 90.5),
        ("2026-11-24T10:06:00Z", "OK", 20.0),
    ]


def test_a_wrong_time_does_not_take_for_ever(run: Run) -> None:
    with pytest.raises(EvaluateError, match=r"there are .* evaluations: write --start and --end"):
        run(ALARM, "timestamp,value\n1970-01-01,1\n2026-11-24,1\n")


def test_a_wrong_file_does_not_take_all_memory(run: Run) -> None:
    with pytest.raises(EvaluateError, match="more than 1,000,000 lines"):
        run(ALARM, "timestamp,value\n" + "x\n" * 1_000_001)


def test_fields_that_nobody_knows_are_said(run: Run) -> None:
    assert "shop-cpu: Patience is not known to this program" in run(ALARM | {"Patience": 1}, ROWS)


LOG: Final[dict[str, Any]] = {
    "AlarmName": "shop-log",
    "ScheduledQueryConfiguration": {"QueryString": "stats count()"},
    "QueryResultsToEvaluate": 3,
    "QueryResultsToAlarm": 2,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}


def test_a_log_alarm_is_m_of_its_last_n_results(run: Run) -> None:
    rows = "timestamp,value\n" + "".join(
        f"2026-11-24T10:{5 * at:02}:00Z,{value}\n" for at, value in enumerate([9, 1, 9, "", "", 1])
    )
    printed = run({"LogAlarms": [LOG]}, rows, "--json")
    # Twice in the last three results at 10:10; at 10:15 one of them is gone.
    assert changes(printed) == [
        ("2026-11-24T10:00:00Z", "OK", 9.0),
        ("2026-11-24T10:10:00Z", "ALARM", 9.0),
        ("2026-11-24T10:15:00Z", "OK", None),
    ]
    assert json.loads(printed)["minutes_in_alarm"] == 5.0


def test_a_composite_alarm_is_followed_with_those_that_it_rests_on(run: Run) -> None:
    errors = ALARM | {"AlarmName": "shop-errors", "MetricName": "Errors", "Threshold": 50.0}
    both = {
        "AlarmName": "shop-both",
        "AlarmRule": "ALARM(shop-cpu) AND ALARM(inner)",
        "ActionsSuppressor": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:shop-errors",
        "ActionsSuppressorWaitPeriod": 60,
        "ActionsSuppressorExtensionPeriod": 60,
    }
    inner = {"AlarmName": "inner", "AlarmRule": "ALARM(shop-errors) OR FALSE"}
    rows = "timestamp,metric,value\n" + "".join(
        f"2026-11-24T10:{minute:02}:00Z,{name},{value}\n"
        for name, values in {
            "CPUUtilization": [10, 10, 90, 90, 90, 90, 10, 10, 10],
            "Errors": [60, 60, 60, 60, 60, 0, 0, 0, 0],
        }.items()
        for minute, value in enumerate(values)
    )
    answer = {"MetricAlarms": [ALARM, errors], "CompositeAlarms": [inner, both]}
    found = json.loads(run(answer, rows, "--json"))
    assert found["alarm"] == "shop-both"
    # CPU from 10:04 to 10:07, errors from 10:02 to 10:06.
    assert [(c["time"][11:16], c["to"]) for c in found["changes"]] == [
        ("10:02", "OK"),
        ("10:04", "ALARM"),
        ("10:06", "OK"),
    ]
    assert found["changes"][1]["reason"] == (
        "its rule is true: shop-cpu is ALARM, inner is ALARM, shop-errors is ALARM"
    )
    assert found["minutes_in_alarm"] == 2.0
    # Held back by the errors; OK a minute after 10:06, when the suppressor has left ALARM.
    assert found["actions"] == [{"time": "2026-11-24T10:07:00Z", "state": "OK"}]
    assert "shop-both" in run(answer, rows)


def test_alarms_that_refer_in_a_circle_are_refused(run: Run) -> None:
    answer = {
        "CompositeAlarms": [
            {"AlarmName": "top", "AlarmRule": "ALARM(a)"},
            {"AlarmName": "a", "AlarmRule": "ALARM(b)"},
            {"AlarmName": "b", "AlarmRule": "ALARM(a)"},
        ]
    }
    with pytest.raises(EvaluateError, match="alarms refer in a circle: top -> a -> b"):
        run(answer, ROWS)


ERRORS: Final = {
    **ALARM,
    "AlarmName": "shop-errors",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "EvaluationPeriods": 1,
    "DatapointsToAlarm": 1,
    "Threshold": 1.0,
    "TreatMissingData": "notBreaching",
}


@pytest.mark.parametrize(
    ("options", "firings", "first"),
    [
        ((), 15, "2026-11-24T10:01:00Z"),
        (("--extra-periods", "4"), 1, "2026-11-24T10:01:00Z"),
        (("--delay", "3"), 15, "2026-11-24T10:04:00Z"),
        (("--extra-periods", "4", "--delay", "3"), 1, "2026-11-24T10:04:00Z"),
    ],
)
def test_range_and_delay_may_be_tried(
    run: Run, options: tuple[str, ...], firings: int, first: str
) -> None:
    rows = "timestamp,value\n" + "".join(
        f"2026-11-24T10:{minute:02}:00Z,1\n" for minute in range(0, 60, 4)
    )
    end = "--start", "2026-11-24T10:00:00Z", "--end", "2026-11-24T11:10:00Z"
    found = json.loads(run(ERRORS, rows, "--json", *end, *options))
    assert found["firings"] == firings
    assert next(c["time"] for c in found["changes"] if c["to"] == "ALARM") == first
