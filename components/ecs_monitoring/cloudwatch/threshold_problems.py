"""Whether a threshold can be breached and left again, by the values that its signal can have."""

import math
from collections.abc import Iterator
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    MissingData,
    NoThreshold,
    Problem,
)
from ecs_monitoring.cloudwatch.units import format_quantity


def threshold_problems(rule: AlarmRule) -> Iterator[Problem]:
    """What is wrong with a rule's threshold.

    Yields:
        One problem at most; nothing for a threshold that can be breached, and left again.
    """
    if isinstance(rule.threshold, NoThreshold):
        yield Problem(rule.threshold.field, rule.threshold.value, rule.threshold.reason)
    elif rule.threshold != rule.threshold or abs(rule.threshold) == float("inf"):
        yield Problem("threshold", rule.threshold, "write a finite number")
    elif rule.lowest > rule.highest:
        yield Problem(
            "threshold",
            rule.threshold,
            f"the alarm could never fire: {rule.signal.label} has never a value, since each "
            "datapoint of its expression is dropped",
        )
    elif abs(rule.threshold) >= 2.0**limits.FARTHEST_POWER:
        yield Problem(
            "threshold",
            rule.threshold,
            "no datapoint of CloudWatch is so far from zero (farthest is "
            f"2^{limits.FARTHEST_POWER}): write a number that {rule.signal.label} can have",
        )
    else:
        yield from _side_problems(rule, rule.threshold)


def _side_problems(rule: AlarmRule, threshold: float) -> Iterator[Problem]:
    """An alarm has two sides: a value that sets it off, and one that does not."""
    upward = rule.comparison.is_upward
    farthest, nearest = (
        (highest_in_period(rule), _rest(rule)) if upward else (rule.lowest, highest_in_period(rule))
    )
    is_breach = rule.treat_missing_data is MissingData.BREACHING
    counts_samples = any(metric.statistic == "SampleCount" for metric in rule.metrics)
    if counts_samples and not is_breach:
        yield Problem(
            "treat_missing_data",
            rule.treat_missing_data.value,
            "the alarm could never fire while there is nothing: without a single sample there is "
            "no datapoint, so write breaching (or enabled: false)",
        )
    elif not rule.comparison.holds(farthest, threshold):
        # Of samples, silence is what breaches.
        if not counts_samples:
            yield Problem(
                "threshold",
                threshold,
                f"the alarm could never fire, since {_limit_in_words(rule, upward)}: write "
                f"{_thresholds(rule, farthest, breached=True)}",
            )
    elif upward and is_breach and rule.lowest > 0:
        yield Problem(
            "treat_missing_data",
            rule.treat_missing_data.value,
            f"the alarm would be on while nothing is wrong, since {rule.signal.label} is published "
            "only where there is something to count: write notBreaching",
        )
    elif rule.comparison.holds(nearest, threshold):
        limit = _limit_in_words(rule, not upward)
        if upward and rule.treat_missing_data is MissingData.IGNORE and rule.lowest > 0:
            # It is the silence between that would end it.
            yield Problem(
                "treat_missing_data",
                rule.treat_missing_data.value,
                f"once on, the alarm would never be off again, since {limit}, and nothing is "
                "published where there is nothing to count: write notBreaching",
            )
        else:
            yield Problem(
                "threshold",
                threshold,
                f"the alarm would always be on, since {limit}: write "
                f"{_thresholds(rule, nearest, breached=False)}",
            )
    elif rule.outage and not rule.comparison.holds(rule.outage.value, threshold):
        yield Problem(
            "threshold",
            threshold,
            f"the alarm would sleep while {rule.outage.words}: write "
            f"{_thresholds(rule, rule.outage.value, breached=True)}; {rule.outage.instead}",
        )


def highest_in_period(rule: AlarmRule) -> float:
    """The highest value in a period: samples are counted over all of it."""
    counts = isinstance(rule.signal, Metric) and rule.signal.statistic == "SampleCount"
    if counts:
        return rule.highest * max(1, rule.period // rule.every)
    # Next below one that is never reached: what breaches there, does so everywhere near it.
    return rule.highest if rule.is_highest_reached else math.nextafter(rule.highest, -math.inf)


def _rest(rule: AlarmRule) -> float:
    """The lowest value that the alarm has to rest at.

    A count that is published only where there was something to count is zero everywhere else,
    unless no data counts as a breach, or leaves the alarm in the state that it is in.
    """
    ends = rule.treat_missing_data not in (MissingData.BREACHING, MissingData.IGNORE)
    return min(rule.lowest, 0.0) if ends else rule.lowest


def _limit_in_words(rule: AlarmRule, upper: bool) -> str:
    """The highest value of the signal, or the lowest one, as a statement."""
    limit = highest_in_period(rule) if upper else _rest(rule)
    highest = "at most" if rule.is_highest_reached else "always less than"
    side = highest if upper else "at least"
    return f"{rule.signal.label} is {side} {format_quantity(limit, rule.unit)}"


_BREACHED_OR_NOT: Final = {
    Comparison.AT_LEAST: ("{} or less", "more than {}"),
    Comparison.ABOVE: ("less than {}", "{} or more"),
    Comparison.BELOW: ("more than {}", "{} or less"),
    Comparison.AT_MOST: ("{} or more", "less than {}"),
}
"""The thresholds that a value breaches, and those that it does not."""


def _thresholds(rule: AlarmRule, value: float, *, breached: bool) -> str:
    """The thresholds that a value breaches, or that it does not, in words."""
    quantity = format_quantity(value, rule.unit)
    if rule.comparison.is_upward is breached and not rule.is_highest_reached:
        return f"less than {quantity}"
    words = _BREACHED_OR_NOT[rule.comparison]
    return words[0 if breached else 1].format(quantity)
