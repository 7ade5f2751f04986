"""Arguments that AWS would refuse, or that nobody would hear of, are refused at once."""

import re
from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.override import AlarmOverride
from ecs_monitoring.cloudwatch.rule import Severity
from tests.components.registered import alarms
from tests.components.small import (
    CRITICAL,
    OUTSIDE_ROUTING,
    ROUTING,
    WARNING,
    RunComponents,
    ecs_args,
    rds_args,
)

OVERRIDES: Final[Mapping[str, tuple[AlarmOverride, str]]] = {
    # PutMetricAlarm: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    "more of fewer": (
        AlarmOverride(evaluation_periods=2, datapoints_to_alarm=3),
        "datapoints_to_alarm 3: write 1 to 2",
    ),
    "no minute": (AlarmOverride(period=90), "period 90: write a multiple of 60"),
    "high resolution": (AlarmOverride(period=10), "period 10: .*multiple of 60"),
    "above a day": (
        AlarmOverride(period=300, evaluation_periods=289),
        "evaluation_periods 289: .* at most 288",
    ),
    "above 100 %": (AlarmOverride(threshold=101), "threshold 101: the alarm could never fire"),
    "too long a text": (AlarmOverride(runbook="x" * 1100), "write a link instead of a text"),
}


@pytest.mark.parametrize(("override", "message"), OVERRIDES.values(), ids=OVERRIDES)
def test_an_override_that_cloudwatch_would_refuse(
    run_components: RunComponents, override: AlarmOverride, message: str
) -> None:
    def program() -> None:
        watch.EcsMonitoring("ecs", ecs_args(overrides={"ecs.cpu-high": override}))

    expected = f"EcsMonitoring 'ecs': targets.web: alarm ecs.cpu-high@web: .*{message}"
    with pytest.raises(watch.InvalidArgsError, match=expected):
        run_components(program)


def test_a_day_of_periods_is_accepted(run_components: RunComponents) -> None:
    """300 s x 288 are 86,400 s."""

    def program() -> None:
        day = AlarmOverride(period=300, evaluation_periods=288)
        watch.EcsMonitoring("ecs", ecs_args(overrides={"ecs.cpu-high": day}))

    sent = alarms(run_components(program))["ecs.cpu-high@web"].inputs
    assert sent["evaluationPeriods"] == 288


def test_several_faults_are_reported_together(run_components: RunComponents) -> None:
    def program() -> None:
        overrides = {
            "ecs.cpu-high": AlarmOverride(period=90),
            "ecs.memory-high": AlarmOverride(threshold=120),
        }
        watch.EcsMonitoring("ecs", ecs_args(overrides=overrides))

    with pytest.raises(watch.InvalidArgsError) as caught:
        run_components(program)
    assert "ecs.cpu-high@web: period 90" in str(caught.value)
    assert "ecs.memory-high@web: threshold 120" in str(caught.value)


@pytest.mark.parametrize(
    ("topics", "known"),
    [
        ({"warning": [WARNING]}, "warning"),
        ({"critical": [], "warning": [WARNING]}, "warning"),
        ({}, "none"),
    ],
    ids=["not there", "empty", "no topics"],
)
def test_a_severity_without_a_topic(
    run_components: RunComponents, topics: dict[str, list[pulumi.Input[str]]], known: str
) -> None:
    """Its alarms would change their state, and nobody would hear."""

    def program() -> None:
        watch.EcsMonitoring("ecs", ecs_args(routing=watch.RoutingArgs(topics=topics)))

    with pytest.raises(watch.InvalidArgsError, match=rf"no topic for \w+ alarms .*{known}"):
        run_components(program)


def test_a_severity_without_alarms_needs_no_topic(run_components: RunComponents) -> None:
    def program() -> None:
        calm = {"ecs.tasks-low": AlarmOverride(severity=Severity.WARNING)}
        routing = watch.RoutingArgs(topics={"warning": [WARNING]})
        watch.EcsMonitoring("ecs", ecs_args(overrides=calm, routing=routing))

    found = alarms(run_components(program))
    assert [alarm.inputs["alarmActions"] for alarm in found.values()] == [[WARNING]] * 3


