"""What of a rule CloudWatch would refuse, or could never act on, and what to write instead."""

import math
from collections.abc import Iterator
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.rule import AlarmRule, NoThreshold, Problem
from ecs_monitoring.cloudwatch.threshold_problems import highest_in_period, threshold_problems
from ecs_monitoring.words import DAY, MINUTE

_WEEK: Final = 7 * DAY
# 1970-01-05, in seconds since the epoch.
_FIRST_MONDAY: Final = 4 * DAY


def rule_problems(rule: AlarmRule) -> Iterator[Problem]:
    """Everything about a rule that CloudWatch or its provider notices too late.

    Yields:
        One problem for each fault; nothing for a rule that CloudWatch would accept.
    """
    yield from threshold_problems(rule)
    yield from _period_problems(rule)
    yield from _window_problems(rule)
    yield from _text_problems(rule)


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
            "write shorter off hours"
            + (f", or datapoints_to_alarm: {most} or less" if most else ""),
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
    farthest = highest_in_period(rule) if rule.comparison.is_upward else rule.lowest
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
