"""The components under the real engine, used by a program that knows only the schema's tokens."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pulumi
import pytest

from sandbox.engine import PulumiEngine
from sandbox.outcome import DeploymentError
from stack.config import PROJECT, StackConfig

PACKAGE: Final = "django-ecs-monitoring"
REGION: Final = "ap-northeast-1"

_SHOP: Final = StackConfig(
    project="shop",
    stack="prod",
    values={"aws:region": REGION},
    secret_keys=frozenset(),
    region=REGION,
)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin as the engine finds it on the PATH."""
    folder = tmp_path_factory.mktemp("plugin")
    program = folder / f"pulumi-resource-{PACKAGE}"
    program.write_text(
        f'#!/bin/sh\nexec {sys.executable} {PROJECT / "components" / "__main__.py"} "$@"\n'
    )
    program.chmod(0o755)
    return program


@pytest.fixture
def stack(deployer: Any, plugin: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a stack of a program that may use the plugin."""
    monkeypatch.setenv("PATH", f"{plugin.parent}{os.pathsep}{os.environ['PATH']}")
    return lambda program: deployer.stack(_SHOP, program=program)


@pytest.fixture(scope="module")
def schema(engine: PulumiEngine, plugin: Path) -> dict[str, Any]:
    """The schema as the CLI gets it."""
    run = subprocess.run(
        [engine.path, "package", "get-schema", str(plugin)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"},
    )
    found: dict[str, Any] = json.loads(run.stdout)
    return found


class Remote(pulumi.ComponentResource):
    """A component as the engine makes it out of a token and inputs by their schema names."""

    def __init__(self, kind: str, name: str, outputs: str, **inputs: Any) -> None:
        props = {**inputs, **dict.fromkeys(outputs.split())}
        super().__init__(f"{PACKAGE}:index:{kind}", name, props, remote=True)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> pulumi.Output[Any]: ...


def monitored(cluster: Any = "main", **more: Any) -> None:
    """An ECS service, two ways to be told, and a dashboard."""
    alerts = Remote(
        "AlertRouting",
        "alerts",
        "topics routing",
        severities=["critical", "warning"],
        emails={"critical": ["oncall@example.com"]},
        webhooks={"warning": {"chat": pulumi.Output.secret("https://chat.example.com/x")}},
        notifyOnRecovery=["critical"],
    )
    ecs = Remote(
        "EcsMonitoring",
        "ecs",
        "alarms omitted graphs",
        targets={
            "my_web": {
                "cluster": cluster,
                "service": "web",
                "containerInsights": True,
                "minRunningTasks": 3,
                **more,
            }
        },
        overrides={"ecs.cpu-high": {"threshold": 85, "evaluationPeriods": 3}},
        routing=alerts.routing,
    )
    dashboard = Remote(
        "Dashboard",
        "dashboard",
        "dashboardName url dashboards",
        graphs=[ecs.graphs],
        alarms=[ecs.alarms],
    )
    pulumi.export("alarms", ecs.alarms)
    pulumi.export("url", dashboard.url)


def test_the_schema_names_every_component_and_describes_every_input(
    schema: dict[str, Any],
) -> None:
    assert set(schema["resources"]) == {
        f"{PACKAGE}:index:{name}"
        for name in (
            "AlertRouting",
            "ChatChannels",
            "DeliveryMonitoring",
            "IncidentPaging",
            "EcsMonitoring",
            "AlbMonitoring",
            "RdsMonitoring",
            "LogMonitoring",
            "ApplicationMonitoring",
            "HealthCheck",
            "EventMonitoring",
            "ReviewReminder",
            "NewRelicStream",
            "Dashboard",
        )
    }
    described = [
        (place, name, field.get("description"))
        for place, found in {**schema["resources"], **schema["types"]}.items()
        for fields in ("inputProperties", "properties")
        for name, field in found.get(fields, {}).items()
    ]
    assert len(described) > 80
    assert [found for found in described if not found[2]] == []


def test_severities_are_words_to_choose_from(schema: dict[str, Any]) -> None:
    inputs = schema["resources"][f"{PACKAGE}:index:AlertRouting"]["inputProperties"]
    severity = f"#/types/{PACKAGE}:index:Severity"
    assert inputs["severities"]["items"]["$ref"] == severity
    assert inputs["notifyOnRecovery"]["items"]["$ref"] == severity
    values = schema["types"][f"{PACKAGE}:index:Severity"]["enum"]
    assert [value["value"] for value in values] == ["critical", "warning"]


def test_a_program_of_tokens_is_deployed(stack: Any, emulator: Any) -> None:
    shop = stack(monitored)
    exports = shop.up().exports
    cloudwatch = emulator.client("cloudwatch", REGION)
    found = {a["AlarmName"]: a for a in cloudwatch.describe_alarms()["MetricAlarms"]}
    assert set(found) == {
        f"shop-prod-ecs-my_web-{rule}" for rule in ("cpu-high", "memory-high", "tasks-low")
    }
    cpu, tasks = found["shop-prod-ecs-my_web-cpu-high"], found["shop-prod-ecs-my_web-tasks-low"]
    assert (cpu["Threshold"], cpu["EvaluationPeriods"]) == (85, 3)
    assert {d["Name"]: d["Value"] for d in cpu["Dimensions"]}["ClusterName"] == "main"
    topic = f"arn:aws:sns:{REGION}:123456789012:django-app-alerts-shop-prod"
    assert (cpu["AlarmActions"], cpu["OKActions"]) == ([f"{topic}-warning"], [])
    assert tasks["AlarmActions"] == tasks["OKActions"] == [f"{topic}-critical"]
    assert exports["alarms"]["ecs.cpu-high@my_web"] == cpu["AlarmArn"]
    name = "Django-App-Overview-shop-prod"
    assert exports["url"].endswith(f"#dashboards/dashboard/{name}")
    body = json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
    shown = [arn for w in body["widgets"] for arn in w["properties"].get("alarms", [])]
    assert sorted(shown) == sorted(a["AlarmArn"] for a in found.values())
    assert shop.preview(expect_no_changes=True).is_unchanged
    assert "https://chat.example.com/x" not in shop.state_file.read_text()


def test_what_another_resource_tells_may_be_an_input(stack: Any, emulator: Any) -> None:
    def program() -> None:
        first = Remote("AlertRouting", "first", "topics", severities=["warning"])
        monitored(cluster=first.topics.apply(lambda topics: topics["warning"].split(":")[-1]))

    stack(program).up()
    alarms = emulator.client("cloudwatch", REGION).describe_alarms()["MetricAlarms"]
    clusters = {
        dimension["Value"]
        for alarm in alarms
        for dimension in alarm.get("Dimensions", [])
        if dimension["Name"] == "ClusterName"
    }
    assert len(clusters) == 1
    assert clusters.pop().startswith("django-app-alerts-shop-prod-first-")


@pytest.mark.parametrize(
    ("more", "path", "says"),
    [
        ({"minRunningTasks": -1}, "targets.my_web.minRunningTasks", "greater than or equal to 0"),
        ({"cluster": ""}, "targets.my_web.cluster", "cluster"),
        ({"servce": "x"}, "targets.my_web.servce", 'did you mean "service"'),
    ],
)
def test_a_refusal_names_the_input_and_shows_no_python(
    stack: Any, more: dict[str, Any], path: str, says: str
) -> None:
    with pytest.raises(DeploymentError) as refused:
        stack(lambda: monitored(**more)).preview()
    # The program itself is Python here, and ends with words of its own.
    (told,) = (error for error in refused.value.outcome.errors if path in error)
    assert says in told
    assert "Traceback" not in told
    assert ".py" not in told
