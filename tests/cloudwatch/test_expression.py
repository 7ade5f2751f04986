"""Metric math: ids, references, the one returned series."""

from contextlib import suppress
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.metric_math.syntax import Reference, nodes, parse

REQUESTS = Metric(namespace="Django/API", name="Requests", statistic="Sum")


class Math(NamedTuple):
    """Queries as a table: id to expression, ``None`` for a metric."""

    queries: dict[str, str | None]
    returned: str


def math(queries: dict[str, str | None], returned: str) -> MetricMath:
    return MetricMath(
        queries=tuple(
            MetricQuery(id=id_, source=REQUESTS if source is None else source)
            for id_, source in queries.items()
        ),
        returned=returned,
    )


@pytest.mark.parametrize("id_", ["a", "errors", "m1", "errorRate", "error_rate_5XX", "a" * 255])
def test_ids_that_start_with_a_lower_case_letter_are_taken(id_: str) -> None:
    assert MetricQuery(id=id_, source=REQUESTS).id == id_


@pytest.mark.parametrize(
    "id_",
    [
        "",
        "M1",
        "1m",
        "_m",
        "m-1",
        "m.1",
        "m 1",
        "m1\n",
        "a" * 256,
        "\N{LATIN SMALL LETTER SHARP S}",
    ],
)
def test_other_ids_are_refused(id_: str) -> None:
    with pytest.raises(InvalidValueError, match="lower-case"):
        MetricQuery(id=id_, source=REQUESTS)


@pytest.mark.parametrize("expression", ["", "   ", "a" * 1025])
def test_expressions_are_neither_blank_nor_too_long(expression: str) -> None:
    with pytest.raises(InvalidValueError, match="1024 characters"):
        MetricQuery(id="e", source=expression)


def test_the_longest_expression_is_taken() -> None:
    longest = "m + 1" + " " * 1019
    assert MetricQuery(id="e", source=longest).source == longest


