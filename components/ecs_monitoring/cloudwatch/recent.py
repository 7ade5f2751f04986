"""A value against its own recent past, as metric math of an alarm that CloudWatch evaluates.

What is sudden stands out of the mean of the last hour at any height, also within the range of
earlier values, where no threshold on the value itself can be. The mean is that of the alarm's own
evaluation range: of one metric ``AVG`` is a number over all periods that an evaluation looks at
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html). How far is
sudden may differ from hour to hour: the alarm then counts in distances of each period's own.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.by_hour import (
    HOURS,
    Span,
    SpanError,
    Table,
    expressions,
    in_words,
    table_of,
)
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.rule import AlarmRule, Comparison, MissingData, Problem
from ecs_monitoring.cloudwatch.units import Unit, format_quantity
from ecs_monitoring.words import DAY, HOUR, capitalized

SUFFIX: Final = "-recent"
"""What the key of such an alarm has after that of the alarm beside it."""


def key_beside(key: str) -> str:
    """The key of the alarm beside which one on its recent past stands; empty for any other's."""
    return key.removesuffix(SUFFIX) if key.endswith(SUFFIX) else ""


RECENT: Final = 3600
"""Seconds of the recent past: an hour. While a burst is within it, the mean is lifted by its share
of it; of half an hour many incidents are more than the half."""

NEWEST: Final = 900
"""Seconds of the newest values that are held against the recent past, and so for how long one of
them keeps the alarm on. Older ones were held against what was recent for them; held against the
mean of an hour that goes on, they would fire again for what is over."""

LASTING: Final = 180
"""Seconds for which something sudden has to last: three minutes. A single minute is mostly noise,
whose tails are heavy; what goes far in one minute is the fixed threshold's."""

FEWEST: Final = 10
"""Periods that a value is held against at least; fewer have no mean to speak of."""

_FEWEST_NEWEST: Final = 3

# What is written as a limit has few decimals, and is within it.
_PARTS: Final = 10**6
_COUNTED: Final = ("Sum", "SampleCount")
_METRIC: Final = "value"
_FILLED: Final = "filled"
_WATCHED: Final = "sudden"


def newest_seconds(period: int) -> int:
    """Seconds of the values that are held against the mean, at a period in seconds."""
    return max(_FEWEST_NEWEST * period, NEWEST)


