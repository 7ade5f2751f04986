"""The production stack's alarms are those of the monitoring guide and of AWS, row by row."""

from typing import Final

import pytest

from stack.config import PROJECT
from stack.program import ProgramRun
from tests.components.registered import COMPOSITE, by_key, wire
from tests.components.small import RunWith
from tests.stacks.metric_math import cache_hit_rate_low, target_5xx_rate, tasks_low
from tests.stacks.rows import LEFT_OUT, MATH_KEYS, ROWS, Row, topic_arn


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_an_alarm_watches_what_its_source_says(prod: ProgramRun, row: Row) -> None:
    expected = row.wire()
    assert wire(by_key(prod)[row.key], *expected) == expected, row.source


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_alarm_by_alarm_each_goes_to_the_topic_of_its_severity(run_with: RunWith, row: Row) -> None:
    """Pulumi.prod.yaml: notify_on_recovery: [critical]."""
    sent = by_key(_paging_alarm(run_with))[row.key].inputs
    topic = topic_arn("prod", row.severity)
    assert sent["alarmActions"] == [topic]
    assert sent.get("okActions") == ([topic] if row.severity == "critical" else None)
    assert sent["tags"]["Severity"] == row.severity


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_where_incidents_page_each_goes_to_the_topic_for_warnings(
    prod: ProgramRun, row: Row
) -> None:
    sent = by_key(prod)[row.key].inputs
    assert sent["alarmActions"] == [topic_arn("prod", "warning")]
    assert sent.get("okActions") is None
    assert sent["tags"]["Severity"] == row.severity


def test_those_who_are_woken_are_told_of_incidents_and_their_end(prod: ProgramRun) -> None:
    critical = [topic_arn("prod", "critical")]
    told = {
        found.name: (found.inputs.get("alarmActions"), found.inputs.get("okActions"))
        for found in prod.of_type(COMPOSITE)
    }
    assert told == {
        "incidents.rds.main": (critical, critical),
        "incidents.rds.main.foreseen": (critical, critical),
        "incidents.ecs.web": (critical, critical),
        "incidents.logs.app--causes": (None, None),
        "incidents.logs.app": (critical, critical),
        "incidents.alb.main--causes": (None, None),
        "incidents.alb.main": (critical, critical),
        # What the warning topic loses is told on the critical one.
        "incidents.delivery.warning": (critical, critical),
    }


def _paging_alarm(run_with: RunWith) -> ProgramRun:
    if not _RUNS:
        _RUNS.append(run_with("alerts.paging=alarm"))
    return _RUNS[0]


_RUNS: Final[list[ProgramRun]] = []


def test_whatever_is_left_out_is_explained(prod: ProgramRun) -> None:
    assert set(prod.exports["omitted_alarms"]) >= LEFT_OUT
    assert all(prod.exports["omitted_alarms"].values())


def test_tasks_low_counts_what_is_missing_of_desired(prod: ProgramRun) -> None:
    """Pulumi.prod.yaml: min_running_tasks: 2."""
    expected = tasks_low(floor=2)
    alarm = by_key(prod)["ecs.tasks-low"]
    assert wire(alarm, *expected) == expected
    assert alarm.inputs["tags"]["Severity"] == "critical"


def test_the_5xx_rate_is_a_share_of_enough_requests(prod: ProgramRun) -> None:
    expected = target_5xx_rate()
    alarm = by_key(prod)["alb.target-5xx-rate"]
    assert wire(alarm, *expected) == expected
    assert alarm.inputs["tags"]["Severity"] == "critical"


@pytest.mark.slow
def test_the_cache_hit_rate_is_there_once_it_is_asked_for(run_with: RunWith) -> None:
    run = run_with("alarms={app.cache-hit-rate-low: {enabled: true}}")
    expected = cache_hit_rate_low()
    alarm = by_key(run)["app.cache-hit-rate-low"]
    assert wire(alarm, *expected) == expected
    assert alarm.inputs["alarmActions"] == [topic_arn("prod", "warning")]


def test_only_the_percentile_over_few_samples_is_ignored(prod: ProgramRun) -> None:
    """One slow request at night is the whole p99 of its minute.

    RDS sends one sample a minute, so that with few samples ignored its percentiles would never
    alarm; CloudWatch accepts the property for percentiles alone.
    """
    ignoring = {
        key: alarm.inputs["evaluateLowSampleCountPercentiles"]
        for key, alarm in by_key(prod).items()
        if "evaluateLowSampleCountPercentiles" in alarm.inputs
    }
    assert ignoring == {"alb.latency-p99": "ignore"}


@pytest.mark.parametrize("key", [*ROWS, *sorted(MATH_KEYS)])
def test_a_description_says_where_to_read_on(prod: ProgramRun, key: str) -> None:
    """GitHub drops the dot of the heading ``ecs.cpu-high`` in its anchor."""
    description = by_key(prod)[key].inputs["alarmDescription"]
    assert description.endswith(f"Runbook: docs/runbooks.md#{key.replace('.', '')}")
    assert f"## {key}" in (PROJECT / "docs/runbooks.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("ecs.cpu-high", ["django-app-service", "django-ecs-cluster"]),
        ("alb.target-5xx", ["app/django-alb/1234567890"]),
        ("alb.no-healthy-hosts", ["targetgroup/django-tg/0123456789abcdef"]),
        ("rds.storage-low", ["django-db"]),
        ("logs.errors", ["/ecs/django-app"]),
        ("app.server-errors", ["django-app-service"]),
    ],
)
def test_a_description_names_what_is_in_trouble(
    prod: ProgramRun, key: str, names: list[str]
) -> None:
    description = by_key(prod)[key].inputs["alarmDescription"]
    assert all(name in description for name in names)
    assert "look first at" in description


@pytest.mark.slow
def test_an_estimated_maximum_says_that_it_is_one(prod: ProgramRun, run_with: RunWith) -> None:
    estimated = by_key(prod)["rds.connections-high"].inputs["alarmDescription"]
    assert "estimated" in estimated
    assert "SHOW max_connections" in estimated
    exact = by_key(run_with("rds.main.max_connections=181"))["rds.connections-high"].inputs
    assert exact["threshold"] == 144.8  # 80 % of 181
    assert "estimated" not in exact["alarmDescription"]
