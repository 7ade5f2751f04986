"""From when to when a metric alarm is evaluated, and what is said of it besides its changes."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.evaluation import Series
from ecs_monitoring.cloudwatch.rule import WarmUp
from ecs_monitoring.cloudwatch.timing import Timing
from history.evaluate import metric_alarm
from history.evaluate.datapoints import Given
from history.evaluate.metric_alarm import replay_metric, stretch_of
from history.evaluate.outcome import EvaluateError, Replay
from history.evaluate.replaying import replay
from tests.evaluation.alarms import ALARM, KEY, OK, START, alarm, minutes

LATE: Final = Timing(extra_periods=2, delay=180, longest_delay=300, source="a test")


def rows(*seconds: int) -> list[Given]:
    return [Given(where="", time=START + second, value=1.0) for second in seconds]


@pytest.mark.parametrize(
    ("definitions", "expected"),
    [
        # N periods after the first row, up to when the last row's minute is over.
        ([alarm()], (60, 660)),
        ([alarm(evaluation_periods=3)], (180, 660)),
        ([alarm(period=300)], (300, 660)),
        ([alarm(period=10, evaluation_periods=2)], (20, 610)),
        ([alarm(known_timing=LATE)], (60, 840)),
        # Of several the longest look, the shortest period and the longest delay.
        ([alarm(period=300), alarm(period=10), alarm(known_timing=LATE)], (300, 790)),
        # Where the history is shorter than the look, at once.
        ([alarm(evaluation_periods=11)], (660, 660)),
        ([alarm(evaluation_periods=12)], (1, 660)),
        # Without a metric alarm, as with a composite one of none.
        ([], (0, 660)),
    ],
)
def test_from_when_to_when_an_alarm_is_evaluated(
    definitions: list[Any], expected: tuple[int, int]
) -> None:
    found = stretch_of(definitions, rows(300, 0, 600), None, None)
    assert (found[0] - START, found[1] - START) == expected
    # Unless somebody says so.
    assert stretch_of(definitions, rows(0, 600), START + 7, START + 9) == (START + 7, START + 9)


def test_a_told_end_may_be_before_the_look_is_over() -> None:
    definitions = [alarm(evaluation_periods=3)]
    assert stretch_of(definitions, rows(0, 600), None, START + 180) == (START + 180, START + 180)
    assert stretch_of(definitions, rows(0, 600), None, START + 179) == (START + 1, START + 179)


def test_a_metric_alarm() -> None:
    other = MetricKey(namespace="Shop", name="Visits")
    source = MetricStat(metric=other, statistic="Sum")
    definition = alarm(
        queries=(
            *alarm().queries,
            Query(id="m2", source=source),
            Query(id="e1", source="m1 + FILL(m2, 0)"),
        ),
        watched="e1",
        evaluation_periods=2,
    )
    replayed = replay_metric(
        definition, {KEY: minutes([1, 11, 12, 13, 1])}, (START + 120, START + 300)
    )
    changes = replayed.changes
    assert replayed == Replay(
        name="orders",
        changes=changes,
        first=START + 120,
        last=START + 300,
        # At minutes 2, 3, 4 and 5; both of the last two are beyond 10 at minutes 3 and 4.
        evaluations=4,
        seconds_in_alarm=120,
        state=OK,
        without_values=("Visits",),
        notes=(
            "orders: looks at 4 datapoints of 60 s; the data may be up to 2 min later than that",
        ),
    )
    assert [(change.time - START, change.state) for change in changes] == [
        (120, OK),
        (180, ALARM),
        (300, OK),
    ]


WAITS: Final = WarmUp(900, is_whole=True)


@pytest.mark.parametrize(
    ("fields", "created", "notes"),
    [
        (
            {"period": 300, "evaluation_periods": 3, "known_timing": LATE},
            None,
            [
                "orders: looks at 5 datapoints of 300 s, 180 s late; the data may be up to 2 min "
                "later than that"
            ],
        ),
        (
            {"known_timing": replace(LATE, delay=300)},
            None,
            ["orders: looks at 3 datapoints of 60 s, 300 s late"],
        ),
        (
            {"known_timing": replace(LATE, delay=0, longest_delay=0), "warm_up": WAITS},
            START,
            ["orders: looks at 3 datapoints of 60 s"],
        ),
        (
            {"known_timing": replace(LATE, delay=0, longest_delay=0), "warm_up": WAITS},
            None,
            [
                "orders: looks at 3 datapoints of 60 s",
                "orders: counts as older than its warm-up of 15 min; write --created TIME to see "
                "it begin",
            ],
        ),
    ],
)
def test_how_an_alarm_looks_is_said(
    fields: dict[str, Any], created: int | None, notes: list[str]
) -> None:
    series: dict[MetricKey, Series] = {KEY: minutes([1] * 20)}
    found = replay_metric(alarm(**fields), series, (START, START + 1200), created=created)
    assert found.notes == tuple(notes)


def test_a_new_alarm_waits() -> None:
    definition = alarm(warm_up=WAITS)
    series = {KEY: minutes([11] * 20)}
    stretch = (START + 60, START + 1200)
    assert replay_metric(definition, series, stretch).changes[0].time == START + 60
    new = replay_metric(definition, series, stretch, created=START)
    assert [(change.time, change.state) for change in new.changes] == [(START + 900, ALARM)]


def test_an_alarm_that_is_never_evaluated() -> None:
    with pytest.raises(EvaluateError) as refused:
        replay_metric(alarm(), {KEY: minutes([1])}, (START + 1, START + 59))
    assert str(refused.value) == (
        "the alarm is evaluated every 60 s, and never from 2024-11-24T10:00:01Z to "
        "2024-11-24T10:00:59Z: write a longer history, or --start and --end"
    )


def test_an_alarm_that_cannot_be_evaluated() -> None:
    with pytest.raises(EvaluateError, match=r"^alarm orders: statistic tm9x"):
        replay_metric(alarm("tm9x"), {KEY: minutes([1])}, (START, START + 60))


def test_so_many_evaluations_are_a_typing_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metric_alarm, "_MOST", 1000)
    series = {KEY: minutes([1])}
    assert replay_metric(alarm(), series, (START, START + 60 * 1000)).evaluations == 1001
    with pytest.raises(EvaluateError) as refused:
        replay_metric(alarm(), series, (START, START + 60 * 1001))
    assert str(refused.value) == (
        "from 2024-11-24T10:00:00Z to 2024-11-25T02:41:00Z there are 1,001 evaluations: write "
        "--start and --end, and look whether a row has a wrong time"
    )


METRIC: Final[dict[str, Any]] = {
    "AlarmName": "cpu",
    "Namespace": "AWS/ECS",
    "MetricName": "CPUUtilization",
    "Statistic": "Average",
    "Dimensions": [],
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
}
LOG: Final[dict[str, Any]] = {
    "AlarmName": "log",
    "QueryResultsToEvaluate": 1,
    "Threshold": 80.0,
    "ComparisonOperator": "GreaterThanThreshold",
}
TEXT: Final = "timestamp,value\n" + "".join(
    f"2024-11-24T10:0{minute}:00,{value}\n" for minute, value in enumerate([10, 90, 95, 10])
)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """An alarm's file, which is to be written, and one of four minutes."""
    (tmp_path / "series.csv").write_text(TEXT)
    return tmp_path / "alarm.json", tmp_path / "series.csv"


