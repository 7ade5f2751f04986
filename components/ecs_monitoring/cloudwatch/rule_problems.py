"""What of a rule CloudWatch would refuse, or could never act on, and what to write instead."""

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
from ecs_monitoring.words import DAY, MINUTE

_WEEK: Final = 7 * DAY
# 1970-01-05, in seconds since the epoch.
_FIRST_MONDAY: Final = 4 * DAY


def rule_problems(rule: AlarmRule) -> Iterator[Problem]:
    """Everything about a rule that CloudWatch or its provider notices too late.

    Yields:
        One problem for each fault; nothing for a rule that CloudWatch would accept.
    """
    yield from _threshold_problems(rule)
    yield from _period_problems(rule)
    yield from _window_problems(rule)
    yield from _text_problems(rule)


def _side_problems(rule: AlarmRule, threshold: float) -> Iterator[Problem]:
    """An alarm has two sides: a value that sets it off, and one that does not."""
    upward = rule.comparison.is_upward
    farthest, nearest = (_most(rule), _rest(rule)) if upward else (rule.lowest, _most(rule))
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
                f"{_beyond_reach_of(rule, farthest)}",
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
                f"{_out_of_reach_of(rule, nearest)}",
            )
    elif rule.outage and not rule.comparison.holds(rule.outage.value, threshold):
        yield Problem(
            "threshold",
            threshold,
            f"the alarm would sleep while {rule.outage.words}: write "
            f"{_beyond_reach_of(rule, rule.outage.value)}; {rule.outage.instead}",
        )


def _most(rule: AlarmRule) -> float:
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
    limit = _most(rule) if upper else _rest(rule)
    highest = "at most" if rule.is_highest_reached else "always less than"
    side = highest if upper else "at least"
    return f"{rule.signal.label} is {side} {format_quantity(limit, rule.unit)}"


def _out_of_reach_of(rule: AlarmRule, value: float) -> str:
    """The thresholds that a value is not beyond."""
    quantity = format_quantity(value, rule.unit)
    if not rule.comparison.is_upward and not rule.is_highest_reached:
        return f"less than {quantity}"
    return {
        Comparison.AT_LEAST: f"more than {quantity}",
        Comparison.ABOVE: f"{quantity} or more",
        Comparison.BELOW: f"{quantity} or less",
        Comparison.AT_MOST: f"less than {quantity}",
    }[rule.comparison]


def _beyond_reach_of(rule: AlarmRule, value: float) -> str:
    """The thresholds that a value is beyond."""
    quantity = format_quantity(value, rule.unit)
    if rule.comparison.is_upward and not rule.is_highest_reached:
        return f"less than {quantity}"
    return {
        Comparison.AT_LEAST: f"{quantity} or less",
        Comparison.ABOVE: f"less than {quantity}",
        Comparison.BELOW: f"more than {quantity}",
        Comparison.AT_MOST: f"{quantity} or more",
    }[rule.comparison]


def _text_problems(rule: AlarmRule) -> Iterator[Problem]:
    if not 1 <= len(rule.name) <= limits.ALARM_NAME_LENGTH:
        yield Problem(
            "name",
            rule.name,
            f"the alarm's name has {len(rule.name)} characters: shorten the target's name "
            f"until it has at most {limits.ALARM_NAME_LENGTH}",
        )
    elif not rule.name.isprintable():
        yield Problem("name", rule.name, "an alarm's name has no control characters")
    if len(rule.description) > limits.ALARM_DESCRIPTION_LENGTH:
        too_long = (
            f"the alarm's description would have {len(rule.description):,} characters of at "
            f"most {limits.ALARM_DESCRIPTION_LENGTH:,}: "
        )
        if len(rule.runbook) > len(rule.meaning):
            yield Problem("runbook", rule.runbook, too_long + "write a link instead of a text")
        else:
            yield Problem("meaning", rule.meaning, too_long + "shorten the names in it")


def _threshold_problems(rule: AlarmRule) -> Iterator[Problem]:
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


