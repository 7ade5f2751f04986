"""Whether any value, or any event, satisfies conditions together, and whether every one does."""

import pytest

from ecs_monitoring.cloudwatch.log_pattern import parse_pattern
from ecs_monitoring.cloudwatch.log_pattern.comparing_reach import is_certain, is_impossible
from ecs_monitoring.cloudwatch.log_pattern.json_reach import contradicts, unquestioned
from ecs_monitoring.cloudwatch.log_pattern.syntax import (
    AnyCondition,
    FieldComparison,
    Fields,
    JsonCondition,
    JsonPattern,
)
from ecs_monitoring.cloudwatch.log_pattern.written import selector_text


def comparisons(*written: str) -> list[FieldComparison]:
    """Comparisons such as ``>= 5``."""
    pattern = parse_pattern(f"[{' && '.join(f'a {comparison}' for comparison in written)}]")
    assert isinstance(pattern, Fields)
    return list(pattern.leading[0].alternatives[0])


@pytest.mark.parametrize(
    "together",
    [
        # Numbers.
        ("= 1", "= 2"),
        ("= 1", "!= 1.0"),
        ("> 5", "< 5"),
        ("> 5", "<= 5"),
        (">= 5", "< 5"),
        (">= 5", "= 4"),
        ("> 1e3", "= 1000"),
        (">= 1", "<= 2", "= 3"),
        # Texts.
        ('= "x"', '= "y"'),
        ('= "x"', '!= "x"'),
        ("= x", "= y*"),
        ("= xy", "!= *y"),
        ("= x*", "= y*"),
        ("= *x", "= *y"),
        ("= x*", "!= *x*"),
        ("!= *",),
        ("= *", "!= *"),
        # Expressions.
        ("= %a^%",),
        ("= %^x%", "= y*"),
        ("= %x%", "!= *x*"),
        ("!= %.*%",),
        # What equals a number, or is in an order, is written as one.
        ("= 5", "= x"),
        ("= 5", "= x*"),
        ("> 5", "= %[a-d]%"),
        ("< 5", '= "*:*"'),
        (">= 5", '= ""'),
        ("= 5", "= 6*", "!= 5"),
    ],
)
def test_comparisons_that_no_value_satisfies(together: tuple[str, ...]) -> None:
    assert is_impossible(comparisons(*together))
    assert is_impossible(comparisons(*together[::-1]))


@pytest.mark.parametrize(
    "together",
    [
        ("= 1",),
        ("!= 1",),
        ("> 5",),
        ("= 1", "= 1.0"),
        ("= 1", "!= 2"),
        (">= 5", "<= 5"),
        ("> 5", "< 6"),
        ("> 5", "> 6"),
        ("< 5", "< 6"),
        ("> 5", "!= 6"),
        ("!= 1", "!= 2"),
        ("= x", "= x*"),
        ("= x*", "= *y"),
        ("= x", "!= y"),
        ("!= x", "!= *y*"),
        ('= ""',),
        ("= %^x%", "= %y$%"),
        # As a text, a number is written in any of its spellings.
        ("= 5", '= "5.0"'),
        ("= 500", "= 5*"),
        # One digit is a number, and so are others.
        ("> 5", "= %^[0-9]$%"),
        ("> 5", "= %^[0-9]{3}$%"),
        ("< 0", '= "-*"'),
        # No number is asked for, so it may be a text.
        ("!= 5", "= x"),
        ("!= 5", "= %[a-d]%"),
    ],
)
def test_comparisons_that_some_value_may_satisfy(together: tuple[str, ...]) -> None:
    assert not is_impossible(comparisons(*together))


@pytest.mark.parametrize(
    "alternatives",
    [
        ("= 1", "!= 1"),
        ("!= 1", "!= 2"),
        ('= "x"', '!= "x"'),
        ('!= "x"', '!= "y"'),
        ("= x*", "!= xy"),
        ("= *",),
        ("= %.*%",),
        ("= %x%", "!= *x"),
        ("= *", "= 5"),
        # Of numbers in an order, every number.
        ("< 5", ">= 5"),
        ("<= 5", "> 3"),
        ("< 5", "> 5", "= 5"),
        # What is no number differs from one.
        ("!= 5", ">= 5"),
        ("!= 5", ">= 5", "= x"),
    ],
)
def test_alternatives_that_every_value_satisfies(alternatives: tuple[str, ...]) -> None:
    assert is_certain(comparisons(*alternatives))
    assert is_certain(comparisons(*alternatives[::-1]))


@pytest.mark.parametrize(
    "alternatives",
    [
        ("= 1",),
        ("!= 1",),
        ("= 1", "= 2"),
        ("= 1", "!= x"),
        ('!= "x"',),
        ('= "x"', '!= "y"'),
        ("< 5", "> 5"),
        ("< 5", "> 6"),
        ("> 5",),
        ("!= 5", "> 5"),
        ("= %x%",),
        # A text is in no order.
        ("< 5", ">= 5", "= x"),
        ("< 5", ">= 5", "= %x%"),
        (),
    ],
)
def test_alternatives_that_some_value_may_not_satisfy(alternatives: tuple[str, ...]) -> None:
    assert not is_certain(comparisons(*alternatives) if alternatives else [])


