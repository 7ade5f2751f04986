"""Records as OTLP, read back by OpenTelemetry's own schema."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_monitoring import contract
from django_monitoring.otlp.encoding import MAX_POINTS, requests
from django_monitoring.records import MetricDatum, Record
from tests.otlp.collector import parsed

SINCE, END = 1_700_000_000_000, 1_700_000_060_000


def record(*metrics: MetricDatum, end: int = END, **dimensions: str) -> Record:
    return Record(end, {"Service": "shop"} | dimensions, (), metrics, measurements=1, properties={})


def only_metric(*records: Record) -> Any:
    ((body, points),) = requests(records, SINCE, {"service.name": "shop"})
    assert points == 1
    (resource,) = parsed(body).resource_metrics
    assert resource.resource.attributes[0].value.string_value == "shop"
    (metric,) = resource.scope_metrics[0].metrics
    return metric


def test_a_count_is_a_sum_since_the_last_interval() -> None:
    metric = only_metric(
        record(MetricDatum("Requests", "Count", 3), Method="GET", Route="a/"),
        # More samples than an array holds come in several records; they are one point here.
        record(MetricDatum("Requests", "Count", 4), Method="GET", Route="a/"),
    )
    assert metric.name == "Requests"
    assert metric.unit == "1"
    assert metric.sum.is_monotonic
    # AGGREGATION_TEMPORALITY_DELTA
    assert metric.sum.aggregation_temporality == 1
    (point,) = metric.sum.data_points
    assert point.as_double == 7
    assert point.start_time_unix_nano == SINCE * 10**6
    assert point.time_unix_nano == END * 10**6
    attributes = {pair.key: pair.value.string_value for pair in point.attributes}
    assert attributes == {"Method": "GET", "Route": "a/"}


@pytest.mark.parametrize("name", sorted(contract.GAUGES))
def test_how_something_is_is_a_gauge(name: str) -> None:
    metric = only_metric(record(MetricDatum(name, "Seconds", 2.5)))
    assert metric.gauge.data_points[0].as_double == 2.5


def test_times_are_a_histogram() -> None:
    # Buckets are (2^(i/8), 2^((i+1)/8)]: 1 s ends bucket -1, 2 s ends bucket 7, and 1.05 s is
    # in bucket 0, which ends at 1.0905.
    metric = only_metric(record(MetricDatum("ResponseTime", "Seconds", (1.0, 2.0, 1.05, 0.0))))
    (point,) = metric.exponential_histogram.data_points
    assert (point.count, point.sum, point.zero_count) == (4, 4.05, 1)
    assert (point.min, point.max, point.scale) == (0.0, 2.0, 3)
    assert point.positive.offset == -1
    assert list(point.positive.bucket_counts) == [1, 1, 0, 0, 0, 0, 0, 0, 1]


@given(st.lists(st.floats(min_value=0.0001, max_value=1000), min_size=1, max_size=300))
def test_every_time_is_in_its_bucket(seconds: list[float]) -> None:
    metric = only_metric(record(MetricDatum("ResponseTime", "Seconds", tuple(seconds))))
    (point,) = metric.exponential_histogram.data_points
    assert sum(point.positive.bucket_counts) == point.count == len(seconds)
    for place, count in enumerate(point.positive.bucket_counts):
        index = point.positive.offset + place
        low, high = 2 ** (index / 8), 2 ** ((index + 1) / 8)
        inside = sum(low * (1 + 1e-9) < value <= high * (1 - 1e-9) for value in seconds)
        about = sum(low * (1 - 1e-9) < value <= high * (1 + 1e-9) for value in seconds)
        assert inside <= count <= about


def test_status_by_route_is_a_metric_here() -> None:
    one = Record(
        END,
        {"Service": "shop", "Method": "GET", "Route": "a/"},
        (),
        (MetricDatum("Requests", "Count", 3),),
        3,
        {"Status_5xx": 2, "OldestRoute": "a/"},
    )
    ((body, _),) = requests([one], SINCE, {})
    metrics = parsed(body).resource_metrics[0].scope_metrics[0].metrics
    assert [(metric.name, metric.sum.data_points[0].as_double) for metric in metrics] == [
        ("Requests", 3.0),
        ("Status_5xx", 2.0),
    ]


def test_requests_stay_below_the_endpoints_limit() -> None:
    records = [
        record(MetricDatum("Requests", "Count", 1), Route=f"page-{number}/")
        for number in range(450)
    ]
    sizes = [(points, len(body)) for body, points in requests(records, SINCE, {})]
    assert [points for points, _ in sizes] == [MAX_POINTS, MAX_POINTS, 50]
    assert max(size for _, size in sizes) < 1_000_000


def test_late_intervals_keep_their_times() -> None:
    records = [
        record(MetricDatum("Requests", "Count", 1), end=END + later) for later in (0, 60_000)
    ]
    ((body, points),) = requests(records, SINCE, {})
    assert points == 2
    metrics = parsed(body).resource_metrics[0].scope_metrics[0].metrics
    assert [metric.sum.data_points[0].time_unix_nano // 10**6 for metric in metrics] == [
        END,
        END + 60_000,
    ]