def m_of_n(period: int) -> tuple[int, int]:
    """M and N of such an alarm, at a period in seconds."""
    return max(1, LASTING // period), max(FEWEST, RECENT // period)


def against_mean(value: str, period: int) -> str:
    """How far the newest values are from the mean; 0 for the older ones.

    Args:
        value: the id of what is watched.
        period: seconds.
    """
    newest = f"EPOCH({value}) > MAX(EPOCH({value})) - {newest_seconds(period)}"
    return f"({value} - AVG({value})) * ({newest})"


def is_possible(period: int) -> bool:
    """Whether an alarm can look at enough periods of so many seconds."""
    return FEWEST * period <= limits.EVALUATION_WINDOW


def is_filled(statistic: str, treatment: MissingData) -> bool:
    """Whether a period without data is one of zero: of a count that is published where any is."""
    return statistic in _COUNTED and treatment is MissingData.NOT_BREACHING


def recent_problems(rule: AlarmRule) -> Iterator[Problem]:
    """What is wrong with the distances at which a rule's alarm on its recent past fires."""
    if rule.recent is None:
        if rule.recent_by_hour:
            yield Problem(
                "recent_by_hour",
                ", ".join(rule.recent_by_hour),
                "says at which hours another distance counts than recent: write recent too",
            )
        return
    if not is_possible(rule.period):
        yield Problem(
            "recent",
            rule.recent,
            f"an alarm looks back on a day, which has fewer than {FEWEST} periods of "
            f"{rule.period} s: leave recent out",
        )
    elif fault := _distance_fault(rule, rule.recent):
        yield Problem("recent", rule.recent, fault)
    else:
        yield from _hourly_problems(rule, rule.recent)


def _distance_fault(rule: AlarmRule, distance: float) -> str:
    """What is wrong with a distance from the mean; empty where nothing is."""
    span = rule.highest - rule.lowest
    m, n = m_of_n(rule.period)
    # M values as far as can be from all others draw the mean with them.
    reach = math.floor(span * (1 - m / n) * _PARTS) / _PARTS if span < math.inf else span
    if not reach:
        return "its values are always the same: leave recent out"
    if not 0 < distance < math.inf:
        return "write how far from the last hour's mean: more than 0"
    if distance > reach:
        most = format_quantity(reach, rule.unit)
        return f"no value is so far from the mean, which it is a part of: write at most {most}"
    return ""


def _hourly_problems(rule: AlarmRule, distance: float) -> Iterator[Problem]:
    """What is wrong with the hours that have a distance of their own."""
    if not rule.recent_by_hour:
        return
    begins = _beginnings(rule.period)
    for text, own in rule.recent_by_hour.items():
        if fault := _distance_fault(rule, own):
            yield Problem("recent_by_hour", f"{text}: {own}", fault)
    try:
        spans = {text: Span.of(text) for text in rule.recent_by_hour}
        table = table_of(distance, rule.recent_by_hour)
    except SpanError as error:
        yield Problem("recent_by_hour", error.span, str(error))
        return
    for text, span in spans.items():
        if not begins & {*span.hours}:
            yield Problem(
                "recent_by_hour",
                text,
                f"no period of {rule.period} s begins in it, and a period's hour is that of its "
                "beginning: leave it out",
            )
    try:
        if all(min(row) > 0 for row in table):
            _watched(rule, table)
    except InvalidValueError as error:
        yield Problem(
            "recent_by_hour",
            f"{len(spans)} spans",
            f"an alarm's metric math cannot hold so many ({error}): write fewer",
        )


def _beginnings(period: int) -> set[int]:
    """The hours of a day, UTC, in which periods of so many seconds begin."""
    count = HOURS * HOUR // math.gcd(period, DAY)
    return {at * period % DAY // HOUR for at in range(count)}


def recent_rule(rule: AlarmRule) -> AlarmRule | None:
    """The alarm on a rule's recent past, beside the rule; ``None`` where none is wanted.

    It watches in the same direction, tells the same topic and has the same runbook.
    """
    distance = rule.recent
    if distance is None or any(recent_problems(rule)):
        return None
    upward = rule.comparison.is_upward
    table = table_of(distance, rule.recent_by_hour) if rule.recent_by_hour else None
    m, n = m_of_n(rule.period)
    span = rule.highest - rule.lowest
    if table:
        far = in_words(table, lambda value: format_quantity(value, rule.unit))
        # In distances: a quotient is at least 1 exactly where the distance is reached.
        threshold, unit, span = 1.0, Unit.COUNT, span / min(map(min, table))
    else:
        far, threshold, unit = format_quantity(distance, rule.unit), distance, rule.unit
    side = "above" if upward else "below"
    return replace(
        rule,
        key=f"{rule.key}{SUFFIX}",
        title=f"{rule.title}, suddenly",
        meaning=f"It is {far} or more {side} its mean of the last hour. "
        + capitalized(rule.meaning),
        basis="",
        signal=_watched(rule, table),
        comparison=Comparison.AT_LEAST if upward else Comparison.AT_MOST,
        threshold=threshold if upward else -threshold,
        unit=unit,
        evaluation_periods=n,
        datapoints_to_alarm=m,
        treat_missing_data=MissingData.NOT_BREACHING,
        lowest=-span,
        highest=span,
        is_highest_reached=True,
        likely_most=None,
        default=None,
        outage=None,
        graph="",
        recent=None,
        recent_by_hour={},
    )


def _watched(rule: AlarmRule, table: Table | None) -> MetricMath:
    """A rule's signal less its mean; in distances, where those differ by hour.

    Raises:
        InvalidValueError: an alarm cannot hold so much metric math.
    """
    signal = rule.signal
    if isinstance(signal, MetricMath):
        queries, value = signal.queries, signal.returned
    else:
        queries, value = (MetricQuery(id=_METRIC, source=signal),), _METRIC
        if is_filled(signal.statistic, rule.treat_missing_data):
            value = _FILLED
            queries += (MetricQuery(id=value, source=f"FILL({_METRIC}, 0)"),)
    source = against_mean(value, rule.period)
    label = f"{signal.label} less its mean of the last hour"
    if table:
        distances = expressions(table, value)
        queries += tuple(MetricQuery(id=id_, source=text) for id_, text in distances.items())
        source += f" / {list(distances)[-1]}"
        # In full, so that whoever compares two alarms sees every change.
        label += f", in distances of {_in_words(rule)}"
    sudden = MetricQuery(id=_WATCHED, source=source, label=label)
    return MetricMath(queries=(*queries, sudden), returned=_WATCHED)


def _in_words(rule: AlarmRule) -> str:
    """A rule's distances: ``15 % (UTC 07-19: 25 %; Sun 02-05: 40 %)``."""
    assert rule.recent is not None
    spans = (
        f"{span}: {format_quantity(distance, rule.unit)}"
        for span, distance in rule.recent_by_hour.items()
    )
    return f"{format_quantity(rule.recent, rule.unit)} (UTC {'; '.join(spans)})"