@pytest.mark.parametrize(
    ("options", "first", "last", "evaluations"),
    [
        ({}, 0, 180, 4),
        ({"start": "2024-11-24T10:01:00Z"}, 60, 180, 3),
        ({"end": "2024-11-24T10:02:00Z"}, 0, 120, 3),
        ({"start": "2024-11-24T10:01:01Z", "end": "2024-11-24T10:02:59Z"}, 120, 120, 1),
    ],
)
def test_results_of_a_log_alarm_are_chosen_by_time(
    files: tuple[Path, Path], options: dict[str, Any], first: int, last: int, evaluations: int
) -> None:
    files[0].write_text(json.dumps(LOG | {"Patience": 1}))
    found = replay(*files, **options)
    assert (found.first, found.last) == (START + first, START + last)
    assert found.evaluations == evaluations
    assert found.notes == (
        "a log alarm: each row counts as one result of its scheduled query",
        "log: Patience is not known to this program and not taken into account",
    )


def test_without_a_result_in_the_time_a_log_alarm_says_nothing(files: tuple[Path, Path]) -> None:
    files[0].write_text(json.dumps(LOG))
    with pytest.raises(EvaluateError) as refused:
        replay(*files, start="2024-11-24T10:04:00Z", end="2024-11-24T10:05:00Z")
    assert str(refused.value) == (
        "there is no result from 2024-11-24T10:04:00Z to 2024-11-24T10:05:00Z"
    )


