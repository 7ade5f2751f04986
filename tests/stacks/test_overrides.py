"""A stack changes its alarms field by field: for all targets, for one, the nearer one first."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pytest

from stack.program import ProgramRun
from tests.components.registered import alarms
from tests.components.small import RunWith
from tests.stacks.rows import topic_arn

TWO_SERVICES: Final = "ecs.api={cluster: django-ecs-cluster, service: api}"


class Change(NamedTuple):
    """An override's field, and what it does to ecs.cpu-high: >= 80 %, 300 s x 1, missing."""

    field: str
    value: object
    sent: str
    default: object
    changed: object


CHANGES: Final = (
    Change("threshold", 70, "threshold", 80, 70),
    Change("period", 60, "period", 300, 60),
    Change("evaluation_periods", 3, "evaluationPeriods", 1, 3),
    # Without M of its own, an alarm waits for all N.
    Change("evaluation_periods", 4, "datapointsToAlarm", 1, 4),
    Change("treat_missing_data", "breaching", "treatMissingData", "missing", "breaching"),
    Change("treat_missing_data", "notBreaching", "treatMissingData", "missing", "notBreaching"),
    Change("treat_missing_data", "ignore", "treatMissingData", "missing", "ignore"),
    Change(
        "severity",
        "critical",
        "alarmActions",
        [topic_arn("prod", "warning")],
        [topic_arn("prod", "critical")],
    ),
    # Pulumi.prod.yaml: those who hear of critical alarms hear of their recovery.
    Change("severity", "critical", "okActions", None, [topic_arn("prod", "critical")]),
)


def sent(run: ProgramRun, target: str, name: str) -> Any:
    return alarms(run)[f"ecs.cpu-high@{target}"].inputs.get(name)


def overrides(by_key: Mapping[str, Mapping[str, object]]) -> str:
    return f"alarms={json.dumps(by_key)}"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.field}-{change.sent}")
def test_for_all_targets(run_with: RunWith, change: Change) -> None:
    changed = overrides({"ecs.cpu-high": {change.field: change.value}})
    run = run_with(TWO_SERVICES, "alerts.paging=alarm", changed)
    assert [sent(run, name, change.sent) for name in ("web", "api")] == [change.changed] * 2
    assert alarms(run)["ecs.memory-high@web"].inputs["threshold"] == 85


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.field}-{change.sent}")
def test_for_one_target(run_with: RunWith, change: Change) -> None:
    changed = overrides({"ecs.cpu-high@api": {change.field: change.value}})
    run = run_with(TWO_SERVICES, "alerts.paging=alarm", changed)
    assert sent(run, "api", change.sent) == change.changed
    assert sent(run, "web", change.sent) == change.default


def test_an_alarm_on_the_recent_past_stands_beside_the_other(run_with: RunWith) -> None:
    changed = overrides({"ecs.cpu-high": {"recent": 15, "severity": "critical"}})
    made = alarms(run_with("alerts.paging=alarm", changed))
    beside = made["ecs.cpu-high-recent@web"].inputs
    assert made["ecs.cpu-high@web"].inputs["threshold"] == 80
    assert (beside["threshold"], beside["comparisonOperator"]) == (
        15,
        "GreaterThanOrEqualToThreshold",
    )
    # An hour of 300 s, of which the newest quarter counts.
    assert beside["evaluationPeriods"] == 12
    assert [query.get("expression") for query in beside["metricQueries"]] == [
        None,
        "(value - AVG(value)) * (EPOCH(value) > MAX(EPOCH(value)) - 900)",
    ]
    assert beside["alarmActions"] == [topic_arn("prod", "critical")]
    assert beside["name"] != made["ecs.cpu-high@web"].inputs["name"]
    assert "ecs.memory-high-recent@web" not in made


def test_its_distance_may_differ_by_hour(run_with: RunWith) -> None:
    fields = {"recent": 15, "recent_by_hour": {"06-18": 25, "Sun 02-05": 70}}
    beside = alarms(run_with(overrides({"ecs.cpu-high": fields})))["ecs.cpu-high-recent@web"].inputs
    assert (beside["threshold"], beside["tags"]["Unit"]) == (1, "Count")
    watched = {query["id"]: query.get("expression") for query in beside["metricQueries"]}
    assert watched["other0"] == "70*(hour>=2)*(hour<5)*(day==7)"
    assert watched["sudden"].endswith(" / distance")


