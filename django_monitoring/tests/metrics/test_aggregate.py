"""Sums: nothing lost, keys and names bounded, arrays of at most 100 values."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_monitoring import contract
from django_monitoring.aggregate import Aggregate
from django_monitoring.emf import encode_line
from django_monitoring.events import CountEvent
from django_monitoring.names import MAX_NAMES
from tests.metrics.emf_lines import checked_line, published_names
from tests.metrics.keeping import requests_by_route, samples, total


def published(aggregate: Aggregate, timestamp: float = 1_700_000_000.5) -> list[Mapping[str, Any]]:
    return [checked_line(encode_line(record)) for record in aggregate.take(timestamp)]


def test_a_request_is_published_by_service_and_by_route() -> None:
    aggregate = Aggregate("shop", max_keys=500)
    aggregate.add(("GET", "orders/<int:pk>/", 200, 0.012345678))
    documents = published(aggregate)
    assert documents[0] == {
        "_aws": {
            "Timestamp": 1_700_000_000_500,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Django/API",
                    "Dimensions": [["Service"], ["Service", "Method", "Route"]],
                    "Metrics": [
                        {"Name": "Requests", "Unit": "Count"},
                        {"Name": "ResponseTime", "Unit": "Seconds"},
                    ],
                }
            ],
        },
        "Service": "shop",
        "Method": "GET",
        "Route": "orders/<int:pk>/",
        "Requests": 1,
        "ResponseTime": [0.01235],
        # In no directive: a property of the line, for which CloudWatch makes no metric.
        "Status_2xx": 1,
    }
    assert documents[1]["StatusCode_2xx"] == 1
    assert published_names(documents[1:]) == {("StatusCode_2xx", frozenset({"Service"}))}
    assert published(aggregate) == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["GET", "POST", "BREW", "LINK", None]),
            st.sampled_from([None, "", "a/", "b/", "errors/"]),
            st.sampled_from([101, 200, 204, 302, 404, 500, 599, 600]),
            st.floats(min_value=0, max_value=1000),
        ),
        max_size=300,
    )
)
def test_totals_are_those_of_the_requests(requests: list[tuple[str, str, int, float]]) -> None:
    aggregate = Aggregate("shop", max_keys=500)
    for request in requests:
        aggregate.add(request)
    documents = published(aggregate)
    assert total(documents, contract.REQUESTS) == len(requests)
    assert len(samples(documents, contract.RESPONSE_TIME)) == len(requests)
    for status_class, name in contract.STATUS_CLASSES.items():
        assert total(documents, name) == sum(
            status // 100 == status_class for _, _, status, _ in requests
        )
    assert {method for method, _ in requests_by_route(documents)} <= {"GET", "POST", "OTHER"}


def test_more_samples_than_an_array_holds_go_on_in_further_lines() -> None:
    aggregate = Aggregate("shop", max_keys=500)
    for number in range(250):
        aggregate.add(("GET", "a/", 200, number / 1000))
    lines = [document for document in published(aggregate) if "Requests" in document]
    assert [(line["Requests"], len(line["ResponseTime"])) for line in lines] == [
        (100, 100),
        (100, 100),
        (50, 50),
    ]
    assert samples(lines, "ResponseTime") == [number / 1000 for number in range(250)]


def test_requests_whose_time_is_dropped_are_counted() -> None:
    aggregate = Aggregate("shop", max_keys=500, max_samples=150)
    for _ in range(200):
        aggregate.add(("GET", "a/", 500, 0.1))
    for _ in range(20):
        aggregate.add(("GET", "b/", 200, 0.1))
    documents = published(aggregate)
    assert requests_by_route(documents) == {("GET", "a/"): 200, ("GET", "b/"): 20}
    assert len(samples(documents, "ResponseTime")) == 150
    assert total(documents, "StatusCode_5xx") == 200
    assert total(documents, contract.SAMPLES_DROPPED) == 70
    aggregate.add(("GET", "a/", 200, 0.1))
    assert len(samples(published(aggregate), "ResponseTime")) == 1


def test_100_000_distinct_routes_are_at_most_500_keys_and_all_counted() -> None:
    aggregate = Aggregate("shop", max_keys=500)
    for number in range(100_000):
        aggregate.add(("GET", f"page-{number}/", 200, 0.001))
    documents = published(aggregate)
    by_route = requests_by_route(documents)
    assert len(by_route) == 500
    assert sum(by_route.values()) == 100_000
    assert by_route["OTHER", "(other)"] == 100_000 - 499
    assert total(documents, "StatusCode_2xx") == 100_000
    # Names that were let in stay in, and no others come: each one costs money for a month.
    for number in range(100_000):
        aggregate.add(("GET", f"page-{number + 50_000}/", 200, 0.001))
    again = requests_by_route(published(aggregate))
    assert again == {("OTHER", "(other)"): 100_000}


def test_other_counts() -> None:
    aggregate = Aggregate("shop", max_keys=500)
    for metric, amount in ((contract.CACHE_HITS, 3), (contract.CACHE_MISSES, 1)) * 2:
        aggregate.add(CountEvent(contract.CACHE, "default", metric, amount))
    aggregate.add(CountEvent(contract.TYPE, "IntegrityError", contract.FAILURES))
    aggregate.add(CountEvent(contract.ACTION, "checkout", contract.ACTIONS))
    documents = published(aggregate)
    assert [
        {name: value for name, value in document.items() if name != "_aws"}
        for document in documents
    ] == [
        {"Service": "shop", "Cache": "default", "CacheHits": 6, "CacheMisses": 2},
        {"Service": "shop", "Type": "IntegrityErr_or", "Failures": 1},
        {"Service": "shop", "Action": "checkout", "Actions": 1},
    ]
    assert published_names(documents) == {
        (name, frozenset({"Service", *more}))
        for name, dimension in (
            ("CacheHits", "Cache"),
            ("CacheMisses", "Cache"),
            ("Failures", "Type"),
            ("Actions", "Action"),
        )
        for more in ((), (dimension,))
    }


def test_names_are_bounded() -> None:
    aggregate = Aggregate("shop", max_keys=500)
    for number in range(1000):
        aggregate.add(CountEvent(contract.ACTION, f"action {number}", contract.ACTIONS))
    documents = published(aggregate)
    assert len(documents) == MAX_NAMES
    assert total(documents, "Actions") == 1000
    assert total(documents, "Actions", Action="(other)") == 1000 - MAX_NAMES + 1


@pytest.mark.parametrize(
    "event",
    [
        ("GET", "a/", "200", 0.1),
        ("GET", "a/", 200, None),
        ("GET", ["a/"], 200, 0.1),
        (["GET"], "a/", 200, 0.1),
        ("GET", "a/"),
        None,
        CountEvent(contract.ACTION, ["checkout"], contract.ACTIONS),  # type: ignore[arg-type]
        CountEvent(contract.ACTION, 7, contract.ACTIONS),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_event_changes_no_sum(event: Any) -> None:
    aggregate = Aggregate("shop", max_keys=500)
    with pytest.raises((TypeError, ValueError, AttributeError)):
        aggregate.add(event)
    assert published(aggregate) == []