def test_more_actions_than_an_alarm_may_have(run_components: RunComponents) -> None:
    """Five for a state: shape ResourceList of the CloudWatch service model."""

    def program(count: int) -> None:
        topics: list[pulumi.Input[str]] = [f"{WARNING}-{number}" for number in range(count)]
        routing = watch.RoutingArgs(topics={"critical": [CRITICAL], "warning": topics})
        watch.EcsMonitoring("ecs", ecs_args(routing=routing))

    found = alarms(run_components(lambda: program(5)))
    assert len(found["ecs.cpu-high@web"].inputs["alarmActions"]) == 5
    with pytest.raises(watch.InvalidArgsError, match="5"):
        run_components(lambda: program(6))


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (watch.HealthTargetArgs(url="ftp://www.example.com/"), "https://<host>/<path>"),
        (watch.HealthTargetArgs(url="www.example.com"), "https://<host>/<path>"),
        (watch.HealthTargetArgs(verify=True), "target_group"),
        (watch.HealthTargetArgs(), "checks nothing"),
    ],
    ids=["not http", "no scheme", "nothing to compare", "nothing to do"],
)
def test_a_health_check_of_nothing(
    run_components: RunComponents, target: watch.HealthTargetArgs, message: str
) -> None:
    def program() -> None:
        watch.HealthCheck(
            "health", watch.HealthCheckArgs(targets={"web": target}, routing=OUTSIDE_ROUTING)
        )

    with pytest.raises(watch.InvalidArgsError, match=message):
        run_components(program)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"engine": "sqlserver-se", "instance_class": "db.m5.large"}, "give max_connections"),
        ({"instance_class": "db.t4g.smal"}, "db.t4g.small"),
    ],
)
def test_a_number_that_cannot_be_derived(
    run_components: RunComponents, fields: dict[str, Any], message: str
) -> None:
    usual = {"instance": "d", "engine": "postgres", "instance_class": "db.t4g.small"}
    target = watch.RdsTargetArgs(**{**usual, "allocated_storage_gib": 20, **fields})

    def program() -> None:
        watch.RdsMonitoring("rds", rds_args(target))

    with pytest.raises(watch.InvalidArgsError, match=message):
        run_components(program)


def test_a_component_without_targets_has_no_alarms(run_components: RunComponents) -> None:
    """And its outputs are mappings, as they always are."""

    def program() -> None:
        ecs = watch.EcsMonitoring("ecs", ecs_args(targets={}))
        pulumi.export("alarms", ecs.alarms)
        pulumi.export("omitted", ecs.omitted)

    assert run_components(program).exports == {"alarms": {}, "omitted": {}}


def test_an_outside_check_cannot_tell_topics_of_another_region(
    run_components: RunComponents,
) -> None:
    """Route 53's metrics, and so the alarm, are in us-east-1."""
    target = watch.HealthTargetArgs(url="https://www.example.com/health/")
    args = watch.HealthCheckArgs(targets={"web": target}, routing=ROUTING)

    def program() -> None:
        watch.HealthCheck("health", args)

    with pytest.raises(watch.InvalidArgsError, match="whose alarm is in us-east-1"):
        run_components(program)


def test_an_override_of_the_wrong_type(run_components: RunComponents) -> None:
    args: Any = {**vars(ecs_args()), "overrides": {"ecs.cpu-high": {"threshold": "abc"}}}

    def program() -> None:
        watch.EcsMonitoring("ecs", args)

    with pytest.raises(watch.InvalidArgsError, match=r"overrides\[.ecs\.cpu-high.\]\.threshold"):
        run_components(program)


def test_an_output_where_a_plain_value_decides(run_components: RunComponents) -> None:
    def program() -> None:
        late: Any = pulumi.Output.from_input("db.m5.large")
        target = watch.RdsTargetArgs(instance="db", engine="postgres", instance_class=late)
        watch.RdsMonitoring("rds", rds_args(target))

    with pytest.raises(watch.InvalidArgsError, match=r"instance_class decides which alarms"):
        run_components(program)


def test_a_pattern_of_ones_own_may_be_switched_off(run_components: RunComponents) -> None:
    def program() -> None:
        pattern = watch.ExtraPatternArgs(pattern="?PaymentFailed")
        group = watch.LogTargetArgs(group="/ecs/app", patterns={"pay": pattern})
        off = {"logs.pay": AlarmOverride(enabled=False)}
        watch.LogMonitoring(
            "logs",
            watch.LogMonitoringArgs(targets={"app": group}, routing=ROUTING, overrides=off),
        )

    assert "logs.pay@app" not in alarms(run_components(program))


@pytest.mark.parametrize(
    "name", ["", "web--api", "-web", "web-", "web api", "web/api", "web@1", "web.api", "wéb"]
)
def test_a_target_whose_name_would_blur_alarm_names_or_addresses(
    run_components: RunComponents, name: str
) -> None:
    def program() -> None:
        service = watch.EcsTargetArgs(cluster="shop", service="checkout")
        watch.EcsMonitoring("ecs", ecs_args(targets={name: service}))

    expected = f"EcsMonitoring 'ecs': targets.{name}: write letters, digits, _ and single hyphens"
    with pytest.raises(watch.InvalidArgsError, match=re.escape(expected)):
        run_components(program)
