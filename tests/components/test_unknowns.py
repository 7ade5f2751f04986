"""In a preview, what only a deployment can know stays unknown, and only that."""

from collections.abc import Callable, Collection
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.output import Unknown

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.registered import DASHBOARD, LOG_FILTER, alarms, only
from tests.components.small import (
    RunComponents,
    RunWith,
    alb_args,
    database,
    ecs_args,
    log_args,
    rds_args,
)

# What an alarm is at all never waits for the deployment.
ALWAYS_KNOWN: Final = (
    "name",
    "comparisonOperator",
    "evaluationPeriods",
    "datapointsToAlarm",
    "treatMissingData",
    "alarmActions",
    "tags",
)


def unknown(run: ProgramRun, name: str) -> dict[str, bool]:
    """Whether each alarm's property is unknown."""
    return {alarm: isinstance(a.inputs[name], Unknown) for alarm, a in alarms(run).items()}


def load_balancer() -> None:
    """AWS chooses the id in a load balancer's ARN."""
    suffix = aws.lb.LoadBalancer("lb").arn_suffix
    watch.AlbMonitoring(
        "alb", alb_args(targets={"main": watch.AlbTargetArgs(load_balancer=suffix)})
    )


def cluster() -> None:
    """Pulumi's provider chooses the end of a name that is left out."""
    target = watch.EcsTargetArgs(cluster=aws.ecs.Cluster("c").name, service="checkout")
    watch.EcsMonitoring("ecs", ecs_args(targets={"web": target}))


def instance() -> None:
    """As with the cluster's name."""
    db = aws.rds.Instance("db", instance_class="db.t4g.small")
    watch.RdsMonitoring("rds", rds_args(database(instance=db.identifier)))


def unknown_number() -> pulumi.Output[int]:
    """Storage of an instance restored from a snapshot, which has it in its own words."""
    return aws.rds.Instance("db", instance_class="db.t4g.small").allocated_storage.apply(int)


def storage() -> None:
    watch.RdsMonitoring("rds", rds_args(database(allocated_storage_gib=unknown_number())))


def connections() -> None:
    watch.RdsMonitoring("rds", rds_args(database(max_connections=unknown_number())))


def tasks() -> None:
    target = watch.EcsTargetArgs(
        cluster="c", service="s", container_insights=True, min_running_tasks=unknown_number()
    )
    watch.EcsMonitoring("ecs", ecs_args(targets={"web": target}))


PROGRAMS: Final = (load_balancer, cluster, instance, storage, connections, tasks)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_preview_plans_every_alarm(
    run_components: RunComponents, program: Callable[[], None]
) -> None:
    run = run_components(program, preview=True)
    assert len(alarms(run)) >= 3
    for alarm in alarms(run).values():
        values = [alarm.inputs[name] for name in ALWAYS_KNOWN]
        assert not any(isinstance(value, Unknown) for value in values)


@pytest.mark.parametrize("program", [load_balancer, cluster, instance])
def test_a_name_that_is_unknown_makes_only_the_dimensions_wait(
    run_components: RunComponents, program: Callable[[], None]
) -> None:
    run = run_components(program, preview=True)
    assert not any(unknown(run, "threshold").values())
    watching_one = [alarm for alarm in alarms(run).values() if "metricName" in alarm.inputs]
    assert watching_one
    assert all(isinstance(alarm.inputs["dimensions"], Unknown) for alarm in watching_one)


@pytest.mark.parametrize(
    ("program", "waiting"),
    [
        (storage, {"rds.storage-low@main"}),
        (connections, {"rds.connections-high@main"}),
        # The number of missing tasks is compared with 0, whatever the floor is.
        (tasks, set()),
    ],
)
def test_only_the_threshold_that_depends_on_an_unknown_number_waits(
    run_components: RunComponents, program: Callable[[], None], waiting: Collection[str]
) -> None:
    run = run_components(program, preview=True)
    assert {alarm for alarm, waits in unknown(run, "threshold").items() if waits} == waiting
    if "rds.cpu-high@main" in alarms(run):
        assert alarms(run)["rds.cpu-high@main"].inputs["threshold"] == 90


