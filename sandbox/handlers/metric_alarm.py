"""aws:cloudwatch/metricAlarm:MetricAlarm."""

from collections.abc import Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmState
from sandbox.handlers.base import TAGS, Handler, Place, Property, as_it_is, as_set, from_api
from sandbox.tags import CLOUDWATCH, from_pairs, pairs
from sandbox.wire import Properties
from stack.alarm_api import METRIC_STAT, PLAIN, QUERY, WARM_UP, put_metric_alarm_request


def _as_queries(value: Any) -> Any:
    if not isinstance(value, list):
        return as_it_is(value)
    return as_set([{"returnData": False, **query} for query in value])


def _as_warm_up(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return as_it_is(value)
    return {"onlyStartEvaluatingAfterWarmUpPeriodEnds": False, **value}


_CREATED: Final = "Unchecked: Initial alarm creation"
"""The reason that AWS gives for the state of a new alarm."""


class MetricAlarmHandler(Handler):
    """A CloudWatch alarm on a metric or a metric math expression."""

    type = "aws:cloudwatch/metricAlarm:MetricAlarm"
    inputs = {
        **dict.fromkeys(PLAIN, Property()),
        "name": Property(required=True, replaces=True),
        "comparisonOperator": Property(required=True),
        "evaluationPeriods": Property(required=True),
        "actionsEnabled": Property(default=True),
        "alarmActions": Property(form=as_set),
        "okActions": Property(form=as_set),
        "insufficientDataActions": Property(form=as_set),
        "treatMissingData": Property(default="missing"),
        "evaluateLowSampleCountPercentiles": Property(computed=True),
        "dimensions": Property(),
        "metricQueries": Property(form=_as_queries),
        "warmUpConfiguration": Property(form=_as_warm_up),
        "tags": TAGS,
    }
    outputs = frozenset({"arn"})
    named = "name"
    tagging = CLOUDWATCH
    limitations = (
        "the emulator evaluates no alarm and carries out no action",
        "the emulator answers 500 to DescribeAlarmHistory",
    )

    def create(self, aws: Place, inputs: Properties) -> str:
        """Put the alarm; one of that name that is there already is an error, as with AWS's own."""
        name = str(inputs["name"])
        if _find(aws, name):
            raise ValueError(f'CloudWatch metric alarm "{name}" already exists')
        aws.client("cloudwatch").put_metric_alarm(
            **put_metric_alarm_request(inputs), Tags=pairs(inputs.get("tags"))
        )
        # The emulator's new alarms are OK; at AWS they know nothing yet.
        _set_state(aws, name, AlarmState.INSUFFICIENT_DATA, _CREATED)
        return name

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Describe the alarm."""
        alarm = _find(aws, id_)
        if alarm is None:
            return None
        queries = [_query(query) for query in alarm.get("Metrics", [])]
        dimensions = from_pairs(alarm.get("Dimensions", []), "Name", "Value")
        warm_up = alarm.get("WarmUpConfiguration")
        return {
            **from_api(PLAIN, alarm),
            "treatMissingData": alarm.get("TreatMissingData", "missing"),
            **({"dimensions": dimensions} if dimensions else {}),
            **({"metricQueries": queries} if queries else {}),
            **({"warmUpConfiguration": from_api(WARM_UP, warm_up)} if warm_up else {}),
            "arn": alarm["AlarmArn"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the alarm again."""
        before = _find(aws, id_)
        if before is None:
            raise LookupError(f'there is no CloudWatch metric alarm "{id_}"')
        aws.client("cloudwatch").put_metric_alarm(**put_metric_alarm_request(inputs))
        # A changed alarm keeps its state until it is evaluated.
        _set_state(aws, id_, before["StateValue"], before.get("StateReason", ""))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the alarm."""
        aws.client("cloudwatch").delete_alarms(AlarmNames=[id_])


def _set_state(aws: Place, name: str, state: str, reason: str) -> None:
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=name, StateValue=str(state), StateReason=reason
    )


def _find(aws: Place, name: str) -> dict[str, Any] | None:
    alarms = aws.client("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["MetricAlarm"]
    )["MetricAlarms"]
    return dict(alarms[0]) if alarms else None


def _query(answer: Mapping[str, Any]) -> Properties:
    query = from_api(QUERY, answer)
    stat = answer.get("MetricStat")
    if stat:
        metric = stat["Metric"]
        dimensions = from_pairs(metric.get("Dimensions", []), "Name", "Value")
        query["metric"] = {
            "metricName": metric["MetricName"],
            **({"namespace": metric["Namespace"]} if "Namespace" in metric else {}),
            **({"dimensions": dimensions} if dimensions else {}),
            **from_api(METRIC_STAT, stat),
        }
    return query
