"""Windows in which alarms tell nobody: what would be refused, or would mute nothing."""

import json
from typing import Any

import pytest

from tests.settings.refusal import ANY, Mistake, problem_at, refused, run_changed

MUTE_RULE = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
NIGHTLY: dict[str, Any] = {"schedule": "cron(0 2 * * *)", "duration": "2h"}


ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm"

# Where every critical alarm pages, there are no composite alarms.
BY_ALARM = "alerts.paging=alarm"


def written(**changes: Any) -> str:
    return f"alerts.mutes={json.dumps({'nightly': {**NIGHTLY, **changes}})}"


def muted(**changes: Any) -> dict[str, list[str]]:
    """Name of each mute rule to the alarms that it names, less what all begin with."""
    prefix = "django-ecs-monitoring-prod-"
    return {
        rule.inputs["name"].removeprefix(prefix): [
            name.removeprefix(prefix) for name in rule.inputs["muteTargets"]["alarmNames"]
        ]
        for rule in run_changed(BY_ALARM, written(**changes)).of_type(MUTE_RULE)
    }


@pytest.mark.slow
def test_a_window_mutes_every_alarm_of_the_stack() -> None:
    run = run_changed(BY_ALARM, written())
    alarms = {one.inputs["name"] for one in run.of_type(ALARM)}
    rules = run.of_type(MUTE_RULE)
    named = [name for rule in rules for name in rule.inputs["muteTargets"]["alarmNames"]]
    assert sorted(named) == sorted(alarms)
    assert {json.dumps(rule.inputs["rule"], sort_keys=True) for rule in rules} == {
        json.dumps(
            {
                "schedule": {
                    "duration": "PT2H",
                    "expression": "cron(0 2 * * *)",
                    "timezone": "UTC",
                }
            }
        )
    }
    assert run.exports["mute_rules"] == {rule.inputs["name"]: rule.arn for rule in rules}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chosen", "kinds"),
    [
        ({"kind": "rds"}, {"rds"}),
        # Both the load balancer and the database are called main.
        ({"target": "main"}, {"alb", "rds"}),
        ({"target": "main", "kind": "alb"}, {"alb"}),
        ({"kind": "logs", "severity": "critical"}, {"logs"}),
    ],
)
def test_a_window_for_some_alarms(chosen: dict[str, str], kinds: set[str]) -> None:
    found = muted(**chosen)
    assert set(found) == {f"mute-nightly--{kind}" for kind in kinds}
    for rule, names in found.items():
        kind = rule.rpartition("--")[2]
        assert all(name.startswith(f"{kind}-{chosen.get('target', '')}") for name in names)


@pytest.mark.slow
def test_a_severity_alone() -> None:
    critical = {name for names in muted(severity="critical").values() for name in names}
    warning = {name for names in muted(severity="warning").values() for name in names}
    assert "ecs-web-tasks-low" in critical
    assert "ecs-web-cpu-high" in warning
    assert critical.isdisjoint(warning)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chosen", "incidents"),
    [
        ({}, None),
        ({"kind": "rds"}, {"incident-main-rds", "incident-main.foreseen-rds"}),
        ({"severity": "critical", "target": "web", "kind": "ecs"}, {"incident-web-ecs"}),
        # They page: none of them is a warning.
        ({"severity": "warning"}, set()),
    ],
)
def test_composite_alarms_that_page_are_muted_with_the_alarms_below_them(
    chosen: dict[str, str], incidents: set[str] | None
) -> None:
    run = run_changed("alerts.paging=incident", written(**chosen))
    paging = {
        one.inputs["alarmName"] for one in run.of_type(COMPOSITE) if one.inputs.get("alarmActions")
    }
    rules = [rule for rule in run.of_type(MUTE_RULE) if rule.name.startswith("incidents.")]
    muted = {name for rule in rules for name in rule.inputs["muteTargets"]["alarmNames"]}
    if incidents is None:
        assert muted == paging
    else:
        assert muted == {f"django-ecs-monitoring-prod-{name}" for name in incidents}
    assert {rule.inputs["name"] for rule in rules} <= set(run.exports["mute_rules"])


@pytest.mark.slow
def test_outside_checks_are_muted_where_their_alarms_are() -> None:
    run = run_changed(written(), 'health={"web": {"url": "https://www.example.com/livez"}}')
    regions = {rule.name: rule.inputs.get("region") for rule in run.of_type(MUTE_RULE)}
    assert regions["health.mute-nightly"] == "us-east-1"
    assert regions["ecs.mute-nightly"] is None


