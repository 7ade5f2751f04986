"""Which values calls, choices and arrays of metric math can have, each worked by hand."""

import math

import pytest

from ecs_monitoring.cloudwatch.interval import ANY, NONE, Interval
from ecs_monitoring.cloudwatch.metric_math import bounds, has_gaps, reads_metrics

INF = math.inf

# Above zero, below it, a share, up to zero, on both sides of it, and nothing known.
METRICS = {
    "m": Interval(2, 5),
    "n": Interval(-3, -1),
    "p": Interval(0, 100),
    "z": Interval(-3, 0),
    "s": Interval(-2, 1),
    "x": ANY,
}


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        ("DATE(m)", 1, 31),
        ("DAY(m)", 1, 7),
        ("EPOCH(m)", 0, INF),
        ("HOUR(m)", 0, 23),
        ("MINUTE(m)", 0, 59),
        ("MONTH(m)", 1, 12),
        ("YEAR(m)", 1970, INF),
        ("m - m + PERIOD(m)", 1, INF),
        ("ABS(s)", 0, 2),
        ("ABS(z)", 0, 3),
        ("ABS(-m)", 2, 5),
        ("CEIL(m / 4)", 1, 2),
        ("CEIL(x)", -INF, INF),
        ("FLOOR(s / 4)", -1, 0),
        ("LOG10(5 * m)", 1, math.log10(25)),
        ("LOG10(p)", -INF, 2),
        ("LOG10(s)", -INF, 0),
        ("LOG10(ABS(x) + 100)", 2, INF),
        ("LOG(m / m)", 0, 0),
        ("DIFF(s)", -3, 3),
        ("RATE(m)", -3, 3),
        ("DIFF(m / m)", 0, 0),
        ("DIFF_TIME(m)", 1, INF),
        # A sum of values of one sign grows to that side, from one value on.
        ("RUNNING_SUM(m)", 2, INF),
        ("RUNNING_SUM(p)", 0, INF),
        ("RUNNING_SUM(n)", -INF, -1),
        ("RUNNING_SUM(z)", -INF, 0),
        ("RUNNING_SUM(s)", -INF, INF),
        ("RUNNING_SUM(0 * m)", 0, 0),
        ("TIME_SERIES(SUM(m))", 2, INF),
        ("TIME_SERIES(SUM(n))", -INF, -1),
        ("TIME_SERIES(AVG(m))", 2, 5),
        ("TIME_SERIES(MIN(s))", -2, 1),
        ("TIME_SERIES(DATAPOINT_COUNT(m))", 1, INF),
        ("TIME_SERIES(4)", 4, 4),
        ("NOT_KNOWN(m)", -INF, INF),
    ],
)
def test_functions_of_one_series(expression: str, low: float, high: float) -> None:
    found = bounds("e", {"e": expression}, METRICS)
    assert (found.low, found.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        ("MAX([m, n])", -3, 5),
        ("MIN([m, n])", -3, 5),
        ("FIRST([m, n])", -3, 5),
        ("LAST([n, m])", -3, 5),
        ("SUM(REMOVE_EMPTY([m, n]))", -3, 5),
        # Any of them may be missing, and not all.
        ("SUM([m])", 2, 5),
        ("SUM([n])", -3, -1),
        ("SUM([m, m])", 2, 10),
        ("SUM([n, z])", -6, 0),
        ("SUM([n, n])", -6, -1),
        ("SUM([m, n, s])", -5, 6),
        # What is missing counts as 0 in a mean of several.
        ("AVG([m])", 2, 5),
        ("AVG([m, m])", 0, 5),
        ("AVG([n, n])", -3, 0),
        ("AVG([m, m / 0])", 0, 5),
        ("MAX([m, m / 0])", 2, 5),
        ("DATAPOINT_COUNT([m, n, p])", 1, 3),
        ("0 * m + METRIC_COUNT([m, n])", 2, 2),
        ("0 * m + METRIC_COUNT(METRICS('m'))", 1, 1),
        ("0 * m + METRIC_COUNT(both)", 0, 2),
        ("MAX(METRICS('n'))", -3, -1),
        ("MAX(both)", -3, 5),
        ("MAX(-[m, n])", -5, 3),
        ("MAX(CEIL([m, n] / 4))", 0, 2),
        ("SUM(FILL([m, n], 7))", -3, 14),
        ("SUM(FILL([n, n], REPEAT))", -6, -1),
        ("MAX([[m, n], [s]])", -3, 5),
        # A number has no gaps, and an array's series have.
        ("MAX([m] + 10)", 12, 15),
        ("MAX(10 - [m])", 5, 8),
        ("SUM([m, n] * 10)", -30, 50),
        ("MAX([m] + n)", -3, 5),
        ("MAX(n + [m])", -3, 5),
        # Of two arrays nothing is known.
        ("MAX([m] - [m])", -INF, INF),
        ("IF([m], 1, 2)", -INF, INF),
        ("MAX(IF(m, [m], 2))", -INF, INF),
        ("MAX(IF(m, 1, [n]))", -INF, INF),
    ],
)
def test_arrays(expression: str, low: float, high: float) -> None:
    found = bounds("e", {"e": expression, "both": "[m, n]"}, METRICS)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        # A sum with a series whose datapoint may be missing is the other side alone, too.
        ("n + 7", 4, 6),
        ("n + (3 + 4)", 4, 6),
        ("n + (7 - n)", -3, 10),
        ("m + (2 - 2)", 2, 5),
        ("n + MAX(p)", -3, 99),
        ("n + MAX([m, m])", -3, 5),
        ("n + TIME_SERIES(7)", -3, 7),
        ("n + METRIC_COUNT(METRICS())", 3, 5),
        ("n + -3", -6, -4),
        ("n + IF(1, 7, 8)", 4, 6),
        ("n + IF(MAX(p), 7, 8)", 4, 7),
        ("n + IF(MAX(p), m, 8)", -3, 8),
        ("n + IF(0, m, 8)", 5, 7),
        ("n + IF(1, m, 8)", -3, 5),
        ("n + FILL(m, 0)", -3, 5),
    ],
)
def test_gaps_of_a_series_beside_another(expression: str, low: float, high: float) -> None:
    assert bounds("e", {"e": expression}, METRICS) == Interval(low, high)


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        ("IF(1, m, 9)", 2, 5),
        ("IF(0, m, 9)", 9, 9),
        ("IF(MAX(p), m, 9)", 2, 9),
        ("IF(m > 9, m, 4)", 4, 4),
        ("IF(m > 1, 4, m)", 4, 4),
        # The chosen series counts as 0 where it lacks the datapoint, but not beside a number.
        ("IF(m, p + 1, 9)", 0, 101),
        ("IF(p, n, 9)", -3, 9),
        ("IF(p, 9, n)", -3, 9),
        ("IF(p, m, n)", -3, 5),
        ("IF(m > 9, 9, n)", -3, -1),
        ("IF(m > 9, m, n)", -3, 0),
        # Without a third argument there is nothing else, and no 0 for it.
        ("IF(p, 7)", 7, 7),
        ("IF(p, n)", -3, 0),
        ("FILL(m, n)", -3, 5),
        ("FILL(m / 0, n)", -3, -1),
    ],
)
def test_choices(expression: str, low: float, high: float) -> None:
    assert bounds("e", {"e": expression}, METRICS) == Interval(low, high)


