"""The alarms that the program registers, as the rules that they were made of."""

from collections.abc import Mapping
from typing import Any

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.errors import InvalidValueError
from ecs_monitoring.cloudwatch.expression import MetricMath, MetricQuery
from ecs_monitoring.cloudwatch.limits import STANDARD_PERIOD
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LowSamples,
    MissingData,
    Severity,
    WarmUp,
    parts_of_description,
)
from ecs_monitoring.cloudwatch.units import Unit
from ecs_monitoring.rules.units import UNIT_TAG
from ecs_monitoring.words import MINUTE
from stack.program import Registration


def registered_rule(registration: Registration) -> AlarmRule:
    """The rule of a MetricAlarm of a run in which every value is known.

    What only the program knows of a rule (its bounds, its graph) is not in it, and ``meaning``
    holds the rule's basis, too.

    Raises:
        InvalidValueError: the alarm watches something else than a fixed threshold on metrics of
            the stack's own account.
    """
    inputs = registration.inputs
    if "threshold" not in inputs or inputs.get("thresholdMetricId"):
        raise InvalidValueError("it has no fixed threshold: anomaly detection")
    tags: Mapping[str, str] = inputs["tags"]
    address = AlarmAddress.from_tags(tags)
    title, meaning, runbook = parts_of_description(str(inputs["alarmDescription"]))
    signal, period = _signal(inputs)
    low_samples = inputs.get("evaluateLowSampleCountPercentiles") or LowSamples.EVALUATE
    periods, needed = int(inputs["evaluationPeriods"]), int(inputs["datapointsToAlarm"])
    return AlarmRule(
        key=address.key,
        target=address.target,
        part=address.part,
        name=str(inputs["name"]),
        title=title,
        meaning=meaning,
        severity=Severity(tags["Severity"]),
        signal=signal,
        comparison=Comparison(inputs["comparisonOperator"]),
        threshold=float(inputs["threshold"]),
        unit=Unit(tags[UNIT_TAG]),
        period=period,
        evaluation_periods=periods,
        datapoints_to_alarm=needed if needed != periods else None,
        treat_missing_data=MissingData(inputs["treatMissingData"]),
        low_samples=LowSamples(low_samples),
        warm_up=_warm_up(inputs),
        runbook=runbook,
    )


def _warm_up(inputs: Mapping[str, Any]) -> WarmUp | None:
    configured = inputs.get("warmUpConfiguration")
    if not configured:
        return None
    minutes = int(configured["warmUpPeriodDurationInMinutes"])
    is_whole = bool(configured.get("onlyStartEvaluatingAfterWarmUpPeriodEnds"))
    return WarmUp(minutes * MINUTE, is_whole=is_whole)


def _signal(inputs: Mapping[str, Any]) -> tuple[Metric | MetricMath, int]:
    """What an alarm watches, and its period in seconds."""
    queries = inputs.get("metricQueries")
    if not queries:
        return _metric(inputs), int(inputs["period"])
    if any(query.get("accountId") for query in queries):
        raise InvalidValueError("it reads metrics of another account")
    periods = {int(query["metric"]["period"]) for query in queries if query.get("metric")}
    if len(periods) > 1:
        raise InvalidValueError("its metrics have several periods")
    math = MetricMath(
        queries=tuple(
            MetricQuery(
                id=query["id"],
                source=_metric(query["metric"]) if query.get("metric") else query["expression"],
                label=query.get("label") or "",
            )
            for query in queries
        ),
        returned=next(query["id"] for query in queries if query.get("returnData")),
    )
    return math, periods.pop()


def _metric(inputs: Mapping[str, Any]) -> Metric:
    statistic = inputs.get("stat") or inputs.get("statistic") or inputs["extendedStatistic"]
    return Metric(
        namespace=inputs["namespace"],
        name=inputs["metricName"],
        # What is registered has them in another order from run to run.
        dimensions=dict(sorted((inputs.get("dimensions") or {}).items())),
        statistic=statistic,
        high_resolution=int(inputs["period"]) < STANDARD_PERIOD,
    )