@pytest.mark.parametrize(
    ("program", "threshold"),
    [
        # 100 GiB and 200 connections stand in; 10 % and 80 % of them must not be planned.
        (storage, 10_737_418_240),
        (connections, 160),
    ],
)
def test_a_threshold_never_shows_the_number_that_stands_in(
    run_components: RunComponents, program: Callable[[], None], threshold: float
) -> None:
    shown = [a.inputs["threshold"] for a in alarms(run_components(program, preview=True)).values()]
    assert threshold not in shown


@pytest.mark.slow
def test_a_stand_in_is_nowhere(run_components: RunComponents) -> None:
    """The example names of the documentation stand in while the plan is made."""
    examples = (
        "django-ecs-cluster",
        "django-app-service",
        "django-db",
        "app/django-alb/1234567890",
    )
    for program in PROGRAMS:
        run = run_components(program, preview=True)
        seen = str([registration.inputs for registration in run.registrations])
        assert not any(example in seen for example in examples)


def test_a_log_group_that_is_unknown(run_components: RunComponents) -> None:
    def program() -> None:
        watch.LogMonitoring("logs", log_args(group=aws.cloudwatch.LogGroup("g").name))

    run = run_components(program, preview=True)
    filters = run.of_type(LOG_FILTER)
    assert len(filters) == 5
    assert all(isinstance(one.inputs["logGroupName"], Unknown) for one in filters)
    assert {one.inputs["pattern"] for one in filters} >= {"?ERROR ?Error ?error"}
    # The metric is the filter's, whatever the group is called.
    assert alarms(run)["logs.errors@app"].inputs["threshold"] == 10


def test_an_unknown_beside_known_targets_leaves_these_alone(run_components: RunComponents) -> None:
    def program() -> None:
        name = aws.ecs.Cluster("c").name
        targets = {
            "new": watch.EcsTargetArgs(cluster=name, service="s"),
            "old": watch.EcsTargetArgs(cluster="c", service="s"),
        }
        watch.EcsMonitoring("ecs", ecs_args(targets=targets))

    found = alarms(run_components(program, preview=True))
    assert found["ecs.cpu-high@old"].inputs["dimensions"] == {
        "ClusterName": "c",
        "ServiceName": "s",
    }
    assert isinstance(found["ecs.cpu-high@new"].inputs["dimensions"], Unknown)


def test_a_preview_of_new_alarms_leaves_the_dashboards_body_unknown(
    run_components: RunComponents,
) -> None:
    """Its other properties and the component's outputs do not wait."""

    def program() -> None:
        arn = aws.cloudwatch.MetricAlarm(
            "a", comparison_operator="GreaterThanThreshold", evaluation_periods=1
        ).alarm_description
        board = watch.Dashboard(
            "dashboard",
            watch.DashboardArgs(
                graphs=[], alarms=[arn.apply(lambda known: {"ecs.cpu-high@web": str(known)})]
            ),
        )
        pulumi.export("name", board.dashboard_name)
        pulumi.export("url", board.url)

    run = run_components(program, preview=True)
    sent: Any = only(run.of_type(DASHBOARD)).inputs
    assert isinstance(sent["dashboardBody"], Unknown)
    assert (
        sent["dashboardName"]
        == run.exports["name"]
        == "Django-App-Overview-django-ecs-monitoring-test"
    )
    assert run.exports["url"].endswith(
        "#dashboards/dashboard/Django-App-Overview-django-ecs-monitoring-test"
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["prod", "staging"])
def test_a_whole_stack_can_be_previewed(run_with: RunWith, name: str) -> None:
    planned = run_with(stack=name, preview=True)
    deployed = run_with(stack=name)
    assert {one.urn for one in planned.registrations} == {one.urn for one in deployed.registrations}
