"""Alarms as DescribeAlarms answers them, read into definitions.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.composite import CompositeDefinition
from ecs_monitoring.cloudwatch.composite_rule import CompositeRule
from ecs_monitoring.cloudwatch.definition import (
    ONLY_QUERY,
    AlarmDefinition,
    MetricKey,
    MetricStat,
    Query,
    WallClock,
)
from ecs_monitoring.cloudwatch.described_fields import REFUSED
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.rule import Comparison, LowSamples, MissingData, WarmUp

E = TypeVar("E", bound=StrEnum)

# The beginning of what is no metric math, and what it is.
_NO_MATH: Final = {
    re.compile(r"\s*SELECT\b", re.IGNORECASE): "a Metrics Insights query reads whichever metrics "
    "the account has: evaluate an alarm on one of them, or on metric math over some",
    re.compile(r".*\bSEARCH\s*\(", re.DOTALL): "SEARCH finds many time series, and AWS takes no "
    "alarm on it: name the metrics",
    re.compile(r".*\bANOMALY_DETECTION_BAND\s*\(", re.DOTALL): "anomaly detection: only fixed "
    "thresholds can be evaluated",
    re.compile(
        r".*\b(INSIGHT_RULE_METRIC|DB_PERF_INSIGHTS|LAMBDA|SERVICE_QUOTA)\s*\(", re.DOTALL
    ): "its values come from another service and are no metric: give them as a metric of their own",
}


def definition_from_described(alarm: Mapping[str, Any]) -> AlarmDefinition:
    """The alarm from one item of the ``MetricAlarms`` that DescribeAlarms returns.

    Raises:
        CannotEvaluateError: a field is absent or of the wrong type, the alarm watches something
            else than metrics against a fixed threshold, or AWS would refuse it.
    """
    try:
        return AlarmDefinition(**_fields(alarm))
    except CannotEvaluateError as error:
        raise CannotEvaluateError(f"alarm {alarm.get('AlarmName', '?')}: {error}") from None


def composite_from_described(alarm: Mapping[str, Any]) -> CompositeDefinition:
    """The composite alarm in an answer of DescribeAlarms.

    Raises:
        CannotEvaluateError: its rule cannot be read.
    """
    name = str(alarm.get("AlarmName", "?"))
    text = str(alarm.get("AlarmRule", ""))
    try:
        rule = CompositeRule.parse(text)
    except CannotEvaluateError as error:
        raise CannotEvaluateError(f"alarm {name}: {error}") from None
    return CompositeDefinition(
        name=name,
        **_held(alarm),
        text=text,
        rule=rule,
        suppressor=str(alarm.get("ActionsSuppressor") or ""),
        wait_period=int(alarm.get("ActionsSuppressorWaitPeriod") or 0),
        extension_period=int(alarm.get("ActionsSuppressorExtensionPeriod") or 0),
    )


def warm_up_from_api(alarm: Mapping[str, Any]) -> WarmUp | None:
    """The warm-up of a metric or log alarm.

    Raises:
        CannotEvaluateError: it has no length.
    """
    given = alarm.get("WarmUpConfiguration")
    if not given:
        return None
    minutes = api_field(given, "WarmUpPeriodDurationInMinutes", int)
    return WarmUp(60 * minutes, bool(given.get("OnlyStartEvaluatingAfterWarmUpPeriodEnds")))


def _held(alarm: Mapping[str, Any]) -> dict[str, Any]:
    """What metric alarms and composite alarms have alike, but for the name."""
    return {
        "arn": alarm.get("AlarmArn") or "",
        "description": alarm.get("AlarmDescription") or "",
        "actions_enabled": alarm.get("ActionsEnabled", True),
        "ok_actions": tuple(alarm.get("OKActions") or ()),
        "alarm_actions": tuple(alarm.get("AlarmActions") or ()),
        "insufficient_data_actions": tuple(alarm.get("InsufficientDataActions") or ()),
    }


def _fields(alarm: Mapping[str, Any]) -> dict[str, Any]:
    for field, feature in REFUSED.items():
        if alarm.get(field):
            raise CannotEvaluateError(f"{field}: {feature}")
    queries, watched, period, unit = _queries(alarm)
    namespaces = {q.source.metric.namespace for q in queries if isinstance(q.source, MetricStat)}
    # "Alarms that evaluate metrics in the AWS/DynamoDB namespace default to ignore missing data":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    treatment = MissingData.IGNORE if namespaces == {"AWS/DynamoDB"} else MissingData.MISSING
    says_m = alarm.get("DatapointsToAlarm") is not None
    evaluation_periods = api_field(alarm, "EvaluationPeriods", int)
    _check_length(period, evaluation_periods)
    return {
        "name": api_field(alarm, "AlarmName", str),
        **_held(alarm),
        "queries": queries,
        "watched": watched,
        "period": period,
        "comparison": api_choice(alarm, "ComparisonOperator", Comparison, None),
        "threshold": float(api_field(alarm, "Threshold", int, float)),
        "evaluation_periods": evaluation_periods,
        "datapoints_to_alarm": api_field(alarm, "DatapointsToAlarm", int) if says_m else None,
        "treat_missing_data": api_choice(alarm, "TreatMissingData", MissingData, treatment),
        "low_samples": api_choice(
            alarm, "EvaluateLowSampleCountPercentile", LowSamples, LowSamples.EVALUATE
        ),
        "unit": unit,
        "wall_clock": _wall_clock(alarm),
        "warm_up": warm_up_from_api(alarm),
    }


def _check_length(period: int, evaluation_periods: int) -> None:
    """Whether AWS takes an alarm that looks at so many periods."""
    is_long = period >= limits.LONG_PERIOD
    most = limits.LONG_EVALUATION_WINDOW if is_long else limits.EVALUATION_WINDOW
    if period * evaluation_periods > most:
        raise CannotEvaluateError(
            f"Period {period} x EvaluationPeriods {evaluation_periods} is "
            f"{period * evaluation_periods:,} seconds: AWS takes no more than {most:,}"
            + ("" if is_long else f" where the period is under {limits.LONG_PERIOD:,}")
        )


def _wall_clock(alarm: Mapping[str, Any]) -> WallClock | None:
    window = alarm.get("EvaluationWindow") or {}
    if "WallClockWindow" not in window:
        return None
    return WallClock((window["WallClockWindow"] or {}).get("Timezone") or "UTC")


def _queries(alarm: Mapping[str, Any]) -> tuple[tuple[Query, ...], str, int, str]:
    """Queries, the watched id, the period in seconds, the unit."""
    metrics = alarm.get("Metrics")
    if not metrics:
        statistic = alarm.get("Statistic") or api_field(alarm, "ExtendedStatistic", str)
        source = MetricStat(metric=metric_key(alarm), statistic=statistic)
        period = api_field(alarm, "Period", int)
        query = Query(id=ONLY_QUERY, source=source)
        return (query,), ONLY_QUERY, period, alarm.get("Unit") or ""
    _check_accounts(metrics)
    queries = []
    periods = set()
    of_expressions = set()
    units = {}
    for item in metrics:
        id_ = api_field(item, "Id", str)
        if stat := item.get("MetricStat"):
            key = metric_key(api_field(stat, "Metric", Mapping))
            source = MetricStat(metric=key, statistic=api_field(stat, "Stat", str))
            periods.add(api_field(stat, "Period", int))
            units[id_] = stat.get("Unit") or ""
            queries.append(Query(id=id_, source=source))
        else:
            expression = api_field(item, "Expression", str)
            _check_expression(id_, expression)
            if item.get("Period") is not None:
                of_expressions.add(api_field(item, "Period", int))
            queries.append(Query(id=id_, source=expression))
    watched = [item["Id"] for item in metrics if item.get("ReturnData", True)]
    if len(watched) != 1:
        raise CannotEvaluateError("exactly one of Metrics must have ReturnData")
    # An expression without metrics, such as TIME_SERIES(1), has a period of its own; that of
    # others must be their metrics'.
    periods |= of_expressions
    if len(periods) != 1:
        raise CannotEvaluateError(
            f"Metrics have the periods {', '.join(map(str, sorted(periods))) or 'none'}: "
            "only metrics of one period can be evaluated together"
        )
    return tuple(queries), watched[0], periods.pop(), units.get(watched[0], "")


def _check_accounts(queries: Sequence[Mapping[str, Any]]) -> None:
    """Metrics of several accounts that are called alike could not be told apart."""
    accounts: dict[MetricKey, Any] = {}
    for query in queries:
        if stat := query.get("MetricStat"):
            key = metric_key(api_field(stat, "Metric", Mapping))
            if accounts.setdefault(key, query.get("AccountId")) != query.get("AccountId"):
                raise CannotEvaluateError(
                    f"AccountId: {key.name} is read from several accounts, and a history says of "
                    "no value which one it is of"
                )


def _check_expression(id_: str, expression: str) -> None:
    for beginning, problem in _NO_MATH.items():
        if beginning.match(expression):
            raise CannotEvaluateError(f"expression {id_}: {problem}")


def metric_key(metric: Mapping[str, Any]) -> MetricKey:
    """A metric as the API names it in an alarm, or in a query of one.

    Raises:
        CannotEvaluateError: it has no namespace, or no name.
    """
    pairs: Iterable[Mapping[str, str]] = metric.get("Dimensions") or ()
    return MetricKey(
        namespace=api_field(metric, "Namespace", str),
        name=api_field(metric, "MetricName", str),
        dimensions=frozenset((pair["Name"], pair["Value"]) for pair in pairs),
    )


def api_field(mapping: Mapping[str, Any], name: str, *types: type) -> Any:
    """A field that must be there.

    Raises:
        CannotEvaluateError: it is absent, or of none of the types.
    """
    value = mapping.get(name)
    if not isinstance(value, types) or isinstance(value, bool):
        raise CannotEvaluateError(
            f"{name} is missing" if value is None else f"{name} {value!r}: not of the API's type"
        )
    return value


def api_choice(mapping: Mapping[str, Any], name: str, choices: type[E], default: E | None) -> E:
    """A field that has one of some values.

    Raises:
        CannotEvaluateError: it has another, or none and there is no default.
    """
    value = mapping.get(name) or default
    if value not in list(choices):
        raise CannotEvaluateError(f"{name} {value!r}: only {', '.join(choices)} can be evaluated")
    return choices(value)
