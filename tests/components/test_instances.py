"""A component is used twice in one stack, and told how to register by its caller."""

import hashlib
import re
from collections.abc import Callable
from typing import Any, Final

import pulumi
import pulumi_aws as aws
import pytest

import ecs_monitoring as watch
from stack.program import ProgramRun
from tests.components.names import physical_names
from tests.components.registered import ALARM, DASHBOARD, LOG_FILTER, TOPIC, named
from tests.components.small import (
    CRITICAL,
    OUTSIDE_ROUTING,
    ROUTING,
    WARNING,
    RunComponents,
    alb_args,
    ecs_args,
    log_args,
    rds_args,
)

Maker = Callable[[str, pulumi.ResourceOptions | None], pulumi.ComponentResource]


def alerts(name: str, opts: pulumi.ResourceOptions | None = None) -> watch.AlertRouting:
    severities = list(watch.Severity)
    emails: dict[str, list[pulumi.Input[str]]] = {"critical": ["a@example.com"]}
    args = watch.AlertRoutingArgs(severities=severities, emails=emails, encryption=True)
    return watch.AlertRouting(name, args, opts)


def app(name: str, opts: pulumi.ResourceOptions | None = None) -> watch.ApplicationMonitoring:
    targets = {"web": watch.AppTargetArgs(service="checkout")}
    args = watch.ApplicationMonitoringArgs(targets=targets, routing=ROUTING)
    return watch.ApplicationMonitoring(name, args, opts)


def health(name: str, opts: pulumi.ResourceOptions | None = None) -> watch.HealthCheck:
    targets = {"web": watch.HealthTargetArgs(url="https://www.example.com/")}
    args = watch.HealthCheckArgs(targets=targets, routing=OUTSIDE_ROUTING)
    return watch.HealthCheck(name, args, opts)


def reminder(name: str, opts: pulumi.ResourceOptions | None = None) -> watch.ReviewReminder:
    return watch.ReviewReminder(name, watch.ReviewReminderArgs(topics=[WARNING, CRITICAL]), opts)


def new_relic(name: str, opts: pulumi.ResourceOptions | None = None) -> watch.NewRelicStream:
    args = watch.NewRelicStreamArgs(
        license_key="0123456789abcdef0123456789abcdef0123NRAL",
        datacenter=watch.NewRelicDatacenter.US,
        metrics=[watch.StreamedMetricArgs(namespace="AWS/ECS", name="CPUUtilization")],
    )
    return watch.NewRelicStream(name, args, opts)


def dashboard(name: str, opts: pulumi.ResourceOptions | None = None) -> watch.Dashboard:
    return watch.Dashboard(name, watch.DashboardArgs(graphs=[], alarms=[]), opts)


MAKERS: Final[dict[str, Maker]] = {
    "alerts": alerts,
    "ecs": lambda name, opts: watch.EcsMonitoring(name, ecs_args(), opts),
    "alb": lambda name, opts: watch.AlbMonitoring(name, alb_args(), opts),
    "rds": lambda name, opts: watch.RdsMonitoring(name, rds_args(), opts),
    "logs": lambda name, opts: watch.LogMonitoring(name, log_args(retention_days=30), opts),
    "app": app,
    "health": health,
    "review-reminder": reminder,
    "new-relic": new_relic,
    "dashboard": dashboard,
}

each_component = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def children(run: ProgramRun) -> dict[str, int]:
    """How many resources each component has."""
    names = {one.urn: one.name for one in run.registrations if not one.custom}
    owners = [names[one.parent] for one in run.registrations if one.parent in names]
    return {name: owners.count(name) for name in names.values()}


@pytest.mark.parametrize("kind", MAKERS)
def test_two_of_a_kind_do_not_clash(run_components: RunComponents, kind: str) -> None:
    """One is named after its kind, as a stack's own, the other as another team's."""

    def program() -> None:
        MAKERS[kind](kind, None)
        # What they watch may even be the same; their log group is not.
        if kind == "logs":
            watch.LogMonitoring("payments", log_args(group="/ecs/pay", retention_days=30))
        else:
            MAKERS[kind]("payments", None)

    run = run_components(program)
    urns = [registration.urn for registration in run.registrations]
    assert len(urns) == len(set(urns))
    found = children(run)
    assert set(found) == {kind, "payments"}
    assert found[kind] == found["payments"] > 0
    assert physical_names(run)