@pytest.mark.parametrize(
    "expression",
    [
        *("LOG(z)", "LOG10(n)", "MAX([m / 0, n / 0])", "CEIL(m / 0)", "FILL(m / 0, REPEAT)"),
        *("IF(m / 0, 1, 2)", "IF(0, m)", "IF(m > 9, n)", "RUNNING_SUM(m / 0)", "MAX(METRICS('q'))"),
    ],
)
def test_what_never_has_a_datapoint(expression: str) -> None:
    assert bounds("e", {"e": expression}, METRICS) == NONE


def test_a_metric_of_which_nothing_is_said_can_be_anything() -> None:
    assert bounds("other", {}, METRICS) == ANY
    assert bounds("e", {"e": "other"}, METRICS) == ANY


@pytest.mark.parametrize(
    ("watched", "gaps"),
    [
        ("m", False),
        ("some", True),
        ("all", False),
        ("over", True),
        ("over_all", False),
        ("inner", True),
    ],
)
def test_a_choice_without_a_third_argument_leaves_gaps(watched: str, gaps: bool) -> None:
    expressions = {
        "some": "IF(m > 3, 5)",
        "all": "IF(m > 3, 5, 6)",
        "over": "2 * some",
        "over_all": "2 * all + MAX([m, n])",
        "inner": "MAX([m, 1 + IF(m, n)])",
    }
    assert has_gaps(watched, expressions) is gaps


@pytest.mark.parametrize(
    ("watched", "reads"),
    [
        ("m", True),
        ("clocks", False),
        ("period", False),
        ("constant", False),
        ("beside", True),
        ("through", True),
        ("through_clocks", False),
    ],
)
def test_whether_an_expression_reads_any_metric(watched: str, reads: bool) -> None:
    expressions = {
        "clocks": "DATE(m) + DAY(m) + EPOCH(m) + HOUR(m) + MINUTE(m) + MONTH(m) + YEAR(m + n)",
        "period": "PERIOD(m)",
        "constant": "TIME_SERIES(4)",
        "beside": "HOUR(m) * m",
        "through": "1 + beside",
        "through_clocks": "clocks - period",
    }
    assert reads_metrics(watched, expressions) is reads
