"""``python -m ops preview``: what it prints, its JSON, its exit codes."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ops.__main__ import main

PROJECT = Path(__file__).resolve().parents[3]


def preview_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["preview", *arguments, "--json"]) == 0
    printed: dict[str, Any] = json.loads(capsys.readouterr().out)
    return printed


def test_the_command_works_as_a_user_types_it() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "ops", "preview", "prod"],
        cwd=PROJECT,
        # The width that readline sets behind Python's back is none of os.environ.
        env={name: value for name, value in os.environ.items() if name != "COLUMNS"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == ""
    for expected in (
        "Preview of django-ecs-monitoring/prod in ap-northeast-1",
        "aws:cloudwatch:MetricAlarm",
        "ecs.cpu-high@web",
        "CPUUtilization Average >= 80 %",
        "3 of 5 x 60 s",
        "django-app-alerts-django-ecs-monitoring-prod-critical",
        "rds.replica-lag@main",
        "Dashboard Django-App-Overview-django-ecs-monitoring-prod",
        "Cost a month in ap-northeast-1",
        "resources to create",
    ):
        assert expected in finished.stdout


def test_json_has_every_alarm_with_condition_and_destination(
    capsys: pytest.CaptureFixture[str],
) -> None:
    alarms = {alarm["address"]: alarm for alarm in preview_json(capsys, "prod")["alarms"]}
    # The monitoring guide: 5XX five or more in one minute, told to whoever is on call.
    found = alarms["alb.target-5xx@main"]
    assert found["threshold"] == 5
    assert found["condition"] == "HTTPCode_Target_5XX_Count Sum >= 5"
    assert found["dimensions"] == ["LoadBalancer=app/django-alb/1234567890"]
    assert found["topics"] == ["django-app-alerts-django-ecs-monitoring-prod-warning"]
    assert found["severity"] == "critical"


@pytest.mark.parametrize(
    ("settings", "address", "condition"),
    [
        # Aurora publishes milliseconds, and the rule divides: AWS's alarm knows no unit of either.
        (
            "rds.main={instance: a, engine: aurora-mysql, instance_class: db.r7g.large, "
            "read_replica: true, max_connections: 1000}",
            "rds.replica-lag@main",
            "AuroraReplicaLag Maximum > 60 s",
        ),
        (
            "rds.main.read_replica=true",
            "rds.replica-lag@main",
            "ReplicaLag Maximum, without end while replication is stopped > 60 s",
        ),
        ("tags.x=y", "alb.target-5xx-rate@main", "5xx rate (>= 20 requests) >= 5 %"),
        ("tags.x=y", "rds.memory-low@main", "FreeableMemory Average < 204.8 MiB"),
    ],
)
def test_a_condition_has_the_rules_own_unit(
    settings: str, address: str, condition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    alarms = preview_json(capsys, "prod", "--set", settings)["alarms"]
    assert {alarm["address"]: alarm["condition"] for alarm in alarms}[address] == condition


def test_cost_is_the_sum_of_what_aws_bills(capsys: pytest.CaptureFixture[str]) -> None:
    previewed = preview_json(capsys, "prod")
    lines = {line["what"]: line for line in previewed["cost"]["lines"]}
    # Billed by metric: two alarms read two of them, desired and running tasks, errors and
    # requests; and two read the 15 rules of EventBridge, ten and five of them, as an alarm takes
    # ten metrics. https://aws.amazon.com/cloudwatch/pricing/
    more = 1 + 1 + 9 + 4
    assert len(previewed["events"]) == 15
    assert lines["alarm metrics, standard resolution"]["count"] == len(previewed["alarms"]) + more
    # Errors, exceptions, errors of the database, security, killed workers.
    assert lines["custom metrics from log filters"]["count"] == 5
    assert lines["dashboards"]["count"] == 1
    total = sum(Decimal(line["total"]) for line in lines.values())
    assert Decimal(previewed["cost"]["total"]) == total


def test_a_region_without_prices_has_no_invented_total(capsys: pytest.CaptureFixture[str]) -> None:
    cost = preview_json(capsys, "prod", "--set", "aws:region=sa-east-1")["cost"]
    assert cost == {
        "currency": "USD",
        "region": "sa-east-1",
        "known": False,
        "lines": [],
        "total": None,
    }


def test_set_tries_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    previewed = preview_json(capsys, "prod", "--set", "alarms.ecs.cpu-high.threshold=85")
    alarms = {alarm["address"]: alarm for alarm in previewed["alarms"]}
    assert alarms["ecs.cpu-high@web"]["threshold"] == 85


def test_left_out_alarms_have_their_reason(capsys: pytest.CaptureFixture[str]) -> None:
    omitted = preview_json(capsys, "prod")["omitted"]
    assert "read_replica: false" in omitted["rds.replica-lag@main"]


def test_a_settings_error_is_a_message_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "prod", "--set", "ecs.web.servce=x"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert 'did you mean "service"?' in captured.err
    assert "Traceback" not in captured.err


def test_an_unknown_stack_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "prd"]) == 2
    assert "prod, staging" in capsys.readouterr().err


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_widgets_do_not_overlap_in_the_grid(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    grids = preview_json(capsys, stack)["dashboards"]
    assert list(grids) == [f"Django-App-Overview-django-ecs-monitoring-{stack}"]
    cells: set[tuple[int, int]] = set()
    for widget in grids[f"Django-App-Overview-django-ecs-monitoring-{stack}"]:
        covered = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not covered & cells, widget
        assert all(0 <= x < 24 for x, _ in covered)
        cells |= covered
