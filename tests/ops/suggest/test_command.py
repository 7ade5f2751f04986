"""``python -m ops suggest``: thresholds for metrics that no alarm watches."""

import json
from pathlib import Path

import numpy as np
import pytest

from history.files import read_series
from ops.__main__ import main
from ops.suggest.proposing import proposals
from ops.terminal import ExitCode
from replay.suggestion import Verdict

START = 1_780_272_000  # 2026-06-01 00:00:00 UTC
DAY = 86_400


def series(path: Path, *, days: int = 20, spikes: dict[int, float] | None = None) -> Path:
    """Values of 40 to 60 every five minutes, and spikes of half an hour at noon of some days."""
    values = np.random.default_rng(7).uniform(40, 60, days * 288)
    for day, height in (spikes or {}).items():
        values[day * 288 + 144 : day * 288 + 150] = height
    rows = (f"{START + 300 * at},{value:.3f}" for at, value in enumerate(values.tolist()))
    path.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    return path


def test_both_directions_are_walked_forward(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = series(tmp_path / "s.csv", spikes={10: 95.0, 15: 2.0})
    assert main(["suggest", str(path), "--json"]) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)
    # Quiet values are between 40 and 60; so are neither thresholds.
    assert 60 < found["high"]["threshold"] < 95
    assert 2 < found["low"]["threshold"] < 40
    # In the half hour from noon of day 10 the high alarm fires, of day 15 the low one; nothing
    # else is out of the ordinary.
    fired = [one["validation"]["firings"] for one in (found["high"], found["low"])]
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
    found = json.loads(capsys.readouterr().out)["high"]
    # Between the highest quiet value, 60, and the lower incident, 90, the middle.
    assert 70 <= found["threshold"] <= 80
    (best,) = [o for o in found["options"] if o["threshold"] == found["threshold"]][:1]
    assert (best["caught"], best["incidents"]) == (2, 2)


def test_a_day_is_too_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["suggest", str(series(tmp_path / "s.csv", days=1)), "--json"]) == ExitCode.ATTENTION
    )
    found = json.loads(capsys.readouterr().out)
    assert {one["verdict"] for one in found.values()} == {"not enough history"}


def test_a_count_has_no_threshold_below_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    # An hour of nothing every three hours, longer than any choice of M and N looks.
    rows = (f"{START + 300 * at},{at // 12 % 3}" for at in range(20 * 288))
    path.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    (low,) = proposals(read_series(path), watch=("low",))
    assert low.suggestion.verdict is Verdict.NONE_FITS


def test_the_period_is_what_a_row_stands_for(tmp_path: Path) -> None:
    history = read_series(series(tmp_path / "s.csv"))
    assert proposals(history, watch=("high",))[0].definition.period == 300
    assert proposals(history, watch=("high",), period=900)[0].definition.period == 900


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing.csv"], "nothing.csv"),
        (["{series}", "--incidents", "nothing.csv"], "nothing.csv: cannot be read"),
        (["{series}", "--statistic", "TM(10:90)"], "statistic TM(10:90)"),
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
