"""What is no metric math, or cannot be evaluated: errors that say where and what instead."""

import pytest

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import KNOWN_FUNCTIONS, Frame, MathProgram
from tests.evaluation.alarms import computed

FRAME = Frame((0, 60), 60)


def program(**expressions: str) -> MathProgram:
    return MathProgram(("m1", "m2"), expressions, "e")


@pytest.mark.parametrize(
    "name", ["ANOMALY_DETECTION_BAND", "SEARCH", "SORT", "STDDEV", "avg", "Sum"]
)
def test_unknown_function_is_named_and_the_known_ones_listed(name: str) -> None:
    with pytest.raises(CannotEvaluateError) as caught:
        program(e=f"1 + {name}(m1, 2)")
    assert f"expression e: the function {name} cannot be evaluated" in str(caught.value)
    assert ", ".join(KNOWN_FUNCTIONS) in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("m1 +", "'the end'"),
        ("", "'the end'"),
        ("(m1", r"'\)' must stand where 'the end'"),
        ("[m1, m2", r"'\]' must stand"),
        ("m1 m2", "an operator or the end must stand where 'm2'"),
        ("m1 + # 3", "cannot be read from ' # 3'"),
        ("Errors / m1", "a number, an id or a function must stand where 'Errors'"),
        ("SELECT AVG(x) FROM y", "must stand where 'AVG'"),
        ("AVG + 1", "must stand where 'AVG'"),
        ("SORT(METRICS(), AVG, DESC)", "the function SORT cannot be evaluated; known are ABS"),
        ("m1 ! 2", "cannot be read"),
        ("errors / m1", "errors is no id here: write one of m1, m2, e"),
        ("FILL(m1)", "FILL takes 2 arguments, not 1"),
        ("IF(m1)", "IF takes 2 to 3 arguments, not 1"),
        ("ABS(m1, m2)", "ABS takes 1 arguments, not 2"),
        ("METRICS('a', 'b')", "METRICS takes 0 to 1 arguments, not 2"),
    ],
)
def test_refused_before_any_evaluation(expression: str, message: str) -> None:
    with pytest.raises(CannotEvaluateError, match=message):
        program(e=expression)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("SUM(m1)", "watches a single time series, not a scalar"),
        ("METRICS()", "not 2 of them"),
        ("[m1, m2] + [m1, m2]", "two arrays"),
        ("ABS(5)", "a time series is needed where there is a scalar"),
        ("IF([m1, m2], 1, 0)", "a time series is needed where there is an array"),
        ("FIRST(m1)", "an array of at least one time series is needed"),
        ("LAST(METRICS('nothing'))", "an array of at least one time series is needed"),
        ("TIME_SERIES(m1)", "TIME_SERIES takes a scalar"),
        ("PERIOD(m1 + m2)", "PERIOD takes the id of a metric"),
        ("METRICS(m1)", "METRICS takes a part of ids in quotes"),
        ("FILL(m1, [m1, m2])", "FILL: write a number, a series, REPEAT or LINEAR"),
        ("m1 + 'text'", "'text' stands where a value is needed"),
        ("m1 + REPEAT", "'REPEAT' stands where a value is needed"),
        ("SUM([m1, 5])", "an array holds time series, not scalars"),
    ],
)
def test_refused_by_type(expression: str, message: str) -> None:
    with pytest.raises(CannotEvaluateError, match=f"^expression e: .*{message}"):
        computed(expression, {"m1": [1, 2], "m2": [3, 4]})


def test_circle_is_refused() -> None:
    with pytest.raises(CannotEvaluateError, match="in a circle: e -> f -> e"):
        program(e="f + 1", f="e + m1")


def test_expressions_that_do_not_matter_are_not_evaluated() -> None:
    unused = program(e="m1 + 1", f="SUM(m1)")
    assert list(unused.evaluate(FRAME, {"m1": [1, None], "m2": [0, 0]})) == [2, None]


def test_array_of_one_is_a_series() -> None:
    assert computed("METRICS('1')", {"m1": [1, 2], "m2": [3, 4]}) == [1, 2]