def test_it_pages_with_the_incident_of_its_target(run_with: RunWith) -> None:
    changed = overrides({"ecs.cpu-high": {"recent": 15, "severity": "critical"}})
    run = run_with(changed)
    name = alarms(run)["ecs.cpu-high-recent@web"].inputs["name"]
    (incident,) = (
        composite
        for composite in run.of_type("aws:cloudwatch/compositeAlarm:CompositeAlarm")
        if composite.inputs["tags"]["AlarmKey"] == "incident.ecs"
    )
    assert f'ALARM("{name}")' in incident.inputs["alarmRule"]


@pytest.mark.parametrize("swapped", [False, True], ids=["in order", "the nearer one first"])
def test_the_nearer_override_wins_field_by_field(run_with: RunWith, swapped: bool) -> None:
    both: dict[str, dict[str, object]] = {
        "ecs.cpu-high": {"threshold": 70, "period": 60},
        "ecs.cpu-high@api": {"threshold": 95, "treat_missing_data": "breaching"},
    }
    run = run_with(TWO_SERVICES, overrides(dict(reversed(both.items()) if swapped else both)))
    fields = ("threshold", "period", "treatMissingData")
    assert [sent(run, "web", name) for name in fields] == [70, 60, "missing"]
    assert [sent(run, "api", name) for name in fields] == [95, 60, "breaching"]


def test_m_of_n(run_with: RunWith) -> None:
    window = {"evaluation_periods": 5, "datapoints_to_alarm": 3}
    run = run_with(TWO_SERVICES, overrides({"ecs.cpu-high@web": window}))
    assert [sent(run, "web", name) for name in ("evaluationPeriods", "datapointsToAlarm")] == [5, 3]
    assert [sent(run, "api", name) for name in ("evaluationPeriods", "datapointsToAlarm")] == [1, 1]


def test_m_alone_on_a_rule_that_looks_at_five(run_with: RunWith) -> None:
    run = run_with("alarms={rds.cpu-high: {datapoints_to_alarm: 2}}")
    inputs = alarms(run)["rds.cpu-high@main"].inputs
    assert [inputs["evaluationPeriods"], inputs["datapointsToAlarm"]] == [5, 2]


@pytest.mark.parametrize(
    ("key", "left"), [("ecs.cpu-high", []), ("ecs.cpu-high@api", ["ecs.cpu-high@web"])]
)
def test_switched_off(run_with: RunWith, key: str, left: list[str]) -> None:
    run = run_with(TWO_SERVICES, f"alarms={{{key}: {{enabled: false}}}}")
    assert [address for address in alarms(run) if address.startswith("ecs.cpu-high@")] == left
    off = {a: r for a, r in run.exports["omitted_alarms"].items() if a.startswith("ecs.cpu")}
    expected = {"ecs.cpu-high@api"} if left else {"ecs.cpu-high@api", "ecs.cpu-high@web"}
    assert set(off) == expected
    assert set(off.values()) == {"switched off in the stack's alarms settings"}
    assert expected.isdisjoint(run.exports["alarms"])


def test_switched_off_for_all_but_one(run_with: RunWith) -> None:
    run = run_with(
        TWO_SERVICES,
        "alarms={ecs.cpu-high: {enabled: false}, ecs.cpu-high@api: {enabled: true}}",
    )
    assert "ecs.cpu-high@api" in alarms(run)
    assert "ecs.cpu-high@web" not in alarms(run)


def test_switched_on_for_one_target(run_with: RunWith) -> None:
    run = run_with("app.api={service: api}", "alarms={app.cache-hit-rate-low@api: {enabled: true}}")
    assert "app.cache-hit-rate-low@api" in alarms(run)
    assert "app.cache-hit-rate-low@web" not in alarms(run)


