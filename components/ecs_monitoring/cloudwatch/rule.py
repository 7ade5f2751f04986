"""An alarm as a value: what is watched, when it is in trouble, how much that matters."""

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.timing import Timing, timing_of
from ecs_monitoring.cloudwatch.units import Unit, format_quantity


class Severity(StrEnum):
    """How much a firing alarm matters: it decides which topic is notified."""

    CRITICAL = "critical"
    """Wake someone."""

    WARNING = "warning"
    """Look today."""


class Comparison(StrEnum):
    """CloudWatch's comparison operators for alarms with a fixed threshold."""

    AT_LEAST = "GreaterThanOrEqualToThreshold"
    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"
    AT_MOST = "LessThanOrEqualToThreshold"

    @property
    def sign(self) -> str:
        """The operator as it is written in formulas."""
        return _SIGNS[self]

    @property
    def is_upward(self) -> bool:
        """Whether high values are beyond the threshold."""
        return self in (Comparison.AT_LEAST, Comparison.ABOVE)

    def holds(self, value: float, threshold: float) -> bool:
        """Whether ``value comparison threshold`` is true."""
        return bool(_OPERATORS[self](value, threshold))


_SIGNS: Final = {
    Comparison.AT_LEAST: ">=",
    Comparison.ABOVE: ">",
    Comparison.BELOW: "<",
    Comparison.AT_MOST: "<=",
}


_OPERATORS: Final = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.ABOVE: operator.gt,
    Comparison.BELOW: operator.lt,
    Comparison.AT_MOST: operator.le,
}


class MissingData(StrEnum):
    """How an alarm treats periods without data (``TreatMissingData``)."""

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


class LowSamples(StrEnum):
    """What a percentile alarm does when too few samples make the percentile meaningless."""

    EVALUATE = "evaluate"
    IGNORE = "ignore"


@dataclass(frozen=True)
class NoThreshold:
    """Stands where a threshold could not be derived from what the settings say.

    Attributes:
        field: the target's field that the number would have come from.
        value: what the settings say there; empty where they say nothing.
        reason: why no number follows from it, and what to write instead.
    """

    field: str
    value: str
    reason: str


@dataclass(frozen=True)
class Problem:
    """One thing about a rule that CloudWatch would refuse or never act on.

    Attributes:
        field: the rule's field at fault (an override's field name where one exists).
        value: the value at fault.
        message: what to write instead.
    """

    field: str
    value: object
    message: str


@dataclass(frozen=True)
class Outage:
    """The state in which an alarm has to be on, whatever its threshold.

    Attributes:
        value: what the signal is then, in the rule's unit.
        words: what is the matter, for the sentence ``the alarm would sleep while …``.
        instead: what to write where another threshold was meant.
    """

    value: float
    words: str
    instead: str


@dataclass(frozen=True)
class LikelyMost:
    """What a signal is at most as far as the settings say: AWS may be set otherwise.

    Attributes:
        value: in the rule's unit.
        because: what bounds it, and what to write where that is not so.
    """

    value: float
    because: str


_AFTER_TITLE: Final = ": "
_BEFORE_RUNBOOK: Final = " Runbook: "


@dataclass(frozen=True)
class WarmUp:
    """How long a new alarm stays in INSUFFICIENT_DATA, once, when it is made.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WarmUpConfiguration.html

    Attributes:
        seconds: the longest time, from when the alarm was made.
        is_whole: whether it lasts all of it; else it ends "as soon as enough data fills its
            evaluation window".
    """

    seconds: int
    is_whole: bool = False


