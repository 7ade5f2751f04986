"""Log groups: their names, patterns and retention."""

import json
from typing import Any

import pytest

from tests.components.registered import LOG_FILTER, LOG_GROUP, by_key, only
from tests.settings.refusal import ANY, Mistake, mistakes, problem_at, refused, run_changed

PATH = "logs.app.patterns.mine.pattern"


def mine(pattern: str, **fields: Any) -> str:
    return f"logs.app.patterns={json.dumps({'mine': {'pattern': pattern, **fields}})}"


@pytest.mark.parametrize(
    ("pattern", "fix"),
    [
        ("", "matches every event; write what to look for"),
        (" ", "matches every event; write what to look for"),
        ("{ $.level = }", "write one"),
        ("{ $.level", "use =, !=, <, <=, > or >="),
        ("[ip, status", "add ]"),
        ("%[0-9%", "close it with ]"),
        ("%(4|5)..%", "write %4..|5..%"),
        ('"payment failed', 'close it with "'),
        ("支払い失敗", 'write "支払い失敗"'),
        ("x" * 1025, "at most 1024"),
    ],
    ids=range(10),
)
def test_a_pattern_that_cloudwatch_would_refuse_is_refused(pattern: str, fix: str) -> None:
    problem = problem_at(refused(mine(pattern)), PATH)
    assert fix in problem.fix
    assert len(problem.value) < 100


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    [
        "?PaymentFailed",
        '"payment failed" -test',
        "[ip, user, status=5*]",
        '"支払い失敗"',
        # As long as CloudWatch Logs takes it (shape FilterPattern).
        "x" * 1024,
    ],
    ids=["word", "words", "fields", "quoted", "longest"],
)
def test_a_pattern_that_cloudwatch_takes_is_taken(pattern: str) -> None:
    run = run_changed(mine(pattern, threshold=7, severity="critical"))
    own = only(f for f in run.of_type(LOG_FILTER) if f.inputs["name"].endswith("app.mine"))
    assert own.inputs["pattern"] == pattern
    alarm = by_key(run)["logs.mine"].inputs
    assert (alarm["threshold"], alarm["tags"]["Severity"]) == (7, "critical")


