"""Args as plain mappings, which is how a program in another of Pulumi's languages sends them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from pulumi.provider.experimental.component import ComponentProvider

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import MissingData, Severity
from stack.program import ProgramRun
from tests.components.bodies import titled
from tests.components.registered import LOG_FILTER, LOG_GROUP, alarms
from tests.components.small import CRITICAL, WARNING, RunComponents

ROUTING: Final = {"topics": {"critical": [CRITICAL], "warning": [WARNING]}}
SERVICE: Final = {"cluster": "shop", "service": "checkout"}
DATABASE: Final = {"instance": "d", "engine": "postgres", "instance_class": "db.t4g.small"}

HOST: Final = ComponentProvider(
    [watch.EcsMonitoring, watch.LogMonitoring, watch.AlertRouting, watch.Dashboard],
    "django-ecs-monitoring",
)


def args(**targets: Mapping[str, object]) -> dict[str, object]:
    return {"targets": targets, "routing": ROUTING}


def registered(run: ProgramRun) -> dict[str, Any]:
    return {one.urn: one.inputs for one in run.registrations}


def run_args(
    run_components: RunComponents, component: Callable[..., object], given: object
) -> ProgramRun:
    def program() -> None:
        component("mine", given)

    return run_components(program)


def test_a_mapping_registers_what_the_args_class_does(run_components: RunComponents) -> None:
    override = {"threshold": 70, "severity": "critical", "treat_missing_data": "breaching"}
    plain = {
        **args(web={**SERVICE, "container_insights": True, "min_running_tasks": 2}),
        "overrides": {"ecs.cpu-high": override},
        "tags": {"Team": "shop"},
        "runbooks": "https://wiki.example.com",
    }
    typed = watch.EcsMonitoringArgs(
        targets={
            "web": watch.EcsTargetArgs(
                cluster="shop", service="checkout", container_insights=True, min_running_tasks=2
            )
        },
        routing=watch.RoutingArgs(topics={"critical": [CRITICAL], "warning": [WARNING]}),
        overrides={
            "ecs.cpu-high": AlarmOverride(
                threshold=70,
                severity=Severity.CRITICAL,
                treat_missing_data=MissingData.BREACHING,
            )
        },
        tags={"Team": "shop"},
        runbooks="https://wiki.example.com",
    )
    by_mapping = run_args(run_components, watch.EcsMonitoring, plain)
    assert registered(by_mapping) == registered(
        run_args(run_components, watch.EcsMonitoring, typed)
    )
    sent = alarms(by_mapping)["ecs.cpu-high@web"].inputs
    assert (sent["threshold"], sent["treatMissingData"]) == (70, "breaching")
    assert sent["alarmActions"] == [CRITICAL]


def test_what_the_host_makes_of_another_languages_args(run_components: RunComponents) -> None:
    """Pulumi's own component host: camelCase names, and every number as a double."""
    inputs = {
        "targets": {"web": {**SERVICE, "containerInsights": True, "minRunningTasks": 3.0}},
        "routing": {"topics": ROUTING["topics"], "notifyOnRecovery": ["critical"]},
        "overrides": {
            "ecs.tasks-low": {
                "period": 120.0,
                "evaluationPeriods": 3.0,
                "datapointsToAlarm": 2.0,
                "treatMissingData": "notBreaching",
            }
        },
    }

    def program() -> None:
        HOST.construct("mine", "django-ecs-monitoring:index:EcsMonitoring", inputs)

    sent = alarms(run_components(program))["ecs.tasks-low@web"].inputs
    assert sent["metricQueries"][2]["expression"] == "IF(desired > 3, desired, 3) - running"
    assert sent["metricQueries"][0]["metric"]["period"] == 120
    assert (sent["evaluationPeriods"], sent["datapointsToAlarm"]) == (3, 2)
    assert sent["treatMissingData"] == "notBreaching"
    assert sent["okActions"] == [CRITICAL]


def test_whole_numbers_of_another_language_read_as_such(run_components: RunComponents) -> None:
    """A person reads "2 of 3 x 120 s", not "2.0 of 3.0 x 120.0 s"."""
    override = {"period": 120.0, "evaluation_periods": 3.0, "datapoints_to_alarm": 2.0}
    given = {**args(web=SERVICE), "overrides": {"ecs.cpu-high": override}}

    def program() -> None:
        ecs = watch.EcsMonitoring("ecs", as_given(given))
        watch.Dashboard("d", as_given({"graphs": [ecs.graphs], "alarms": [ecs.alarms]}))

    graph = titled(run_components(program), "ECS CPU Utilization")
    (line,) = graph["properties"]["annotations"]["horizontal"]
    assert line["label"] == "ecs.cpu-high >= 80 (2 of 3 x 120 s)"