@pytest.mark.slow
def test_more_alarms_than_one_rule_names_are_split() -> None:
    services = {f"s{n}": {"cluster": "c", "service": f"s{n}"} for n in range(40)}
    run = run_changed(BY_ALARM, f"ecs={json.dumps(services)}", written(kind="ecs"))
    # They are registered as soon as their alarms are, in whatever order.
    rules = sorted(run.of_type(MUTE_RULE), key=lambda rule: rule.name)
    sizes = [len(rule.inputs["muteTargets"]["alarmNames"]) for rule in rules]
    alarms = {one.inputs["name"] for one in run.of_type(ALARM) if one.name.startswith("ecs.")}
    assert len(alarms) > 100
    assert sizes == [100, len(alarms) - 100]
    assert [rule.name for rule in rules] == ["ecs.mute-nightly", "ecs.mute-nightly-2"]
    assert {n for rule in rules for n in rule.inputs["muteTargets"]["alarmNames"]} == alarms


@pytest.mark.parametrize(
    ("changes", "path", "value", "fix"),
    [
        ({"schedule": "cron(0 2 ? * SUN *)"}, ".schedule", ANY, "write cron(0 2 * * SUN)"),
        ({"schedule": "cron(0 2 30 2 *)"}, ".schedule", ANY, "write a day that the month has"),
        ({"schedule": "at(2026-02-30T02:00)"}, ".schedule", ANY, "at(2027-01-31T22:00)"),
        ({"schedule": "cron(0 22-6 * * *)"}, ".schedule", ANY, "from the lower to the higher"),
        ({"duration": "16d"}, ".duration", "16d", "write 1m to 15d"),
        ({"duration": 60}, ".duration", 60, "write a text"),
        ({"timezone": "Asia/Tokio"}, ".timezone", "Asia/Tokio", 'did you mean "Asia/Tokyo"?'),
        ({"severity": "major"}, ".severity", "major", "write one of: 'critical' or 'warning'"),
        ({"kind": "rdss"}, ".kind", "rdss", 'did you mean "rds"?'),
        ({"until": "06:00"}, ".until", "06:00", 'unknown key "until"'),
        ({"duration": "1d"}, "", ANY, "write a shorter duration"),
        ({"description": "x" * 501}, ".description", ANY, "write at most 500 characters"),
    ],
)
def test_what_cannot_be_is_refused(
    changes: dict[str, Any], path: str, value: Any, fix: str
) -> None:
    Mistake(written(**changes), f"alerts.mutes.nightly{path}", value, fix).check()


def test_a_name_that_no_rule_can_have() -> None:
    mutes = {"night--ly": NIGHTLY}
    problem = problem_at(refused(f"alerts.mutes={json.dumps(mutes)}"), "alerts.mutes.night--ly")
    assert "single hyphens" in problem.fix


def test_a_window_for_an_unknown_target_is_refused() -> None:
    problem = problem_at(refused(written(target="mian")), "alerts.mutes.nightly.target")
    assert 'no target of this name; did you mean "main"?' in problem.fix


@pytest.mark.slow
def test_a_window_that_fits_no_alarm_is_warned_of() -> None:
    run = run_changed(written(kind="health", severity="warning"))
    (warning,) = [one for one in run.warnings if "alerts.mutes" in one]
    assert warning == (
        "django-ecs-monitoring:alerts.mutes.nightly mutes nothing, since the stack has no warning "
        "health alarms: change severity, kind or target, or remove it"
    )
    assert not run.of_type(MUTE_RULE)


def test_a_mistake_in_a_target_is_not_also_one_of_the_window_that_mutes_it() -> None:
    error = refused("ecs.web.min_running_tasks=-1", written(target="web", kind="ecs"))
    assert [problem.path for problem in error.problems] == [
        "django-ecs-monitoring:ecs.web.min_running_tasks"
    ]


@pytest.mark.slow
def test_a_window_that_is_over_is_warned_of_and_stays() -> None:
    run = run_changed(written(schedule="at(2026-01-01T02:00)"))
    (warning,) = [one for one in run.warnings if "alerts.mutes" in one]
    assert warning == (
        "django-ecs-monitoring:alerts.mutes.nightly: at(2026-01-01T02:00) UTC, for 2 h is over and "
        "mutes nothing any more: remove it, or write another time"
    )
    assert run.of_type(MUTE_RULE)
