"""An alarm as a value: what is watched, when it is in trouble, how much that matters."""

import math
import operator
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.timing import Timing, timing_of
from ecs_monitoring.cloudwatch.units import Unit, format_quantity


class Severity(StrEnum):
    """How much a firing alarm matters: it decides which topic hears of it."""

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


_AFTER_TITLE: Final = ": "
_BEFORE_RUNBOOK: Final = " Runbook: "

_WEEK: Final = 7 * 86_400
# 1970-01-05, in seconds since the epoch.
_FIRST_MONDAY: Final = 4 * 86_400


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
        every: seconds from one datapoint of the metrics to the next: what no period is shorter
            than.
        switches: when the signal begins and stops to count each week, in minutes since Monday 00:00
            UTC; empty where it always does.
        outage: the state that no threshold may tolerate; ``None`` where there is no such state.
        graph: title of the graph on which the threshold is drawn; empty for none.
        runbook: link or text that says what to do.
        enabled: whether the alarm is put into AWS at all.
        recent: how far from its mean of the last hour the value is where the alarm beside this one
            fires, in ``unit``; ``None`` where there is none.
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
    every: int = limits.STANDARD_PERIOD
    switches: tuple[int, ...] = ()
    outage: Outage | None = None
    graph: str = ""
    runbook: str = ""
    enabled: bool = True
    recent: float | None = None

    @property
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

    @property
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
        """The alarm's description in CloudWatch: title, meaning, runbook."""
        basis = f" {self.basis}" if self.basis else ""
        return f"{self.title}{_AFTER_TITLE}{self.meaning}{basis}{_BEFORE_RUNBOOK}{self.runbook}"

    def problems(self) -> Iterator[Problem]:
        """Everything about this rule that CloudWatch or its provider notices too late.

        Yields:
            One problem for each fault; nothing for a rule that CloudWatch would accept.
        """
        yield from self._threshold_problems()
        yield from self._period_problems()
        yield from self._window_problems()
        yield from self._text_problems()

    def _side_problems(self, threshold: float) -> Iterator[Problem]:
        """An alarm has two sides: a value that sets it off, and one that does not."""
        upward = self.comparison.is_upward
        farthest, nearest = (self._most, self._rest) if upward else (self.lowest, self._most)
        if not self.comparison.holds(farthest, threshold):
            if any(metric.statistic == "SampleCount" for metric in self.metrics):
                yield from self._silent_problems()
            else:
                yield Problem(
                    "threshold",
                    threshold,
                    f"the alarm could never fire, since {self._limit_in_words(upward)}: write "
                    f"{self._beyond_reach_of(farthest)}",
                )
        elif self.comparison.holds(nearest, threshold):
            yield Problem(
                "threshold",
                threshold,
                f"the alarm would always be on, since {self._limit_in_words(not upward)}: write "
                f"{self._out_of_reach_of(nearest)}",
            )
        elif self.outage and not self.comparison.holds(self.outage.value, threshold):
            yield Problem(
                "threshold",
                threshold,
                f"the alarm would sleep while {self.outage.words}: write "
                f"{self._beyond_reach_of(self.outage.value)}; {self.outage.instead}",
            )

    @property
    def _most(self) -> float:
        """The highest value in a period: samples are counted over all of it."""
        counts = isinstance(self.signal, Metric) and self.signal.statistic == "SampleCount"
        return self.highest * max(1, self.period // self.every) if counts else self.highest

    @property
    def _rest(self) -> float:
        """The lowest value that the alarm has to rest at.

        A count that is published only where there was something to count is zero everywhere else,
        unless no data counts as a breach.
        """
        is_breach = self.treat_missing_data is MissingData.BREACHING
        return self.lowest if is_breach else min(self.lowest, 0.0)

    def _limit_in_words(self, upper: bool) -> str:
        """The highest value of the signal, or the lowest one, as a statement."""
        limit = self._most if upper else self._rest
        side = "at most" if upper else "at least"
        return f"{self.signal.label} is {side} {format_quantity(limit, self.unit)}"

    def _out_of_reach_of(self, value: float) -> str:
        """The thresholds that a value is not beyond."""
        quantity = format_quantity(value, self.unit)
        return {
            Comparison.AT_LEAST: f"more than {quantity}",
            Comparison.ABOVE: f"{quantity} or more",
            Comparison.BELOW: f"{quantity} or less",
            Comparison.AT_MOST: f"less than {quantity}",
        }[self.comparison]

    def _beyond_reach_of(self, value: float) -> str:
        """The thresholds that a value is beyond."""
        quantity = format_quantity(value, self.unit)
        return {
            Comparison.AT_LEAST: f"{quantity} or less",
            Comparison.ABOVE: f"less than {quantity}",
            Comparison.BELOW: f"more than {quantity}",
            Comparison.AT_MOST: f"{quantity} or more",
        }[self.comparison]

    def _silent_problems(self) -> Iterator[Problem]:
        """Where there is nothing to count there is no count either, and never one of zero."""
        if self.treat_missing_data is not MissingData.BREACHING:
            yield Problem(
                "treat_missing_data",
                self.treat_missing_data.value,
                "the alarm could never fire: without a single sample there is no datapoint, so "
                "write breaching (or enabled: false)",
            )

    def _text_problems(self) -> Iterator[Problem]:
        if not 1 <= len(self.name) <= limits.ALARM_NAME_LENGTH:
            yield Problem(
                "name",
                self.name,
                f"the alarm's name has {len(self.name)} characters: shorten the target's name "
                f"until it has at most {limits.ALARM_NAME_LENGTH}",
            )
        elif not self.name.isprintable():
            yield Problem("name", self.name, "an alarm's name has no control characters")
        if len(self.description) > limits.ALARM_DESCRIPTION_LENGTH:
            too_long = (
                f"the alarm's description would have {len(self.description):,} characters of at "
                f"most {limits.ALARM_DESCRIPTION_LENGTH:,}: "
            )
            if len(self.runbook) > len(self.meaning):
                yield Problem("runbook", self.runbook, too_long + "write a link instead of a text")
            else:
                yield Problem("meaning", self.meaning, too_long + "shorten the names in it")

    def _threshold_problems(self) -> Iterator[Problem]:
        if isinstance(self.threshold, NoThreshold):
            yield Problem(self.threshold.field, self.threshold.value, self.threshold.reason)
        elif self.threshold != self.threshold or abs(self.threshold) == float("inf"):
            yield Problem("threshold", self.threshold, "write a finite number")
        else:
            yield from self._side_problems(self.threshold)

    def _period_problems(self) -> Iterator[Problem]:
        if self.period in limits.HIGH_RESOLUTION_PERIODS:
            if not all(metric.high_resolution for metric in self.metrics):
                yield Problem(
                    "period",
                    self.period,
                    f"{self.metrics[0].namespace} publishes a datapoint a minute at best: "
                    "write a multiple of 60 (10, 20 and 30 are for high-resolution custom metrics)",
                )
        elif self.period < limits.STANDARD_PERIOD or self.period % limits.STANDARD_PERIOD:
            yield Problem(
                "period", self.period, "write a multiple of 60 seconds, such as 60 or 300"
            )
        elif self.period > limits.LONGEST_PERIOD:
            yield Problem(
                "period", self.period, f"write at most {limits.LONGEST_PERIOD:,} seconds (a day)"
            )
        elif self.period % self.every:
            yield Problem(
                "period",
                self.period,
                f"{self.metrics[0].name} has a datapoint every {self.every} s, so that periods "
                f"between them are empty: write a multiple of {self.every}",
            )
        elif longest := self._longest_whole_period():
            yield Problem(
                "period",
                self.period,
                "a period would lie partly in the off hours, and page for them or hide trouble: "
                f"write {longest}, or seconds of which that is a multiple",
            )

    def _longest_whole_period(self) -> int:
        """What no period may be longer than, to lie on one side of each switch; 0 if it does so.

        CloudWatch counts periods from the epoch, which was a Thursday. Metric math tells the time
        of a period's start alone:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
        """
        if not self.switches:
            return 0
        seconds = [_FIRST_MONDAY + 60 * minute for minute in self.switches]
        longest = math.gcd(_WEEK, *seconds)
        return longest if longest % self.period else 0

    def _window_problems(self) -> Iterator[Problem]:
        if self.evaluation_periods < 1:
            yield Problem("evaluation_periods", self.evaluation_periods, "write 1 or more")
            return
        if self.datapoints_to_alarm is not None and not (
            1 <= self.datapoints_to_alarm <= self.evaluation_periods
        ):
            yield Problem(
                "datapoints_to_alarm",
                self.datapoints_to_alarm,
                f"write 1 to {self.evaluation_periods} (evaluation_periods): an alarm needs at "
                "least one datapoint, and more than are looked at can never breach",
            )
        window = self.period * self.evaluation_periods
        is_long = self.period >= limits.LONG_PERIOD
        longest = limits.LONG_EVALUATION_WINDOW if is_long else limits.EVALUATION_WINDOW
        if window > longest:
            yield Problem(
                "evaluation_periods",
                self.evaluation_periods,
                f"period x evaluation_periods is {window:,} s: write at most "
                f"{longest // self.period} at a period of {self.period} s ({longest:,} s in all)",
            )


def parts_of_description(description: str) -> tuple[str, str, str]:
    """Title, meaning (with its basis) and runbook of an alarm, from its description.

    A description of another form is a meaning alone.
    """
    title, after, rest = description.partition(_AFTER_TITLE)
    meaning, before, runbook = rest.rpartition(_BEFORE_RUNBOOK)
    return (title, meaning, runbook) if after and before else ("", description, "")
