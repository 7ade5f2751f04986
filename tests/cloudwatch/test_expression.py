"""Metric math: ids, references, the one returned series."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.metric import Metric

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
    assert list(MetricQuery(id="e", source=expression).references()) == ids


def test_a_metric_refers_to_nothing() -> None:
    assert list(MetricQuery(id="m1", source=REQUESTS).references()) == []


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (Math({"m1": None}, "e1"), "'e1' is none of the ids m1"),
        (Math({}, "e1"), "'e1'"),
        (Math({"m1": None, "e1": "m2 / 2"}, "e1"), "unknown id 'm2'"),
        (Math({"m1": None, "e1": "e1 + m1"}, "e1"), "circle"),
        (Math({"m1": None, "e1": "e2 + m1", "e2": "e1 + 1"}, "e1"), "e1, e2 .* circle"),
        (Math({"m1": None, "e1": "m1", "e2": "e3", "e3": "e2"}, "e1"), "e2, e3 .* circle"),
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
