"""What CloudWatch takes, written down from its own documentation and not from this project.

Lengths, enumerations and patterns are read from the service model that botocore ships, rules that
the model does not state from https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
(API_PutMetricAlarm.html, API_MetricDataQuery.html) and cloudwatch_limits.html of the user guide.
"""

import gzip
import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

# "LessThanLowerThreshold" and the like are for anomaly detection models alone.
STATIC_COMPARISONS = {
    *("GreaterThanOrEqualToThreshold", "GreaterThanThreshold"),
    *("LessThanThreshold", "LessThanOrEqualToThreshold"),
}
MISSING_DATA = {"breaching", "notBreaching", "ignore", "missing"}
HOUR, DAY, WEEK = 3600, 86_400, 604_800

_PERCENTILE = re.compile(r"p(\d{1,2}(\.\d{1,10})?|100)")
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z]{2}(-[a-z]+)+-\d:\d{12}:[A-Za-z0-9_-]{1,256}")
_ID = re.compile(r"[a-z][A-Za-z0-9_]*")
_WORD = re.compile(r"\b[a-z][A-Za-z0-9_]*\b")


@cache
def shapes() -> dict[str, Any]:
    model = files("botocore") / "data/cloudwatch/2010-08-01/service-2.json.gz"
    found: dict[str, Any] = json.loads(gzip.decompress(model.read_bytes()))["shapes"]
    return found


def breaches(shape: str, value: Any) -> Iterator[str]:
    """What of a value its shape in the service model does not allow."""
    limits = shapes()[shape]
    size = value if limits["type"] in ("integer", "long") else len(value)
    if not limits.get("min", 0) <= size <= limits.get("max", math.inf):
        yield f"{shape}: {str(value)[:60]!r} has the size {size}"
    if "enum" in limits and value not in limits["enum"]:
        yield f"{shape}: {value!r} is none of {limits['enum']}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield f"{shape}: {value!r} does not match {limits['pattern']}"


def alarm_breaches(alarm: Mapping[str, Any]) -> list[str]:
    """Everything about a registered alarm that CloudWatch would refuse, or never act on."""
    return [
        *breaches("AlarmName", alarm["name"]),
        *breaches("AlarmDescription", alarm["alarmDescription"]),
        *_actions(alarm),
        *_tags(alarm),
        *_evaluation(alarm),
        *(_queries(alarm) if "metricQueries" in alarm else _single(alarm)),
    ]


def _actions(alarm: Mapping[str, Any]) -> Iterator[str]:
    for state in ("alarmActions", "okActions", "insufficientDataActions"):
        actions = alarm.get(state) or []
        yield from breaches("ResourceList", actions)
        for action in actions:
            yield from breaches("ResourceName", action)
            if not _TOPIC.fullmatch(action):
                yield f"{state}: {action!r} is no topic"
    if not alarm.get("alarmActions"):
        yield "no action: nobody would hear"


def _tags(alarm: Mapping[str, Any]) -> Iterator[str]:
    tags = alarm.get("tags") or {}
    if len(tags) > 50:
        yield f"{len(tags)} tags"
    for key, value in tags.items():
        yield from breaches("TagKey", key)
        yield from breaches("TagValue", value)
        if key.lower().startswith("aws:"):
            yield f"tag {key!r} is AWS's own"


def _evaluation(alarm: Mapping[str, Any]) -> Iterator[str]:
    periods, datapoints = alarm["evaluationPeriods"], alarm["datapointsToAlarm"]
    yield from breaches("EvaluationPeriods", periods)
    yield from breaches("DatapointsToAlarm", datapoints)
    if datapoints > periods:
        yield f"{datapoints} of {periods} datapoints"
    if not math.isfinite(alarm["threshold"]):
        yield f"threshold {alarm['threshold']}"
    yield from breaches("ComparisonOperator", alarm["comparisonOperator"])
    if alarm["comparisonOperator"] not in STATIC_COMPARISONS:
        yield f"comparison {alarm['comparisonOperator']} needs a model"
    if alarm["treatMissingData"] not in MISSING_DATA:
        yield f"missing data {alarm['treatMissingData']}"


def _window(period: float, alarm: Mapping[str, Any]) -> Iterator[str]:
    yield from breaches("Period", period)
    # No metric that this project watches is of high resolution: 10, 20 and 30 have no data.
    if period % 60:
        yield f"period {period}"
    if period > DAY:
        yield f"period {period} of more than a day"
    window = period * alarm["evaluationPeriods"]
    if window > (WEEK if period >= HOUR else DAY):
        yield f"window of {window} s at a period of {period} s"


def _metric(metric: Mapping[str, Any]) -> Iterator[str]:
    yield from breaches("Namespace", metric["namespace"])
    yield from breaches("MetricName", metric["metricName"])
    dimensions = metric.get("dimensions") or {}
    yield from breaches("Dimensions", dimensions)
    for name, value in dimensions.items():
        yield from breaches("DimensionName", name)
        yield from breaches("DimensionValue", value)
        if name.startswith(":") or not (name + value).isascii() or not value.strip():
            yield f"dimension {name}={value!r}"


def _statistic(statistic: str) -> Iterator[str]:
    if not _PERCENTILE.fullmatch(statistic):
        yield from breaches("Statistic", statistic)


def _single(alarm: Mapping[str, Any]) -> Iterator[str]:
    yield from _metric(alarm)
    yield from _window(alarm["period"], alarm)
    if ("statistic" in alarm) == ("extendedStatistic" in alarm):
        yield "a statistic or an extended one, and not both"
    elif "statistic" in alarm:
        yield from breaches("Statistic", alarm["statistic"])
    elif not _PERCENTILE.fullmatch(alarm["extendedStatistic"]):
        yield f"extended statistic {alarm['extendedStatistic']}"
    low = alarm.get("evaluateLowSampleCountPercentiles")
    if low is not None and (low not in ("evaluate", "ignore") or "statistic" in alarm):
        yield f"low sample count {low}"


def _queries(alarm: Mapping[str, Any]) -> Iterator[str]:
    queries = alarm["metricQueries"]
    both = {"namespace", "metricName", "dimensions", "period", "statistic", "extendedStatistic"}
    if both & set(alarm):
        yield f"{both & set(alarm)} beside metric math"
    ids = [query["id"] for query in queries]
    if len(set(ids)) < len(ids):
        yield f"ids {ids}"
    if [query.get("returnData") for query in queries].count(True) != 1:
        yield "not exactly one returned series"
    periods = {query["metric"]["period"] for query in queries if "metric" in query}
    if len(periods) != 1:
        yield f"periods {periods}"
    for period in periods:
        yield from _window(period, alarm)
    for query in queries:
        yield from breaches("MetricId", query["id"])
        if not _ID.fullmatch(query["id"]):
            yield f"id {query['id']!r}"
        if ("metric" in query) == ("expression" in query):
            yield f"{query['id']}: a metric or an expression, and not both"
        elif "metric" in query:
            yield from _metric(query["metric"])
            yield from _statistic(query["metric"]["stat"])
        else:
            yield from breaches("MetricExpression", query["expression"])
            unknown = set(_WORD.findall(query["expression"])) - set(ids)
            if unknown:
                yield f"{query['id']} uses {unknown}"
