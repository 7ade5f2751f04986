"""``python -m ops calibrate`` on an archive whose alarms were recorded under another timing.

The recorded items are in the shape of
https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html .
"""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from account.alarms import LiveAlarm
from ecs_monitoring.cloudwatch.alarm import AlarmState
from ecs_monitoring.cloudwatch.described import definition_from_described
from ecs_monitoring.cloudwatch.evaluation import Evaluation, Series, timeline
from ecs_monitoring.cloudwatch.timing import Timing, timing_of
from history.archive import Archive
from history.calibration import FILE, read_calibration
from history.day import ArchivedDay, BadFileError
from history.metric import ArchivedMetric
from ops.__main__ import main
from replay.history import MetricHistory
from tests.history.recorded import ACCOUNT, DAY, HOME, NOW, key, metric_alarm

BALANCER: Final = key("HTTPCode_ELB_5XX_Count", "AWS/ApplicationELB")
START: Final = NOW // DAY * DAY - 2 * DAY
TRUTH: Final = Timing(extra_periods=4, delay=180, longest_delay=180, source="a test")
ALARM: Final = metric_alarm(
    "alb.elb-5xx@web",
    BALANCER,
    Statistic="Sum",
    EvaluationPeriods=1,
    DatapointsToAlarm=1,
    Threshold=2.0,
    TreatMissingData="notBreaching",
)
LIVE: Final = LiveAlarm.described(
    ALARM, {"AlarmKey": "alb.elb-5xx", "Target": "web", "Severity": "critical"}, HOME
)


def item(found: Evaluation, second: int) -> dict[str, Any]:
    """A change of state as DescribeAlarmHistory answers it."""
    data = {
        "version": "1.0",
        "oldState": {"stateValue": found.previous.value, "stateReason": "before"},
        "newState": {
            "stateValue": found.state.value,
            "stateReason": found.reason,
            "stateReasonData": found.reason_data,
        },
    }
    return {
        "AlarmName": ALARM["AlarmName"],
        "AlarmType": "MetricAlarm",
        "Timestamp": datetime.fromtimestamp(found.time + second, UTC),
        "HistoryItemType": "StateUpdate",
        "HistorySummary": f"Alarm updated from {found.previous} to {found.state}",
        "HistoryData": json.dumps(data),
    }


def fill(archive: Archive, *, share: float = 0.1) -> None:
    """Two days of an error count, and what CloudWatch made of it."""
    rng = random.Random(7)
    values = [
        (START + 60 * at, float(rng.randint(1, 3)))
        for at in range(2 * 1440)
        if rng.random() < share
    ]
    metric = ArchivedMetric(account=ACCOUNT, region=HOME, key=BALANCER)
    for day in (START, START + DAY):
        inside = [(time, value) for time, value in values if day <= time < day + DAY]
        times, numbers = zip(*inside, strict=True) if inside else ((), ())
        archive.add(
            ArchivedDay(
                metric=metric,
                start=day,
                period=60,
                until=day + DAY,
                asked=NOW,
                records=MetricHistory.of_values(list(times), list(numbers), resolution=60),
            )
        )
    archive.keep_alarms(ACCOUNT, HOME, [LIVE], datetime.fromtimestamp(NOW, UTC))
    definition = replace(definition_from_described(ALARM), known_timing=TRUTH)
    evaluations = timeline(
        definition, {BALANCER: Series.of(values)}, START, START + 2 * DAY, state=AlarmState.OK
    )
    items = [item(one, rng.randrange(60)) for one in evaluations if one.changed]
    archive.keep_alarm_history(LIVE, items)


def run(tmp_path: Path, *options: str) -> int:
    return main(["calibrate", "prod", "--archive", str(tmp_path), *options])


def test_range_and_delay_are_found_kept_and_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(Archive(tmp_path))
    assert run(tmp_path) == 0
    printed = capsys.readouterr().out
    assert "AWS/ApplicationELB" in printed
    assert "N + 4 (100% sure)" in printed
    assert "3 min (100% sure)" in printed
    calibration = read_calibration(tmp_path)
    definition = calibration.applied(definition_from_described(ALARM))
    timing = definition.timing
    assert (timing.extra_periods, timing.delay) == (4, 180)
    # The newest period that decided was over three minutes before, each time.
    assert timing.longest_delay == 180
    assert "recorded transitions of 1 alarms" in timing.source
    # Of other periods and namespaces nothing was learnt.
    other = definition_from_described(ALARM | {"Period": 300})
    assert calibration.applied(other) is other


def test_json_and_dry_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(Archive(tmp_path))
    assert run(tmp_path, "--json", "--dry-run") == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert (group["namespace"], group["period"]) == ("AWS/ApplicationELB", 60)
    assert group["used"] == {"extra_periods": 4, "delay": 180, "longest_delay": 180}
    assert group["estimate"]["agreement"] == 1.0
    assert group["estimate"]["default_agreement"] < 0.5
    assert not (tmp_path / FILE).exists()


def test_too_little_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(Archive(tmp_path), share=0.001)
    assert run(tmp_path) == 1
    assert "N + 2, the default" in " ".join(capsys.readouterr().out.split())
    definition = definition_from_described(ALARM)
    assert read_calibration(tmp_path).applied(definition) is definition


def test_an_archive_without_alarms_says_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path) == 1
    assert "No alarm of the archive has both" in capsys.readouterr().out
    assert run(tmp_path / "nowhere") == 2
    assert "make one with python -m ops history fetch prod" in capsys.readouterr().err


def test_without_a_calibration_the_defaults_hold(tmp_path: Path) -> None:
    definition = definition_from_described(ALARM)
    assert read_calibration(tmp_path).applied(definition) is definition
    assert definition.timing is timing_of(["AWS/ApplicationELB"], 60, 1)


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 7}', '{"format": 1, "made": "x"}'])
def test_a_damaged_calibration_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(BadFileError, match=r"calibration\.json: not a calibration"):
        read_calibration(tmp_path)


def test_evaluate_takes_a_calibration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(Archive(tmp_path))
    run(tmp_path)
    capsys.readouterr()
    (tmp_path / "alarm.json").write_text(json.dumps(ALARM, default=str))
    (tmp_path / "series.csv").write_text("timestamp,value\n2026-03-01T10:00:00Z,5\n")
    options = ["--end", "2026-03-01T10:10:00Z", "--json"]
    files = [str(tmp_path / "alarm.json"), str(tmp_path / "series.csv")]
    fired = []
    for more in ([], ["--calibration", str(tmp_path / FILE)]):
        assert main(["evaluate", *files, *options, *more]) == 0
        changes = json.loads(capsys.readouterr().out)["changes"]
        fired.append([c["time"][11:16] for c in changes if c["to"] == "ALARM"])
    assert fired == [["10:01"], ["10:04"]]
    assert main(["evaluate", *files, "--calibration", str(tmp_path / "x.json")]) == 2
