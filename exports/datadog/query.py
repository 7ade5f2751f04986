"""Queries of metric monitors: ``time_aggr(time_window):space_aggr:metric{tags} operator #``.

https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor
"""

from typing import Final

from ecs_monitoring.cloudwatch.expression import MetricMath
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import AlarmRule
from ecs_monitoring.words import MINUTE
from exports.datadog.metrics import MetricType, datadog_metric, scope
from exports.formula import formula
from exports.result import NotCarriedError
from exports.texts import plain_number

# How the values of one period become one: by what CloudWatch calls a statistic.
_TIME: Final = {"Minimum": "min", "Maximum": "max"}

# Minutes: `last_#m`, "with # between 1 and 10080 depending on the monitor type".
_LONGEST_WINDOW: Final = 2880


def monitor_query(rule: AlarmRule, region: str, threshold: float) -> str:
    """The whole query of a monitor.

    N periods in a row are beyond a threshold where the nearest of them is: the lowest of values
    that must be high, the highest of values that must be low.

    Raises:
        NotCarriedError: there is none.
    """
    # Before anything else, since what cannot be asked for need not be judged.
    series_query(rule.signal, region)
    periods = rule.breaching_datapoints
    minutes = rule.period * periods // MINUTE
    if rule.period % MINUTE or not 1 <= minutes <= _LONGEST_WINDOW:
        raise NotCarriedError(
            f"it looks at {rule.period * periods:,} s in periods of {rule.period:,} s, and a "
            f"monitor at 1 to {_LONGEST_WINDOW:,} minutes"
        )
    if any(_is_count(metric) for metric in rule.metrics):
        if periods > 1:
            raise NotCarriedError(
                f"it wants {periods} periods of a count in a row, and a monitor only adds them up"
            )
        time = "sum"
    elif periods == 1:
        time = _TIME.get(rule.metrics[0].statistic, "avg")
    else:
        time = "min" if rule.comparison.is_upward else "max"
    rollup = f".rollup(avg, {rule.period})" if periods > 1 and rule.period > MINUTE else ""
    series = series_query(rule.signal, region, rollup)
    return f"{time}(last_{minutes}m):{series} {rule.comparison.sign} {plain_number(threshold)}"


def series_query(signal: Metric | MetricMath, region: str, rollup: str = "") -> str:
    """A metric's series, or a formula of several.

    Raises:
        NotCarriedError: a metric has no name in Datadog's lists, or the formula has no like.
    """

    def written(metric: Metric) -> str:
        translated = datadog_metric(metric)
        count = ".as_count()" if translated.type is MetricType.COUNT else ""
        return f"{translated.space}:{translated.name}{{{scope(metric, region)}}}{count}{rollup}"

    if isinstance(signal, Metric):
        return written(signal)
    text = formula(signal, written)
    if any(_is_count(metric) for metric in signal.metrics):
        raise NotCarriedError(
            "its metric math is of counts, which a monitor adds up over its whole window before "
            "anything is computed of them"
        )
    return text


def _is_count(metric: Metric) -> bool:
    return datadog_metric(metric).type is MetricType.COUNT
