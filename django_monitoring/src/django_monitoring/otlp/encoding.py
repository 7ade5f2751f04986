"""Records as the JSON of an OTLP request.

https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from .. import contract
from ..records import Record

MAX_POINTS: Final = 200
"""Data points of a request. CloudWatch takes 1,000 and 1 MB; its own example sends 200.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-otel-send.html
"""

SCALE: Final = 3
"""Buckets of a histogram: 2^3 for each doubling of a value, which are 9 % wide each.

From 1 ms to 60 s these are 127, fewer than the 160 that OpenTelemetry's SDKs keep.
https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
"""

_DELTA: Final = 1

# https://ucum.org/ucum, as OpenTelemetry's conventions ask for.
_UNITS: Final = {contract.COUNT: "1", contract.SECONDS: "s", contract.PERCENT: "%"}

_Attributes = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Series:
    """One metric with one set of attributes, in one interval."""

    name: str
    unit: str
    attributes: _Attributes
    end: int
    total: float = 0
    values: list[float] = field(default_factory=list)


def requests(
    records: Sequence[Record], since: int, resource: Mapping[str, str]
) -> Iterator[tuple[bytes, int]]:
    """The bodies of as many requests as it takes, each with its number of data points.

    Each metric is sent once, with all of its record's dimensions: what is rolled up in embedded
    metric format is a sum in a query here. Properties that are numbers are metrics as well, since
    nothing is paid for a series.

    Args:
        records: of one or several intervals.
        since: milliseconds since 1970 at which what they count begins.
        resource: attributes of the process.
    """
    series = iter(_series(records))
    while part := list(islice(series, MAX_POINTS)):
        metrics = [_metric(each, since) for each in part]
        yield _body(metrics, resource), len(part)


def _series(records: Iterable[Record]) -> Iterable[_Series]:
    all_series: dict[tuple[str, _Attributes, int], _Series] = {}
    for record in records:
        attributes = tuple(
            (name, value) for name, value in record.dimensions.items() if name != contract.SERVICE
        )
        for name, unit, value in _values(record):
            key = (name, attributes, record.timestamp)
            series = all_series.setdefault(key, _Series(name, unit, attributes, record.timestamp))
            # A metric with many samples comes in several records.
            if isinstance(value, tuple):
                series.values.extend(value)
            else:
                series.total += value
    return all_series.values()


def _values(record: Record) -> Iterator[tuple[str, str, float | tuple[float, ...]]]:
    for metric in record.metrics:
        yield metric.name, metric.unit, metric.value
    for name, value in record.properties.items():
        if isinstance(value, int | float):
            is_time = name == contract.DATABASE_TIME_PROPERTY
            yield name, contract.SECONDS if is_time else contract.COUNT, value


def _metric(series: _Series, since: int) -> dict[str, Any]:
    point: dict[str, Any] = {
        "attributes": _attributes(series.attributes),
        "timeUnixNano": _nanoseconds(series.end),
    }
    metric: dict[str, Any] = {"name": series.name, "unit": _UNITS[series.unit]}
    if series.name in contract.GAUGES:
        return metric | {"gauge": {"dataPoints": [point | {"asDouble": series.total}]}}
    point["startTimeUnixNano"] = _nanoseconds(min(since, series.end))
    if series.values:
        point |= _histogram(series.values)
        return metric | {
            "exponentialHistogram": {"aggregationTemporality": _DELTA, "dataPoints": [point]}
        }
    point["asDouble"] = series.total
    return metric | {
        "sum": {"aggregationTemporality": _DELTA, "isMonotonic": True, "dataPoints": [point]}
    }


def _histogram(values: Sequence[float]) -> dict[str, Any]:
    """The buckets of an exponential histogram: bucket i holds (2^(i/8), 2^((i+1)/8)]."""
    zeros = sum(value <= 0 for value in values)
    buckets = Counter(math.ceil(math.log2(value) * 2**SCALE) - 1 for value in values if value > 0)
    offset = min(buckets, default=0)
    counts = [buckets[index] for index in range(offset, max(buckets, default=offset - 1) + 1)]
    return {
        "count": str(len(values)),
        "sum": math.fsum(values),
        "min": min(values),
        "max": max(values),
        "scale": SCALE,
        "zeroCount": str(zeros),
        "positive": {"offset": offset, "bucketCounts": [str(count) for count in counts]},
    }


def _body(metrics: list[dict[str, Any]], resource: Mapping[str, str]) -> bytes:
    scope = {"name": contract.NAMESPACE}
    request = {
        "resourceMetrics": [
            {
                "resource": {"attributes": _attributes(resource.items())},
                "scopeMetrics": [{"scope": scope, "metrics": metrics}],
            }
        ]
    }
    return json.dumps(request, separators=(",", ":"), allow_nan=False).encode()


def _attributes(pairs: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"key": name, "value": {"stringValue": value}} for name, value in pairs]


def _nanoseconds(milliseconds: int) -> str:
    return str(milliseconds * 1_000_000)
