"""What all monitoring components have: omissions, metrics, graphs, incidents, and refusals."""

from types import SimpleNamespace
from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.graph import from_json
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.rules import ECS, HEALTH, KINDS
from ecs_monitoring.rules.incidents import IncidentPart
from stack.program import ProgramRun
from tests.components.small import OUTSIDE_ROUTING, RunComponents, alb_args, ecs_args
from tests.components.test_outputs import later

NAME: Final = "django-ecs-monitoring-test-ecs-web"


def made(run_components: RunComponents, **args: Any) -> tuple[ProgramRun, watch.EcsMonitoring]:
    """A run with one ECS service, and its component."""
    found: list[watch.EcsMonitoring] = []
    run = run_components(lambda: found.append(watch.EcsMonitoring("ecs", ecs_args(**args))))
    return run, found[0]


def test_what_a_target_does_not_have_and_has_in_part(run_components: RunComponents) -> None:
    off = {"ecs.cpu-high": AlarmOverride(enabled=False)}
    _, ecs = made(run_components, overrides=off)
    unknown = "nobody publishes the desired count (container_insights: false)"
    assert ecs.omissions == {
        "ecs.tasks-below-desired@web": unknown,
        "ecs.tasks-low@web": f"in part: {unknown}",
        "ecs.cpu-high@web": "switched off in the stack's alarms settings",
    }
    assert ecs.metrics == (
        metric("MemoryUtilization", "Average"),
        metric("CPUUtilization", "SampleCount"),
    )
    assert (ecs.region, list(ecs.targets)) == (None, ["web"])
    assert (ecs.scope.project, ecs.scope.stack, ecs.scope.component, ecs.scope.runbooks) == (
        *("django-ecs-monitoring", "test"),
        *("ecs", ""),
    )


def metric(name: str, statistic: str) -> Metric:
    return Metric(
        namespace="AWS/ECS",
        name=name,
        dimensions={"ServiceName": "checkout", "ClusterName": "shop"},
        statistic=statistic,
    )


def test_its_outputs(run_components: RunComponents) -> None:
    run, ecs = made(run_components)
    (outputs,) = run.outputs.values()
    arn = f"arn:aws:cloudwatch:ap-northeast-1:123456789012:alarm:{NAME}"
    assert outputs == {
        "alarms": {
            f"ecs.{key}@web": f"{arn}-{key}" for key in ("cpu-high", "memory-high", "tasks-low")
        },
        "omitted": ecs.omissions,
        "graphs": ecs.graphs,
        "mute_rules": {},
    }


@pytest.mark.parametrize("known_at", [str, later], ids=["at once", "later"])
def test_graphs_say_what_they_are_of(run_components: RunComponents, known_at: Any) -> None:
    graphs: list[Any] = []

    def program() -> None:
        targets = {
            "web": watch.EcsTargetArgs(cluster=known_at("shop"), service="checkout"),
            "api": watch.EcsTargetArgs(cluster="shop", service="api"),
        }
        pulumi.Output.from_input(
            watch.EcsMonitoring("ecs", ecs_args(targets=targets)).graphs
        ).apply(graphs.append)

    run_components(program)
    part = from_json(graphs[0])
    # Three of each service.
    assert (part.kind, part.title, part.alarms) == ("ecs", "ECS services", 6)
    assert '"ServiceName":"checkout"' in graphs[0]
    assert '"ClusterName":"shop"' in graphs[0]


def test_a_component_without_targets_draws_nothing(run_components: RunComponents) -> None:
    _, ecs = made(run_components, targets={})
    assert isinstance(ecs.graphs, str)
    part = from_json(ecs.graphs)
    assert (part.kind, part.alarms, part.overview, part.sections) == ("ecs", 0, (), ())


def test_what_its_alarms_are_to_incidents(run_components: RunComponents) -> None:
    found: list[Any] = []

    def program() -> None:
        site = {"site": watch.HealthTargetArgs(url="https://www.shop.jp/")}
        args = watch.HealthCheckArgs(targets=site, routing=OUTSIDE_ROUTING)
        found.append(watch.EcsMonitoring("ecs", ecs_args()).incidents)
        health = watch.HealthCheck("health", args)
        assert health.region == "us-east-1"
        found.append(health.incidents)

    run_components(program)
    ecs, health = map(IncidentPart.from_json, found)
    assert (ecs.kind, ecs.component, ecs.region) == ("ecs", "ecs", "")
    assert {str(member.address) for member in ecs.members} >= {"ecs.tasks-low@web"}
    assert (health.kind, health.component, health.region) == ("health", "health", "us-east-1")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        # Of other kinds, one mapping may be for all components.
        ("rds.cpu-hgh", ""),
        ("ecs.cpu-high@api", ""),
        ("ecs.tasks-below-desired", ""),
        (
            "ecs.cpu-hgh@web",
            "EcsMonitoring 'ecs': overrides[\"ecs.cpu-hgh@web\"]: unknown alarm key; did you mean "
            '"ecs.cpu-high"? write one of: ecs.cpu-high, ecs.memory-high, ecs.tasks-low, '
            "ecs.tasks-below-desired",
        ),
    ],
)
def test_overrides_that_reach_no_rule(
    run_components: RunComponents, address: str, message: str
) -> None:
    overrides = {address: AlarmOverride(threshold=50)}
    if not message:
        made(run_components, overrides=overrides)
        return
    with pytest.raises(watch.InvalidArgsError) as refusal:
        made(run_components, overrides=overrides)
    assert str(refusal.value) == message


def test_each_fault_of_a_rule_has_its_place(run_components: RunComponents) -> None:
    overrides = {
        "ecs.cpu-high": AlarmOverride(threshold=101, period=90),
        "ecs.memory-high@web": AlarmOverride(period=90),
    }
    with pytest.raises(watch.InvalidArgsError) as refusal:
        made(run_components, overrides=overrides)
    assert [part.field for part in refusal.value.parts] == [
        'overrides["ecs.cpu-high"].threshold',
        'overrides["ecs.cpu-high"].period',
        'overrides["ecs.memory-high@web"].period',
    ]
    lines = str(refusal.value).split("\n")
    assert len(lines) == 3
    assert all(line.startswith("EcsMonitoring 'ecs': targets.web: alarm ecs.") for line in lines)


def test_targets_that_are_wrong_together(run_components: RunComponents) -> None:
    group = "targetgroup/web/0123456789abcdef"

    def program() -> None:
        balancer = watch.AlbTargetArgs(
            load_balancer="app/shop/0123456789abcdef", target_groups={"a": group, "b": "x"}
        )
        watch.AlbMonitoring("alb", alb_args(targets={"main": balancer}))

    with pytest.raises(watch.InvalidArgsError) as refusal:
        run_components(program)
    assert [part.field for part in refusal.value.parts] == ["targets.main.target_groups.b"]


def test_the_component_of_a_kind() -> None:
    assert watch.component_of(ECS) is watch.EcsMonitoring
    assert watch.component_of(HEALTH) is watch.HealthCheck
    assert len({watch.component_of(kind) for kind in KINDS}) == len(KINDS)
    unknown: Any = SimpleNamespace(key="queue")
    with pytest.raises(LookupError) as error:
        watch.component_of(unknown)
    assert error.value.args == (
        "no component watches the kind queue: write one with class …(Monitoring, kind=…) and "
        "import it in ecs_monitoring/__init__.py",
    )
