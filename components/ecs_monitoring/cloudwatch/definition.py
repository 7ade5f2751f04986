"""A metric alarm as CloudWatch holds it: what is watched, and when the alarm is on.

The one form that everything which evaluates alarms works on, whether the alarm was read back
from the API (``AlarmDefinition.from_api``) or comes from one of the project's rules
(``definition_of``).
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from ecs_monitoring.cloudwatch import limits
from ecs_monitoring.cloudwatch.errors import CannotEvaluateError
from ecs_monitoring.cloudwatch.metric import Metric
from ecs_monitoring.cloudwatch.rule import (
    AlarmRule,
    Comparison,
    LowSamples,
    MissingData,
    NoThreshold,
)

ONLY_QUERY: Final = "m1"
"""The query id of an alarm that watches one metric without metric math."""

E = TypeVar("E", bound=StrEnum)

_UNSUPPORTED: Final = {
    "AlarmRule": "a composite alarm: only its rule can be evaluated, with CompositeRule",
    "EvaluationCriteria": "a PromQL alarm: its data are not CloudWatch metrics",
    "ThresholdMetricId": "anomaly detection: only fixed thresholds can be evaluated",
}


@dataclass(frozen=True, kw_only=True)
class MetricKey:
    """Which metric it is: what CloudWatch tells metrics apart by.

    Attributes:
        namespace: for example ``AWS/ECS``.
        name: for example ``CPUUtilization``.
        dimensions: pairs of name and value; their order means nothing.
    """

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, kw_only=True)
class MetricStat:
    """One statistic of a metric, for example ``Average`` or ``p99``."""

    metric: MetricKey
    statistic: str


@dataclass(frozen=True, kw_only=True)
class Query:
    """A metric's statistic, or an expression, under the id by which expressions refer to it."""

    id: str
    source: MetricStat | str


@dataclass(frozen=True, kw_only=True)
class AlarmDefinition:
    """A metric alarm with a fixed threshold.

    Attributes:
        name: the alarm's name.
        arn: the alarm's ARN; empty where it is not known.
        description: what the alarm says of itself.
        actions_enabled: whether state changes carry out actions at all.
        ok_actions: ARNs that hear of the change to OK; the others likewise.
        queries: what the alarm reads; a single query without metric math.
        watched: the id of the query that is compared with the threshold.
        period: seconds that one datapoint covers, the same for every metric.
        comparison: the datapoint breaches while ``value comparison threshold`` holds.
        threshold: in the metric's own unit.
        evaluation_periods: N, how many of the most recent datapoints are looked at.
        datapoints_to_alarm: M, how many of them must breach; ``None`` where the alarm does
            not say, which means all N (and makes CloudWatch word its reasons differently).
        treat_missing_data: what a period without data counts as.
        low_samples: what a percentile of too few samples does.

    Raises:
        CannotEvaluateError: values that CloudWatch would refuse.
    """

    name: str
    arn: str = ""
    description: str = ""
    actions_enabled: bool = True
    ok_actions: tuple[str, ...] = ()
    alarm_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()
    queries: tuple[Query, ...]
    watched: str
    period: int
    comparison: Comparison
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int | None = None
    treat_missing_data: MissingData = MissingData.MISSING
    low_samples: LowSamples = LowSamples.EVALUATE

    def __post_init__(self) -> None:
        if self.watched not in (query.id for query in self.queries):
            raise CannotEvaluateError(f"the watched id {self.watched!r} is none of the queries")
        is_short = self.period in limits.HIGH_RESOLUTION_PERIODS
        if not is_short and (self.period < 1 or self.period % limits.STANDARD_PERIOD):
            raise CannotEvaluateError(
                f"Period {self.period}: write 10, 20, 30 or a multiple of 60 seconds"
            )
        if not 1 <= self.breaching_datapoints <= self.evaluation_periods:
            raise CannotEvaluateError(
                f"DatapointsToAlarm {self.datapoints_to_alarm} of EvaluationPeriods "
                f"{self.evaluation_periods}: write 1 or more, and no more than are looked at"
            )
        if not math.isfinite(self.threshold):
            raise CannotEvaluateError(f"Threshold {self.threshold}: write a finite number")

    @property
    def breaching_datapoints(self) -> int:
        """M: how many of the last N datapoints must breach."""
        if self.datapoints_to_alarm is None:
            return self.evaluation_periods
        return self.datapoints_to_alarm

    @property
    def signal(self) -> MetricStat | str:
        """What is compared with the threshold: a metric's statistic, or an expression."""
        return next(query.source for query in self.queries if query.id == self.watched)

    @property
    def metrics(self) -> tuple[MetricKey, ...]:
        """The distinct metrics that the alarm reads, in the order of its queries."""
        stats = (q.source for q in self.queries if isinstance(q.source, MetricStat))
        return tuple(dict.fromkeys(stat.metric for stat in stats))

    def breaches(self, value: float) -> bool:
        """Whether a datapoint with this value is beyond the threshold."""
        return self.comparison.holds(value, self.threshold)

    @classmethod
    def from_api(cls, alarm: Mapping[str, Any]) -> "AlarmDefinition":
        """The alarm from one item of the ``MetricAlarms`` that DescribeAlarms returns.

        ``Unit`` is not looked at: datapoints carry no unit here, so they count as published
        with the alarm's own.
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html

        Raises:
            CannotEvaluateError: a field is absent or of the wrong type, or the alarm watches
                something else than metrics against a fixed threshold in a sliding window.
        """
        try:
            return cls(**_from_api(alarm))
        except CannotEvaluateError as error:
            raise CannotEvaluateError(f"alarm {alarm.get('AlarmName', '?')}: {error}") from None


