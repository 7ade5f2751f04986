"""Levels that follow from the deployed thresholds, so that a scenario fits every stack."""

from collections.abc import Sequence

from ecs_monitoring.cloudwatch.definition import MetricKey, MetricStat
from ecs_monitoring.cloudwatch.rule import Comparison
from sandbox.deployed import Deployed
from sandbox.scenario_steps import OrdinaryMetric, SeriesChange

_RISING = (Comparison.AT_LEAST, Comparison.ABOVE)


def fitted_usual(usual: OrdinaryMetric, metric: MetricKey, deployed: Deployed) -> OrdinaryMetric:
    """The ordinary level, as far clear of the nearest threshold as the metric wants it.

    Without an alarm on the metric itself the level stays as it is written.
    """
    rising, falling = _thresholds(metric, deployed)
    if usual.clear_of is None or not (rising or falling):
        return usual
    level = min(rising) / usual.clear_of if rising else max(falling) * usual.clear_of
    noise = usual.noise * level / usual.level if usual.level else usual.noise
    return usual.model_copy(update={"level": level, "noise": noise})


def fitted_changes(
    changes: Sequence[SeriesChange], metric: MetricKey, deployed: Deployed
) -> tuple[SeriesChange, ...]:
    """The changes with ``beyond`` turned into levels past the farthest threshold.

    Without an alarm on the metric itself nobody could tell, and the level stays usual.
    """
    rising, falling = _thresholds(metric, deployed)
    fitted = []
    for change in changes:
        if change.beyond is None:
            fitted.append(change)
        elif rising:
            fitted.append(change.model_copy(update={"to": max(rising) * change.beyond}))
        elif falling:
            fitted.append(change.model_copy(update={"to": min(falling) / change.beyond}))
        else:
            fitted.append(change.model_copy(update={"to": "usual"}))
    return tuple(fitted)


def _thresholds(metric: MetricKey, deployed: Deployed) -> tuple[list[float], list[float]]:
    """Thresholds of the alarms on the metric's own level: those from above, those from below.

    A count of samples is no level, and metric math has thresholds of its own.
    """
    rising: list[float] = []
    falling: list[float] = []
    for alarm in deployed.alarms.values():
        signal = alarm.definition.signal
        if not isinstance(signal, MetricStat) or signal.metric != metric:
            continue
        if signal.statistic == "SampleCount":
            continue
        side = rising if alarm.definition.comparison in _RISING else falling
        side.append(alarm.definition.threshold)
    return rising, falling
