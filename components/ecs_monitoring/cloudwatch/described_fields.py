"""The fields of the alarms that DescribeAlarms answers; every one is known by name.

A field that changes what an alarm does is used or refused, never passed over; the others are
listed with the reason why they change nothing. A test holds the lists against botocore's model.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
"""

from collections.abc import Mapping
from typing import Any, Final

REFUSED: Final = {
    "AlarmRule": "a composite alarm: only its rule can be evaluated, with CompositeRule",
    "ScheduledQueryConfiguration": "a log alarm: only the results of its query can be evaluated",
    "EvaluationCriteria": "a PromQL alarm: its data are not CloudWatch metrics",
    "EvaluationInterval": "a PromQL alarm: its data are not CloudWatch metrics",
    "ThresholdMetricId": "anomaly detection: only fixed thresholds can be evaluated",
}
"""Fields of alarms that cannot be evaluated as metric alarms, and why."""

_STATE: Final = "the state that the alarm is in now"
_TOLD: Final = "what follows from a state, not which state it is"

WITHOUT_EFFECT: Final = {
    "AlarmConfigurationUpdatedTimestamp": "when the alarm was changed last",
    "StateValue": _STATE,
    "StateReason": _STATE,
    "StateReasonData": _STATE,
    "StateUpdatedTimestamp": _STATE,
    "StateTransitionedTimestamp": _STATE,
    "EvaluationState": _STATE,
    "ActionsSuppressedBy": _STATE,
    "ActionsSuppressedReason": _STATE,
    "ActionConfiguration": _TOLD,
    "ActionLogLineCount": _TOLD,
    "ActionLogLineRoleArn": _TOLD,
    "Label": "what graphs call a query",
    "AccountId": "where a metric is published; one that is read from several is refused",
}
"""Fields that change nothing of an alarm's states, and what they are."""

_OF_EVERY_ALARM: Final = frozenset(
    {
        "AlarmName",
        "AlarmArn",
        "AlarmDescription",
        "ActionsEnabled",
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
    }
)

USED: Final = {
    "MetricAlarm": _OF_EVERY_ALARM
    | {
        "MetricName",
        "Namespace",
        "Statistic",
        "ExtendedStatistic",
        "Dimensions",
        "Period",
        "Unit",
        "EvaluationPeriods",
        "DatapointsToAlarm",
        "Threshold",
        "ComparisonOperator",
        "TreatMissingData",
        "EvaluateLowSampleCountPercentile",
        "Metrics",
        "EvaluationWindow",
        "WarmUpConfiguration",
    },
    "CompositeAlarm": _OF_EVERY_ALARM
    | {
        "AlarmRule",
        "ActionsSuppressor",
        "ActionsSuppressorWaitPeriod",
        "ActionsSuppressorExtensionPeriod",
    },
    "LogAlarm": _OF_EVERY_ALARM
    | {
        "QueryResultsToEvaluate",
        "QueryResultsToAlarm",
        "Threshold",
        "ComparisonOperator",
        "TreatMissingData",
        "WarmUpConfiguration",
    },
    "MetricDataQuery": frozenset(("Id", "MetricStat", "Expression", "ReturnData", "Period")),
    "MetricStat": frozenset(("Metric", "Period", "Stat", "Unit")),
    "Metric": frozenset(("Namespace", "MetricName", "Dimensions")),
    "EvaluationWindow": frozenset(("WallClockWindow", "SlidingWindow")),
    "WallClockWindow": frozenset(("Timezone",)),
    "SlidingWindow": frozenset(()),
    "WarmUpConfiguration": frozenset(
        ("WarmUpPeriodDurationInMinutes", "OnlyStartEvaluatingAfterWarmUpPeriodEnds")
    ),
}
"""Fields that are used, by the name of their shape in botocore's model."""


def unknown_fields(alarm: Mapping[str, Any], shape: str = "MetricAlarm") -> tuple[str, ...]:
    """Fields that this program does not know, so that nobody knows whether they matter.

    Args:
        alarm: as DescribeAlarms answers it.
        shape: ``MetricAlarm``, ``CompositeAlarm`` or ``LogAlarm``.
    """
    fields = USED[shape] | REFUSED.keys() | WITHOUT_EFFECT.keys()
    strange = [name for name in alarm if name not in fields]
    for query in alarm.get("Metrics") or ():
        fields = USED["MetricDataQuery"] | WITHOUT_EFFECT.keys()
        strange += [f"Metrics.{name}" for name in query if name not in fields]
    return tuple(dict.fromkeys(strange))