@pytest.mark.parametrize(
    ("key", "targets"), [("ecs.cpu-high", ["web", "api"]), ("ecs.cpu-high@api", ["api"])]
)
def test_a_runbook_of_ones_own(run_with: RunWith, key: str, targets: list[str]) -> None:
    page = "https://wiki.example.com/cpu"
    run = run_with(TWO_SERVICES, f"alarms={{{key}: {{runbook: '{page}'}}}}")
    linked = [name for name in ("web", "api") if page in sent(run, name, "alarmDescription")]
    assert linked == targets
    usual = {"web", "api"} - set(targets)
    assert all("docs/runbooks.md#ecscpu-high" in sent(run, n, "alarmDescription") for n in usual)


def test_a_runbook_page_of_ones_own(run_with: RunWith) -> None:
    run = run_with("runbooks=https://wiki.example.com/alarms")
    assert sent(run, "web", "alarmDescription").endswith(
        "Runbook: https://wiki.example.com/alarms#ecscpu-high"
    )


def test_the_period_of_metric_math_is_its_metrics_period(run_with: RunWith) -> None:
    run = run_with("alarms={alb.target-5xx-rate: {period: 120, threshold: 7}}")
    inputs = alarms(run)["alb.target-5xx-rate@main"].inputs
    periods = [query["metric"]["period"] for query in inputs["metricQueries"] if "metric" in query]
    assert periods == [120, 120]
    assert inputs["threshold"] == 7
    assert inputs.get("period") is None


def test_a_threshold_replaces_one_that_cannot_be_derived(run_with: RunWith) -> None:
    """SQL Server's max_connections does not follow from the class."""
    run = run_with(
        "rds.main={instance: d, engine: sqlserver-se, instance_class: db.m5.large,"
        " allocated_storage_gib: 20}",
        "alarms={rds.connections-high: {threshold: 300}}",
    )
    assert alarms(run)["rds.connections-high@main"].inputs["threshold"] == 300


def test_a_description_forgets_where_the_default_came_from(run_with: RunWith) -> None:
    run = run_with("alarms={rds.connections-high: {threshold: 150}}")
    sent = alarms(run)["rds.connections-high@main"].inputs
    assert sent["threshold"] == 150
    assert "80 %" not in sent["alarmDescription"]
    assert "estimated" not in sent["alarmDescription"]


def test_a_rule_of_a_part_is_changed_with_its_target(run_with: RunWith) -> None:
    run = run_with(
        "alb.main.target_groups={web: targetgroup/a/1, api: targetgroup/b/2}",
        "alarms={alb.unhealthy-hosts@main: {threshold: 2}}",
    )
    names = ["alb.unhealthy-hosts@main/web", "alb.unhealthy-hosts@main/api"]
    assert [alarms(run)[name].inputs["threshold"] for name in names] == [2, 2]


def test_a_part_is_changed_by_itself(run_with: RunWith) -> None:
    run = run_with(
        "alb.main.target_groups={web: targetgroup/a/1, api: targetgroup/b/2}",
        "alarms={alb.unhealthy-hosts@main: {threshold: 2, period: 120},"
        " alb.unhealthy-hosts@main/api: {threshold: 3}}",
    )
    both = [alarms(run)[f"alb.unhealthy-hosts@main/{part}"].inputs for part in ("web", "api")]
    assert [(one["threshold"], one["period"]) for one in both] == [(2, 120), (3, 120)]


def test_one_part_is_switched_off(run_with: RunWith) -> None:
    run = run_with(
        "alb.main.target_groups={web: targetgroup/a/1, api: targetgroup/b/2}",
        "alarms={alb.no-healthy-hosts@main/api: {enabled: false}}",
    )
    named = [address for address in alarms(run) if address.startswith("alb.no-healthy-hosts")]
    assert named == ["alb.no-healthy-hosts@main/web"]


def test_a_severity_that_becomes_unused_has_no_topic(run_with: RunWith) -> None:
    """latency-p99 is the one warning of a load balancer without target groups.

    Without events, which are all told as warnings.
    """
    run = run_with(
        "rds={}",
        "ecs={}",
        "logs={}",
        "app={}",
        "alb.main.target_groups={}",
        "alarms={alb.latency-p99: {severity: critical}}",
        "alerts.paging=alarm",
        "events.enabled=false",
        "review={}",
    )
    assert set(run.exports["topics"]) == {"critical"}
