"""All that alarms, their composites and mute rules are registered with."""

from dataclasses import replace
from typing import Any, Final

import pulumi
import pytest

import ecs_monitoring as watch
from ecs_monitoring.alarm import alarm_tags, settled_properties
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, LowSamples, MissingData, WarmUp
from ecs_monitoring.cloudwatch.units import Unit
from tests.components.registered import COMPOSITE, sent
from tests.components.small import CRITICAL, WARNING, RunComponents, ecs_args, rds_args

TAGS: Final[dict[str, pulumi.Input[str]]] = {"Team": "shop"}
STACK: Final = "django-ecs-monitoring-test"
ROUTING: Final = watch.RoutingArgs(
    topics={"critical": [CRITICAL], "warning": [WARNING]}, notify_on_recovery=["critical"]
)
NIGHT: Final = watch.MuteArgs(
    schedule="cron(0 20 * * *)",
    duration="90m",
    timezone="Asia/Tokyo",
    severity=watch.Severity.CRITICAL,
    description="Backups.",
)
MUTED: Final = {
    "description": ("Backups. (alerts.mutes.night) What is still on when it ends notifies then."),
    "rule": {
        "schedule": {
            "expression": "cron(0 20 * * *)",
            "duration": "PT1H30M",
            "timezone": "Asia/Tokyo",
        }
    },
    "tags": {**TAGS, "Mute": "night", "MuteOf": "django-ecs-monitoring/test"},
}


def without(found: dict[str, Any], *names: str) -> dict[str, Any]:
    """Some inputs, without those that are the rules' own texts."""
    return {name: value for name, value in found.items() if name not in names}


def test_alarms_of_a_service_and_their_mute_rule(
    run_components: RunComponents, requests: dict[str, Any]
) -> None:
    def program() -> None:
        args = ecs_args(routing=ROUTING, tags=TAGS, mutes={"night": NIGHT})
        watch.EcsMonitoring("ecs", args)

    found = sent(run_components(program))
    assert without(found["MetricAlarm ecs.web-cpu-high"], "alarmDescription") == {
        "name": f"{STACK}-ecs-web-cpu-high",
        "namespace": "AWS/ECS",
        "metricName": "CPUUtilization",
        "dimensions": {"ClusterName": "shop", "ServiceName": "checkout"},
        "statistic": "Average",
        "period": 300,
        "evaluationPeriods": 1,
        "datapointsToAlarm": 1,
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "threshold": 80,
        "treatMissingData": "missing",
        "alarmActions": [WARNING],
        "tags": {
            **TAGS,
            "AlarmKey": "ecs.cpu-high",
            "Target": "web",
            "Severity": "warning",
            "Unit": "Percent",
        },
    }
    low = found["MetricAlarm ecs.web-tasks-low"]
    assert (low["alarmActions"], low["okActions"]) == ([CRITICAL], [CRITICAL])
    # Of the three alarms, one is critical.
    assert found["AlarmMuteRule ecs.mute-night"] == {
        "name": f"{STACK}-mute-night--ecs",
        "muteTargets": {"alarmNames": [f"{STACK}-ecs-web-tasks-low"]},
        **MUTED,
    }
    (asked,) = (one for name, one in requests.items() if "AlarmMuteRule" in name)
    assert [urn.rpartition("::")[2] for urn in asked.dependencies] == ["ecs.web-tasks-low"]


def rule(**changes: Any) -> AlarmRule:
    """A rule on a percentile, but for changes."""
    usual: dict[str, Any] = {
        "key": "alb.slow",
        "target": "main",
        "name": "shop-slow",
        "title": "Slow",
        "meaning": "it is slow.",
        "severity": watch.Severity.WARNING,
        "signal": PERCENTILE,
        "comparison": Comparison.AT_LEAST,
        "threshold": 5,
        "unit": Unit.SECONDS,
        "period": 60,
        "evaluation_periods": 5,
        "datapoints_to_alarm": 3,
        "treat_missing_data": MissingData.NOT_BREACHING,
    }
    return AlarmRule(**{**usual, **changes})