def _period_problems(rule: AlarmRule) -> Iterator[Problem]:
    if rule.period in limits.HIGH_RESOLUTION_PERIODS:
        if not all(metric.high_resolution for metric in rule.metrics):
            yield Problem(
                "period",
                rule.period,
                f"{rule.metrics[0].namespace} publishes a datapoint a minute at best: "
                "write a multiple of 60 (10, 20 and 30 are for high-resolution custom metrics)",
            )
    elif rule.period < limits.STANDARD_PERIOD or rule.period % limits.STANDARD_PERIOD:
        yield Problem("period", rule.period, "write a multiple of 60 seconds, such as 60 or 300")
    elif rule.period > limits.LONGEST_PERIOD:
        yield Problem(
            "period", rule.period, f"write at most {limits.LONGEST_PERIOD:,} seconds (a day)"
        )
    elif rule.period % rule.every:
        yield Problem(
            "period",
            rule.period,
            f"{rule.metrics[0].name} has a datapoint every {rule.every} s, so that periods "
            f"between them are empty: write a multiple of {rule.every}",
        )
    elif longest := _longest_whole_period(rule):
        yield Problem(
            "period",
            rule.period,
            "a period would lie partly in the off hours, and page for them or hide trouble: "
            f"write {longest}, or seconds of which that is a multiple",
        )


def _longest_whole_period(rule: AlarmRule) -> int:
    """What no period may be longer than, to lie on one side of each switch; 0 if it does so.

    CloudWatch counts periods from the epoch, which was a Thursday. Metric math tells the time
    of a period's start alone:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
    """
    if not rule.switches:
        return 0
    seconds = [_FIRST_MONDAY + MINUTE * minute for minute in rule.switches]
    longest = math.gcd(_WEEK, *seconds)
    return longest if longest % rule.period else 0


def _window_problems(rule: AlarmRule) -> Iterator[Problem]:
    if rule.evaluation_periods < 1:
        yield Problem("evaluation_periods", rule.evaluation_periods, "write 1 or more")
        return
    if rule.datapoints_to_alarm is not None and not (
        1 <= rule.datapoints_to_alarm <= rule.evaluation_periods
    ):
        yield Problem(
            "datapoints_to_alarm",
            rule.datapoints_to_alarm,
            f"write 1 to {rule.evaluation_periods} (evaluation_periods): an alarm needs at "
            "least one datapoint, and more than are looked at can never breach",
        )
    window = rule.period * rule.evaluation_periods
    is_long = rule.period >= limits.LONG_PERIOD
    longest = limits.LONG_EVALUATION_WINDOW if is_long else limits.EVALUATION_WINDOW
    if window > longest:
        yield Problem(
            "evaluation_periods",
            rule.evaluation_periods,
            f"period x evaluation_periods is {window:,} s: write at most "
            f"{longest // rule.period} at a period of {rule.period} s ({longest:,} s in all)",
        )
    elif rule.rests and not _longest_whole_period(rule):
        yield from _off_hours_problems(rule)


def _off_hours_problems(rule: AlarmRule) -> Iterator[Problem]:
    most = _most_watched(rule)
    if most < rule.breaching_datapoints <= rule.evaluation_periods:
        yield Problem(
            "off_hours",
            "",
            f"the alarm could never fire: of {rule.evaluation_periods} x {rule.period} s in a row "
            f"at most {most} lie outside the off hours, and it needs {rule.breaching_datapoints}: "
            f"write shorter off hours, or datapoints_to_alarm: {most} or less",
        )


def _most_watched(rule: AlarmRule) -> int:
    """How many of the periods that an evaluation counts can lie outside off hours.

    Where silence alone breaches, the whole evaluation range has to: off hours have values, and
    those of the periods beyond N are counted before silence is.
    """
    beyond = rule.timing.extra_periods if _breaches_by_silence(rule) else 0
    window = rule.period * (rule.evaluation_periods + beyond) // MINUTE
    # A span with the most of them begins where a target is there again, or ends where it stops.
    spans = [(end, end + window) for _, end in rule.rests]
    spans += [(start - window, start) for start, _ in rule.rests]
    watched = max(window - _resting(rule.rests, *span) for span in spans) * MINUTE // rule.period
    return max(0, watched - beyond)


def _breaches_by_silence(rule: AlarmRule) -> bool:
    """Whether no number of samples breaches, so that it takes periods without any."""
    if not any(metric.statistic == "SampleCount" for metric in rule.metrics):
        return False
    farthest = _most(rule) if rule.comparison.is_upward else rule.lowest
    threshold = rule.threshold
    return not isinstance(threshold, NoThreshold) and not rule.comparison.holds(farthest, threshold)


def _resting(rests: tuple[tuple[int, int], ...], begin: int, end: int) -> int:
    """Minutes of a span that is no longer than a week, in which something rests each week."""
    week = _WEEK // MINUTE
    return sum(
        max(0, min(end, last + shift) - max(begin, first + shift))
        for first, last in rests
        for shift in (-2 * week, -week, 0, week, 2 * week)
    )
