"""JSON filter patterns, tried on the events of AWS's examples."""

from __future__ import annotations

import json

import pytest

from ecs_monitoring.cloudwatch.log_pattern import matches, parse_pattern

# The events and patterns marked "guide" are those of
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
TRAIL = json.dumps(
    {
        "eventType": "UpdateTrail",
        "sourceIPAddress": "111.111.111.111",
        "arrayKey": ["value", "another value"],
        "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
        "SomeObject": None,
        "cluster.name": "c",
        "ThisFlag": True,
    }
)
USERS = json.dumps(
    {
        "user": {"id": 1, "email": "John.Stiles@example.com"},
        "users": [
            {"id": 2, "email": "John.Doe@example.com"},
            {"id": 3, "email": "Jane.Doe@example.com"},
        ],
        "actions": ["GET", "PUT", "DELETE"],
        "coordinates": [[0, 1, 2], [4, 5, 6], [7, 8, 9]],
    }
)


def holds(pattern: str, message: str) -> bool:
    """Say whether the pattern matches the message."""
    return matches(parse_pattern(pattern), message)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # Guide.
        ('{ $.eventType = "UpdateTrail" }', True),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ('{ $.arrayKey[0] = "value" }', True),
        ("{ $.objectList[1].id = 2 }", True),
        ("{ $.eventType = %Trail% }", True),
        ("{ $.arrayKey[*] = %val.{2}% }", True),
        (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", True),
        ("{ $.['cluster.name'] = \"c\" }", True),
        ("{ $.SomeObject IS NULL }", True),
        ("{ $.SomeOtherObject NOT EXISTS }", True),
        # The flag is in the guide of 2020:
        # https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/5ae5c9a/doc_source/FilterAndPatternSyntax.md
        ("{ $.ThisFlag IS TRUE }", True),
        ("{ $.ThisFlag IS FALSE }", False),
        # Hand-worked from the guide's words.
        ("{ $.sourceIPAddress != 111.111.* }", False),
        ("{ $.sourceIPAddress = 111.111.111.111 }", True),
        ("{ $.eventType = updateTrail }", False),
        ("{ $.eventType = *Trail }", True),
        ('{ $.eventType = "*date*" }', True),
        ("{ $.eventType = Trail* }", False),
        ('{ $.arrayKey[1] = "value" }', False),
        ('{ $.arrayKey[2] = "value" }', False),
        ("{ $.objectList[*].id = 2 }", True),
        ("{ $.objectList[*].id = 3 }", False),
        ("{ $.cluster.name = c }", False),
        ("{ $.eventType IS NULL }", False),
        ("{ $.SomeOtherObject IS NULL }", False),
        ("{ $.SomeObject NOT EXISTS }", False),
        ("{ $.ThisFlag IS NULL }", False),
        ("{ $.objectList[0].id IS TRUE }", False),
    ],
)
def test_one_condition(pattern: str, expected: bool) -> None:
    assert holds(pattern, TRAIL) is expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        # Guide.
        ('{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', True),
        (
            '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch"'
            ' && $.actions[2] = "nonmatch" }',
            True,
        ),
        (
            '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = "nonmatch")'
            ' && $.actions[2] = "nonmatch" }',
            False,
        ),
        (
            '{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }',
            False,
        ),
        # Hand-worked.
        ("{ $.coordinates[1][2] = 6 }", True),
        ("{$.user.id=2||$.user.id=1&&$.actions[0]=GET}", True),
        ("{ (($.user.id = 2 || $.user.id = 1)) && $.actions[0] = PUT }", False),
    ],
)
def test_compound_conditions(pattern: str, expected: bool) -> None:
    assert holds(pattern, USERS) is expected


