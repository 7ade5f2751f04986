"""Statistics of the samples of one period.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation.series import Sample

Statistic = Callable[[Sequence[Sample]], float | None]
"""From the samples of a period, at least one, to its value; ``None`` where there is none."""

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(?:\.\d{1,2})?|100)")

_WHOLE: Final = 10_000
"""Percentiles are kept in hundredths of a percent: 99.9 has no exact binary fraction."""


def statistic(name: str) -> Statistic:
    """The function that computes a statistic, by CloudWatch's name for it.

    Raises:
        CannotEvaluateError: trimmed and winsorized statistics, percentile ranks and the like,
            whose interpolation is not documented ("an interpolated, approximate value"), and
            names that CloudWatch does not know.
    """
    if name in _SIMPLE:
        return _SIMPLE[name]
    hundredths = percentile_of(name)
    if hundredths is None:
        raise CannotEvaluateError(
            f"statistic {name}: only {', '.join(_SIMPLE)} and percentiles such as p99 "
            "can be evaluated"
        )
    return partial(_percentile, hundredths)


def percentile_of(name: str) -> int | None:
    """The percentile in hundredths of a percent (``p99.9`` is 9990); ``None`` for others."""
    match = _PERCENTILE.fullmatch(name)
    return round(float(match[1]) * 100) if match else None


def sample_count(samples: Sequence[Sample]) -> float:
    """How many values stand behind some samples (``SampleCount``)."""
    return math.fsum(sample.count for sample in samples)


def has_few_samples(hundredths: int, count: float) -> bool:
    """Whether a percentile of so many values is not "statistically significant".

    AWS: from p50 to below p100 with "fewer than 10/(1-percentile) data points", above p0 and
    below p50 with "fewer than 10/percentile"; so below 1,000 values for p99 and for p1.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
    """
    rest = _WHOLE - hundredths if hundredths >= _WHOLE // 2 else hundredths
    return rest > 0 and count * rest < 10 * _WHOLE


def _percentile(hundredths: int, samples: Sequence[Sample]) -> float | None:
    """The nearest-rank percentile: the least value that so many percent do not exceed.

    AWS: "p99 is the maximum value of the remaining 99%", so values are never interpolated.
    "CloudWatch needs raw data points": a statistic set counts if all its values are the same,
    and there is no value where others or negative values are among the samples.
    """
    if any(s.minimum < 0 or s.minimum != s.maximum for s in samples):
        return None
    ordered = sorted(samples, key=lambda sample: sample.minimum)
    rank = hundredths * sample_count(samples)
    reached = 0.0
    for sample in ordered:
        reached += sample.count * _WHOLE
        if reached >= rank:
            break
    return sample.minimum


def _sum(samples: Sequence[Sample]) -> float:
    # Correctly rounded, so that neither order nor grouping of the samples shows.
    return math.fsum(sample.total for sample in samples)


_SIMPLE: Final[Mapping[str, Statistic]] = {
    "Average": lambda samples: _sum(samples) / sample_count(samples),
    "Sum": _sum,
    "Minimum": lambda samples: min(sample.minimum for sample in samples),
    "Maximum": lambda samples: max(sample.maximum for sample in samples),
    "SampleCount": sample_count,
}