@pytest.mark.parametrize(
    ("expression", "ids"),
    [
        ("m1 + m2 * m1", ["m1", "m2", "m1"]),
        ("100 * FILL(errors, 0) / requests", ["errors", "requests"]),
        # Names of functions and keywords are in capitals and are not ids.
        ("IF(m1 > 5 AND m2 < 3, MAX([m1, m2]), FILL(m1, REPEAT))", ["m1", "m2", "m1", "m2", "m1"]),
        ("SUM(METRICS())", []),
        # Words in strings are not ids, whichever quotes they stand in.
        ("SUM(METRICS('errors'))", []),
        ('SUM(METRICS("errors")) / requests', ["requests"]),
        ("RATE(METRICS(\"cpu\")) + 'p99'", []),
        # Neither are exponents and the digits of a number.
        ("1e9 + 2.5e3 * m1 - 2.e3", ["m1"]),
        ("m_1+mA", ["m_1", "mA"]),
    ],
)
def test_references_are_ids_alone(expression: str, ids: list[str]) -> None:
    assert [n.id for n in nodes(parse(expression)) if isinstance(n, Reference)] == ids


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (Math({"m1": None}, "e1"), "'e1' is none of the ids m1"),
        (Math({}, "e1"), "'e1'"),
        (Math({"m1": None, "e1": "m2 / 2"}, "e1"), "e1: m2 is no id here: .* m1, e1"),
        (Math({"m1": None, "e1": "e1 + m1"}, "e1"), "circle: e1 -> e1"),
        (Math({"m1": None, "e1": "e2 + m1", "e2": "e1 + 1"}, "e1"), "circle: e1 -> e2 -> e1"),
        (Math({"m1": None, "e1": "m1", "e2": "e3", "e3": "e2"}, "e1"), "circle: e2 -> e3 -> e2"),
        (Math({"e1": "1 + 1"}, "e1"), "without any metric"),
        (Math({"m1": None, **{f"e{n}": "m1" for n in range(20)}}, "m1"), "21 metric queries"),
    ],
)
def test_math_that_cloudwatch_refuses(case: Math, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        math(*case)


def test_an_id_is_used_once() -> None:
    with pytest.raises(InvalidValueError, match="'m1' is used twice"):
        MetricMath(
            queries=(
                MetricQuery(id="m1", source=REQUESTS),
                MetricQuery(id="m1", source="1 + 1"),
            ),
            returned="m1",
        )


# "Alarms based on metric math expressions can reference a maximum of 10 metrics.":
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
def test_an_alarm_reads_at_most_ten_metrics() -> None:
    with pytest.raises(InvalidValueError, match="11 metrics"):
        math({**{f"m{n}": None for n in range(11)}, "e": "SUM(METRICS())"}, "e")


def test_ten_metrics_and_ten_expressions_fill_an_alarm() -> None:
    metrics: dict[str, str | None] = {f"m{n}": None for n in range(10)}
    expressions: dict[str, str | None] = {f"e{n}": f"m{n} * 2" for n in range(10)}
    full = math({**metrics, **expressions}, "e9")
    assert (len(full.queries), len(full.metrics)) == (20, 10)


def test_expressions_may_come_in_any_order() -> None:
    assert math({"e2": "e1 * 2", "e1": "m1 + 1", "m1": None}, "e2").metrics == (REQUESTS,)


@pytest.mark.slow
@given(st.permutations([f"e{n}" for n in range(6)]), st.data())
def test_expressions_over_earlier_ones_are_never_a_circle(
    order: list[str], data: st.DataObject
) -> None:
    queries: dict[str, str | None] = {"m": None}
    for id_ in order:
        queries[id_] = " + ".join(data.draw(st.lists(st.sampled_from(list(queries)), min_size=1)))
    assert math(queries, order[-1]).returned == order[-1]


@pytest.mark.parametrize(
    ("returned", "label"),
    [("rate", "error rate"), ("double", "m1 * 2"), ("m1", "Requests Sum"), ("m2", "all requests")],
)
def test_the_label_is_that_of_the_returned_series(returned: str, label: str) -> None:
    watched = MetricMath(
        queries=(
            MetricQuery(id="m1", source=REQUESTS),
            MetricQuery(id="m2", source=REQUESTS, label="all requests"),
            MetricQuery(id="double", source="m1 * 2"),
            MetricQuery(id="rate", source="m1 / m2", label="error rate"),
        ),
        returned=returned,
    )
    assert watched.label == label


def test_alarms_on_searches_are_refused() -> None:
    # "You can't create an alarm based on a SEARCH expression":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-search-expressions.html
    with pytest.raises(InvalidValueError, match="no alarm on SEARCH"):
        MetricQuery(id="found", source="SUM(SEARCH('{AWS/ECS,ServiceName} cpu', 'p99'))")


# The grammar and the argument counts are those of the page on metric math:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("m1 +", "'the end'"),
        ("AVG(", "'the end'"),
        ("(m1", "'the end'"),
        ("m1 m1", "must stand where 'm1'"),
        ("m1 % 2", "cannot be read from ' % 2'"),
        ("FOO(m1)", "the function FOO cannot be evaluated"),
        ("avg(m1)", "the function avg cannot be evaluated"),
        ("FILL(m1)", "FILL takes 2 arguments, not 1"),
        ("IF(m1)", "IF takes 2 to 3 arguments"),
        ("FILL(m1, ZERO)", "'ZERO'"),
        # What an alarm watches is a single time series.
        ("AVG(m1)", "not a scalar"),
        ("1 + 1", "not a scalar"),
        ("[m1, m1]", "this is an array"),
        ("m1 + 'text'", "stands where a value is needed"),
    ],
)
def test_what_the_evaluator_refuses_is_refused_before_anything_is_registered(
    expression: str, message: str
) -> None:
    with pytest.raises(InvalidValueError, match=message):
        math({"m1": None, "e1": expression}, "e1")


