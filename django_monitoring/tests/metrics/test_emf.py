"""Lines of embedded metric format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_monitoring import contract
from django_monitoring.emf import MAX_VALUES, encode_line
from django_monitoring.records import MetricDatum, Record
from django_monitoring.tokens import MAX_LENGTH, safe_token
from tests.metrics.emf_lines import checked_line


def record(route: str, values: tuple[float, ...], service: str = "shop") -> Record:
    return Record(
        timestamp=1_700_000_000_000,
        dimensions={"Service": service, "Method": "OPTIONS", "Route": route},
        dimension_sets=(contract.BY_SERVICE, contract.BY_ROUTE),
        metrics=(
            MetricDatum(contract.REQUESTS, contract.COUNT, len(values)),
            MetricDatum(contract.RESPONSE_TIME, contract.SECONDS, values),
        ),
        measurements=len(values),
    )


@given(
    st.text(),
    st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=MAX_VALUES),
)
def test_lines_are_as_the_specification_says(route: str, values: list[float]) -> None:
    document = checked_line(encode_line(record(safe_token(route), tuple(values))))
    assert document["ResponseTime"] == pytest.approx(values, rel=5.1e-4)


def test_the_longest_line_that_there_can_be_fits() -> None:
    # Quotes and backslashes take two bytes each, and no time takes more than nine.
    worst = record('"' * MAX_LENGTH, (1.234e-05,) * MAX_VALUES, service='"' * MAX_LENGTH)
    line = encode_line(worst)
    assert 2000 < len(line) <= 4096
    checked_line(line)


def test_a_line_is_short() -> None:
    line = encode_line(record("api/v1/orders/<int:pk>/", (0.0123456, 0.5)))
    assert line == (
        b'{"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"Django/API",'
        b'"Dimensions":[["Service"],["Service","Method","Route"]],"Metrics":[{"Name":"Requests",'
        b'"Unit":"Count"},{"Name":"ResponseTime","Unit":"Seconds"}]}]},"Service":"shop",'
        b'"Method":"OPTIONS","Route":"api/v1/orders/<int:pk>/","Requests":2,'
        b'"ResponseTime":[0.01235,0.5]}\n'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_has_not_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_line(record("a/", (value,)))


def test_a_line_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 4096"):
        encode_line(record("a" * 4096, (0.1,)))
