"""Rules read back from what was registered are the rules that it was made of."""

import dataclasses

import pytest

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    Comparison,
    LowSamples,
    MissingData,
    Severity,
    WarmUp,
    parts_of_description,
)
from ecs_monitoring.cloudwatch.units import Unit
from exports.monitoring import OVERVIEW
from stack.definitions import ALARM
from stack.program import ProgramRun
from stack.rules import registered_rule
from tests.exports.stacks import monitoring
from tests.stacks.rows import ROWS


def test_each_rule_says_what_its_alarm_was_registered_with(stack: ProgramRun) -> None:
    for registration in stack.of_type(ALARM):
        rule = registered_rule(registration)
        inputs = registration.inputs
        assert rule.description == inputs["alarmDescription"]
        assert rule.title
        assert rule.runbook == f"docs/runbooks.md#{rule.key.replace('.', '')}"
        assert rule.name == inputs["name"]
        assert rule.address.tags.items() <= inputs["tags"].items()


def test_the_tables_numbers_are_read_back() -> None:
    rules = {found.rule.key: found.rule for found in monitoring().rules}
    for key, row in ROWS.items():
        rule = rules[key]
        assert isinstance(rule.signal, Metric)
        assert rule.signal.namespace == row.namespace
        assert rule.signal.name == row.metric
        assert rule.signal.dimensions == row.dimensions
        assert rule.signal.statistic == row.statistic
        assert rule.comparison.sign == row.comparison
        assert rule.threshold == row.threshold
        assert (rule.period, rule.evaluation_periods) == (row.period, row.evaluation_periods)
        assert rule.breaching_datapoints == row.datapoints_to_alarm
        assert rule.treat_missing_data == row.missing
        assert rule.severity == row.severity


def test_dimensions_are_in_one_order_whatever_that_of_the_registration(prod: ProgramRun) -> None:
    """What is registered has them in another order from process to process, and files have not."""
    found = [one for one in prod.of_type(ALARM) if len(one.inputs.get("dimensions") or {}) > 1]
    assert found
    for registration in found:
        turned = dict(reversed(registration.inputs["dimensions"].items()))
        inputs = {**registration.inputs, "dimensions": turned}
        rule = registered_rule(dataclasses.replace(registration, inputs=inputs))
        assert repr(rule) == repr(registered_rule(registration))


def test_metric_math_is_read_back() -> None:
    rules = {found.rule.address: found.rule for found in monitoring().rules}
    rate = rules[AlarmAddress("alb.target-5xx-rate@main")]
    assert isinstance(rate.signal, MetricMath)
    assert [metric.name for metric in rate.signal.metrics] == [
        "HTTPCode_Target_5XX_Count",
        "RequestCount",
    ]
    assert rate.condition == "5xx rate (>= 20 requests) >= 5 %"
    assert rate.schedule == "3 of 5 x 60 s"
    assert rate.unit is Unit.PERCENT


@pytest.mark.slow
def test_what_only_some_rules_have_is_read_back() -> None:
    found = monitoring("health.site.url=https://example.com/health")
    rules = {one.rule.key: one for one in found.rules}
    assert rules["alb.latency-p99"].rule.low_samples is LowSamples.IGNORE
    assert rules["alb.no-healthy-hosts"].rule.address == "alb.no-healthy-hosts@main/web"
    outside = rules["health.endpoint-down"]
    assert (outside.region, outside.rule.warm_up) == ("us-east-1", WarmUp(15 * 60))
    assert outside.rule.treat_missing_data is MissingData.BREACHING
    assert outside.rule.comparison is Comparison.BELOW
    assert outside.rule.severity is Severity.CRITICAL
    assert "us-east-1.console.aws.amazon.com" in outside.console
    assert rules["ecs.cpu-high"].region == "ap-northeast-1"


def test_composite_alarms_are_read_with_what_silences_them(prod: ProgramRun) -> None:
    (registered,) = (
        found.inputs
        for found in prod.of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm")
        if found.inputs["tags"]["AlarmKey"] == "incident.alb"
    )
    found = {composite.item.name: composite for composite in monitoring().composites}
    incident = found["incident.alb@main"]
    assert incident.name == registered["alarmName"]
    assert incident.condition == registered["alarmRule"]
    assert incident.severity is Severity.CRITICAL
    suppressor = registered["actionsSuppressor"]
    assert incident.suppressor == suppressor["alarm"]
    assert incident.wait_period == suppressor["waitPeriod"] > 0
    assert incident.extension_period == suppressor["extensionPeriod"] > 0
    causes = found["incident.alb-causes@main"]
    assert (causes.severity, causes.suppressor) == (None, "")


def test_graphs_are_in_the_dashboards_order_with_the_six_of_the_overview_first() -> None:
    names = [placed.item.name for placed in monitoring().panels]
    assert names[:7] == [
        f"{OVERVIEW} / ECS CPU Utilization",
        f"{OVERVIEW} / ECS Memory Utilization",
        f"{OVERVIEW} / ALB Response Codes",
        f"{OVERVIEW} / ALB Response Time",
        f"{OVERVIEW} / RDS CPU Utilization",
        f"{OVERVIEW} / RDS Connections",
        "Running tasks / ECS Running Tasks",
    ]


@pytest.mark.slow
def test_without_dashboards_the_graphs_are_there_all_the_same() -> None:
    without = monitoring("dashboard.enabled=false")
    assert without.panels == monitoring().panels


@pytest.mark.parametrize(
    ("description", "parts"),
    [
        ("CPU high: a: b. Runbook: https://x/#y", ("CPU high", "a: b.", "https://x/#y")),
        ("made by hand", ("", "made by hand", "")),
        ("by hand: see the wiki", ("", "by hand: see the wiki", "")),
    ],
)
def test_a_description_is_taken_apart(description: str, parts: tuple[str, str, str]) -> None:
    assert parts_of_description(description) == parts
