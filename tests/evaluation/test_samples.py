"""Rows of a file as samples of the metrics that alarms read."""

from typing import Any, Final

import pytest

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat, Query
from ecs_monitoring.cloudwatch.evaluation import Sample, Series
from history.evaluate.datapoints import Given
from history.evaluate.outcome import EvaluateError
from history.evaluate.samples import series_of
from tests.evaluation.alarms import KEY, START, alarm

VISITS: Final = MetricKey(namespace="Shop", name="Visits")
TWIN: Final = MetricKey(namespace="Mall", name="Orders")


def reads(*stats: tuple[str, MetricKey, str]) -> AlarmDefinition:
    """An alarm that reads statistics of metrics under ids."""
    queries = tuple(
        Query(id=id_, source=MetricStat(metric=key, statistic=statistic))
        for id_, key, statistic in stats
    )
    expression = Query(id="e1", source=" + ".join(id_ for id_, *_ in stats))
    return alarm(queries=(*queries, expression), watched="e1")


def row(minute: int = 0, **fields: Any) -> Given:
    return Given(where=f"s.csv:{minute + 2}", time=START + 60 * minute, **fields)


def samples(of: Series) -> list[Sample]:
    return list(of._samples)


SET: Final = {"samplecount": 4.0, "sum": 10.0, "minimum": 1.0, "maximum": 5.0}


@pytest.mark.parametrize(
    ("statistic", "given", "expected"),
    [
        # A value is one sample of it, or as many as the row says.
        ("Average", row(value=2.5), [Sample(START, 1, 2.5, 2.5, 2.5)]),
        ("Average", row(value=2.5, samples=4.0), [Sample(START, 4, 10, 2.5, 2.5)]),
        ("Average", row(value=2.5, samples=0.0), []),
        ("Average", row(), []),
        ("Average", row(samples=3.0), []),
        # A statistic set says it all, and a value beside it nothing.
        ("Average", row(statistics=SET), [Sample(START, 4, 10, 1, 5)]),
        ("p99", row(value=9.0, statistics=SET), [Sample(START, 4, 10, 1, 5)]),
        ("Average", row(statistics=SET | {"samplecount": 0.0}), []),
        # One of several statistics, the one that is read.
        ("Average", row(statistics={"average": 2.0, "sum": 7.0}), [Sample(START, 1, 2, 2, 2)]),
        ("p99", row(statistics={"p99": 3.0}), [Sample(START, 1, 3, 3, 3)]),
        ("Average", row(value=1.5, statistics={"sum": 7.0}), [Sample(START, 1, 1.5, 1.5, 1.5)]),
        # How many there were, not what they were.
        ("SampleCount", row(value=3.0), [Sample(START, 3, 0, 0, 0)]),
        ("SampleCount", row(statistics={"samplecount": 3.0}), [Sample(START, 3, 0, 0, 0)]),
        ("SampleCount", row(value=0.0), []),
    ],
)
def test_what_a_row_stands_for(statistic: str, given: Given, expected: list[Sample]) -> None:
    found = series_of([given], [alarm(statistic)])
    assert {key: samples(of) for key, of in found.items()} == ({KEY: expected} if expected else {})


def test_a_count_that_is_read_beside_another_statistic_is_a_value() -> None:
    definition = reads(("m1", KEY, "SampleCount"), ("m2", KEY, "Sum"))
    found = series_of([row(value=3.0, metric="Orders")], [definition])
    assert samples(found[KEY]) == [Sample(START, 1, 3, 3, 3)]


def test_of_several_statistics_that_are_read_the_first_by_name_that_is_there() -> None:
    definition = reads(("m1", KEY, "Sum"), ("m2", KEY, "Minimum"), ("m3", KEY, "Average"))
    given = [row(statistics={"sum": 7.0, "minimum": 1.0}), row(1, statistics={"sum": 8.0})]
    assert samples(series_of(given, [definition])[KEY]) == [
        Sample(START, 1, 1, 1, 1),
        Sample(START + 60, 1, 8, 8, 8),
    ]


def test_metrics_of_several_alarms_by_name_and_by_id() -> None:
    alarms = [alarm("Sum"), reads(("m2", VISITS, "Sum"), ("m3", TWIN, "Sum"))]
    given = [
        row(metric="m1", value=1.0),
        row(1, metric="m1", value=2.0),
        row(metric="Visits", value=3.0),
        row(metric="m3", value=4.0),
    ]
    found = series_of(given, alarms)
    assert {key: [sample.total for sample in samples(of)] for key, of in found.items()} == {
        KEY: [1, 2],
        VISITS: [3],
        TWIN: [4],
    }


def test_an_id_goes_before_a_name() -> None:
    # One metric is called as the query of the other.
    named = MetricKey(namespace="Shop", name="m1")
    found = series_of(
        [row(metric="m1", value=1.0)], [reads(("m1", KEY, "Sum"), ("m2", named, "Sum"))]
    )
    assert list(found) == [KEY]


NAMES: Final = "m1 (Orders), m2 (Visits), m3 (Orders)"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            [row(metric="m2", value=1.0), row(1, value=1.0)],
            f"s.csv:3: metric '': not of this alarm; write a query id or metric name of {NAMES}",
        ),
        (
            [row(metric="Errors", value=1.0)],
            "s.csv:2: metric 'Errors': not of this alarm; write a query id or metric name of "
            f"{NAMES}",
        ),
        (
            [row(metric="Orders", value=1.0)],
            "s.csv:2: metric 'Orders': several metrics have that name; write a query id or metric "
            f"name of {NAMES}",
        ),
        (
            [row(metric="m2", value=1.0), row(1, metric="Visits", value=1.0)],
            "s.csv:3: 'Visits' and 'm2' are the same metric: give its values once, under one of "
            "them",
        ),
        (
            [row(metric="m2", statistics={"sum": 1.0, "average": 2.0})],
            "s.csv:2: has average, sum, and the alarm reads Maximum, Minimum: give that, or "
            "SampleCount, Sum, Minimum and Maximum",
        ),
        (
            [row(metric="m2", value=float("inf"))],
            f"s.csv:2: sample at {START}: write finite numbers",
        ),
    ],
)
def test_rows_that_cannot_be_used(given: list[Given], message: str) -> None:
    alarms = [
        reads(("m1", KEY, "Sum"), ("m2", VISITS, "Minimum"), ("m3", TWIN, "Sum")),
        reads(("m2", VISITS, "Maximum"), ("m1", KEY, "Sum")),
    ]
    with pytest.raises(EvaluateError) as refused:
        series_of(given, alarms)
    assert str(refused.value) == message
