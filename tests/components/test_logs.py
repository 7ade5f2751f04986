"""LogMonitoring: the guide's patterns word for word, each counted by a filter."""

from typing import Any, Final

import pytest

import ecs_monitoring as watch
from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern
from ecs_monitoring.cloudwatch.rule import Severity
from ecs_monitoring.rules.log_concerns import LogFormat
from stack.program import ProgramRun
from tests.components.registered import LOG_FILTER, LOG_GROUP, alarms, only
from tests.components.small import CRITICAL, ROUTING, WARNING, RunComponents, RunWith, log_args

# Monitoring guide, logs.
GUIDE: Final = {
    "errors": "?ERROR ?Error ?error",
    "exceptions": "?Exception ?exception ?EXCEPTION",
    "database-errors": "?DatabaseError ?OperationalError",
    "security": "?Unauthorized ?Forbidden ?CSRF",
    # Not of the guide: gunicorn's own lines.
    "workers-killed": '?"WORKER TIMEOUT (pid:" ?"was sent SIGKILL!"',
}


def logged(run_components: RunComponents, **fields: Any) -> ProgramRun:
    def program() -> None:
        watch.LogMonitoring("logs", log_args(**fields))

    return run_components(program)


def filters(run: ProgramRun) -> dict[str, Any]:
    """What each filter of target app sends, by the name of its pattern."""
    sent = [one.inputs for one in run.of_type(LOG_FILTER)]
    return {one["metricTransformation"]["name"].removeprefix("logs.app."): one for one in sent}


def test_the_guides_patterns_word_for_word(stack: ProgramRun) -> None:
    assert {name: sent["pattern"] for name, sent in filters(stack).items()} == GUIDE
    assert {sent["logGroupName"] for sent in filters(stack).values()} == {"/ecs/django-app"}


def test_every_event_counts_as_one_and_silence_as_none(stack: ProgramRun) -> None:
    """Metrics with a default value cannot have dimensions.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
    """
    for sent in filters(stack).values():
        metric = sent["metricTransformation"]
        assert (metric["value"], metric["defaultValue"]) == ("1", "0")
        assert "dimensions" not in metric


def test_an_alarm_watches_its_own_filters_metric(stack: ProgramRun) -> None:
    found = alarms(stack)
    for name, sent in filters(stack).items():
        metric, alarm = sent["metricTransformation"], found[f"logs.{name}@app"].inputs
        assert alarm["namespace"] == metric["namespace"]
        assert alarm["metricName"] == metric["name"]
        assert alarm["dimensions"] == {}


@pytest.mark.parametrize(
    ("name", "line", "counted"),
    [
        ("errors", '{"level": "ERROR", "message": "boom"}', True),
        ("errors", '{"level": "CRITICAL", "message": "boom"}', True),
        ("errors", '{"level": "INFO", "message": "no ERROR here"}', False),
        ("exceptions", '{"level": "ERROR", "exception": "ValueError: x"}', True),
        ("exceptions", '{"level": "ERROR", "message": "x"}', False),
        ("database-errors", '{"exception": "django.db.utils.OperationalError: gone"}', True),
        ("database-errors", '{"exception": "IntegrityError: duplicate"}', False),
        ("database-errors", '{"exception": "django.db.DatabaseError"}', True),
        ("database-errors", '{"exception": "ValueError: x"}', False),
        ("security", '{"logger": "django.security.DisallowedHost", "message": "x"}', True),
        ("security", '{"logger": "django.request", "message": "Forbidden: /admin/"}', True),
        ("security", '{"logger": "django.request", "message": "Unauthorized: /api/"}', True),
        ("security", '{"logger": "x", "message": "Forbidden (CSRF cookie not set.)"}', True),
        ("security", '{"logger": "django.request", "message": "Not Found: /x"}', False),
    ],
)
def test_structured_lines_are_asked_for_their_fields(
    run_components: RunComponents, name: str, line: str, counted: bool
) -> None:
    sent = filters(logged(run_components, format=LogFormat.JSON))[name]
    assert sent["pattern"].startswith("{ ")
    assert matches(parse_pattern(sent["pattern"]), line) is counted


def test_a_format_changes_patterns_and_nothing_else(run_components: RunComponents) -> None:
    text, json = (filters(logged(run_components, format=form)) for form in LogFormat)
    assert set(text) == set(json) == set(GUIDE)
    for name in GUIDE:
        assert text[name]["metricTransformation"] == json[name]["metricTransformation"]
        # gunicorn's lines are text in either.
        is_same = text[name]["pattern"] == json[name]["pattern"]
        assert is_same == (name == "workers-killed")


