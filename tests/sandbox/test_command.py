"""``python -m sandbox``: the whole way, in process, as a user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from sandbox.__main__ import main
from sandbox.emulator import Emulator

PROJECT = Path(__file__).resolve().parents[2]


Result = Callable[[str], Any]


@pytest.fixture(scope="module")
def result(shared_emulator: Emulator) -> "Result":
    """What the command says of a stack with ``--json``; each stack is played once."""

    @cache
    def of(stack: str) -> Any:
        shared_emulator.reset()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as out:
            patch.setattr("sandbox.__main__.running_emulator", lambda: nullcontext(shared_emulator))
            assert main([stack, "--engine", "process", "--json"]) == 0
        return json.loads(out.getvalue())

    return of


Told = Callable[..., tuple[int, str]]
"""Runs the command here, and returns its exit code and what it says."""


@pytest.fixture
def told(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Told:
    """The command in this process, with the emulator that is running: its own start is tested."""
    monkeypatch.setattr("sandbox.__main__.running_emulator", lambda: nullcontext(emulator))

    def run(*arguments: str) -> tuple[int, str]:
        return main(list(arguments)), capsys.readouterr().out

    return run


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_every_scenario_comes_out_as_expected(stack: str, result: Result) -> None:
    scenarios = result(stack)["scenarios"]
    assert len(scenarios) >= 11
    assert {name: found["faults"] for name, found in scenarios.items() if found["faults"]} == {}


def test_every_rule_of_production_fires_in_some_scenario(result: Result) -> None:
    assert result("prod")["uncovered"] == []


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_everything_reads_back_as_it_was_registered(stack: str, result: Result) -> None:
    assert result(stack)["differences"] == []


def test_an_alarm_and_its_incident_are_told_and_found_in_the_topics(result: Result) -> None:
    found = result("prod")["scenarios"]["storage-fills-up"]
    # From six times the threshold to four tenths of it in 1,320 minutes from minute 60 on: past
    # it 5 / 5.6 of the way, at minute 1,239, and five datapoints later the alarm is on.
    (change,) = (c for c in found["changes"] if c["to"] == "ALARM")
    (incident,) = found["incidents"]
    assert change["alarm"] == "rds.storage-low@main"
    assert 1239 <= change["minute"] <= 1249
    assert incident["alarm"] == "incident.rds@main/foreseen"
    assert (incident["minute"], incident["suppressed_by"]) == (change["minute"], None)
    told = [topic.rpartition(":")[2] for one in (change, incident) for topic in one["told"]]
    assert told == [
        "django-app-alerts-django-ecs-monitoring-prod-warning",
        "django-app-alerts-django-ecs-monitoring-prod-critical",
    ]
    assert found["pages"] == found["pages_without_incidents"] == [change["minute"]]
    # And RDS's own event, when there is no room left at all.
    assert found["heard"] == 3


def test_nobody_hears_anything_on_a_usual_day(result: Result) -> None:
    found = result("prod")["scenarios"]["traffic-as-usual"]
    assert (found["changes"], found["heard"]) == ([], 0)


def test_a_quiet_night_wakes_nobody(result: Result) -> None:
    assert result("prod")["scenarios"]["quiet-night"]["heard"] == 0


def test_the_story_is_told_in_the_terminal(told: Told) -> None:
    code, said = told("prod", "--engine", "process", "--scenario", "bad-deployment")
    assert code == 0, said
    for expected in (
        "1. Deploy django-ecs-monitoring/prod",
        "deploying in process, without the Pulumi engine",
        "created   MetricAlarm",
        "2. Read back",
        "0 differences",
        "A bad deployment is rolled back (bad-deployment): as expected",
        "OK -> ALARM",
        "django-app-alerts-django-ecs-monitoring-prod-critical",
        "1 of 1 scenarios as expected",
    ):
        assert expected in said


def test_the_story_reads_on_a_narrow_terminal_of_another_encoding() -> None:
    """Nothing is cut at 60 columns, and what is not in cp932 is written out."""
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "sandbox", "prod", "--engine", "process"),
            *("--scenario", "bad-deployment", "--set", "runbooks=https://example.jp/決済–é"),
        ],
        cwd=PROJECT,
        env={**os.environ, "COLUMNS": "60", "PYTHONIOENCODING": "cp932"},
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    story = finished.stdout.decode("cp932").partition("3. Scenarios")[2]
    # The page's first runbook: cp932 has the Japanese, and neither the dash nor the accent.
    assert "https://example.jp/決済\\u2013\\xe9#" in story
    timeline = story.partition("one is back.")[2].partition("What the emulator")[0]
    assert "…" not in timeline
    lines = timeline.splitlines()
    (place,) = (n for n, line in enumerate(lines) if line == "      23  alb.target-5xx-rate@main")
    assert lines[place + 1].strip() == "71.96  OK -> ALARM"
    topic = "django-app-alerts-django-ecs-monitoring-prod-warning"
    assert lines[place + 2].strip() == f"{topic}: arrived"


# Settings of a stack that is not the shipped one; the scenarios fit themselves to them.
OTHER_SETTINGS = (
    "logs.app.format=json",
    *("rds.main.engine=mysql", "rds.main.instance_class=db.r6g.large"),
    "alarms.alb.target-5xx-rate.threshold=30",
    *("ecs.web.min_running_tasks=4", "ecs.web.container_insights=false"),
)


def test_other_settings_come_out_as_expected_too(told: Told) -> None:
    sets = (word for change in OTHER_SETTINGS for word in ("--set", change))
    code, said = told("prod", "--engine", "process", *sets)
    assert code == 0, said[-3000:]


def test_an_alarm_that_comes_too_late_fails_and_so_does_one_that_is_always_on(told: Told) -> None:
    # Five periods of five minutes are over long after minute 18.
    code, said = told(
        *("prod", "--engine", "process", "--scenario", "cpu-saturation"),
        *("--set", "alarms.ecs.cpu-high.evaluation_periods=5"),
        *("--set", "alarms.ecs.memory-high.threshold=20"),
    )
    assert code == 1
    assert "ecs.cpu-high@web must change to ALARM between minute 13 and 18" in said
    assert "ecs.memory-high@web is in ALARM on an ordinary day" in said
    assert "failed: cpu-saturation" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prd",), "write one of the stacks prod, staging"),
        (("prod", "--scenario", "nope"), "no scenario 'nope'"),
        (("prod", "--engine", "process", "--set", "ecs.web.servce=x"), 'did you mean "service"?'),
        # A control character would clear the terminal.
        (("prod\x1b[2J",), "there is no Pulumi.prod\\x1b[2J.yaml"),
    ],
)
def test_wrong_arguments_are_said_in_one_message(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(list(arguments)) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
