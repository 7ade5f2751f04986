"""The whole syntax tree of a filter pattern, and the text that a tree is written as."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecs_monitoring.cloudwatch.log_pattern import LogPattern, has_regex, parse_pattern
from ecs_monitoring.cloudwatch.log_pattern.regex import compile_regex
from ecs_monitoring.cloudwatch.log_pattern.syntax import (
    AllConditions,
    AnyCondition,
    AnyIndex,
    AnyKey,
    ComparedNumber,
    ComparedText,
    Field,
    FieldComparison,
    Fields,
    Index,
    JsonCondition,
    JsonPattern,
    MatchAll,
    NamedKey,
    Operand,
    Operator,
    PropertyCompares,
    PropertyIs,
    PropertyNotExists,
    Selector,
    Step,
    Terms,
)
from ecs_monitoring.cloudwatch.log_pattern.written import written


def selector(*steps: Step | str) -> Selector:
    return Selector(tuple(NamedKey(step) if isinstance(step, str) else step for step in steps))


def number(spelling: str) -> ComparedNumber:
    return ComparedNumber(Decimal(spelling), spelling)


def compares(operator: Operator, operand: Operand) -> FieldComparison:
    return FieldComparison(operator, operand)


def equals(name: str, value: str) -> PropertyCompares:
    return PropertyCompares(selector(name), compares("=", number(value)))


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("\t", MatchAll()),
        ('"  "', MatchAll()),
        ("a", Terms(required=("a",))),
        (' a "b c"\t-d -"e\\"f" ', Terms(required=("a", "b c"), excluded=("d", 'e"f'))),
        ('?a ?"b c"', Terms(any_of=("a", "b c"))),
        ('-"-"', Terms(excluded=("-",))),
        (" %a|b% ", compile_regex("a|b", 1)),
    ],
)
def test_patterns_of_words(pattern: str, tree: LogPattern) -> None:
    assert parse_pattern(pattern) == tree


@pytest.mark.parametrize(
    ("written_selector", "read"),
    [
        ("$.a", selector("a")),
        ("$.a-b_9", selector("a-b_9")),
        ("$.a[10][*]", selector("a", Index(10), AnyIndex())),
        ("$.*.b", selector(AnyKey(), "b")),
        ("$.['a.b'].c", selector("a.b", "c")),
        ("$.a.['b c'][0]", selector("a", "b c", Index(0))),
    ],
)
def test_selectors(written_selector: str, read: Selector) -> None:
    assert parse_pattern(f"{{ {written_selector} IS NULL }}") == JsonPattern(PropertyIs(read, None))
    assert parse_pattern(f"{{{written_selector} NOT  EXISTS}}") == JsonPattern(
        PropertyNotExists(read)
    )


@pytest.mark.parametrize(
    ("comparison", "read"),
    [
        ("= 5", compares("=", number("5"))),
        ("!=-1.50", compares("!=", number("-1.50"))),
        ("< +2E-3", compares("<", number("+2E-3"))),
        ("<= 0", compares("<=", number("0"))),
        ("> 1e3", compares(">", number("1e3"))),
        (">=10", compares(">=", number("10"))),
        ('= "5"', compares("=", ComparedText("5"))),
        ("= *", compares("=", ComparedText("", any_before=True))),
        ('= "**"', compares("=", ComparedText("", any_before=True, any_after=True))),
        ("!= 4*", compares("!=", ComparedText("4", any_after=True))),
        ("= *.html", compares("=", ComparedText(".html", any_before=True))),
        ('= "*a \\"b\\\\*"', compares("=", ComparedText('a "b\\', True, True))),
        ("!= %a|b%", compares("!=", compile_regex("a|b", 1))),
    ],
)
def test_comparisons(comparison: str, read: FieldComparison) -> None:
    assert parse_pattern(f"{{ $.a {comparison} }}") == JsonPattern(
        PropertyCompares(selector("a"), read)
    )
    assert parse_pattern(f"[a {comparison}, b]") == Fields(
        leading=(Field("a", ((read,),)), Field("b"))
    )


A, B, C = equals("a", "1"), equals("b", "2"), equals("c", "3")


@pytest.mark.parametrize(
    ("condition", "tree"),
    [
        ("$.a=1", A),
        ("($.a = 1)", A),
        ("$.a = 1 && $.b = 2 && $.c = 3", AllConditions((A, B, C))),
        ("$.a = 1 || $.b = 2 || $.c = 3", AnyCondition((A, B, C))),
        # && binds before ||.
        ("$.a = 1 || $.b = 2 && $.c = 3", AnyCondition((A, AllConditions((B, C))))),
        ("$.a = 1 && $.b = 2 || $.c = 3", AnyCondition((AllConditions((A, B)), C))),
        ("$.a=1&&( ( $.b = 2||$.c = 3 ) )", AllConditions((A, AnyCondition((B, C))))),
        ("(($.a = 1) || $.b = 2) && ($.c = 3)", AllConditions((AnyCondition((A, B)), C))),
        ("$.a IS TRUE", PropertyIs(selector("a"), True)),
        (
            "$.a IS  FALSE&&$.b IS NULL",
            AllConditions((PropertyIs(selector("a"), False), PropertyIs(selector("b"), None))),
        ),
    ],
)
def test_conditions(condition: str, tree: JsonCondition) -> None:
    assert parse_pattern(f" {{ {condition} }} ") == JsonPattern(tree)


ONE, TWO = compares("=", number("1")), compares("!=", number("2"))


@pytest.mark.parametrize(
    ("pattern", "tree"),
    [
        ("[a]", Fields((Field("a"),))),
        (" [ a ,b, ] ", Fields((Field("a"), Field("b"), Field("")))),
        ("[...]", Fields((), ellipsis=True)),
        ("[a, ..., b,c]", Fields((Field("a"),), True, (Field("b"), Field("c")))),
        ("[ a , ... , b ]", Fields((Field("a"),), True, (Field("b"),))),
        ("[..., ]", Fields((), True, (Field(""),))),
        ("[a=1&&a!=2,b]", Fields((Field("a", ((ONE, TWO),)), Field("b")))),
        (
            "[a = 1 || a != 2 && a = 1 || a = 1, ...]",
            Fields((Field("a", ((ONE,), (TWO, ONE), (ONE,))),), ellipsis=True),
        ),
    ],
)
def test_patterns_of_fields(pattern: str, tree: LogPattern) -> None:
    assert parse_pattern(pattern) == tree


@pytest.mark.parametrize(
    "pattern",
    [
        "{ $.a = 1 }",
        '{ $.a = "*" }',
        '{ $.a != "*x*" && $.b = "y*" && $.c = "*z" }',
        "{ $.a >= 1e3 || ($.b = %x|y% && $.c < -1.50) }",
        "{ ($.a = 1 || $.b = 2) && $.c NOT EXISTS }",
        "{ $.a IS TRUE || $.b IS FALSE || $.c IS NULL }",
        "{ $.a[0].b[*] = 1 && $.* = 2 }",
        "{ $.['a.b'].c-d = 1 }",
        '{ $.a = "say \\"hi\\" in C:\\\\" }',
    ],
)
def test_a_pattern_is_written_as_it_was_read(pattern: str) -> None:
    read = parse_pattern(pattern)
    assert isinstance(read, JsonPattern)
    assert written(read) == pattern


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("%a%", True),
        ("{ $.a = 1 && ($.b = 2 || $.c != %x%) }", True),
        ("[a, ..., b = 1 || b = %x%]", True),
        ('"%a%"', False),
        ('{ $.a = "%a%" }', False),
        ("[a = 1, b]", False),
        ("", False),
    ],
)
def test_whether_a_pattern_holds_an_expression(pattern: str, expected: bool) -> None:
    assert has_regex(parse_pattern(pattern)) is expected
