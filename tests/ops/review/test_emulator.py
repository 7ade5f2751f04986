"""A whole review against the emulator: the production stack deployed, values published, reviewed.

What the emulator (moto 5.2) falls short of, and what is done about it:

* DescribeAlarmHistory is answered with 500. An answer in the shape of AWS's example is put in its
  place (https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html).
* GetMetricData fails on percentiles of metrics with data, so that no such metric has any here.
* It has no alarm mute rules, which are not asked for where an emulator answers.
"""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from account.account import Account, Caller, Region
from ops.review import command, running
from ops.review.running import Online
from ops.terminal import ExitCode
from sandbox.deploy import DeploymentMode, open_deployer
from sandbox.emulator import Emulator
from stack.config import read_stack_config
from stack.program import run_program
from tests.account.emulated import HOME, with_methods
from tests.components.registered import ALARM
from tests.history.recorded import PATIENT, state_update
from tests.times import at

NOW: Final = at("2026-11-20 12:00")
CPU: Final = "django-ecs-monitoring-prod-rds-main-cpu-high"


@pytest.fixture
def deployed(emulator: Emulator) -> Emulator:
    """The production stack at an emulator, with half an hour of one database's processor."""
    for group in ("/ecs/django-app", "/ecs/forgotten"):
        emulator.ensure_log_group(group, HOME)
    with open_deployer(emulator, DeploymentMode.PROCESS, say=lambda _text: None) as deployer:
        deployer.stack(read_stack_config("prod")).up()
    publish(emulator)
    ecs = emulator.client("ecs", HOME)
    ecs.create_cluster(clusterName="django-ecs-cluster")
    task = ecs.register_task_definition(
        family="worker",
        containerDefinitions=[{"name": "worker", "image": "worker", "memory": 128}],
    )["taskDefinition"]["taskDefinitionArn"]
    for service in ("django-app-service", "worker"):
        ecs.create_service(
            cluster="django-ecs-cluster", serviceName=service, taskDefinition=task, desiredCount=2
        )
    return emulator


def publish(emulator: Emulator) -> None:
    """Processor load of 20 %, and 95 % for ten minutes in the middle: more than 5 of 5 minutes.

    No more than that: moto looks at every value for each period of every query.
    """
    cloudwatch = emulator.client("cloudwatch", HOME)
    data = [
        {
            "MetricName": "CPUUtilization",
            "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "django-db"}],
            "Timestamp": datetime.fromtimestamp(NOW - minute * 60, UTC),
            "Value": 95.0 if 240 <= minute < 250 else 20.0,
        }
        for minute in range(230, 260)
    ]
    cloudwatch.put_metric_data(Namespace="AWS/RDS", MetricData=data)


class RecordedPast(Account):
    """The emulator, with an answer to DescribeAlarmHistory."""

    def region(self, name: str, caller: Caller) -> Region:
        def describe_alarm_history(**call: Any) -> dict[str, Any]:
            if call.get("AlarmName", CPU) != CPU or "MetricAlarm" not in call["AlarmTypes"]:
                return {"AlarmHistoryItems": []}
            on = state_update(CPU, "2026-11-20 08:00", "OK", "ALARM")
            off = state_update(CPU, "2026-11-20 08:10", "ALARM", "OK")
            return {"AlarmHistoryItems": [on, off]}

        real = super().region(name, caller)
        return with_methods(real, "cloudwatch", describe_alarm_history=describe_alarm_history)


@pytest.fixture
def reviewed(
    deployed: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[int, dict[str, Any], Path]:
    """Exit code, JSON and report of a review of one day."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    report = tmp_path / "review.html"
    arguments = parser.parse_args(
        [
            *("prod", "--days", "1", "--json", "--yes", "--region", HOME),
            *("--endpoint-url", deployed.url, "--report", str(report)),
            *("--archive", str(tmp_path / "archive")),
            *("--set", "rds.cpu-high.threshold=96"),
        ]
    )
    online = Online(opened=RecordedPast.opened, retry=PATIENT, clock=lambda: NOW + 900)
    code = running.run(arguments, online=online)
    return code, json.loads(capsys.readouterr().out), report


def test_a_review_of_the_deployed_stack(reviewed: tuple[int, dict[str, Any], Path]) -> None:
    code, found, report = reviewed
    assert code == ExitCode.ATTENTION
    assert len(found["alarms"]) == len(run_program(read_stack_config("prod")).of_type(ALARM))
    (cpu,) = [alarm for alarm in found["alarms"] if alarm["address"] == "rds.cpu-high@main"]
    # One firing above 90 %, as CloudWatch recorded, and none with the candidate's 96 %.
    assert cpu["current"]["outcome"]["firings"] == 1
    assert cpu["happened"]["firings"] == 1
    assert [candidate["outcome"]["firings"] for candidate in cpu["candidates"]] == [0]
    # The worker runs and nobody watches it; the database is watched and does not run.
    kinds = {(finding["kind"], finding["subject"]) for finding in found["coverage"]["findings"]}
    assert any(kind == "unwatched" and "worker" in subject for kind, subject in kinds)
    assert any(kind == "gone" and "django-db" in subject for kind, subject in kinds)
    without = {a["address"] for a in found["alarms"] if a["suggestion"]["verdict"] == "no data"}
    assert {"ecs.cpu-high@web", "alb.target-5xx-rate@main"} <= without
    assert "rds.cpu-high@main" not in without
    assert found["notes"] == []
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