@dataclass(frozen=True, kw_only=True)
class AlarmRule:
    """One alarm.

    Attributes:
        key: ``<kind>.<rule>``, for example ``ecs.cpu-high``; the handle for overrides and tools.
        target: the settings' name of the monitored thing.
        part: the part of the target that this alarm watches, where a rule makes one alarm a
            part (a target group's name); empty otherwise.
        name: the alarm's name in CloudWatch, unique in the stack; empty until a plan names the
            rule.
        title: a few words, for people.
        meaning: one sentence that says what it means and where to look first; names the target.
        basis: where the threshold comes from, where that needs saying; gone once overridden.
        severity: decides the topic.
        signal: the metric, or metric math of which one series is watched.
        comparison: the alarm is on while ``signal comparison threshold`` holds.
        threshold: in ``unit``.
        unit: what signal and threshold are measured in.
        period: seconds over which one datapoint is computed.
        evaluation_periods: N, the most recent datapoints that are looked at.
        datapoints_to_alarm: M, how many of them must breach; ``None`` means all N.
        treat_missing_data: what a period without data counts as.
        low_samples: for percentiles alone.
        warm_up: how a new alarm waits for what is as new as it is; ``None`` where it does not.
        lowest: the lowest value that the signal can have, in ``unit``.
        highest: the highest value that it can have; of a count of samples, from one datapoint of
            the metric to the next.
        is_highest_reached: whether it can be as high as that, or only nearly.
        likely_most: what it is at most if nothing is set otherwise than usual; ``None`` where that
            is ``highest``.
        default: the threshold where no stack says another one; ``None`` for rules without.
        every: seconds from one datapoint of the metrics to the next: what no period is shorter
            than.
        switches: when the signal begins and stops to count each week, in minutes since Monday 00:00
            UTC; empty where it always does.
        rests: when it does not count each week, from when to when in minutes since Monday 00:00 of
            some time zone.
        outage: the state that no threshold may tolerate; ``None`` where there is no such state.
        graph: title of the graph on which the threshold is drawn; empty for none.
        runbook: link or text that says what to do; empty for none.
        enabled: whether the alarm is put into AWS at all.
        recent: how far from its mean of the last hour the value is where the alarm beside this one
            fires, in ``unit``; ``None`` where there is none.
        recent_by_hour: the same of some hours of the week, UTC, by span (``cloudwatch.by_hour``).
    """

    key: str
    target: str
    part: str = ""
    name: str = ""
    title: str
    meaning: str
    basis: str = ""
    severity: Severity
    signal: Metric | MetricMath
    comparison: Comparison
    threshold: float | NoThreshold
    unit: Unit
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int | None = None
    treat_missing_data: MissingData
    low_samples: LowSamples = LowSamples.EVALUATE
    warm_up: WarmUp | None = None
    lowest: float = -math.inf
    highest: float = math.inf
    is_highest_reached: bool = True
    likely_most: LikelyMost | None = None
    default: float | NoThreshold | None = None
    every: int = limits.STANDARD_PERIOD
    switches: tuple[int, ...] = ()
    rests: tuple[tuple[int, int], ...] = ()
    outage: Outage | None = None
    graph: str = ""
    runbook: str = ""
    enabled: bool = True
    recent: float | None = None
    recent_by_hour: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def address(self) -> AlarmAddress:
        """``<key>@<target>``, with ``/<part>`` where the target has several such alarms."""
        return AlarmAddress.of(self.key, self.target, self.part)

    @property
    def breaching_datapoints(self) -> int:
        """M: how many of the last N datapoints must breach."""
        return self.datapoints_to_alarm or self.evaluation_periods

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Every metric that the alarm reads (what CloudWatch bills)."""
        return (self.signal,) if isinstance(self.signal, Metric) else self.signal.metrics

    @cached_property
    def timing(self) -> Timing:
        """How far back CloudWatch looks, and how late it has the data."""
        namespaces = (metric.namespace for metric in self.metrics)
        return timing_of(namespaces, self.period, self.evaluation_periods)

    @property
    def condition(self) -> str:
        """The condition in words, for example ``CPUUtilization Average >= 80 %``."""
        if isinstance(self.threshold, NoThreshold):
            return f"{self.signal.label} {self.comparison.sign} ?"
        quantity = format_quantity(self.threshold, self.unit)
        return f"{self.signal.label} {self.comparison.sign} {quantity}"

    @property
    def schedule(self) -> str:
        """M of N in words, for example ``3 of 5 x 60 s``."""
        return f"{self.breaching_datapoints} of {self.evaluation_periods} x {self.period} s"

    @property
    def description(self) -> str:
        """The alarm's description in CloudWatch: title, meaning, the runbook if there is one."""
        basis = f" {self.basis}" if self.basis else ""
        words = f"{self.title}{_AFTER_TITLE}{self.meaning}{basis}"
        return with_runbook(words, self.runbook)


def with_runbook(words: str, runbook: str) -> str:
    """A description that ends with the runbook, if there is one."""
    return f"{words}{_BEFORE_RUNBOOK}{runbook}" if runbook else words


def parts_of_description(description: str) -> tuple[str, str, str]:
    """Title, meaning (with its basis) and runbook of an alarm, from its description.

    A description of another form is a meaning alone.
    """
    title, after, rest = description.partition(_AFTER_TITLE)
    meaning, before, runbook = rest.rpartition(_BEFORE_RUNBOOK)
    return (title, meaning, runbook) if after and before else ("", description, "")
