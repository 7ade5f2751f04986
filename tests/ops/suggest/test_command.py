"""``python -m ops suggest``: thresholds for metrics that no alarm watches."""

import json
from pathlib import Path

import numpy as np
import pytest

from ecs_monitoring.words import iso
from history.files import read_series
from ops.__main__ import main
from ops.terminal import ExitCode
from replay.suggestion import ThresholdVerdict
from review.proposing import proposals

START = 1_780_272_000  # 2026-06-01 00:00:00 UTC
DAY = 86_400


def series(path: Path, *, days: int = 20, spikes: dict[int, float] | None = None) -> Path:
    """Values of 40 to 60 every five minutes, and spikes of half an hour at noon of some days."""
    values = np.random.default_rng(7).uniform(40, 60, days * 288)
    for day, height in (spikes or {}).items():
        values[day * 288 + 144 : day * 288 + 150] = height
    rows = (f"{iso(START + 300 * at)},{value:.3f}" for at, value in enumerate(values.tolist()))
    path.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    return path


def days_of(path: Path, first: int, last: int) -> Path:
    """Some days of a series: ``evaluate`` looks at every minute, which takes its time."""
    header, *rows = path.read_text().splitlines(keepends=True)
    part = path.with_name("part.csv")
    part.write_text(header + "".join(rows[first * 288 : (last + 1) * 288]))
    return part