def definition_of(rule: AlarmRule) -> AlarmDefinition:
    """The alarm that a rule of the project becomes in CloudWatch, without ARN and actions.

    Raises:
        CannotEvaluateError: the rule has no threshold, or CloudWatch would refuse it.
    """
    if isinstance(rule.threshold, NoThreshold):
        raise CannotEvaluateError(f"{rule.address} has no threshold: {rule.threshold.reason}")
    # Every alarm of the project is registered with DatapointsToAlarm spelled out, and with
    # the treatment of low samples for single metrics alone.
    if isinstance(rule.signal, Metric):
        queries: tuple[Query, ...] = (Query(id=ONLY_QUERY, source=_source(rule.signal)),)
        watched, low_samples = ONLY_QUERY, rule.low_samples
    else:
        queries = tuple(Query(id=q.id, source=_source(q.source)) for q in rule.signal.queries)
        watched, low_samples = rule.signal.returned, LowSamples.EVALUATE
    return AlarmDefinition(
        name=rule.name or rule.address,
        description=rule.description,
        queries=queries,
        watched=watched,
        period=rule.period,
        comparison=rule.comparison,
        threshold=float(rule.threshold),
        evaluation_periods=rule.evaluation_periods,
        datapoints_to_alarm=rule.breaching_datapoints,
        treat_missing_data=rule.treat_missing_data,
        low_samples=low_samples,
    )


def _source(source: Metric | str) -> MetricStat | str:
    if isinstance(source, str):
        return source
    dimensions = frozenset(source.dimensions.items())
    key = MetricKey(namespace=source.namespace, name=source.name, dimensions=dimensions)
    return MetricStat(metric=key, statistic=source.statistic)


