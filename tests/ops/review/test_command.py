"""``python -m ops review`` on files alone, and what it refuses."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ops.__main__ import main
from ops.terminal import ExitCode
from stack.config import STACKS_VARIABLE
from tests.stack_files import copied_stack_files

START = 1_780_272_000  # 2026-06-01 00:00:00 UTC
DAYS = 28
CPU = "rds.cpu-high@main"


@dataclass(frozen=True)
class Reviewed:
    """What a run came to."""

    code: int
    out: str
    err: str
    report: Path

    @property
    def json(self) -> dict[str, Any]:
        def refused(name: str) -> None:
            raise AssertionError(f"{name} is no JSON")

        printed: dict[str, Any] = json.loads(self.out, parse_constant=refused)
        return printed


class Review(Protocol):
    """Runs a review of the production stack."""

    def __call__(self, *words: str) -> Reviewed: ...


@pytest.fixture
def review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Review:
    def run(*words: str) -> Reviewed:
        report = tmp_path / "report.html"
        place = ["--report", str(report), "--archive", str(tmp_path / "archive")]
        code = main(["review", "prod", "--offline", *place, *words])
        captured = capsys.readouterr()
        return Reviewed(code, captured.out, captured.err, report)

    return run


def series(path: Path, *, peak: float = 99.0, days: int = DAYS) -> str:
    """Processor load of 10 to 30 %, and on every day ten minutes of the peak."""
    minutes = days * 1440
    values = 20 + np.random.default_rng(1).uniform(-10, 10, minutes)
    for day in range(days):
        values[day * 1440 + 700 : day * 1440 + 710] = peak
    columns = {"timestamp": START + 60 * np.arange(minutes), "value": values}
    pq.write_table(pa.table(columns), path)
    return f"{CPU}={path}"


def test_files_alone_are_reviewed(review: Review, tmp_path: Path) -> None:
    reviewed = review("--series", series(tmp_path / "cpu.parquet"), "--json")
    assert reviewed.code == ExitCode.ATTENTION
    (alarm,) = reviewed.json["alarms"]
    # Above 90 % in 5 of 5 minutes: once a day.
    assert alarm["current"]["outcome"]["firings"] == DAYS
    # No threshold below 100 % is beyond a daily 99 %; a look that is longer than ten minutes is.
    suggestion = alarm["suggestion"]
    assert suggestion["verdict"] == "change"
    assert (suggestion["threshold"], suggestion["evaluation_periods"]) == (90.0, 15)
    assert reviewed.json["coverage"] is None
    assert reviewed.report.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_an_alarm_that_serves_is_left_alone(review: Review, tmp_path: Path) -> None:
    reviewed = review("--series", series(tmp_path / "cpu.parquet", peak=50.0))
    assert reviewed.code == ExitCode.DONE
    assert "Nothing to change" in reviewed.out


def test_candidates_stand_side_by_side(review: Review, tmp_path: Path) -> None:
    reviewed = review(
        *("--json", "--series", series(tmp_path / "cpu.parquet")),
        *("--set", "rds.cpu-high.threshold=99"),
        *("--set", "rds.cpu-high@main.threshold=25", "rds.cpu-high.evaluation_periods=10"),
    )
    (alarm,) = reviewed.json["alarms"]
    tried = {candidate["label"]: candidate["definition"] for candidate in alarm["candidates"]}
    assert tried["rds.cpu-high.threshold=99"]["threshold"] == 99.0
    both = tried["rds.cpu-high@main.threshold=25 rds.cpu-high.evaluation_periods=10"]
    assert (both["threshold"], both["evaluation_periods"]) == (25.0, 10)
    # Never above 99 %.
    outcomes = {one["label"]: one["outcome"]["firings"] for one in alarm["candidates"]}
    assert outcomes["rds.cpu-high.threshold=99"] == 0


def test_a_candidate_that_changes_nothing_under_review_is_said(
    review: Review, tmp_path: Path
) -> None:
    candidates = ("ecs.cpu-high.threshold=85", "rds.cpu-high.enabled=false")
    reviewed = review(
        *("--json", "--series", series(tmp_path / "cpu.parquet", days=2)),
        *(word for one in candidates for word in ("--set", one)),
        *("--set", "rds.cpu-high.threshold=85"),
    )
    assert reviewed.json["notes"] == [
        f"--set {candidate}: changes none of the alarms that are reviewed"
        for candidate in candidates
    ]


def test_the_end_of_a_file_is_no_trouble(review: Review, tmp_path: Path) -> None:
    # Missing data breaches. Ten bad minutes are nine from the second on, with 2 of 2; the other
    # file goes on for two days.
    hosts = tmp_path / "hosts.csv"
    rows = [f"{START + 60 * minute},{0 if 500 <= minute < 510 else 2}" for minute in range(1440)]
    hosts.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    reviewed = review(
        *("--json", "--series", f"alb.no-healthy-hosts@main/web={hosts}"),
        *("--series", series(tmp_path / "cpu.parquet", days=3)),
    )
    outcomes = {alarm["address"]: alarm["current"]["outcome"] for alarm in reviewed.json["alarms"]}
    outage = outcomes["alb.no-healthy-hosts@main/web"]
    assert (outage["firings"], outage["seconds_in_alarm"]) == (1, 540)
    assert outage["end"] == "2026-06-02T00:00:00Z"
    assert outcomes[CPU]["end"] == "2026-06-04T00:00:00Z"


def test_a_damaged_list_of_alarms_is_refused_with_what_helps(
    review: Review, tmp_path: Path
) -> None:
    folder = tmp_path / "archive" / "alarms" / "123456789012" / "eu-west-1"
    folder.mkdir(parents=True)
    (folder / "deployed.json").write_text("{")
    reviewed = review()
    assert reviewed.code == ExitCode.REFUSED
    assert "deployed.json: not a file of alarms" in reviewed.err
    assert "fetching writes it anew" in reviewed.err


def test_two_weeks_are_needed_for_a_suggestion(review: Review, tmp_path: Path) -> None:
    reviewed = review("--json", "--series", series(tmp_path / "cpu.parquet", days=13))
    (alarm,) = reviewed.json["alarms"]
    assert alarm["suggestion"]["verdict"] == "not enough history"


def test_write_changes_the_stacks_file(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied_stack_files(tmp_path / "stacks")
    path = folder / "Pulumi.prod.yaml"
    text = path.read_text(encoding="utf-8")
    monkeypatch.setenv(STACKS_VARIABLE, str(folder))
    arguments = ("--series", series(tmp_path / "cpu.parquet"), "--write")
    refused = review(*arguments)
    assert refused.code == ExitCode.REFUSED
    assert "give --yes to write without asking" in refused.err
    assert path.read_text(encoding="utf-8") == text
    assert not refused.report.exists()
    assert "rds.cpu-high@main" in review(*arguments, "--yes").out
    changed = path.read_text(encoding="utf-8")
    assert "rds.cpu-high@main: {evaluation_periods: 15, datapoints_to_alarm: 15}" in changed
    assert [line for line in text.splitlines() if line not in changed.splitlines()] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--series", "rds.cpu-hihg@main=x.csv"], 'did you mean "rds.cpu-high@main"?'),
        (["--series", "rds.cpu-high@main"], "write ADDRESS=FILE"),
        (["--series", "rds.cpu-high@main=nothing.csv"], "nothing.csv: "),
        (["--series", "alb.target-5xx-rate@main=x.csv"], "write alb.target-5xx-rate@main:METRIC"),
        (["--incidents", "nothing.csv"], "nothing.csv: cannot be read"),
        ([], "there is no history to review: fetch it with"),
        (["--alarm", "ecs.cpu-hihg"], "--alarm ecs.cpu-hihg: the stack has no such alarm"),
        (["--set", "threshold=85"], "--set threshold=85: write an alarm's key, a field"),
        (["--set", "ecs.cpu-high.threshold=101"], "could never fire"),
    ],
)
def test_what_cannot_be_reviewed_is_refused(review: Review, words: list[str], message: str) -> None:
    reviewed = review(*words)
    assert reviewed.code == ExitCode.REFUSED
    assert message in reviewed.err
    assert not reviewed.report.exists()


def test_a_zone_that_there_is_not_is_refused(
    review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        review("--zone", "Asia/Tokio")
    assert stopped.value.code == ExitCode.REFUSED
    assert "argument --zone: Asia/Tokio: no such time zone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--series", f"{CPU}=nothing.csv"], "nothing.csv: no such file"),
        (["--incidents", "nothing.csv"], "nothing.csv: cannot be read"),
        (["--set", "threshold=85"], "--set threshold=85: write an alarm's key, a field"),
    ],
)
def test_mistakes_are_found_before_anything_is_fetched(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Without --offline, at an address where nothing answers.
    archive = tmp_path / "archive"
    place = ["--archive", str(archive), "--endpoint-url", "http://127.0.0.1:9"]
    assert main(["review", "prod", *place, *words]) == ExitCode.REFUSED
    assert message in capsys.readouterr().err
    assert not archive.exists()


def test_a_report_that_cannot_be_written_is_named(review: Review, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = str(tmp_path / "file" / "report.html")
    reviewed = review("--series", series(tmp_path / "cpu.parquet", days=2), "--report", place)
    assert reviewed.code == ExitCode.REFUSED
    assert place in reviewed.err or str(tmp_path / "file") in reviewed.err


def test_a_file_for_one_metric_of_several(review: Review, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    rows = [f"{START + 60 * minute},{100 + minute % 3}" for minute in range(3000)]
    path.write_text("timestamp,value\n" + "\n".join(rows) + "\n")
    errors = tmp_path / "errors.csv"
    # Ten of about a hundred requests fail for five minutes: 10 % is more than 5 %, in 3 of 5.
    bad = [f"{START + 60 * minute},10" for minute in range(1000, 1005)]
    errors.write_text("timestamp,value\n" + "\n".join(bad) + "\n")
    name = "alb.target-5xx-rate@main"
    reviewed = review(
        *("--json", "--series", f"{name}:RequestCount={path}"),
        *("--series", f"{name}:HTTPCode_Target_5XX_Count={errors}"),
    )
    (alarm,) = reviewed.json["alarms"]
    assert alarm["current"]["outcome"]["firings"] == 1