def test_both_directions_are_walked_forward(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = series(tmp_path / "s.csv", spikes={10: 95.0, 15: 2.0})
    assert main(["suggest", str(path), "--json"]) == ExitCode.DONE
    printed = json.loads(capsys.readouterr().out)
    # Quiet values are between 40 and 60; so are neither thresholds.
    assert 60 < printed["high"]["threshold"] < 95
    assert 2 < printed["low"]["threshold"] < 40
    # In the half hour from noon of day 10 the high alarm fires, of day 15 the low one; nothing
    # else is out of the ordinary.
    fired = [one["validation"]["firings"] for one in (printed["high"], printed["low"])]
    assert [len(times) for times in fired] == [1, 1]
    assert [times[0][:14] for times in fired] == ["2026-06-11T12:", "2026-06-16T12:"]


def test_known_incidents_are_caught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = series(tmp_path / "s.csv", spikes={5: 90.0, 10: 95.0})
    incidents = tmp_path / "incidents.csv"
    incidents.write_text(
        "start,end,note\n"
        "2026-06-06T12:00:00Z,2026-06-06T12:30:00Z,one\n"
        "2026-06-11T12:00:00Z,2026-06-11T12:30:00Z,two\n"
    )
    words = ["suggest", str(path), "--incidents", str(incidents), "--watch", "high", "--json"]
    assert main(words) == ExitCode.DONE
    printed = json.loads(capsys.readouterr().out)["high"]
    # Between the highest quiet value, 60, and the lower incident, 90.
    assert 60 < printed["threshold"] < 90
    (best,) = [o for o in printed["options"] if o["threshold"] == printed["threshold"]][:1]
    assert (best["caught"], best["incidents"]) == (2, 2)
    assert printed["validation"]["caught"] == 2


def test_incidents_are_of_the_zone_that_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = series(tmp_path / "s.csv", spikes={5: 90.0, 10: 95.0})
    incidents = tmp_path / "incidents.csv"
    # Noon UTC is nine in the evening in Tokyo.
    incidents.write_text("start,end,note\n2026-06-11T21:00,2026-06-11T21:30,two\n")
    words = ["suggest", str(path), "--incidents", str(incidents), "--watch", "high", "--json"]
    caught = []
    for zone in ("Asia/Tokyo", "UTC"):
        main([*words, "--zone", zone])
        caught.append(json.loads(capsys.readouterr().out)["high"]["validation"]["caught"])
    assert caught == [1, 0]


def test_the_alarms_are_requests_that_can_be_evaluated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = series(tmp_path / "s.csv", spikes={10: 95.0})
    assert main(["suggest", str(path), "--json"]) == ExitCode.DONE
    printed = json.loads(capsys.readouterr().out)["high"]
    level, recent = printed["alarms"]
    assert [level["kind"], recent["kind"]] == ["level", "recent"]
    assert level["put_metric_alarm"]["Threshold"] == printed["threshold"]
    assert printed["composite"] == {
        "AlarmName": "page-high",
        "AlarmRule": 'ALARM("level-high") OR ALARM("recent-high")',
        "ActionsSuppressor": "recent-low",
        "ActionsSuppressorWaitPeriod": 10,
        # The evaluation range: an hour of 12 periods, and two more.
        "ActionsSuppressorExtensionPeriod": 14 * 300,
    }
    around = days_of(path, 9, 11)
    for one in (level, recent):
        alarm = tmp_path / f"{one['kind']}.json"
        alarm.write_text(json.dumps(one["put_metric_alarm"]))
        assert main(["evaluate", str(alarm), str(around), "--json"]) == 0
        fired = json.loads(capsys.readouterr().out)
        firings = [change["time"] for change in fired["changes"] if change["to"] == "ALARM"]
        assert firings == ["2026-06-11T12:01:00Z"]


@pytest.mark.parametrize("words", [[], ["--watch", "high"]])
def test_the_suppressor_comes_along_whichever_direction_is_watched(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = series(tmp_path / "s.csv")
    main(["suggest", str(path), "--json", *words])
    printed = json.loads(capsys.readouterr().out)["high"]
    suppressor = printed["suppressor"]
    assert suppressor["AlarmName"] == printed["composite"]["ActionsSuppressor"] == "recent-low"
    assert suppressor["ComparisonOperator"] == "LessThanOrEqualToThreshold"
    alarm = tmp_path / "suppressor.json"
    alarm.write_text(json.dumps(suppressor))
    assert main(["evaluate", str(alarm), str(days_of(path, 0, 2))]) == 0


def test_a_threshold_alone_has_no_composite_alarm_and_no_suppressor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = series(tmp_path / "s.csv")
    main(["suggest", str(path), "--json", "--m-of-n", "1/3"])
    printed = json.loads(capsys.readouterr().out)["high"]
    assert [alarm["kind"] for alarm in printed["alarms"]] == ["level"]
    assert (printed["composite"], printed["suppressor"]) == (None, None)


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        # Values go up to 60; a percentage goes up to 100, and where 61 is the end, to that.
        (["--unit", "Percent"], 60, 100),
        (["--maximum", "60.2"], None, None),
    ],
)
def test_no_threshold_lies_beyond_what_the_metric_can_be(
    words: list[str],
    least: float | None,
    most: float | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = series(tmp_path / "s.csv")
    main(["suggest", str(path), "--watch", "high", "--json", *words])
    printed = json.loads(capsys.readouterr().out)["high"]
    levels = [alarm for alarm in printed["alarms"] if alarm["kind"] == "level"]
    if least is None:
        assert levels == []
    else:
        assert most is not None
        assert least < levels[0]["put_metric_alarm"]["Threshold"] < most


def test_a_value_beyond_the_maximum_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = series(tmp_path / "s.csv", spikes={10: 113.0})
    assert main(["suggest", str(path), "--unit", "Percent"]) == ExitCode.REFUSED
    assert "the history has 113, above the maximum 100" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["5"] * 288 * 20, "all 5,760 values are 5"),
        (["0"] * 288 * 20, "all 5,760 values are 0"),
        (["0"] * 2880 + ["7"] * 3 + ["0"] * 2877, "all values are 0 but for 3 from 2026-06-11T00"),
    ],
)
def test_histories_that_say_nothing_say_so(
    rows: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.csv"
    lines = (f"{START + 300 * at},{value}" for at, value in enumerate(rows))
    path.write_text("timestamp,value\n" + "\n".join(lines) + "\n")
    assert main(["suggest", str(path), "--json"]) == ExitCode.ATTENTION
    printed = json.loads(capsys.readouterr().out)["high"]
    assert printed["verdict"] == "not enough history"
    assert printed["reasons"][0].startswith(reason)
    assert (printed["threshold"], printed["alarms"]) == (None, [])


@pytest.mark.parametrize(("days", "code"), [(1, 1), (3, 1), (13, 1), (14, 0)])
def test_less_than_two_weeks_are_too_little(
    days: int, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["suggest", str(series(tmp_path / "s.csv", days=days)), "--json"]) == code
    printed = json.loads(capsys.readouterr().out)
    expected = "not enough history" if code else "change"
    assert {one["verdict"] for one in printed.values()} == {expected}


def test_a_count_has_no_threshold_below_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    # An hour of nothing every three hours, longer than any choice of M and N looks.
    rows = (f"{START + 300 * at},{at // 12 % 3}" for at in range(20 * 288))
    path.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    (low,) = proposals(read_series(path), watch=("low",))
    assert low.suggestion.verdict is ThresholdVerdict.NONE_FITS


def test_the_period_is_what_a_row_stands_for(tmp_path: Path) -> None:
    history = read_series(series(tmp_path / "s.csv"))
    assert proposals(history, watch=("high",))[0].definition.period == 300
    assert proposals(history, watch=("high",), period=900)[0].definition.period == 900


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing.csv"], "nothing.csv"),
        (["{series}", "--incidents", "nothing.csv"], "nothing.csv: cannot be read"),
        (["{series}", "--statistic", "TX(10:90)"], "statistic TX(10:90)"),
    ],
)
def test_what_cannot_be_used_is_named(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(series(tmp_path / "s.csv", days=3))
    assert (
        main(["suggest", *(word.replace("{series}", path) for word in words)]) == ExitCode.REFUSED
    )
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["--period", "90"], ["--m-of-n", "3/2"], ["--pages-per-month", "0"], ["--watch", "up"]],
)
def test_wrong_arguments_are_refused(words: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["suggest", str(tmp_path / "s.csv"), *words])
    assert refused.value.code == ExitCode.REFUSED