def mark(title: str, own: str) -> str:
    """Eight digits by which names differ that could be read in two ways."""
    parts = (title, "django-ecs-monitoring", "test", own)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def test_the_second_ones_names_say_whose_they_are(run_components: RunComponents) -> None:
    def program() -> None:
        for name in ("ecs", "payments"):
            watch.EcsMonitoring(name, ecs_args())
        for name in ("alerts", "pages"):
            alerts(name)
        for name in ("dashboard", "overview"):
            dashboard(name)

    run = run_components(program)
    assert {one.inputs["name"] for one in run.of_type(ALARM)} == {
        f"django-ecs-monitoring-test-{owner}-web-{rule}"
        for owner in ("ecs", "payments.ecs")
        for rule in ("cpu-high", "memory-high", "tasks-low")
    }
    assert {one.inputs["name"] for one in run.of_type(TOPIC)} == {
        f"django-app-alerts-django-ecs-monitoring-test-{own}{severity}"
        for own in ("", f"pages-{mark('django-app-alerts', 'pages')}-")
        for severity in ("critical", "warning")
    }
    assert {one.inputs["dashboardName"] for one in run.of_type(DASHBOARD)} == {
        "Django-App-Overview-django-ecs-monitoring-test",
        "Django-App-Overview-django-ecs-monitoring-test-overview-"
        f"{mark('Django-App-Overview', 'overview')}",
    }


def test_names_of_component_and_target_do_not_run_together(run_components: RunComponents) -> None:
    """Target api-web of ecs, and target web of ecs-api."""

    def program() -> None:
        service = watch.EcsTargetArgs(cluster="c", service="s")
        watch.EcsMonitoring("ecs", ecs_args(targets={"api-web": service}))
        watch.EcsMonitoring("ecs-api", ecs_args(targets={"web": service}))

    run = run_components(program)
    assert len(named(run, ALARM)) == len({a.inputs["name"] for a in run.of_type(ALARM)}) == 6


def test_two_look_at_one_log_group_with_filters_of_their_own(run_components: RunComponents) -> None:
    def program() -> None:
        watch.LogMonitoring("logs", log_args())
        watch.LogMonitoring("audit", log_args())

    run = run_components(program)
    filters = [one.inputs for one in run.of_type(LOG_FILTER)]
    assert len({one["name"] for one in filters}) == len(filters) == 10
    assert len({one["metricTransformation"]["name"] for one in filters}) == 10


@each_component
def test_the_callers_options_are_passed_on(
    run_components: RunComponents, requests: dict[str, Any], make: Maker
) -> None:
    def program() -> None:
        first = aws.ecs.Cluster("first")
        outer = pulumi.ComponentResource("test:index:Outer", "outer")
        provider = aws.Provider("tokyo", region="ap-northeast-1")
        make(
            "mine",
            pulumi.ResourceOptions(
                parent=outer,
                depends_on=[first],
                protect=True,
                providers=[provider],
                aliases=[pulumi.Alias(name="former")],
            ),
        )

    run = run_components(program)
    (own,) = (one for one in run.registrations if one.name == "mine" and not one.custom)
    assert own.parent.endswith("test:index:Outer::outer")
    asked = requests[f"{own.type}/mine"]
    assert asked.protect is True
    assert [urn for urn in asked.dependencies if urn.endswith("::first")]
    assert [alias.spec.name for alias in asked.aliases] == ["former"]
    assert list(asked.providers) == ["aws"]
    assert "tokyo" in asked.providers["aws"]


@each_component
def test_children_stay_the_components_own_and_inherit(
    run_components: RunComponents, requests: dict[str, Any], make: Maker
) -> None:
    """The caller's parent is the component's; protection and provider reach its children."""

    def program() -> None:
        outer = pulumi.ComponentResource("test:index:Outer", "outer")
        provider = aws.Provider("tokyo", region="ap-northeast-1")
        opts = pulumi.ResourceOptions(parent=outer, protect=True, providers=[provider])
        make("mine", opts)

    run = run_components(program)
    (own,) = (one for one in run.registrations if one.name == "mine" and not one.custom)
    mine = [one for one in run.registrations if one.name.startswith("mine") and one.custom]
    assert mine
    for child in mine:
        assert child.parent == own.urn
        assert "::tokyo::" in child.provider
        assert requests[f"{child.type}/{child.name}"].protect is True


@each_component
def test_childrens_names_start_with_the_components(
    run_components: RunComponents, make: Maker
) -> None:
    """So that an alias on a renamed component finds its children, too: the engine puts the former
    name in the place of the new one.
    """

    def program() -> None:
        make("mine", None)

    children = [one for one in run_components(program).registrations if one.custom]
    assert children
    assert all(re.fullmatch(r"mine([.-].+)?", child.name) for child in children)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_components_type_is_its_token(run_components: RunComponents, kind: str) -> None:
    """As programs in other languages ask for it."""
    tokens = {
        "alerts": "AlertRouting",
        "ecs": "EcsMonitoring",
        "alb": "AlbMonitoring",
        "rds": "RdsMonitoring",
        "logs": "LogMonitoring",
        "app": "ApplicationMonitoring",
        "health": "HealthCheck",
        "review-reminder": "ReviewReminder",
        "new-relic": "NewRelicStream",
        "dashboard": "Dashboard",
    }

    def program() -> None:
        MAKERS[kind]("mine", None)

    (own,) = (one for one in run_components(program).registrations if not one.custom)
    assert own.type == f"django-ecs-monitoring:index:{tokens[kind]}"