@pytest.mark.parametrize(
    ("pattern", "message", "expected"),
    [
        # The patterns are the guide's, the events hand-worked.
        ("{ $.bandwidth > 75 }", '{"bandwidth": 75.5}', True),
        ("{ $.bandwidth > 75 }", '{"bandwidth": 75}', False),
        ("{ $.latency < 50 }", '{"latency": 49}', True),
        ("{ $.latency < 50 }", '{"latency": 50}', False),
        ("{ $.refreshRate >= 60 }", '{"refreshRate": 60}', True),
        ("{ $.refreshRate >= 60 }", '{"refreshRate": 59.9}', False),
        ("{ $.responseTime <= 5 }", '{"responseTime": 5}', True),
        ("{ $.responseTime <= 5 }", '{"responseTime": 5.1}', False),
        ("{ $.errorCode = 400}", '{"errorCode": 400}', True),
        ("{ $.errorCode = 400}", '{"errorCode": 400.0}', True),
        ("{ $.errorCode != 500 }", '{"errorCode": 500}', False),
        ("{ $.errorCode != 500 }", '{"errorCode": 501}', True),
        ("{ $.number[0] = 1e+3 }", '{"number": [1000]}', True),
        ("{ $.number[0] = 1e+3 }", '{"number": [1e3]}', True),
        ("{ $.number[0] != 1e-3 }", '{"number": [0.001]}', False),
        ("{ $.latency > +1000 }", '{"latency": 1001}', True),
        ("{ $.celsius < -5 }", '{"celsius": -6}', True),
        # "Use the asterisk as a wild card to match numbers."
        ("{ $.status = 4* }", '{"status": 404}', True),
        ("{ $.status = 4* }", '{"status": 504}', False),
        ("{ $.latency = * }", '{"latency": 50}', True),
        # "Strings don't support scientific notation."
        ("{ $.errorCode >= 400 }", '{"errorCode": "404"}', True),
        ("{ $.errorCode >= 400 }", '{"errorCode": "4e2"}', False),
        ("{ $.errorCode = 400 }", '{"errorCode": "4e2"}', False),
        ("{ $.errorCode < 400 }", '{"errorCode": "none"}', False),
        ("{ $.errorCode != 400 }", '{"errorCode": "none"}', True),
    ],
)
def test_numbers(pattern: str, message: str, expected: bool) -> None:
    assert holds(pattern, message) is expected


def test_numbers_compare_without_rounding() -> None:
    assert not holds("{ $.id = 9007199254740993 }", '{"id": 9007199254740992}')
    assert holds("{ $.n < 1 }", '{"n": 0.' + "9" * 40 + "}")
    assert holds("{ $.n > 1 }", '{"n": 1' + "0" * 5000 + "}")


@pytest.mark.parametrize("pattern", ["{ $.users = 1 }", "{ $.users != 1 }", "{ $.users = * }"])
@pytest.mark.parametrize("value", ["[1, 2, 3]", '{"id": 1}', "null", "true"])
def test_what_is_no_string_or_number_satisfies_no_comparison(pattern: str, value: str) -> None:
    # The array is in the guide of 2020:
    # https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/5ae5c9a/doc_source/FilterAndPatternSyntax.md
    assert not holds(pattern, f'{{"users": {value}}}')


def test_a_missing_property_is_not_unequal() -> None:
    # https://github.com/DataBiosphere/azul/issues/5884
    pattern = (
        '{($.errorCode = "AccessDenied") && '
        '($.userIdentity.invokedBy != "cloudfront.amazonaws.com")}'
    )
    assert not holds(pattern, '{"errorCode": "AccessDenied", "userIdentity": {"accountId": "x"}}')
    assert holds(pattern, '{"errorCode": "AccessDenied", "userIdentity": {"invokedBy": "x"}}')


@pytest.mark.parametrize(
    "message",
    [
        "",
        "ERROR a",
        "404",
        '"a"',
        "[]",
        "null",
        '{"b": 1',
        '{"b": NaN}',
        "2000-01-01 {}",
        "[" * 9999,
    ],
)
def test_a_message_that_is_no_json_object_never_matches(message: str) -> None:
    assert not holds("{ $.a NOT EXISTS }", message)
    assert holds("{ $.a NOT EXISTS }", '{"b": 1}')


def test_the_deepest_condition_that_fits_is_evaluated() -> None:
    nested = "{" + "$.a=2||($.a=1&&(" * 50 + "$.a=1" + "))" * 50 + "}"
    parentheses = "{" + "(" * 508 + "$.a=1" + ")" * 508 + "}"
    assert len(nested) <= 1024
    assert len(parentheses) <= 1024
    for text in (nested, parentheses):
        assert holds(text, '{"a": 1}')
        assert not holds(text, '{"a": 3}')