@mistakes(
    {
        "name of a built-in pattern": Mistake(
            "logs.app.patterns={errors: {pattern: x}}",
            "logs.app.patterns",
            {"errors": {"pattern": "x"}},
            "choose another name (built in: errors, exceptions, database-errors, security, "
            "workers-killed), or change that one in built_in",
        ),
        "name with a blank": Mistake(
            "logs.app.patterns={my own: {pattern: x}}",
            "logs.app.patterns",
            {"my own": {"pattern": "x"}},
            "name 'my own': write letters, digits, _ and single hyphens",
        ),
        "severity of no kind": Mistake(
            mine("x", severity="urgent"),
            "logs.app.patterns.mine.severity",
            "urgent",
            "'critical' or 'warning'",
        ),
        "patterns as a list": Mistake(
            "logs.app.patterns=[x]",
            "logs.app.patterns",
            ["x"],
            "write a mapping of keys to values",
        ),
        # 100 metric filters a group, of which the built-in patterns are 5:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
        "built-in pattern that is none": Mistake(
            "logs.app.built_in={error: ERROR}",
            "logs.app.built_in",
            {"error": "ERROR"},
            "name 'error' is no built-in pattern: write one of errors, exceptions, ",
        ),
        "built-in pattern for every line": Mistake(
            "logs.app.built_in={errors: '[ERROR]'}",
            "logs.app.built_in.errors",
            "[ERROR]",
            "write ERROR",
        ),
        # 5 filters with a regular expression for each log group, by the same page.
        "6 expressions of two targets": Mistake(
            "logs.worker={group: /ecs/django-app, built_in: {errors: '%E[R]+OR%'}, "
            "patterns: {a: {pattern: '%a%'}, b: {pattern: '%b%'}, c: {pattern: '%c%'}, "
            "d: {pattern: '%d%'}, e: {pattern: '%e%'}}}",
            "logs.worker.patterns",
            ANY,
            "6 patterns with a regular expression on /ecs/django-app: a log group has room for 5, "
            "so write terms instead; app, worker are targets of this group together",
        ),
        "101 filters of two targets": Mistake(
            "logs.worker="
            + json.dumps(
                {
                    "group": "/ecs/django-app",
                    "patterns": {f"p{n}": {"pattern": "x"} for n in range(91)},
                }
            ),
            "logs.worker.patterns",
            ANY,
            "room for 90 of your own; app, worker are targets",
        ),
        "97 patterns": Mistake(
            f"logs.app.patterns={json.dumps({f'p{n}': {'pattern': 'x'} for n in range(97)})}",
            "logs.app.patterns",
            ANY,
            "room for 95 of your own",
        ),
        "group with a blank": Mistake(
            "logs.app.group=/ecs/django app",
            "logs.app.group",
            "/ecs/django app",
            "write letters, digits and _ - / . # only",
        ),
        "group beyond ASCII": Mistake(
            "logs.app.group=/ecs/ジャンゴ",
            "logs.app.group",
            "/ecs/ジャンゴ",
            "write letters, digits and _ - / . # only",
        ),
        "group without a name": Mistake("logs.app.group=''", "logs.app.group", "", "write"),
        # 1 to 512 characters (shape LogGroupName of CloudWatch Logs).
        "long group": Mistake(f"logs.app.group={'g' * 513}", "logs.app.group", ANY, "512"),
        "retention between two steps": Mistake(
            "logs.app.retention_days=31",
            "logs.app.retention_days",
            31,
            "write one of 1, 3, 5, 7, 14, 30, 60, 90",
        ),
        "no retention": Mistake(
            "logs.app.retention_days=0", "logs.app.retention_days", 0, "write one of 1, 3, 5"
        ),
        "quoted retention": Mistake(
            "logs.app.retention_days='30'",
            "logs.app.retention_days",
            "30",
            "write a whole number, without quotes",
        ),
    }
)
def test_a_mistake_in_a_log_target_is_answered(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.slow
def test_95_patterns_of_one_s_own_are_fine() -> None:
    patterns = {f"p{n}": {"pattern": "x"} for n in range(95)}
    run = run_changed(f"logs.app.patterns={json.dumps(patterns)}")
    assert len(run.of_type(LOG_FILTER)) == 100


@pytest.mark.slow
def test_the_longest_group_is_fine() -> None:
    run = run_changed(f"logs.app.group={'g' * 512}")
    assert {f.inputs["logGroupName"] for f in run.of_type(LOG_FILTER)} == {"g" * 512}


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
@pytest.mark.slow
@pytest.mark.parametrize("days", [1, 30, 365, 3653])
def test_retention_makes_the_group_the_stack_s_own(days: int) -> None:
    group = only(run_changed(f"logs.app.retention_days={days}").of_type(LOG_GROUP)).inputs
    assert (group["name"], group["retentionInDays"]) == ("/ecs/django-app", days)


@pytest.mark.slow
@pytest.mark.parametrize("change", [(), ("logs.app.retention_days=null",)], ids=["out", "null"])
def test_without_a_retention_the_group_is_somebody_else_s(change: tuple[str, ...]) -> None:
    assert run_changed(*change).of_type(LOG_GROUP) == []


def test_one_group_is_not_owned_twice() -> None:
    # The second of two log groups of one name is an error of AWS in the middle of a deployment.
    error = refused(
        "logs.app.retention_days=30", "logs.again={group: /ecs/django-app, retention_days: 7}"
    )
    assert all(p.path.startswith("django-ecs-monitoring:logs.") for p in error.problems)
    assert "/ecs/django-app" in str(error)
