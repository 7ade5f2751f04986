"""Values of a file as samples of the metrics that alarms read."""

from collections.abc import Sequence
from typing import Final

from ecs_monitoring.cloudwatch.definition import AlarmDefinition, MetricKey, MetricStat
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.evaluation import Sample, Series
from history.evaluate.datapoints import Given
from history.evaluate.outcome import EvaluateError

_SET: Final = ("samplecount", "sum", "minimum", "maximum")


def series_of(
    given: Sequence[Given], definitions: Sequence[AlarmDefinition]
) -> dict[MetricKey, Series]:
    """Each metric's series.

    Args:
        given: the rows.
        definitions: the alarms that read them.

    Raises:
        EvaluateError: a row is of no metric of the alarms, or has not what they read.
    """
    samples: dict[MetricKey, list[Sample]] = {}
    names: dict[MetricKey, str] = {}
    metrics = {name: _metric(name, given, definitions) for name in {row.metric for row in given}}
    for row in given:
        key, statistics = metrics[row.metric]
        if names.setdefault(key, row.metric) != row.metric:
            raise EvaluateError(
                f"{row.where}: {row.metric!r} and {names[key]!r} are the same metric: "
                "give its values once, under one of them"
            )
        try:
            samples.setdefault(key, []).extend(_samples(row, statistics))
        except CannotEvaluateError as error:
            raise EvaluateError(f"{row.where}: {error}") from None
    return {key: Series(of_metric) for key, of_metric in samples.items() if of_metric}


def _samples(row: Given, statistics: Sequence[str]) -> list[Sample]:
    """What a row stands for; no samples are no data."""
    of = row.statistics
    if all(name in of for name in _SET):
        if not of["samplecount"]:
            return []
        return [Sample(row.time, of["samplecount"], of["sum"], of["minimum"], of["maximum"])]
    value, count = row.value, 1.0 if row.samples is None else row.samples
    if value is None and of:
        read = [name for name in statistics if name.lower() in of]
        if not read:
            raise EvaluateError(
                f"{row.where}: has {', '.join(sorted(of))}, and the alarm reads "
                f"{', '.join(statistics)}: give that, or SampleCount, Sum, Minimum and Maximum"
            )
        value = of[read[0].lower()]
    if value is None:
        return []
    if list(statistics) == ["SampleCount"]:
        # The history of that statistic is how many samples there were, not what they were.
        value, count = 0.0, value
    return [Sample.of(row.time, value, count)] if count else []


def _metric(
    name: str, given: Sequence[Given], definitions: Sequence[AlarmDefinition]
) -> tuple[MetricKey, list[str]]:
    """The metric that a file calls so, and the statistics of it that the alarms read."""
    stats = [
        (query.id, query.source)
        for definition in definitions
        for query in definition.queries
        if isinstance(query.source, MetricStat)
    ]
    all_keys = {stat.metric for _, stat in stats}
    keys = {stat.metric for _, stat in stats if stat.metric.name == name}
    if by_id := {stat.metric for id_, stat in stats if id_ == name}:
        keys = by_id
    elif len(all_keys) == 1 and not name:
        keys = all_keys
    if len(keys) != 1:
        where = next(row.where for row in given if row.metric == name)
        metrics = ", ".join(dict.fromkeys(f"{id_} ({stat.metric.name})" for id_, stat in stats))
        problem = "several metrics have that name" if keys else "not of this alarm"
        raise EvaluateError(
            f"{where}: metric {name!r}: {problem}; write a query id or metric name of {metrics}"
        )
    (key,) = keys
    return key, sorted({stat.statistic for _, stat in stats if stat.metric == key})