PERCENTILE: Final = Metric(
    namespace="AWS/ApplicationELB",
    name="TargetResponseTime",
    dimensions={"LoadBalancer": "app/shop/1"},
    statistic="p99",
)
SETTLED: Final = {
    "name": "shop-slow",
    "comparison_operator": "GreaterThanOrEqualToThreshold",
    "evaluation_periods": 5,
    "datapoints_to_alarm": 3,
    "treat_missing_data": "notBreaching",
}
ON_THE_METRIC: Final = {
    "namespace": "AWS/ApplicationELB",
    "metric_name": "TargetResponseTime",
    "period": 60,
}


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({}, {**ON_THE_METRIC, "extended_statistic": "p99"}),
        (
            {"signal": replace(PERCENTILE, statistic="Maximum")},
            {**ON_THE_METRIC, "statistic": "Maximum"},
        ),
        # "evaluate" is what CloudWatch does by itself, and with other statistics takes neither.
        (
            {"low_samples": LowSamples.IGNORE},
            {
                **ON_THE_METRIC,
                "extended_statistic": "p99",
                "evaluate_low_sample_count_percentiles": "ignore",
            },
        ),
        (
            {"warm_up": WarmUp(900)},
            {
                **ON_THE_METRIC,
                "extended_statistic": "p99",
                "warm_up_configuration": {"warm_up_period_duration_in_minutes": 15},
            },
        ),
        (
            {"warm_up": WarmUp(1200, is_whole=True)},
            {
                **ON_THE_METRIC,
                "extended_statistic": "p99",
                "warm_up_configuration": {
                    "warm_up_period_duration_in_minutes": 20,
                    "only_start_evaluating_after_warm_up_period_ends": True,
                },
            },
        ),
        # The queries of metric math say which metrics, of which periods.
        (
            {
                "signal": MetricMath(
                    queries=(MetricQuery(id="value", source=PERCENTILE),), returned="value"
                )
            },
            {},
        ),
    ],
)
def test_what_of_an_alarm_never_depends_on_its_target(
    changes: dict[str, Any], more: dict[str, Any]
) -> None:
    assert settled_properties(rule(**changes)) == {**SETTLED, **more}


def test_tags_of_an_alarm_say_its_address_severity_and_unit() -> None:
    """The stack's own are beside them, and never in their place."""
    own = {"AlarmKey": "alb.slow", "Target": "main", "Severity": "warning", "Unit": "Seconds"}
    assert alarm_tags(rule(), None) == own
    assert alarm_tags(rule(part="web"), {"Team": "shop", "Severity": "none"}) == {
        **own,
        "Team": "shop",
        "Target": "main/web",
    }


def composites(run_components: RunComponents, **changes: Any) -> dict[str, dict[str, Any]]:
    """The composite alarms, and mute rules, over a service on a database."""

    def program() -> None:
        ecs = watch.EcsMonitoring("ecs", ecs_args())
        rds = watch.RdsMonitoring("rds", rds_args())
        usual: dict[str, Any] = {
            "incidents": [ecs.incidents, rds.incidents],
            "alarms": [ecs.alarm_arns, rds.alarm_arns],
            "routing": ROUTING,
            "tags": TAGS,
            "runbooks": "https://wiki.example.jp/runbooks",
            "mutes": {"night": NIGHT},
        }
        watch.IncidentPaging("incidents", watch.IncidentPagingArgs(**{**usual, **changes}))

    run = run_components(program)
    (paging,) = (one for one in run.registrations if one.name == "incidents")
    children = [one for one in run.registrations if one.parent == paging.urn]
    return {f"{one.type.rpartition(':')[2]} {one.name}": dict(one.inputs) for one in children}


def test_composites_of_a_service_on_a_database(
    run_components: RunComponents, requests: dict[str, Any]
) -> None:
    found = composites(run_components)
    web = found["CompositeAlarm incidents.ecs.web"]
    assert without(web, "alarmDescription") == {
        "alarmName": f"{STACK}-incident-web-ecs",
        "alarmRule": f'ALARM("{STACK}-ecs-web-tasks-low")',
        "actionsSuppressor": {
            "alarm": f"{STACK}-incident-main-rds",
            "waitPeriod": 180,
            "extensionPeriod": 420,
        },
        "alarmActions": [CRITICAL],
        "okActions": [CRITICAL],
        "tags": {**TAGS, "AlarmKey": "incident.ecs", "Target": "web", "Severity": "critical"},
    }
    assert web["alarmDescription"].endswith("Runbook: https://wiki.example.jp/runbooks#incident")
    # What is silent because of another is made after it.
    needed = requests[f"{COMPOSITE}/incidents.ecs.web"].dependencies
    assert {urn.rpartition("::")[2] for urn in needed} == {
        "incidents.rds.main",
        "ecs.web-tasks-low",
    }
    assert "actionsSuppressor" not in found["CompositeAlarm incidents.rds.main"]
    assert found["AlarmMuteRule incidents.mute-night"] == {
        "name": f"{STACK}-mute-night--incidents",
        "muteTargets": {
            "alarmNames": [
                f"{STACK}-incident-main-rds",
                f"{STACK}-incident-web-ecs",
                f"{STACK}-incident-main.foreseen-rds",
            ]
        },
        **MUTED,
    }
    assert set(found) == {
        "CompositeAlarm incidents.ecs.web",
        "CompositeAlarm incidents.rds.main",
        "CompositeAlarm incidents.rds.main.foreseen",
        "AlarmMuteRule incidents.mute-night",
    }
