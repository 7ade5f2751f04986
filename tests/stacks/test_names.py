"""Names say whose alarm it is, and no two resources take each other's place."""

import re
from dataclasses import replace

import pytest

from stack.config import read_stack_config
from stack.program import ProgramRun, run_program
from tests.components.names import SharedNameError, physical_names
from tests.components.registered import ALARM, TOPIC, alarms, named
from tests.components.small import RunWith

TWO_OF_EACH = (
    "ecs.api={cluster: django-ecs-cluster, service: api}",
    "alb.inner={load_balancer: app/inner/1, target_groups: {web: targetgroup/inner/2}}",
    "rds.replica={instance: r, engine: mysql, instance_class: db.m7g.large,"
    " allocated_storage_gib: 50}",
    "logs.worker={group: /ecs/worker, format: json}",
    "app.api={service: api, background_tasks: true}",
)


def test_an_alarm_is_named_after_project_stack_kind_target_and_rule(stack: ProgramRun) -> None:
    """As docs and tools call it: ``<project>-<stack>-<kind>-<target>-<rule>``."""
    name = stack.exports["dashboard_name"].removeprefix(
        "Django-App-Overview-django-ecs-monitoring-"
    )
    for address, arn in stack.exports["alarms"].items():
        key, target = address.split("@")
        kind, rule = key.split(".")
        # A target group is a part of its load balancer.
        watched = target.replace("/", ".")
        alarm_name = f"django-ecs-monitoring-{name}-{kind}-{watched}-{rule}"
        assert arn.endswith(f":alarm:{alarm_name}")


def test_a_name_in_full(prod: ProgramRun) -> None:
    name = alarms(prod)["ecs.cpu-high@web"].inputs["name"]
    assert name == "django-ecs-monitoring-prod-ecs-web-cpu-high"


def test_pulumi_names_start_with_the_component(stack: ProgramRun) -> None:
    components = {one.urn: one.name for one in stack.registrations if not one.custom}
    for registration in stack.registrations:
        if registration.custom:
            owner = components[registration.parent]
            assert re.fullmatch(rf"{owner}([.-].+)?", registration.name)


def test_everything_belongs_to_its_component(stack: ProgramRun) -> None:
    """The URN of a child begins with its parent's type, so that no other child has the same."""
    components = {one.urn: one.type for one in stack.registrations if not one.custom}
    for registration in stack.registrations:
        _, _, types, name = registration.urn.split("::")
        assert name == registration.name
        if registration.custom:
            assert types == f"{components[registration.parent]}${registration.type}"
        else:
            assert "pulumi:pulumi:Stack" in registration.parent


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([], id="as shipped"),
        pytest.param(TWO_OF_EACH, id="two targets of a kind"),
        pytest.param(
            # errors of app-x, and x-errors of app; database-errors of app, and errors of
            # app-database: joined by a hyphen, they would be the same.
            [
                "logs.app.patterns={x-errors: {pattern: '?a'}, x-y: {pattern: '?b'}}",
                "logs.app-x={group: /x, patterns: {y: {pattern: '?c'}}}",
                "logs.app-database={group: /y}",
            ],
            id="targets named like rules",
        ),
        pytest.param(
            [
                "alb.main.target_groups={web: targetgroup/a/1, api: targetgroup/b/2}",
                "alb.main-web={load_balancer: app/x/1, target_groups: [targetgroup/web/3]}",
            ],
            id="several target groups",
        ),
        pytest.param(
            ["health.web={url: 'https://www.example.com/'}"], id="a check in a further region"
        ),
    ],
)
def test_no_two_resources_share_a_name(run_with: RunWith, changes: list[str]) -> None:
    run = run_with(*changes)
    assert {name for kind, _, name in physical_names(run) if kind == ALARM} == {
        alarm.inputs["name"] for alarm in run.of_type(ALARM)
    }


def test_no_two_resources_share_a_name_where_route_53_is_at_home() -> None:
    """In us-east-1 the outside checks' topics stand beside all others."""
    config = read_stack_config("prod", settings=["health.web={url: 'https://www.example.com/'}"])
    physical_names(run_program(replace(config, region="us-east-1")), region="us-east-1")


def test_every_target_of_a_kind_has_its_own_alarms(run_with: RunWith, prod: ProgramRun) -> None:
    run = run_with(*TWO_OF_EACH)
    assert set(alarms(prod)) < set(alarms(run))
    cpu = {name: alarms(run)[f"ecs.cpu-high@{name}"].inputs for name in ("web", "api")}
    assert cpu["web"]["dimensions"]["ServiceName"] == "django-app-service"
    assert cpu["api"]["dimensions"]["ServiceName"] == "api"
    assert cpu["api"]["name"] == "django-ecs-monitoring-prod-ecs-api-cpu-high"
    # Those of the same nature have the same alarms.
    keys: dict[str, set[str]] = {}
    for address in alarms(run):
        key, _, target = address.partition("@")
        keys.setdefault(f"{key.partition('.')[0]}@{target.partition('/')[0]}", set()).add(key)
    for one, other in (("ecs@web", "ecs@api"), ("app@web", "app@api")):
        assert keys[one] == keys[other]


def test_stacks_in_one_account_leave_each_other_alone(
    prod: ProgramRun, staging: ProgramRun
) -> None:
    assert physical_names(prod).isdisjoint(physical_names(staging))


def test_a_stack_takes_names_of_its_own_only(prod: ProgramRun, run_with: RunWith) -> None:
    """Many settings, same stacks: with targets of the same names, too."""
    changed = [
        *TWO_OF_EACH,
        "alerts.encryption=true",
        "alarms={ecs.cpu-high: {severity: critical}}",
    ]
    production, staging = (
        physical_names(run_with(*changed, stack=name)) for name in ("prod", "staging")
    )
    assert len(production) > len(physical_names(prod))
    assert production.isdisjoint(staging)


def test_topics_are_called_as_in_the_guide(prod: ProgramRun) -> None:
    """Monitoring guide, notifications: django-app-alerts; one a stack and severity."""
    assert {topic.inputs["name"] for topic in prod.of_type(TOPIC)} == {
        "django-app-alerts-django-ecs-monitoring-prod-critical",
        "django-app-alerts-django-ecs-monitoring-prod-warning",
    }


def test_the_check_notices_a_shared_name(prod: ProgramRun) -> None:
    topic = named(prod, TOPIC)["alerts-critical"]
    twice = replace(prod, registrations=(*prod.registrations, replace(topic, name="other")))
    with pytest.raises(
        SharedNameError, match="django-app-alerts-django-ecs-monitoring-prod-critical is taken"
    ):
        physical_names(twice)
