"""Each comparison of an event pattern at its edge, and what is said of one that cannot be.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from collections.abc import Mapping
from typing import Any

import pytest

from ecs_monitoring.eventbridge.pattern import EventPatternError, check_pattern, matches


@pytest.mark.parametrize(
    ("filters", "value", "taken"),
    [
        ([{"numeric": [">", 5]}], 5, False),
        ([{"numeric": [">", 5]}], 5.1, True),
        ([{"numeric": [">=", 5]}], 5, True),
        ([{"numeric": [">=", 5]}], 4.9, False),
        ([{"numeric": ["<", 5]}], 5, False),
        ([{"numeric": ["<", 5]}], 4.9, True),
        ([{"numeric": ["<=", 5]}], 5, True),
        ([{"numeric": ["<=", 5]}], 5.1, False),
        ([{"numeric": ["=", 5]}], 5.0, True),
        ([{"numeric": ["=", 5]}], 6, False),
        # Both of a range.
        ([{"numeric": [">", 0, "<", 5]}], 0, False),
        ([{"numeric": [">", 0, "<", 5]}], 3, True),
        ([{"numeric": [">", 0, "<", 5]}], 5, False),
        # A text with digits is no number, nor are true and false.
        ([{"numeric": [">", 0]}], "5", False),
        ([{"numeric": [">", 0]}], True, False),
        ([{"numeric": [">", 0]}], None, False),
        ([1], True, False),
        ([True], True, True),
        ([True], 1, False),
        ([False], 0, False),
        ([None], None, True),
        ([5], 5.0, True),
        ([{"prefix": "a"}], "ab", True),
        ([{"prefix": "a"}], "ba", False),
        ([{"prefix": "1"}], 10, False),
        ([{"suffix": "b"}], "ab", True),
        ([{"suffix": "b"}], "ba", False),
        ([{"suffix": "0"}], 10, False),
        ([{"equals-ignore-case": "Web"}], "wEB", True),
        ([{"equals-ignore-case": "Web"}], "webs", False),
        ([{"equals-ignore-case": "1"}], 1, False),
        ([{"anything-but": ["a", {"prefix": "b"}]}], "bc", False),
        ([{"anything-but": ["a", {"prefix": "b"}]}], "a", False),
        ([{"anything-but": ["a", {"prefix": "b"}]}], "c", True),
        # One entry of a list, or one of several filters, is enough.
        ([{"anything-but": "a"}], ["a", "b"], True),
        ([{"anything-but": "a"}], ["a"], False),
        ([{"numeric": [">", 5]}], [1, 7], True),
        (["x", {"prefix": "a"}], "ab", True),
        (["x", {"prefix": "a"}], "x", True),
        (["x", {"prefix": "a"}], "y", False),
        (["x", {"exists": True}], "y", True),
        ([{"exists": False}, "x"], "x", True),
        ([{"exists": False}, "x"], "y", False),
        ([{"exists": True}], {"inner": 1}, False),
        ([{"exists": False}], {"inner": 1}, True),
        (["x"], {"inner": "x"}, False),
    ],
)
def test_a_value_is_taken_or_not(filters: list[Any], value: Any, taken: bool) -> None:
    pattern = {"field": filters}
    check_pattern(pattern)
    assert matches(pattern, {"field": value}) is taken


@pytest.mark.parametrize(
    ("event", "taken"),
    [
        ({"detail": "text"}, True),
        ({"detail": {"other": 1}}, True),
        ({"detail": [{"state": "on"}, {}]}, True),
        ({"detail": [{"state": "on"}, "text"]}, False),
        ({"detail": {"state": "on"}}, False),
        ({}, True),
    ],
)
def test_where_there_is_no_object_nothing_in_it_exists(
    event: Mapping[str, Any], taken: bool
) -> None:
    assert matches({"detail": {"state": [{"exists": False}]}}, event) is taken


OPERATORS = "prefix, suffix, anything-but, numeric, equals-ignore-case, exists"


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ({}, "the pattern is empty: it would take every event"),
        ({"a": {"b": {}}}, "a.b is empty: write a field and its values"),
        ({"a": {"b": "x"}}, "a.b is 'x': write a list of values"),
        ({"a": []}, "a is []: write a list of values"),
        ({"a": [["x"]]}, "a holds a list within its list: write the values themselves"),
        (
            {"a": [{"anything-but": [["x"]]}]},
            "a holds a list within its list: write the values themselves",
        ),
        (
            {"a": {"b": ["x", {"like": "y"}]}},
            f"a.b has a comparison {{'like': 'y'}}: write one of {OPERATORS}",
        ),
        ({"a": [{}]}, f"a has a comparison {{}}: write one of {OPERATORS}"),
        (
            {"a": [{"prefix": "x", "suffix": "y"}]},
            f"a has a comparison {{'prefix': 'x', 'suffix': 'y'}}: write one of {OPERATORS}",
        ),
        ({"a": [{"prefix": 1}]}, "a: prefix is 1: write a text"),
        ({"a": [{"suffix": None}]}, "a: suffix is None: write a text"),
        ({"a": [{"equals-ignore-case": True}]}, "a: equals-ignore-case is True: write a text"),
        ({"a": [{"anything-but": {"prefix": 1}}]}, "a: prefix is 1: write a text"),
        ({"a": [{"anything-but": ["x", {"suffix": 1}]}]}, "a: suffix is 1: write a text"),
        ({"a": [{"exists": 1}]}, "a: exists is 1: write true or false"),
        (
            {"a": [{"numeric": [">"]}]},
            "a: numeric is ['>']: write signs and numbers by turns",
        ),
        (
            {"a": [{"numeric": [">", 1, "!=", 2]}]},
            "a: numeric is ['>', 1, '!=', 2]: write signs and numbers by turns",
        ),
        ({"$or": "x"}, "the pattern: $or needs two alternatives or more"),
        ({"$or": [{"a": ["x"]}]}, "the pattern: $or needs two alternatives or more"),
        ({"a": {"$or": []}}, "a: $or needs two alternatives or more"),
        ({"$or": [{"a": ["x"]}, {}]}, "the pattern: an alternative of $or is {}"),
        ({"a": {"$or": ["x", {"b": ["y"]}]}}, "a: an alternative of $or is 'x'"),
        (
            {"a": {"$or": [{"b": ["x"]}, {"c": "y"}]}},
            "a.c is 'y': write a list of values",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(pattern: Mapping[str, Any], message: str) -> None:
    with pytest.raises(EventPatternError) as refusal:
        check_pattern(pattern)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    "pattern",
    [
        {"a": [{"anything-but": ["x", 1, {"prefix": "y"}]}]},
        {"a": [{"exists": False}, {"numeric": ["=", 1]}, None, True, "x"]},
        {"a": {"$or": [{"b": ["x"]}, {"c": [1]}, {"d": {"e": [2]}}]}},
    ],
)
def test_what_can_be_is_not_refused(pattern: Mapping[str, Any]) -> None:
    check_pattern(pattern)
