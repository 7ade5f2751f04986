"""What several targets of one log group must not have, and what an alarm on it watches."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.rules import LOGS
from ecs_monitoring.rules.log_target import ExtraPattern, LogTarget
from ecs_monitoring.rules.plan import Plan, SharedProblem


def own(pattern: str, count: int) -> dict[str, ExtraPattern]:
    return {
        f"p{number}": ExtraPattern(pattern=pattern.replace("#", str(number)))
        for number in range(count)
    }


def group(name: str = "/ecs/a", **fields: Any) -> LogTarget:
    return LogTarget(group=name, **fields)


def problems(**targets: LogTarget) -> list[SharedProblem]:
    return list(LOGS.shared_problems(targets))


def test_two_owners_of_a_log_group() -> None:
    kept = group(retention_days=30)
    other = group("/ecs/b", retention_days=30)
    says = "logs.a sets the retention of /ecs/a already: leave it out of one of them"
    assert problems(a=kept, b=group(), c=other) == []
    assert problems(a=kept, b=group(retention_days=7), c=other) == [
        SharedProblem("b", "retention_days", 7, says)
    ]
    # Of three the second is the first one's, and the third the second's.
    assert [(one.target, one.message) for one in problems(a=kept, b=kept, c=kept)] == [
        ("b", says),
        ("c", says.replace("logs.a", "logs.b")),
    ]


def test_more_filters_than_a_log_group_takes() -> None:
    # A hundred, of which each target brings five.
    assert problems(a=group(patterns=own("?x", 95))) == []
    many = own("?x", 96)
    assert problems(a=group(patterns=many)) == [
        SharedProblem(
            "a",
            "patterns",
            many,
            "101 filters on /ecs/a, of which 5 are built in: a log group has room for 95 of your "
            "own",
        )
    ]
    few = own("?x", 1)
    assert problems(a=group(patterns=own("?x", 90)), b=group(patterns=few)) == [
        SharedProblem(
            "b",
            "patterns",
            few,
            "101 filters on /ecs/a, of which 10 are built in: a log group has room for 90 of your "
            "own; a, b are targets of this group together",
        )
    ]


def test_more_targets_than_a_log_group_has_room_for() -> None:
    # 21 times five.
    targets = {f"t{number}": group() for number in range(21)}
    (problem,) = problems(**targets)
    assert (problem.target, problem.value) == ("t20", {})
    assert problem.message.startswith(
        "105 filters on /ecs/a, of which 105 are built in: a log group has room for 0 of your own; "
        "t0, t1,"
    )


def test_more_regular_expressions_than_a_log_group_takes() -> None:
    assert problems(a=group(patterns=own("%x#%", 5))) == []
    many = own("%x#%", 6)
    assert problems(a=group(patterns=many)) == [
        SharedProblem(
            "a",
            "patterns",
            many,
            "6 patterns with a regular expression on /ecs/a: a log group has room for 5, so write "
            "terms instead",
        )
    ]
    # In each format its own patterns are counted.
    json = group(format="json", patterns=own("{ $.a = %x% }", 3))
    assert [one.message for one in problems(a=group(patterns=own("%x#%", 3)), b=json)] == [
        "6 patterns with a regular expression on /ecs/a: a log group has room for 5, so write "
        "terms instead; a, b are targets of this group together"
    ]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({}, []),
        ({"patterns": {"own": {}, "slow": None}}, ["logs.own", "logs.slow"]),
        ({"patterns": ["own"]}, []),
        ({"patterns": None}, []),
    ],
)
def test_keys_of_patterns_as_they_are_written(fields: Mapping[str, Any], keys: list[str]) -> None:
    assert list(LOGS.own_keys(fields)) == keys


def test_two_targets_of_a_log_group_watch_the_same(plan_of: Callable[..., Plan]) -> None:
    patterns = {"own": {"pattern": "?x"}}
    rules = {rule.key: rule for rule in plan_of(LOGS, patterns=patterns).rules}

    def watched(key: str, **fields: Any) -> list[Any]:
        return list(LOGS.watched(group(**fields), rules[key]))

    assert watched("logs.security") == [
        ("/ecs/a", "?Unauthorized ?Forbidden ?CSRF"),
        ("/ecs/a", "logs.security"),
    ]
    # Replaced, it looks for something else than the built-in one.
    assert watched("logs.security", built_in={"security": "?no"}) == [("/ecs/a", "?no")]
    assert watched("logs.own", patterns=patterns) == [("/ecs/a", "?x")]
    assert watched("logs.own") == []


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("?" + "x" * 199, "?" + "x" * 199),
        ("?" + "x" * 200, "?" + "x" * 199 + "…"),
        ("{ $.a = 1 }", "{ $.a = 1 }"),
    ],
)
def test_a_pattern_is_said_as_far_as_there_is_room(
    pattern: str, said: str, rule_of: Callable[..., AlarmRule]
) -> None:
    rule = rule_of("logs.own", patterns={"own": {"pattern": pattern}})
    assert (rule.title, rule.meaning) == (
        "Pattern own in the log",
        f"in log group /ecs/django-app, events match {said}; look first at these events.",
    )


def test_a_table_of_errors_names_each_log_group_once(draw: Callable[..., Any]) -> None:
    part = draw(
        LOGS,
        a={"group": "/ecs/a", "format": "json"},
        b={"group": "/ecs/b"},
        c={"group": "/ecs/c"},
        d={"group": "/ecs/b"},
    )
    _, *tables = part.sections[0].widgets
    assert [(table.title, table.groups) for table in tables] == [
        ("Recent errors: /ecs/a", ("/ecs/a",)),
        ("Recent errors: /ecs/b, /ecs/c", ("/ecs/b", "/ecs/c")),
    ]


def test_what_no_query_can_ask_is_looked_for_by_words(draw: Callable[..., Any]) -> None:
    # Fields by position have no counterpart in Logs Insights.
    part = draw(LOGS, a={"built_in": {"errors": "[ip, user, status = 5*]"}})
    (_, table) = part.sections[0].widgets
    assert "filter (@message like /ERROR|CRITICAL|Exception/) or (@message like /Exception|" in (
        table.query
    )
