"""Log groups: what may be written, filters, and patterns of a stack's own."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import LOGS
from ecs_monitoring.rules.log_concerns import CONCERNS
from ecs_monitoring.rules.logs import log_concerns, log_filter
from ecs_monitoring.rules.plan import Plan

JSON_PATTERN = "{ $.status = 402 }"


def own(**patterns: str) -> dict[str, dict[str, str]]:
    return {name.replace("_", "-"): {"pattern": pattern} for name, pattern in patterns.items()}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"group": ""}, "at least 1 character"),
        ({"group": "g" * 513}, "at most 512 characters"),
        ({"group": "/ecs/django app"}, "is no log group"),
        ({"group": "/ecs/django:app"}, "is no log group"),
        ({"group": "/ecs/caf\N{LATIN SMALL LETTER E WITH ACUTE}"}, "is no log group"),
        ({"format": "xml"}, "'text' or 'json'"),
        ({"retention_days": 2}, "write one of 1, 3, 5, 7, 14, 30"),
        ({"retention_days": 0}, "write one of"),
        ({"patterns": own(errors="?PaymentFailed")}, "is one of the built-in patterns"),
        ({"patterns": {"a.b": {"pattern": "?x"}}}, "single hyphens"),
        ({"patterns": {"a--b": {"pattern": "?x"}}}, "single hyphens"),
        ({"patterns": own(blank="   ")}, "matches every event"),
        ({"patterns": own(empty="")}, "matches every event"),
        ({"patterns": own(broken='"unclosed')}, "is no filter pattern"),
        ({"patterns": own(broken="{ $.status == 402 }")}, "is no filter pattern"),
        ({"patterns": {"own": {"pattern": "?x", "threshold": 0}}}, "greater than or equal to 1"),
        ({"patterns": {"own": {"pattern": "?x", "severity": "fatal"}}}, "critical"),
        ({"patterns": {"own": {"pattern": "?x", "treshold": 2}}}, "Extra inputs"),
    ],
)
def test_a_log_group_that_cannot_be(
    fields: Mapping[str, Any], words: str, target_of: Callable[..., Any]
) -> None:
    with pytest.raises(ValidationError, match=words):
        target_of(LOGS, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"group": "g" * 512},
        {"group": "/aws/ecs/A-b_c.d#1"},
        {"format": "json"},
        # "The maximum number of metric filters that can be associated with a log group is 100":
        # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
        {"patterns": {f"p{n}": {"pattern": "?x"} for n in range(95)}},
        {"patterns": {f"p{n}": {"pattern": f"%x{n}%"} for n in range(5)}},
        *({"retention_days": days} for days in (1, 30, 365, 731, 1096, 3653)),
    ],
)
def test_a_log_group_that_can_be(fields: Mapping[str, Any], plan_of: Callable[..., Plan]) -> None:
    assert list(plan_of(LOGS, **fields).problems) == []


def test_a_pattern_of_ones_own_has_an_alarm_of_its_own(rule_of: Callable[..., AlarmRule]) -> None:
    pattern = {"pattern": "?PaymentFailed", "threshold": 3, "severity": "critical"}
    rule = rule_of("logs.payment-failed", patterns={"payment-failed": pattern})
    assert rule.condition == "logs.web.payment-failed Sum >= 3"
    # What pages is on for longer than the seven minutes for which an incident may wait.
    assert rule.schedule == "1 of 2 x 300 s"
    assert (rule.severity, rule.treat_missing_data) == ("critical", "notBreaching")
    assert "?PaymentFailed" in rule.meaning


def test_a_pattern_says_only_what_it_looks_for(rule_of: Callable[..., AlarmRule]) -> None:
    rule = rule_of("logs.slow", patterns=own(slow="?SLOW"))
    assert (rule.threshold, rule.severity) == (1, "warning")


@pytest.mark.parametrize("format_", ["text", "json"])
def test_filters_have_the_pattern_of_the_groups_format(
    format_: str, target_of: Callable[..., Any], scope_of: Callable[..., Any]
) -> None:
    target = target_of(LOGS, format=format_, patterns=own(paid=JSON_PATTERN))
    made = {
        concern.key: log_filter(scope_of(LOGS), "web", target, concern)
        for concern in log_concerns(target)
    }
    assert {key: made[key].pattern for key in LOGS.keys} == {
        concern.key: next(text for name, text in concern.patterns.items() if name == format_)
        for concern in CONCERNS
    }
    assert made["logs.paid"].pattern == JSON_PATTERN


def test_an_alarm_watches_what_its_filter_feeds(
    plan_of: Callable[..., Plan],
    target_of: Callable[..., Any],
    scope_of: Callable[..., Any],
) -> None:
    target = target_of(LOGS, patterns=own(slow="?SLOW"))
    fed = {
        concern.key: log_filter(scope_of(LOGS), "web", target, concern).metric
        for concern in log_concerns(target)
    }
    assert {
        rule.key: rule.signal for rule in plan_of(LOGS, patterns=own(slow="?SLOW")).rules
    } == fed
    assert len({metric.name for metric in fed.values()}) == 6


def own_patterns(pattern: str, count: int) -> dict[str, dict[str, str]]:
    return {f"p{n}": {"pattern": pattern.replace("#", str(n))} for n in range(count)}


# "Up to 100 metric filters per log group", of which each target brings the 5 built-in ones; "there
# is also a quota of five regular expression patterns per log group":
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (own_patterns("?x", 95), None, ""),
        (own_patterns("?x", 96), None, "room for 95 of your own"),
        (own_patterns("?x", 45), own_patterns("?x", 45), ""),
        (own_patterns("?x", 45), own_patterns("?x", 46), "room for 90 of your own"),
        (own_patterns("%x#%", 5), None, ""),
        (own_patterns("%x#%", 6), None, "6 patterns with a regular expression"),
        (own_patterns("%x#%", 3), own_patterns("%x#%", 2), ""),
        (own_patterns("%x#%", 3), own_patterns("%x#%", 3), "6 patterns with a regular expression"),
    ],
)
def test_limits_are_the_log_groups(
    first: Any, second: Any, words: str, target_of: Callable[..., Any]
) -> None:
    targets = {"a": target_of(LOGS, group="/ecs/a", patterns=first)}
    if second is not None:
        targets["b"] = target_of(LOGS, group="/ecs/a", patterns=second)
    problems = list(LOGS.shared_problems(targets))
    assert [words in problem.message for problem in problems] == ([True] if words else [])
    # In a group each there is room for both.
    if second is not None:
        targets["b"] = target_of(LOGS, group="/ecs/b", patterns=second)
        assert not list(LOGS.shared_problems(targets))


def test_a_replaced_pattern_keeps_its_alarm(
    target_of: Callable[..., Any], rule_of: Callable[..., AlarmRule], scope_of: Callable[..., Any]
) -> None:
    own_errors = {"errors": "ERROR -DisallowedHost"}
    target = target_of(LOGS, built_in=own_errors)
    patterns = {
        concern.key: log_filter(scope_of(LOGS), "web", target, concern).pattern
        for concern in log_concerns(target)
    }
    assert patterns["logs.errors"] == "ERROR -DisallowedHost"
    assert patterns["logs.security"] == "?Unauthorized ?Forbidden ?CSRF"
    assert rule_of("logs.errors", built_in=own_errors) == rule_of("logs.errors")