def test_an_expression_that_the_watched_one_does_not_use_is_checked_too() -> None:
    with pytest.raises(InvalidValueError, match="expression e1: the function FOO"):
        math({"m1": None, "e1": "FOO(m1)"}, "m1")
    # A scalar is allowed there: only the watched one must be a series.
    assert math({"m1": None, "limit": "AVG(m1)", "e1": "m1 - limit"}, "e1").returned == "e1"


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 200 + "m1" + ")" * 200,
        "-" * 1000 + "m1",
        "m1" + "^m1" * 300,
        "ABS(" * 200 + "m1" + ")" * 200,
        "[" * 500 + "m1" + "]" * 500,
    ],
)
def test_deep_nesting_is_an_error_and_no_crash(expression: str) -> None:
    with pytest.raises(InvalidValueError, match="nests more than 50 deep"):
        math({"m1": None, "e1": expression}, "e1")


def test_the_longest_chain_of_operators_is_taken() -> None:
    assert math({"m": None, "e": "m" + "+m" * 511}, "e").returned == "e"
    assert math({"m": None, "e": "(" * 50 + "m" + ")" * 50}, "e").returned == "e"


def test_search_is_only_what_calls_it() -> None:
    with pytest.raises(InvalidValueError, match="no alarm on SEARCH"):
        MetricQuery(id="e", source="1 + search ('x', 'Sum')")
    assert MetricQuery(id="e", source="SUM(METRICS('SEARCH('))").source


@given(st.text(alphabet="m1+-*/^()[],<>=&|%' .ABSFILLREPEAT", max_size=40))
def test_no_text_ends_in_another_exception(expression: str) -> None:
    with suppress(InvalidValueError):
        math({"m1": None, "m": None, "e1": expression}, "e1")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("m1 / 0", "has never a value"),
        ("m1 / (m1 - m1)", "has never a value"),
        ("IF(m1 / 0, 1, 2)", "has never a value"),
        ("LOG(-ABS(m1))", "has never a value"),
        ("1e309 * m1", "1e309 is too large for a number"),
        ("m1 > 1e400", "1e400 is too large for a number"),
        ("m1 * 1e200 * 0 + 5", "is always 5"),
        ("TIME_SERIES(5)", "is always 5"),
        ("IF(m1 > 0, 1, 1)", "is always 1"),
        ("m1 >= m1", "is always 1"),
        ("m1 ^ 2 < 0", "is always 0"),
        ("m1 OR 1", "is always 1"),
        ("HOUR(m1)", "depends on no metric"),
        ("IF(DAY(m1) < 6, PERIOD(m1), 0)", "depends on no metric"),
        ("METRICS()", "this is an array: write the id of one"),
        ("[m1]", "this is an array"),
    ],
)
def test_a_result_that_no_metric_decides_is_refused(expression: str, message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        math({"m1": None, "e1": expression}, "e1")


def test_a_result_that_no_metric_decides_is_found_through_other_expressions() -> None:
    with pytest.raises(InvalidValueError, match=r"expression e2 \(e1 \* 2\) is always 0"):
        math({"m1": None, "e1": "m1 - m1", "e2": "e1 * 2"}, "e2")
    # One that nobody watches may be whatever it is.
    assert math({"m1": None, "zero": "m1 * 0", "e1": "FILL(zero, 1)"}, "e1").returned == "e1"


@pytest.mark.parametrize(
    "expression",
    [
        "SUM(METRICS())",
        "100 * m1 / (m1 + 1)",
        "IF(HOUR(m1) > 8, m1, 0)",
        # Whether there is data at all; and one value, beside which no data are the other side.
        "FILL(m1 * 0, 1)",
        "IF(m1 > 5, 1)",
        "m1 * 1e200 * 1e200",
    ],
)
def test_a_result_that_a_metric_decides_is_taken(expression: str) -> None:
    assert math({"m1": None, "e1": expression}, "e1").returned == "e1"
