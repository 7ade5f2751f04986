"""Which values expressions can have: by hand, and held against the evaluator."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.interval import ANY, NONE, Interval
from ecs_monitoring.cloudwatch.metric_math import Frame, MathProgram, bounds, reads_metrics
from ecs_monitoring.cloudwatch.metric_math.values import TimeSeries

PERCENT = Interval(0, 100)
SMALL = Interval(2, 5)
BELOW = Interval(-3, -1)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m + 1", Interval(3, 6)),
        ("10 - m", Interval(5, 8)),
        ("-m", Interval(-5, -2)),
        ("m * -2", Interval(-10, -4)),
        ("6 / m", Interval(1.2, 3)),
        ("m ^ 2", Interval(4, 25)),
        ("n ^ 2", Interval(1, 9)),
        ("(m - 3) ^ 2", Interval(0, 4)),
        ("n ^ 3", Interval(-27, -1)),
        ("p ^ 0.5", Interval(0, 10)),
        # Where one of two series has no datapoint, it counts as 0.
        ("m + n", Interval(-3, 5)),
        ("m * n", Interval(-15, 0)),
        ("100 * m / p", Interval(0, math.inf)),
        ("m / n", Interval(-5, 0)),
        # A series and itself have gaps together.
        ("m + m", Interval(4, 10)),
        ("p - p", Interval(0, 0)),
        ("m / m", Interval(1, 1)),
        ("m > 1", Interval(1, 1)),
        ("m > 2", Interval(0, 1)),
        ("m < 2", Interval(0, 0)),
        ("m >= 5", Interval(0, 1)),
        ("m == 6", Interval(0, 0)),
        ("m != 6", Interval(1, 1)),
        ("m AND 0", Interval(0, 0)),
        ("m OR 0", Interval(1, 1)),
        ("p OR 0", Interval(0, 1)),
        ("ABS(n)", Interval(1, 3)),
        ("ABS(m - 3)", Interval(0, 2)),
        ("CEIL(m / 4)", Interval(1, 2)),
        ("FLOOR(m / 4)", Interval(0, 1)),
        ("LOG10(p)", Interval(-math.inf, 2)),
        ("DIFF(m)", Interval(-3, 3)),
        ("RATE(m * 0)", Interval(0, 0)),
        ("RUNNING_SUM(m)", Interval(2, math.inf)),
        ("SUM([m, p])", Interval(0, 105)),
        ("AVG([m, m])", Interval(0, 5)),
        ("MAX([m, n])", Interval(-3, 5)),
        ("m - MAX(p)", Interval(-98, 5)),
        ("SUM(METRICS('m'))", Interval(2, 5)),
        ("METRIC_COUNT(METRICS()) + 0 * m", Interval(3, 3)),
        ("IF(m > 2, 1, 0)", Interval(0, 1)),
        ("IF(m > 1, 7, 0)", Interval(7, 7)),
        # The chosen series may lack the datapoint, which is 0 then, but not beside a scalar.
        ("IF(p, m, 9)", Interval(0, 9)),
        ("IF(p, 9, m)", Interval(2, 9)),
        ("FILL(m, 0)", Interval(0, 5)),
        ("FILL(m, REPEAT)", Interval(2, 5)),
        ("HOUR(m) + MINUTE(m)", Interval(0, 82)),
        # No datapoint at all.
        ("m / 0", NONE),
        ("m / (p - p)", NONE),
        ("LOG(n)", NONE),
        ("n ^ 0.5", NONE),
        ("IF(0, m)", NONE),
        ("m * 1e200 * 1e200", NONE),
        ("FILL(m / 0, 4)", Interval(4, 4)),
        ("MAX([m, m / 0])", Interval(2, 5)),
        ("m + m / 0", Interval(2, 5)),
    ],
)
def test_an_expression_s_values(expression: str, expected: Interval) -> None:
    found = bounds("e", {"e": expression}, {"m": SMALL, "n": BELOW, "p": PERCENT})
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_expressions_refer_to_each_other() -> None:
    expressions = {"rate": "100 * failed / all", "all": "failed + passed"}
    metrics = {"failed": Interval(1, 4), "passed": Interval(6, 6)}
    # 100 * 4 / 1 where nothing passed; nothing at all failed where there is no datapoint.
    assert bounds("rate", expressions, metrics) == Interval(0, 400)
    assert bounds("failed", expressions, metrics) == Interval(1, 4)


@pytest.mark.parametrize(
    ("expression", "reads"),
    [
        ("HOUR(m)", False),
        ("IF(DAY(m) < 6, PERIOD(m), 0) + e2", False),
        ("m + HOUR(m)", True),
        ("SUM(METRICS())", True),
        ("IF(HOUR(m) > 7, e3, 0)", True),
    ],
)
def test_what_depends_on_time_alone(expression: str, reads: bool) -> None:
    expressions = {"e": expression, "e2": "TIME_SERIES(4)", "e3": "m * 2"}
    assert reads_metrics("e", expressions) is reads


OPERATORS = ("+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!=", "AND", "OR")
FUNCTIONS = (
    *("ABS", "CEIL", "FLOOR", "LOG", "LOG10", "DIFF", "RATE", "RUNNING_SUM", "DIFF_TIME"),
    *("AVG", "SUM", "MIN", "MAX", "DATAPOINT_COUNT", "METRIC_COUNT", "FIRST", "LAST"),
    *("REMOVE_EMPTY", "TIME_SERIES"),
)
NUMBERS = st.sampled_from(["0", "1", "2.5", "1e3", "1e200"])
EXPRESSIONS = st.recursive(
    st.sampled_from(["m", "n", "m", "n", "HOUR(m)", "DAY(n)", "[m, n]", "METRICS()"]) | NUMBERS,
    lambda inner: st.one_of(
        st.builds(
            "({} {} {})".format,
            inner,
            st.sampled_from(
                ["+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!=", "AND", "OR"]
            ),
            inner,
        ),
        st.builds("-({})".format, inner),
        st.builds(
            "{}({})".format,
            st.sampled_from(FUNCTIONS),
            inner,
        ),
        st.builds("IF({}, {}, {})".format, inner, inner, inner),
        st.builds("IF({}, {})".format, inner, inner),
        st.builds("FILL({}, {})".format, inner, inner | st.just("REPEAT") | st.just("LINEAR")),
        st.builds("[{}, {}]".format, inner, inner),
    ),
    max_leaves=5,
)
FRAME = Frame((0, 60, 120, 180), 60)
EDGES = st.sampled_from([-1e3, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 1e3])


@st.composite
def metrics(draw: st.DrawFn) -> tuple[Interval, list[float | None]]:
    """What a metric can be, and what it is."""
    low, high = sorted((draw(EDGES), draw(EDGES)))
    values = draw(st.lists(st.none() | st.floats(low, high), min_size=4, max_size=4))
    return Interval(low, high), values


def found_by_evaluator(
    expression: str, m: Sequence[float | None], n: Sequence[float | None]
) -> list[float]:
    value = MathProgram(["m", "n"], {"e": expression}, "e").values(FRAME, {"m": m, "n": n})["e"]
    if isinstance(value, float):
        return [] if math.isnan(value) else [value]
    series = (value,) if isinstance(value, TimeSeries) else value
    return [one for each in series for one in each.present]


@given(EXPRESSIONS, metrics(), metrics())
def test_the_evaluator_finds_no_other_value(
    expression: str,
    m: tuple[Interval, list[float | None]],
    n: tuple[Interval, list[float | None]],
) -> None:
    try:
        values = found_by_evaluator(expression, m[1], n[1])
    except CannotEvaluateError:
        return
    can_be = bounds("e", {"e": expression}, {"m": m[0], "n": n[0]})
    for value in values:
        slack = 1e-9 * max(1, abs(value))
        assert can_be.low - slack <= value <= can_be.high + slack, (value, can_be)


@given(EXPRESSIONS, metrics(), metrics())
def test_what_reads_no_metric_has_one_course(
    expression: str,
    m: tuple[Interval, list[float | None]],
    n: tuple[Interval, list[float | None]],
) -> None:
    if reads_metrics("e", {"e": expression}):
        return
    try:
        values = found_by_evaluator(expression, m[1], n[1])
    except CannotEvaluateError:
        return
    assert values == found_by_evaluator(expression, n[1], m[1])
    assert bounds("e", {"e": expression}, {"m": ANY, "n": ANY}) == bounds(
        "e", {"e": expression}, {"m": m[0], "n": n[0]}
    )
