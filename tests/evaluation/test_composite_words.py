"""Rules of composite alarms as trees, at their edges, and what is said of what is none."""

import pytest

from ecs_monitoring.cloudwatch.composite_rule import (
    AllOf,
    AnyOf,
    AtLeast,
    Condition,
    Constant,
    InState,
    Not,
    name_of,
)
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import CompositeRule
from tests.evaluation.alarms import ALARM, NO_DATA, OK

A, B, C = InState(ALARM, "a"), InState(OK, "b"), InState(NO_DATA, "c")


@pytest.mark.parametrize(
    ("rule", "condition", "alarms"),
    [
        ("ALARM(a)", A, ("a",)),
        ("((ALARM(a)))", A, ("a",)),
        ("ALARM(a) OR OK(b) OR INSUFFICIENT_DATA(c)", AnyOf((A, B, C)), ("a", "b", "c")),
        ("ALARM(a) AND OK(b) OR INSUFFICIENT_DATA(c)", AnyOf((AllOf((A, B)), C)), ("a", "b", "c")),
        ("INSUFFICIENT_DATA(c) OR ALARM(a) AND OK(b)", AnyOf((C, AllOf((A, B)))), ("c", "a", "b")),
        (
            "(INSUFFICIENT_DATA(c) OR ALARM(a)) AND OK(b)",
            AllOf((AnyOf((C, A)), B)),
            ("c", "a", "b"),
        ),
        ("NOT ALARM(a) AND NOT NOT OK(b)", AllOf((Not(A), Not(Not(B)))), ("a", "b")),
        ("NOT (ALARM(a) AND ALARM(a))", Not(AllOf((A, A))), ("a",)),
        ("True AND false", AllOf((Constant(True), Constant(False))), ()),
        ('ALARM("a")', A, ("a",)),
        # A word in quotes is a name, whatever it says.
        ('ALARM("TRUE")', InState(ALARM, "TRUE"), ("TRUE",)),
        (r'ALARM("a \"b\" \\ (c)")', InState(ALARM, r'a "b" \ (c)'), (r'a "b" \ (c)',)),
        ("AT_LEAST(2, ALARM, (a, b))", AtLeast(2.0, False, ALARM, False, ("a", "b")), ("a", "b")),
        (
            "AT_LEAST(50.5%, NOT OK, (a, a, b))",
            AtLeast(50.5, True, OK, True, ("a", "a", "b")),
            ("a", "b"),
        ),
    ],
)
def test_a_rule_is_a_tree(rule: str, condition: Condition, alarms: tuple[str, ...]) -> None:
    assert CompositeRule.parse(rule) == CompositeRule(condition, alarms)
    assert CompositeRule.parse(f" {rule} ") == CompositeRule(condition, alarms)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "",
            "ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or '(' must stand where "
            "'the end' stands",
        ),
        (
            "ALARM(a) AND",
            "ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or '(' must "
            "stand where 'the end' stands",
        ),
        (
            '"TRUE"',
            "ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or '(' must stand "
            "where 'TRUE' stands",
        ),
        (
            '"ALARM"(a)',
            "ALARM, OK, INSUFFICIENT_DATA, AT_LEAST, TRUE, FALSE, NOT or '(' must stand "
            "where 'ALARM' stands",
        ),
        ("ALARM(a", "')' must stand where 'the end' stands"),
        ("(ALARM(a)", "')' must stand where 'the end' stands"),
        ("ALARM a", "'(' must stand where 'a' stands"),
        ("ALARM()", "an alarm's name or ARN must stand where ')' stands"),
        ("ALARM(a) OK(b)", "AND, OR or the end must stand where 'OK' stands"),
        ("ALARM(a))", "AND, OR or the end must stand where ')' stands"),
        ("AT_LEAST 1", "'(' must stand where '1' stands"),
        *(
            (
                f"AT_LEAST({least}, ALARM, (a))",
                f"a number or a percentage must stand where {least!r} stands",
            )
            for least in ("x", "-1", "1.5", "5.%", "%")
        ),
        ("AT_LEAST(1 ALARM, (a))", "',' must stand where 'ALARM' stands"),
        ("AT_LEAST(1, ALARM (a))", "',' must stand where '(' stands"),
        ("AT_LEAST(1, ALARM, a)", "'(' must stand where 'a' stands"),
        ("AT_LEAST(1, ALARM, (a b))", "')' must stand where 'b' stands"),
        ("AT_LEAST(1, ALARM, (a)", "')' must stand where 'the end' stands"),
        ("AT_LEAST(1, ALARM, ())", "an alarm's name or ARN must stand where ')' stands"),
        ('ALARM("a)', "cannot be read from '\"a)'"),
    ],
)
def test_what_is_said_of_what_is_no_rule(rule: str, words: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        CompositeRule.parse(rule)
    assert str(error.value) == f"rule {rule!r}: {words}"


@pytest.mark.parametrize(
    ("rule", "on"),
    [
        # Two of five are 40 %; of three that are not in a state, all but one.
        ("AT_LEAST(2, ALARM, (a, b, c, d, e))", True),
        ("AT_LEAST(3, ALARM, (a, b, c, d, e))", False),
        ("AT_LEAST(40%, ALARM, (a, b, c, d, e))", True),
        ("AT_LEAST(40.1%, ALARM, (a, b, c, d, e))", False),
        ("AT_LEAST(3, NOT ALARM, (a, b, c, d, e))", True),
        ("AT_LEAST(4, NOT ALARM, (a, b, c, d, e))", False),
        ("AT_LEAST(60%, NOT ALARM, (a, b, c, d, e))", True),
        ("AT_LEAST(60.1%, NOT ALARM, (a, b, c, d, e))", False),
        ("AT_LEAST(1, INSUFFICIENT_DATA, (a, e))", True),
        ("AT_LEAST(0, ALARM, (c))", True),
        ("ALARM(a) AND ALARM(b) AND ALARM(c)", False),
        ("ALARM(c) OR ALARM(d) OR ALARM(a)", True),
        ("NOT ALARM(a)", False),
    ],
)
def test_the_state_that_follows(rule: str, on: bool) -> None:
    states = {"a": ALARM, "b": ALARM, "c": OK, "d": OK, "e": NO_DATA}
    assert CompositeRule.parse(rule).state(states) is (ALARM if on else OK)


def test_an_alarm_is_found_by_its_arn_first_and_then_by_its_name() -> None:
    arn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a"
    rule = CompositeRule.parse(f"ALARM({arn})")
    assert [rule.state(states) for states in ({arn: ALARM, "a": OK}, {"a": ALARM}, {arn: OK})] == [
        *(ALARM, ALARM, OK)
    ]
    assert [name_of(alarm) for alarm in (arn, "a", "x:alarm:a")] == ["a", "a", "x:alarm:a"]
    with pytest.raises(CannotEvaluateError) as error:
        rule.state({"b": OK})
    assert str(error.value) == f"the rule refers to the alarm {arn!r}, whose state is not given"
