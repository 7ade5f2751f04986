"""What is said of an expression that cannot be evaluated, in full; and how text becomes a tree."""

import pytest

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import KNOWN_FUNCTIONS, Frame, MathProgram
from ecs_monitoring.cloudwatch.metric_math import check
from ecs_monitoring.cloudwatch.metric_math.syntax import (
    Array,
    Call,
    Negation,
    Number,
    Operation,
    QuotedText,
    Reference,
    Word,
    nodes,
    parse,
)
from ecs_monitoring.cloudwatch.metric_math.values import TimeSeries
from tests.evaluation.alarms import computed

A_VALUE = "a number, an id or a function"
TOO_DEEP = "nests more than 50 deep; leave out parentheses, or give a part an id of its own"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("m1 +", f"{A_VALUE} must stand where 'the end' stands"),
        ("", f"{A_VALUE} must stand where 'the end' stands"),
        ("m1 * / 2", f"{A_VALUE} must stand where '/' stands"),
        ("(m1", "')' must stand where 'the end' stands"),
        ("[m1, m2", "']' must stand where 'the end' stands"),
        ("MAX([m1 m2])", "']' must stand where 'm2' stands"),
        ("m1 m2", "an operator or the end must stand where 'm2' stands"),
        ("m1)", "an operator or the end must stand where ')' stands"),
        ("m1 AND", f"{A_VALUE} must stand where 'the end' stands"),
        ("m1 + # 3 ", "cannot be read from ' # 3'"),
        ("2 * 1e999", "1e999 is too large for a number; write a smaller exponent"),
        ("_m", f"{A_VALUE} must stand where '_m' stands"),
    ],
)
def test_what_is_no_metric_math(expression: str, words: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        parse(expression)
    assert str(error.value) == f"expression {expression!r}: {words}"


SIBLINGS = ("ABS(m)", "[m]", "METRICS()", "(m)", "-m", "m^2")


@pytest.mark.parametrize(
    ("opened", "closed"), [("(", ")"), ("[", "]"), ("ABS(", ")"), ("-", ""), ("m^", "")]
)
@pytest.mark.parametrize("beside", SIBLINGS)
def test_nesting_is_counted_for_each_part_by_itself(opened: str, closed: str, beside: str) -> None:
    before = " + ".join([beside] * 60)
    assert parse(f"{before} + {opened * 50}m{closed * 50} + {before}")
    too_deep = f"{before} + {opened * 51}m{closed * 51}"
    with pytest.raises(CannotEvaluateError) as error:
        parse(too_deep)
    assert str(error.value) == f"expression {too_deep!r}: {TOO_DEEP}"


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (
            "1 + Sum(m1)",
            "the function Sum cannot be evaluated; known are " + ", ".join(KNOWN_FUNCTIONS),
        ),
        ("Errors / m1", "a number, an id or a function must stand where 'Errors' stands"),
        ("errors / m1", "errors is no id here: write one of m1, m2, e, f"),
        ("FILL(m1)", "FILL takes 2 arguments, not 1"),
        ("FILL(m1, 1, 2)", "FILL takes 2 arguments, not 3"),
        ("IF(m1)", "IF takes 2 to 3 arguments, not 1"),
        ("IF(m1, 1, 2, 3)", "IF takes 2 to 3 arguments, not 4"),
        ("METRICS('a', 'b')", "METRICS takes 0 to 1 arguments, not 2"),
        ("PERIOD()", "PERIOD takes 1 arguments, not 0"),
        ("PERIOD(m1, m2)", "PERIOD takes 1 arguments, not 2"),
        ("ABS()", "ABS takes 1 arguments, not 0"),
        ("TIME_SERIES(1, 2)", "TIME_SERIES takes 1 arguments, not 2"),
    ],
)
def test_what_a_program_refuses(expression: str, words: str) -> None:
    with pytest.raises(CannotEvaluateError) as error:
        MathProgram(("m1", "m2"), {"e": expression, "f": "m1"}, "e")
    assert str(error.value) == f"expression e: {words}"


def test_a_circle_is_told_with_all_that_is_on_it() -> None:
    with pytest.raises(CannotEvaluateError) as error:
        MathProgram(("m",), {"e": "f + m", "f": "m - g", "g": "MAX([m, f])"}, "e")
    assert str(error.value) == "expressions refer in a circle: e -> f -> g -> f"
    # Twice is no circle.
    MathProgram(("m",), {"e": "f + g", "f": "2 * g", "g": "m"}, "e")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("SUM(m1)", "an alarm watches a single time series, not a scalar"),
        ("METRICS()", "an alarm watches a single time series, not 2 of them"),
        ("METRICS('none')", "an alarm watches a single time series, not 0 of them"),
        (
            "[m1, m2] + [m1]",
            "an operator between two arrays: combine them with SUM first",
        ),
        ("ABS(5)", "a time series is needed where there is a scalar"),
        ("IF([m1, m2], 1, 0)", "a time series is needed where there is an array"),
        ("IF(m1, [m1, m2], 0)", "a time series is needed where there is an array"),
        ("FILL(5, 1)", "a time series is needed where there is a scalar"),
        ("FIRST(m1)", "an array of at least one time series is needed"),
        ("METRIC_COUNT(METRICS('none'))", "an array of at least one time series is needed"),
        ("TIME_SERIES(m1)", "TIME_SERIES takes a scalar"),
        ("PERIOD(m1 + m2)", "PERIOD takes the id of a metric, not an expression"),
        ("m1 + PERIOD(f)", "PERIOD takes the id of a metric, not an expression"),
        ("METRICS(m1)", 'METRICS takes a part of ids in quotes: METRICS("5xx")'),
        ("FILL(m1, [m1, m2])", "FILL: write a number, a series, REPEAT or LINEAR as filler"),
        ("m1 + 'text'", "'text' stands where a value is needed"),
        ("SUM([m1, 5])", "an array holds time series, not scalars"),
    ],
)
def test_what_an_evaluation_refuses(expression: str, words: str) -> None:
    program = MathProgram(("m1", "m2"), {"e": expression, "f": "2 * m1"}, "e")
    with pytest.raises(CannotEvaluateError) as error:
        program.evaluate(Frame((0, 60), 60), {"m1": [1, 2], "m2": [3, 4]})
    assert str(error.value) == f"expression e: {words}"


