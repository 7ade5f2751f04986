"""Names of alarms, metric filters and filter metrics: unique, and what AWS takes."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Severity
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules import ECS, KINDS, LOGS
from ecs_monitoring.rules.log_target import LogTarget
from ecs_monitoring.rules.logs import LogFilter, log_concerns, log_filter
from ecs_monitoring.rules.plan import Kind, Plan, Scope

RULE = AlarmRule(
    key="ecs.cpu-high",
    target="web",
    title="CPU high",
    meaning="web is short of CPU.",
    severity=Severity.WARNING,
    signal=Metric(namespace="AWS/ECS", name="CPUUtilization", statistic="Average"),
    comparison=Comparison.AT_LEAST,
    threshold=80,
    unit=Unit.PERCENT,
    period=300,
    evaluation_periods=1,
    treat_missing_data=MissingData.MISSING,
)

# The words that rule names are made of, so that targets named after rules are tried often.
_WORDS = sorted({w for kind in KINDS for key in kind.keys for w in key.split(".")[1].split("-")})
_PIECES = st.sampled_from([*_WORDS, "web", "a", "B", "_", "0"])
NAMES = st.lists(_PIECES, min_size=1, max_size=4).map("-".join)
PARTS = st.just("") | NAMES


def local_name(kind: Kind[Any], target: str, part: str, key: str) -> str:
    return kind.local_name(replace(RULE, key=key, target=target, part=part))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
@given(data=st.data())
def test_no_two_alarms_of_a_kind_share_a_name(kind: Kind[Any], data: st.DataObject) -> None:
    keys = st.sampled_from(kind.keys)
    if kind is LOGS:
        # A log group's own patterns are called anything but the built-in ones.
        own = NAMES.map(lambda name: f"logs.{name}").filter(lambda key: key not in LOGS.keys)
        keys = keys | own
    alarms = data.draw(st.sets(st.tuples(NAMES, PARTS, keys), min_size=2, max_size=12))
    assert len({local_name(kind, *alarm) for alarm in alarms}) == len(alarms)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("web-database", "", "logs.errors"), ("web", "", "logs.database-errors")),
        (("web", "", "logs.slow-errors"), ("web-slow", "", "logs.errors")),
        (("web", "", "logs.a-b"), ("web-a", "", "logs.b")),
    ],
)
def test_names_that_would_be_the_same_with_one_hyphen_differ(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert "-".join((one[0], one[2][5:])) == "-".join((other[0], other[2][5:]))
    assert local_name(LOGS, *one) != local_name(LOGS, *other)


@pytest.mark.parametrize(
    ("component", "name"),
    [
        ("ecs", "shop-prod-ecs-web-cpu-high"),
        ("payments", "shop-prod-payments.ecs-web-cpu-high"),
    ],
)
def test_alarms_are_called_after_project_stack_kind_target_and_rule(
    component: str, name: str
) -> None:
    scope = Scope(project="shop", stack="prod", component=component)
    assert ECS.alarm_name(scope, RULE) == name


def test_a_target_groups_alarm_names_the_group(rule_of: Callable[..., AlarmRule]) -> None:
    # The longest rule name at the end of "…-no-healthy-hosts" is no-healthy-hosts itself.
    assert rule_of("alb.no-healthy-hosts").name == "shop-prod-alb-web.blue-no-healthy-hosts"
    assert rule_of("alb.unhealthy-hosts").name == "shop-prod-alb-web.blue-unhealthy-hosts"


def test_alarms_of_two_kinds_never_share_a_name(plan_of: Callable[..., Plan]) -> None:
    names = [
        rule.name
        for kind in KINDS
        for target in ("web", "ecs", "rds-web", "ecs-web")
        for rule in plan_of(kind, name=target).rules
    ]
    assert len(set(names)) == len(names)


def filters(component: str, target: str) -> list[LogFilter]:
    scope = Scope(project="shop", stack="prod", component=component)
    group = LogTarget(group="/ecs/web")
    return [log_filter(scope, target, group, concern) for concern in log_concerns(group)]


# Shapes FilterName, MetricName and MetricNamespace of CloudWatch Logs:
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html
FILTER_NAME = re.compile(r"[^:*]{1,512}")
METRIC_NAME = re.compile(r"[^:*$]{1,255}")


@given(NAMES, NAMES)
def test_filters_and_their_metrics_have_names_that_cloudwatch_logs_takes(
    component: str, target: str
) -> None:
    for made in filters(component, target):
        assert FILTER_NAME.fullmatch(made.name)
        assert METRIC_NAME.fullmatch(made.metric.name)
        assert METRIC_NAME.fullmatch(made.metric.namespace)
        assert made.metric.dimensions == {}


@given(st.sets(st.tuples(NAMES, NAMES), min_size=2, max_size=4))
def test_no_two_filters_feed_one_metric(owners: set[tuple[str, str]]) -> None:
    metrics = [made.metric.name for owner in owners for made in filters(*owner)]
    assert len(set(metrics)) == len(metrics)


def test_filters_of_two_components_on_one_log_group_have_names_of_their_own() -> None:
    # A filter's name is unique in its log group: putting it again replaces the other.
    names = [f.name for f in (*filters("logs", "api-web"), *filters("logs-api", "web"))]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_target_name_that_is_too_long_is_refused(
    kind: Kind[Any], plan_of: Callable[..., Plan]
) -> None:
    if kind is LOGS:
        # The filters' metrics carry the target's name too.
        with pytest.raises(InvalidValueError, match=r"metric name .* write 1 to 255"):
            plan_of(kind, name="n" * 300)
        return
    problems = [problem for _, problem in plan_of(kind, name="n" * 300).problems]
    assert problems
    assert {problem.field for problem in problems} == {"name"}
