"""Statistics of the samples of one period.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Final

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation.series import Sample

Statistic = Callable[[Sequence[Sample]], float | None]
"""From the samples of a period, at least one, to its value; ``None`` where there is none."""

_PERCENTILE: Final = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100(?:\.0{1,10})?)")

# TM(10%:90%), TC(:0.5), and their short forms tm99 and wm5; PR has no short form.
_BOUND: Final = r"(?:\d+(?:\.\d{1,10})?)?%?"
_BOUNDED: Final = re.compile(rf"(TM|TC|TS|WM|PR)\(({_BOUND}):({_BOUND})\)", re.IGNORECASE)
_SHORT: Final = re.compile(r"(tm|tc|ts|wm)(\d{1,2}(?:\.\d{1,10})?)", re.IGNORECASE)
_IQM: Final = "IQM"


def statistic(name: str) -> Statistic:
    """The function that computes a statistic, by CloudWatch's name for it.

    Raises:
        CannotEvaluateError: a name that CloudWatch does not know.
    """
    if name in _SIMPLE:
        return _SIMPLE[name]
    share = percentile_of(name)
    if share is not None:
        return partial(_percentile, share)
    bounded = _bounded(name)
    if bounded is None:
        raise CannotEvaluateError(
            f"statistic {name}: only {', '.join(_SIMPLE)}, percentiles such as p99, IQM, and "
            "TM, TC, TS, WM and PR with bounds, such as TM(10%:90%) or PR(:0.5), can be evaluated"
        )
    return bounded


def needs_exact_values(name: str) -> bool:
    """Whether a statistic needs each value, beyond sums, extremes and percentiles of them."""
    return name not in _SIMPLE and percentile_of(name) is None


def percentile_of(name: str) -> Fraction | None:
    """The percentile as a share (``p99.9`` is 999/1000); ``None`` for other statistics.

    AWS: "you can specify a percentile using up to ten decimal places".
    """
    match = _PERCENTILE.fullmatch(name)
    return Fraction(match[1]) / 100 if match else None


def sample_count(samples: Sequence[Sample]) -> float:
    """How many values stand behind some samples (``SampleCount``)."""
    return math.fsum(sample.count for sample in samples)


def has_few_samples(share: Fraction, count: float) -> bool:
    """Whether a percentile of so many values is not "statistically significant".

    AWS: from p50 to below p100 with "fewer than 10/(1-percentile) data points", above p0 and
    below p50 with "fewer than 10/percentile"; so below 1,000 values for p99 and for p1.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
    """
    rest = 1 - share if 2 * share >= 1 else share
    return rest > 0 and count * rest.numerator < 10 * rest.denominator


def _percentile(share: Fraction, samples: Sequence[Sample]) -> float | None:
    """The nearest-rank percentile: the least value that so large a share does not exceed.

    AWS: "p99 is the maximum value of the remaining 99%", so values are never interpolated.
    "CloudWatch needs raw data points": a statistic set counts if all its values are the same,
    and there is no value where others or negative values are among the samples.
    """
    ordered = _exact(samples)
    return None if ordered is None else _ranked(share, ordered)


def _exact(samples: Sequence[Sample]) -> Sequence[Sample] | None:
    """The samples by value; ``None`` where the values are not known, or one is negative."""
    if any(s.minimum < 0 or s.minimum != s.maximum for s in samples):
        return None
    return sorted(samples, key=lambda sample: sample.minimum)


def _ranked(share: Fraction, ordered: Sequence[Sample]) -> float:
    """The least value that a share of the samples does not exceed."""
    rank = share.numerator * sample_count(ordered)
    reached = 0.0
    for sample in ordered:
        reached += sample.count * share.denominator
        if reached >= rank:
            break
    return sample.minimum


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bound of a trimmed statistic.

    Attributes:
        value: in the metric's own unit; a share of the samples where ``is_share``.
        is_share: whether it was written in percent.
    """

    value: Fraction
    is_share: bool

    @classmethod
    def read(cls, text: str) -> "_Bound | None":
        """``10%`` or ``0.5``; ``None`` of nothing."""
        number = text.rstrip("%")
        if not number:
            return None
        is_share = text.endswith("%")
        return cls(Fraction(number) / (100 if is_share else 1), is_share)

    def at(self, ordered: Sequence[Sample]) -> float:
        """The value itself.

        Choice: of a share it is the percentile of the nearest rank, as ``_percentile`` has it;
        AWS calls the result "an interpolated, approximate value" without saying how.
        """
        if not self.is_share:
            return float(self.value)
        return -math.inf if self.value == 0 else _ranked(self.value, ordered)


def _bounded(name: str) -> Statistic | None:
    """A statistic of what lies between two bounds.

    AWS: "TM(150:1000) calculates the average after excluding all data points that are 150 or
    lower, or higher than 1000"; "percentile rank is exclusive on the lower bound and inclusive
    on the upper bound"; "tm99" is TM(:99%), and IQM is TM(25%:75%).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
    """
    if name.upper() == _IQM:
        return _bounded("TM(25%:75%)")
    if match := _SHORT.fullmatch(name):
        return _bounded(f"{match[1]}(:{match[2]}%)")
    match = _BOUNDED.fullmatch(name)
    if match is None:
        return None
    lower, upper = _Bound.read(match[2]), _Bound.read(match[3])
    is_rank = match[1].upper() == "PR"
    if (lower is None and upper is None) or (is_rank and "%" in name):
        return None
    return partial(_between, _BETWEEN[match[1].upper()], lower, upper)


def _between(
    compute: "_OfBounded",
    lower: _Bound | None,
    upper: _Bound | None,
    samples: Sequence[Sample],
) -> float | None:
    ordered = _exact(samples)
    if ordered is None:
        return None
    low = -math.inf if lower is None else lower.at(ordered)
    high = math.inf if upper is None else upper.at(ordered)
    return compute(ordered, low, high)


def _kept(ordered: Sequence[Sample], low: float, high: float) -> list[Sample]:
    return [sample for sample in ordered if low < sample.minimum <= high]


def _trimmed_mean(ordered: Sequence[Sample], low: float, high: float) -> float | None:
    kept = _kept(ordered, low, high)
    return _sum(kept) / sample_count(kept) if kept else None


def _winsorized_mean(ordered: Sequence[Sample], low: float, high: float) -> float | None:
    """The mean, where values outside the bounds count as the value at the boundary."""
    values = [(min(max(s.minimum, low), high), s.count) for s in ordered]
    return math.fsum(value * count for value, count in values) / sample_count(ordered)


def _rank(ordered: Sequence[Sample], low: float, high: float) -> float | None:
    return 100 * sample_count(_kept(ordered, low, high)) / sample_count(ordered)


_OfBounded = Callable[[Sequence[Sample], float, float], float | None]

_BETWEEN: Final[Mapping[str, _OfBounded]] = {
    "TM": _trimmed_mean,
    "WM": _winsorized_mean,
    "TC": lambda ordered, low, high: sample_count(_kept(ordered, low, high)),
    "TS": lambda ordered, low, high: _sum(_kept(ordered, low, high)),
    "PR": _rank,
}


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