def test_an_expression_that_is_used_is_named_where_it_fails() -> None:
    program = MathProgram(("m",), {"e": "1 + f", "f": "ABS(3)"}, "e")
    with pytest.raises(CannotEvaluateError, match=r"^expression f: a time series is needed"):
        program.evaluate(Frame((0,), 60), {"m": [1]})


def test_expressions_are_tried_before_an_alarm_has_them() -> None:
    check(["m"], {"scalar": "MAX(m)", "array": "[m, m]", "e": "m / scalar"}, "e")
    check(["m"], {"e": "MAX(m)"}, "m")
    with pytest.raises(CannotEvaluateError) as error:
        check(["m"], {"e": "[m]"}, "e")
    assert str(error.value) == (
        "expression e: an alarm watches a single time series, and this is an array: write the id "
        "of one, or combine them, as in SUM(METRICS())"
    )
    with pytest.raises(CannotEvaluateError, match="single time series, not a scalar"):
        check(["m"], {"e": "MAX(m)"}, "e")
    with pytest.raises(CannotEvaluateError, match=r"^expression f: TIME_SERIES takes a scalar"):
        check(["m"], {"e": "m", "f": "TIME_SERIES(m)"}, "e")


def test_values_are_those_that_the_watched_one_needs() -> None:
    expressions = {"e": "MAX(f) * 2", "f": "m + 1", "unused": "m"}
    program = MathProgram(("m", "n"), expressions, "e")
    assert program.values(Frame((0, 60), 60), {"m": [1, None], "n": [3, 4]}) == {
        "m": TimeSeries((1.0, None)),
        "n": TimeSeries((3.0, 4.0)),
        "f": TimeSeries((2.0, None)),
        "e": 4.0,
    }


def test_a_tree_and_its_nodes_in_the_order_of_the_text() -> None:
    tree = parse("IF(a>=1.5e1 && b, -c, MAX([d, 2.])) ^ FILL(METRICS('x y'), REPEAT)")
    a, b, c, d = map(Reference, "abcd")
    holds = Operation("AND", Operation(">=", a, Number(15.0)), b)
    array = Array((d, Number(2.0)))
    largest = Call("MAX", (array,))
    choice = Call("IF", (holds, Negation(c), largest))
    metrics = Call("METRICS", (QuotedText("x y"),))
    filled = Call("FILL", (metrics, Word("REPEAT")))
    assert tree == Operation("^", choice, filled)
    assert list(nodes(tree)) == [
        *(tree, choice, holds, holds.left, a, Number(15.0), b, Negation(c), c, largest, array),
        *(d, Number(2.0), filled, metrics, QuotedText("x y"), Word("REPEAT")),
    ]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # Every level groups from the left, but for powers.
        ("3 > 2 > 1", 0),
        ("2 - 1 + 1", 2),
        ("8 / 2 * 4", 16),
        ("(2 ^ 3) ^ 2", 64),
        ("2 ^ -1 ^ 2", 0.5),
        ("2 + 3 * 4 ^ 2 / 8 - 1", 7),
        ("2 * -3", -6),
        ("--2", 2),
        ("1 == 1 + 1", 0),
        ("1 || 0 && 0", 1),
        ("1.5E-2 * 1e+2", 1.5),
        # All of the operators may stand in parentheses, in brackets and in every argument.
        ("(0 OR 3) * 2", 2),
        ("IF(1, 0 OR 3, 7)", 1),
        ("IF(0, 7, 0 OR 3)", 1),
        ("MAX(MAX([TIME_SERIES(0), 0 OR TIME_SERIES(3)]))", 1),
        # Whatever is not zero is true.
        *(("3 AND 2", 1), ("3 AND 0", 0), ("0 AND 3", 0), ("0 AND 0", 0), ("1 AND 1", 1)),
        *(("0 OR 3", 1), ("3 OR 0", 1), ("0 OR 0", 0), ("1 OR 1", 1), ("-1 OR 0", 1)),
    ],
)
def test_what_a_number_is_worth(expression: str, value: float) -> None:
    assert computed(f"TIME_SERIES({expression})", {"m": [None, 1]}) == [value, value]


@pytest.mark.parametrize("expression", ["1 / 0 != 1", "-(1 / 0)", "1 / 0 OR 1", "0 ^ -1 + 1"])
def test_what_is_made_of_no_number_is_none(expression: str) -> None:
    assert computed(f"TIME_SERIES({expression})", {"m": [1, 2]}) == [None, None]