@pytest.mark.parametrize(
    ("options", "note"),
    [
        ({}, "looks at 3 datapoints of 60 s; the data may be up to 2 min later than that"),
        (
            {"extra_periods": 4},
            "looks at 5 datapoints of 60 s; the data may be up to 2 min later than that",
        ),
        # A delay that somebody names is the delay.
        ({"delay": 3}, "looks at 3 datapoints of 60 s, 180 s late"),
        ({"delay": 0, "extra_periods": 0}, "looks at 1 datapoints of 60 s"),
    ],
)
def test_a_range_and_a_delay_that_somebody_tries(
    files: tuple[Path, Path], options: dict[str, Any], note: str
) -> None:
    files[0].write_text(json.dumps(METRIC | {"Patience": 1}))
    assert replay(*files, **options).notes == (
        f"cpu: {note}",
        "cpu: Patience is not known to this program and not taken into account",
    )


def composites(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"AlarmName": name, "AlarmRule": rule} for name, rule in pairs]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            {"CompositeAlarms": composites(("top", "ALARM(a) OR ALARM(b)"))},
            "the rule of top names a, which is not in the file: write `aws cloudwatch "
            "describe-alarms --alarm-types MetricAlarm CompositeAlarm --alarm-names top a b`",
        ),
        (
            {"CompositeAlarms": composites(("top", "ALARM(log)")), "LogAlarms": [LOG]},
            "log is a log alarm: evaluate it by itself",
        ),
        (
            {"CompositeAlarms": composites(("a", "ALARM(a)"), ("top", "ALARM(a)"))},
            "alarms refer in a circle: top -> a",
        ),
        (METRIC | {"Period": None}, "alarm cpu: Period is missing"),
    ],
)
def test_alarms_that_cannot_be_evaluated(
    files: tuple[Path, Path], answer: dict[str, Any], message: str
) -> None:
    files[0].write_text(json.dumps(answer))
    with pytest.raises(EvaluateError) as refused:
        replay(*files)
    assert str(refused.value) == f"{files[0]}: {message}"


def test_a_composite_alarm_rests_on_others_that_rest_on_the_same(files: tuple[Path, Path]) -> None:
    answer = {
        "MetricAlarms": [METRIC],
        "CompositeAlarms": composites(
            ("top", "ALARM(right) AND ALARM(left)"),
            ("left", "ALARM(cpu)"),
            ("right", "ALARM(left) AND ALARM(cpu)"),
        ),
    }
    files[0].write_text(json.dumps(answer))
    found = replay(*files)
    assert (found.name, [p.name for p in found.parts]) == ("top", ["right", "left"])
    # Over 80 in the minutes that are over at 10:02 and 10:03.
    assert [(c.time - START, c.state) for c in found.changes] == [
        (60, OK),
        (120, ALARM),
        (240, OK),
    ]


@pytest.mark.parametrize("name", ["other.json", "calibration.json"])
def test_a_calibration_that_is_not_there(files: tuple[Path, Path], name: str) -> None:
    files[0].write_text(json.dumps(METRIC))
    path = files[0].parent / name
    if name == "other.json":
        path.write_text("{}")
    with pytest.raises(EvaluateError) as refused:
        replay(*files, calibration=path)
    assert str(refused.value) == (
        f"--calibration {path}: write a file called calibration.json that is there"
    )


def test_a_calibration_that_is_damaged(files: tuple[Path, Path]) -> None:
    files[0].write_text(json.dumps(METRIC))
    path = files[0].parent / "calibration.json"
    path.write_text("{}")
    with pytest.raises(EvaluateError) as refused:
        replay(*files, calibration=path)
    assert str(refused.value) == f"--calibration {path}: not a calibration: KeyError('format')"