def condition(written: str) -> JsonCondition:
    pattern = parse_pattern(f"{{ {written} }}")
    assert isinstance(pattern, JsonPattern)
    return pattern.condition


@pytest.mark.parametrize(
    "written",
    [
        "$.a = 1 && $.a = 2",
        "$.a = 1 && $.b = 3 && $.a = 2",
        "$.a[0] = 1 && $.a[0] = 2",
        "$.a = %b^%",
        "$.a[*] != *",
        "($.a = 1 && $.a = 2) || ($.b = 1 && $.b = 2)",
        "$.a = 1 && ($.a = 2 || $.a = 3)",
        "($.a = 1 || $.a = 2) && ($.a = 3 || $.a = 4)",
        # A property is one thing: missing, null, true, false, a value, an object or an array.
        "$.a NOT EXISTS && $.a IS NULL",
        "$.a NOT EXISTS && $.a = 1",
        "$.a IS NULL && $.a = 1",
        "$.a IS NULL && $.a IS TRUE",
        "$.a IS TRUE && $.a IS FALSE",
        "$.a = 1 && $.a.b = 1",
        "$.a.b.c IS NULL && $.a IS NULL",
        "$.a.b.c = 1 && $.a.b NOT EXISTS",
        "$.a.b = 1 && $.a[0] = 1",
        "$.a[0] IS NULL && $.a.b IS NULL",
        "$.a[*] = 1 && $.a.b = 1",
        "$.a.* = 1 && $.a[0] = 1",
        "$.a.*.b = 1 && $.a = 1",
        "$.a[*].b = 1 && $.a IS TRUE",
    ],
)
def test_conditions_that_no_event_satisfies(written: str) -> None:
    assert contradicts(condition(written))


@pytest.mark.parametrize(
    "written",
    [
        "$.a = 1",
        "$.a = 1 && $.b = 2",
        "$.a = 1 || $.a = 2",
        "($.a = 1 && $.a = 2) || $.b = 1",
        "$.a[0] = 1 && $.a[1] = 2",
        # Of several elements each condition may hold for another one.
        "$.a[*] = 1 && $.a[*] = 2",
        "$.a.* = 1 && $.a.* IS NULL",
        "$.a.*.b = 1 && $.a.c = 1",
        "$.a[*].b = 1 && $.a[0] = 1",
        "$.* = 1 && $.b.c = 1",
        "$.a.* NOT EXISTS && $.a = 1",
        "$.a.b NOT EXISTS && $.a IS NULL",
        "$.a[0] NOT EXISTS && $.a.b = 1",
        "$.a NOT EXISTS && $.b IS NULL",
        "$.a.b = 1 && $.a.c IS TRUE",
        "$.a IS NULL && $.a IS NULL",
        "$.a IS NULL || $.a = 1",
    ],
)
def test_conditions_that_some_event_may_satisfy(written: str) -> None:
    assert not contradicts(condition(written))


@pytest.mark.parametrize(
    ("written", "selector"),
    [
        ("$.a = 1 || $.a != 1", "$.a"),
        ("$.b = x || $.a.b[0] < 5 || $.a.b[0] >= 5", "$.a.b[0]"),
        ("$.a NOT EXISTS || $.a = *", "$.a"),
        ("($.b = 1 || $.b != 1) && ($.a = 1 || $.a != 1)", "$.b"),
        ("$.b = 1 && $.a = 1 || $.a != 1 || $.b != 1", "$.b"),
        ("$.a IS NULL || $.a != x || $.a != y", "$.a"),
    ],
)
def test_conditions_that_every_value_of_a_property_satisfies(written: str, selector: str) -> None:
    found = unquestioned(condition(written))
    assert found is not None
    assert selector_text(found) == selector


@pytest.mark.parametrize(
    "written",
    [
        # One comparison alone is a question, even if every value satisfies it.
        "$.a = *",
        "$.a = * || $.b = 1",
        "$.a = * || $.b NOT EXISTS",
        "$.a = 1 || $.b != 1",
        "$.a = 1 && $.a != 1",
        "($.a = 1 || $.a != 1) && $.b = 1",
        "$.b = 1 && ($.a = 1 || $.a != 1)",
        "$.a NOT EXISTS || $.a = x",
        "$.a IS NULL || $.a = 1",
    ],
)
def test_conditions_that_ask_something(written: str) -> None:
    assert unquestioned(condition(written)) is None


def test_more_than_256_alternatives_are_not_followed() -> None:
    none = condition("$.a NOT EXISTS && $.a IS NULL")
    assert contradicts(AnyCondition((none,) * 256))
    assert not contradicts(AnyCondition((none,) * 257))