def test_a_pattern_of_ones_own(run_components: RunComponents) -> None:
    patterns = {
        "payments": watch.ExtraPatternArgs(
            pattern="?PaymentFailed", threshold=3, severity=Severity.CRITICAL
        ),
        "logins": watch.ExtraPatternArgs(pattern="?LoginFailed"),
    }
    run = logged(run_components, patterns=patterns)
    found = filters(run)
    assert found["payments"]["pattern"] == "?PaymentFailed"
    assert found["payments"]["metricTransformation"]["name"] == "logs.app.payments"
    payments = alarms(run)["logs.payments@app"].inputs
    logins = alarms(run)["logs.logins@app"].inputs
    assert (payments["threshold"], payments["alarmActions"]) == (3, [CRITICAL])
    # One event in five minutes, for today, unless it is said otherwise.
    assert (logins["threshold"], logins["alarmActions"]) == (1, [WARNING])
    # What pages stays on for a period more than what does not.
    for sent, n in ((payments, 2), (logins, 1)):
        assert (sent["period"], sent["statistic"], sent["evaluationPeriods"]) == (300, "Sum", n)
        assert sent.get("datapointsToAlarm", n) == 1
        assert sent["treatMissingData"] == "notBreaching"
        assert sent["comparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert len(found) == 5 + 2


@pytest.mark.slow
def test_a_pattern_of_ones_own_is_changed_like_any_rule(run_with: RunWith) -> None:
    run = run_with(
        "logs.app.patterns={payments: {pattern: '?PaymentFailed'}}",
        "alarms={logs.payments: {threshold: 9}}",
    )
    sent = alarms(run)["logs.payments@app"].inputs
    assert sent["threshold"] == 9
    # There is no section of its own on the runbook page.
    assert sent["alarmDescription"].endswith("Runbook: docs/runbooks.md")


def test_a_group_of_others_is_not_touched(prod: ProgramRun) -> None:
    assert prod.of_type(LOG_GROUP) == []


@pytest.mark.slow
def test_retention_makes_the_group_the_stacks_own(run_with: RunWith) -> None:
    """The log outlives its monitoring: destroying the stack leaves it."""
    group = only(run_with("logs.app.retention_days=90").of_type(LOG_GROUP))
    assert group.inputs["name"] == "/ecs/django-app"
    assert group.inputs["retentionInDays"] == 90
    assert group.inputs["skipDestroy"] is True
    assert group.inputs["tags"] == {"Project": "django-ecs-monitoring", "Environment": "prod"}


@pytest.mark.slow
def test_filters_wait_for_the_group_that_the_stack_makes(
    run_with: RunWith, requests: dict[str, Any]
) -> None:
    run = run_with("logs.app.retention_days=90")
    group = only(run.of_type(LOG_GROUP))
    for one in run.of_type(LOG_FILTER):
        assert group.urn in requests[f"{LOG_FILTER}/{one.name}"].dependencies


@pytest.mark.slow
@pytest.mark.parametrize("key", ["logs.security", "logs.security@app"])
def test_an_alarm_switched_off_needs_no_filter(run_with: RunWith, key: str) -> None:
    """A custom metric costs money, looked at or not."""
    run = run_with(f"alarms={{{key}: {{enabled: false}}}}")
    assert set(filters(run)) == set(GUIDE) - {"security"}


def test_a_filter_is_named_after_stack_target_and_pattern(prod: ProgramRun) -> None:
    assert filters(prod)["errors"]["name"] == "django-ecs-monitoring-prod-logs.app.errors"


def test_a_log_groups_limits_count_over_all_targets(run_components: RunComponents) -> None:
    """5 filters with a regular expression for each log group.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
    """

    def targets(second: str) -> dict[str, watch.LogTargetArgs]:
        return {
            name: watch.LogTargetArgs(
                group=group,
                patterns={
                    f"p{n}": watch.ExtraPatternArgs(pattern=f"%{name}{n}%") for n in range(3)
                },
            )
            for name, group in {"app": "/ecs/shop", "worker": second}.items()
        }

    def program(second: str) -> None:
        watch.LogMonitoring(
            "logs", watch.LogMonitoringArgs(targets=targets(second), routing=ROUTING)
        )

    message = "LogMonitoring 'logs': targets.worker.patterns: 6 patterns with a regular expression"
    with pytest.raises(watch.InvalidArgsError, match=message):
        run_components(lambda: program("/ecs/shop"))
    assert len(run_components(lambda: program("/ecs/worker")).of_type(LOG_FILTER)) == 16


def test_a_built_in_pattern_is_replaced(run_components: RunComponents) -> None:
    run = logged(run_components, built_in={"errors": "ERROR -DisallowedHost"})
    sent = {name: found["pattern"] for name, found in filters(run).items()}
    assert sent == {**GUIDE, "errors": "ERROR -DisallowedHost"}