def _from_api(alarm: Mapping[str, Any]) -> dict[str, Any]:
    for field, feature in _UNSUPPORTED.items():
        if alarm.get(field):
            raise CannotEvaluateError(f"{field}: {feature}")
    if "WallClockWindow" in (alarm.get("EvaluationWindow") or {}):
        raise CannotEvaluateError("EvaluationWindow: only sliding windows can be evaluated")
    queries, watched, period = _queries_from_api(alarm)
    namespaces = {q.source.metric.namespace for q in queries if isinstance(q.source, MetricStat)}
    # "Alarms that evaluate metrics in the AWS/DynamoDB namespace default to ignore missing data":
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    treatment = MissingData.IGNORE if namespaces == {"AWS/DynamoDB"} else MissingData.MISSING
    says_m = alarm.get("DatapointsToAlarm") is not None
    return {
        "name": _field(alarm, "AlarmName", str),
        "arn": alarm.get("AlarmArn") or "",
        "description": alarm.get("AlarmDescription") or "",
        "actions_enabled": alarm.get("ActionsEnabled", True),
        "ok_actions": tuple(alarm.get("OKActions") or ()),
        "alarm_actions": tuple(alarm.get("AlarmActions") or ()),
        "insufficient_data_actions": tuple(alarm.get("InsufficientDataActions") or ()),
        "queries": queries,
        "watched": watched,
        "period": period,
        "comparison": _choice(alarm, "ComparisonOperator", Comparison, None),
        "threshold": float(_field(alarm, "Threshold", int, float)),
        "evaluation_periods": _field(alarm, "EvaluationPeriods", int),
        "datapoints_to_alarm": _field(alarm, "DatapointsToAlarm", int) if says_m else None,
        "treat_missing_data": _choice(alarm, "TreatMissingData", MissingData, treatment),
        "low_samples": _choice(
            alarm, "EvaluateLowSampleCountPercentile", LowSamples, LowSamples.EVALUATE
        ),
    }


def _queries_from_api(alarm: Mapping[str, Any]) -> tuple[tuple[Query, ...], str, int]:
    """Queries, the watched id and the period in seconds."""
    metrics = alarm.get("Metrics")
    if not metrics:
        statistic = alarm.get("Statistic") or _field(alarm, "ExtendedStatistic", str)
        source = MetricStat(metric=_key_from_api(alarm), statistic=statistic)
        return (Query(id=ONLY_QUERY, source=source),), ONLY_QUERY, _field(alarm, "Period", int)
    queries = []
    periods = set()
    for item in metrics:
        id_ = _field(item, "Id", str)
        if stat := item.get("MetricStat"):
            key = _key_from_api(_field(stat, "Metric", Mapping))
            source = MetricStat(metric=key, statistic=_field(stat, "Stat", str))
            periods.add(_field(stat, "Period", int))
            queries.append(Query(id=id_, source=source))
        else:
            queries.append(Query(id=id_, source=_field(item, "Expression", str)))
    watched = [item["Id"] for item in metrics if item.get("ReturnData", True)]
    if len(watched) != 1:
        raise CannotEvaluateError("exactly one of Metrics must have ReturnData")
    if len(periods) != 1:
        raise CannotEvaluateError(
            f"Metrics have the periods {', '.join(map(str, sorted(periods))) or 'none'}: "
            "only metrics of one period can be evaluated together"
        )
    return tuple(queries), watched[0], periods.pop()


def _key_from_api(metric: Mapping[str, Any]) -> MetricKey:
    pairs: Iterable[Mapping[str, str]] = metric.get("Dimensions") or ()
    return MetricKey(
        namespace=_field(metric, "Namespace", str),
        name=_field(metric, "MetricName", str),
        dimensions=frozenset((pair["Name"], pair["Value"]) for pair in pairs),
    )


def _field(mapping: Mapping[str, Any], name: str, *types: type) -> Any:
    value = mapping.get(name)
    if not isinstance(value, types) or isinstance(value, bool):
        raise CannotEvaluateError(
            f"{name} is missing" if value is None else f"{name} {value!r}: not of the API's type"
        )
    return value


def _choice(mapping: Mapping[str, Any], name: str, known: type[E], default: E | None) -> E:
    value = mapping.get(name) or default
    if value not in list(known):
        raise CannotEvaluateError(f"{name} {value!r}: only {', '.join(known)} can be evaluated")
    return known(value)