def as_given(mapping: Mapping[str, object]) -> Any:
    """A mapping where Python's own types want the args class."""
    return mapping


def test_nested_mappings_of_a_log_group(run_components: RunComponents) -> None:
    pattern = {"pattern": "?PaymentFailed", "threshold": 2.0, "severity": "critical"}
    group = {
        "group": "/ecs/shop",
        "format": "json",
        "patterns": {"payments": pattern},
        "retention_days": 30.0,
    }
    run = run_args(run_components, watch.LogMonitoring, args(app=group))
    sent = alarms(run)["logs.payments@app"].inputs
    assert (sent["threshold"], sent["alarmActions"]) == (2, [CRITICAL])
    assert {one.inputs["pattern"] for one in run.of_type(LOG_FILTER)} >= {
        "?PaymentFailed",
        '{ $.exception = "*" }',
    }
    assert [one.inputs["retentionInDays"] for one in run.of_type(LOG_GROUP)] == [30]


@pytest.mark.parametrize(
    ("component", "given", "message"),
    [
        (
            watch.EcsMonitoring,
            args(web={**SERVICE, "min_runing_tasks": 2}),
            r"EcsMonitoring 'mine'.targets.web: unknown field .min_runing_tasks.*min_running_tasks",
        ),
        (
            watch.EcsMonitoring,
            args(web={"cluster": "shop"}),
            r"EcsMonitoring 'mine'.targets.web.service is missing",
        ),
        (watch.EcsMonitoring, {"targets": {}}, r"EcsMonitoring 'mine'.routing is missing"),
        (
            watch.EcsMonitoring,
            {**args(web=SERVICE), "routing": {"topcs": {}}},
            r"EcsMonitoring 'mine'.routing: unknown field .topcs.*topics",
        ),
        (
            watch.EcsMonitoring,
            {**args(web=SERVICE), "overrides": {"ecs.cpu-high": {"treshold": 1}}},
            r"EcsMonitoring 'mine'.overrides..ecs.cpu-high..: unknown field .treshold.*threshold",
        ),
        (
            watch.EcsMonitoring,
            {**args(web=SERVICE), "overrides": {"ecs.cpu-high": {"severity": "critcal"}}},
            r"EcsMonitoring 'mine'.overrides..ecs.cpu-high...severity: 'critcal'.*critical",
        ),
        (
            watch.EcsMonitoring,
            args(web={**SERVICE, "min_running_tasks": -1}),
            r"EcsMonitoring 'mine': targets.web.min_running_tasks",
        ),
        (
            watch.AlbMonitoring,
            args(main={"load_balancer": "net/shop/1"}),
            r"AlbMonitoring 'mine': targets.main.load_balancer.*app/<name>/<id>",
        ),
        (
            watch.RdsMonitoring,
            args(main={**DATABASE, "engine": "postgre", "allocated_storage_gib": 9}),
            r"RdsMonitoring 'mine': targets.main.engine.*postgres",
        ),
        (
            # No share of a storage that nobody stated.
            watch.RdsMonitoring,
            args(main=DATABASE),
            r"RdsMonitoring 'mine': targets.main: alarm rds.storage-low@main: "
            r"allocated_storage_gib",
        ),
        (
            watch.LogMonitoring,
            args(app={"group": "/ecs/shop", "patterns": {"x": {"pattern": ""}}}),
            r"LogMonitoring 'mine': targets.app.patterns.x.pattern",
        ),
        (
            watch.LogMonitoring,
            args(app={"group": "/ecs/shop", "format": "xml"}),
            r"LogMonitoring 'mine'.targets.app.format: 'xml'.*json",
        ),
        (
            watch.ApplicationMonitoring,
            args(web={}),
            r"ApplicationMonitoring 'mine'.targets.web.service is missing",
        ),
        (
            watch.HealthCheck,
            args(web={"uri": "https://www.example.com/"}),
            r"HealthCheck 'mine'.targets.web: unknown field .uri.*url",
        ),
        (watch.AlertRouting, {}, r"AlertRouting 'mine'.severities is missing"),
        (watch.Dashboard, {"graphs": []}, r"Dashboard 'mine'.alarms is missing"),
    ],
)
def test_a_wrong_field_is_named_with_its_path(
    run_components: RunComponents, component: Callable[..., object], given: object, message: str
) -> None:
    with pytest.raises(watch.InvalidArgsError, match=message):
        run_args(run_components, component, given)
