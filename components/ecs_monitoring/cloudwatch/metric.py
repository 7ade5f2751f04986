"""A metric as CloudWatch names it: namespace, name, dimensions and a statistic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.errors import InvalidValueError

_SIMPLE_STATISTICS: Final = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")

# The forms of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
# that the AWS provider accepts too.
_EXTENDED_STATISTIC: Final = re.compile(
    r"(p|tm|wm|tc|ts)(\d{1,2}(\.\d{1,2})?|100)"
    r"|IQM"
    r"|(TM|WM|PR|TC|TS)\((\d+(\.\d+)?%?)?:(\d+(\.\d+)?%?)?\)",
    re.ASCII,
)
_RANGE: Final = re.compile(r"(?P<name>[A-Z]{2})\((?P<low>[^:]*):(?P<high>[^:]*)\)")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
_NAMESPACE: Final = re.compile(r"(?! *\Z)[0-9A-Za-z .\-_/#][0-9A-Za-z .\-_/#:]*")


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One CloudWatch metric and the statistic that is read from it.

    The period is not part of it: it belongs to whoever reads the metric, an alarm rule
    or a graph.

    Attributes:
        namespace: for example ``AWS/ECS``.
        name: for example ``CPUUtilization``.
        dimensions: dimension name to value, in the order in which they are written.
        statistic: ``Average``, ``Sum``, ``Minimum``, ``Maximum``, ``SampleCount``, or an
            extended statistic such as ``p99``.
        high_resolution: published with one-second resolution (custom metrics alone), so that
            periods of 10, 20 and 30 seconds have data.

    Raises:
        InvalidValueError: a name, dimension or statistic that CloudWatch would refuse.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    statistic: str
    high_resolution: bool = False

    def __post_init__(self) -> None:
        _check_named(self.namespace, self.name, self.statistic)
        if self.high_resolution and self.is_aws:
            raise InvalidValueError(
                f"{self.namespace}: metrics of AWS services are never of high resolution"
            )
        check_dimensions(self.dimensions)

    @property
    def is_extended(self) -> bool:
        """Whether the statistic is a percentile or trimmed statistic."""
        return bool(_EXTENDED_STATISTIC.fullmatch(self.statistic))

    @property
    def is_aws(self) -> bool:
        """Whether an AWS service publishes the metric (namespace ``AWS/…`` or ``ECS/…``)."""
        return self.namespace.startswith(("AWS/", "ECS/ContainerInsights"))

    @property
    def label(self) -> str:
        """The metric and its statistic in words, for tables and reasons."""
        return f"{self.name} {self.statistic}"


# Graphs read the metrics of alarms again.
@lru_cache(maxsize=4096)
def _check_named(namespace: str, name: str, statistic: str) -> None:
    _check_length("namespace", namespace, limits.NAMESPACE_LENGTH)
    _check_length("metric name", name, limits.METRIC_NAME_LENGTH)
    if not _NAMESPACE.fullmatch(namespace):
        raise InvalidValueError(
            f"namespace {namespace!r}: write ASCII letters, digits and . - _ / # only"
        )
    if statistic not in _SIMPLE_STATISTICS and not _EXTENDED_STATISTIC.fullmatch(statistic):
        raise InvalidValueError(
            f"statistic {statistic!r}: write one of {', '.join(_SIMPLE_STATISTICS)} "
            "or an extended statistic such as p99"
        )
    _check_range(statistic)


def check_dimensions(dimensions: Mapping[str, str]) -> None:
    """Refuse dimensions that CloudWatch refuses or that can never match a metric.

    Raises:
        InvalidValueError: too many dimensions, an empty, overlong or non-ASCII name or value,
            or a name that starts with a colon.
    """
    if len(dimensions) > limits.DIMENSIONS_PER_METRIC:
        raise InvalidValueError(
            f"{len(dimensions)} dimensions: write at most {limits.DIMENSIONS_PER_METRIC}"
        )
    for name, value in dimensions.items():
        _check_dimension(name, value)


# Every metric of a target has its dimensions.
@lru_cache(maxsize=4096)
def _check_dimension(name: str, value: str) -> None:
    _check_length("dimension name", name, limits.DIMENSION_NAME_LENGTH)
    _check_length(f"dimension {name}", value, limits.DIMENSION_VALUE_LENGTH)
    if name.startswith(":"):
        raise InvalidValueError(f"dimension name {name!r}: must not start with a colon")
    for part in (name, value):
        if not part.isascii() or not part.isprintable() or not part.strip():
            raise InvalidValueError(
                f"dimension {name}={value!r}: write printable ASCII characters, not only blanks"
            )


def _check_range(statistic: str) -> None:
    """Refuse a range without a value in it, such as ``TM(98%:2%)``: it never has a datapoint."""
    match = _RANGE.fullmatch(statistic)
    if match is None:
        return
    low, high = match["low"], match["high"]
    name = match["name"]
    if not low and not high:
        raise InvalidValueError(
            f"statistic {statistic!r}: has no boundary; write one or both, as {name}(10%:90%)"
        )
    if low and high and low.endswith("%") != high.endswith("%"):
        raise InvalidValueError(
            f"statistic {statistic!r}: write both boundaries with % or both without"
        )
    least, most = float(low.rstrip("%") or 0), float(high.rstrip("%") or "inf")
    if "%" in statistic and (least > 100 or (high and most > 100)):
        raise InvalidValueError(f"statistic {statistic!r}: write boundaries from 0% to 100%")
    if least >= most:
        raise InvalidValueError(
            f"statistic {statistic!r}: nothing is between {low or 0} and {high}; write "
            + (f"{name}({high}:{low})" if least > most else "the lower boundary first")
        )


def _check_length(what: str, value: str, longest: int) -> None:
    if not 1 <= len(value) <= longest:
        raise InvalidValueError(
            f"{what} {value!r}: has {len(value)} characters, write 1 to {longest}"
        )
