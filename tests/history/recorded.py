"""An account whose CloudWatch answers as its documentation says, with history of any length.

The emulator keeps no history older than a run, forgets nothing, never paginates, knows no
percentiles and no DescribeAlarmHistory. So this stands in for it wherever a test needs those:

* GetMetricData with periods, retention, pages and statuses after
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html and
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html
* DescribeAlarmHistory with items as in the examples of
  https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from account.account import Account, Caller, CommandLine, Region
from ecs_monitoring.cloudwatch.definition import MetricKey
from history.metric import ArchivedMetric
from history.retry import Retry
from replay.history import Floats, Ints, MetricHistory
from tests.times import at

HOME = "ap-northeast-1"
ACCOUNT = "123456789012"
DAY = 86_400
RETENTION = {10: 10_800, 60: 15 * DAY, 300: 63 * DAY, 3600: 455 * DAY}
NOW = at("2026-03-01 10:30:30")

PATIENT = Retry(sleep=lambda _seconds: None)
"""As many attempts as ever, without waiting."""


def key(name: str = "CPUUtilization", namespace: str = "AWS/ECS", **dimensions: str) -> MetricKey:
    return MetricKey(
        namespace=namespace,
        name=name,
        dimensions=frozenset((dimensions or {"Service": "web"}).items()),
    )


def archived(name: str = "CPUUtilization", region: str = HOME, **dimensions: str) -> ArchivedMetric:
    return ArchivedMetric(account=ACCOUNT, region=region, key=key(name, **dimensions))


@dataclass(frozen=True)
class Samples:
    """Raw values of a metric, in the order of time; ``arrived`` is when each can be read."""

    times: Ints
    values: Floats
    arrived: Ints

    @classmethod
    def every(cls, step: int, start: int, end: int) -> "Samples":
        """One sample a step, all different, each readable at once."""
        times = np.arange(start, end, step, dtype=np.int64)
        return cls(times, (times // step % 997).astype(np.float64), times)

    @classmethod
    def of(cls, *rows: tuple[int, float]) -> "Samples":
        times = np.array([time for time, _ in rows], dtype=np.int64)
        return cls(times, np.array([value for _, value in rows], dtype=np.float64), times)


def refusal(code: str, status: int = 400, operation: str = "GetMetricData") -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": f"says {code}"},
            "ResponseMetadata": {"HTTPStatusCode": status},
        },
        operation,
    )


def metric_alarm(
    address: str, metric: MetricKey, *, region: str = HOME, **changes: Any
) -> dict[str, Any]:
    """An item of DescribeAlarms on one metric, as the stack would have registered it."""
    alarm_key, target = address.split("@")
    kind, rule = alarm_key.split(".")
    name = f"django-ecs-monitoring-prod-{kind}-{target}-{rule}"
    pairs = [{"Name": name, "Value": value} for name, value in sorted(metric.dimensions)]
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{name}",
        "ActionsEnabled": True,
        "AlarmActions": [],
        "StateValue": "OK",
        "StateReason": "as the metric has it",
        "StateUpdatedTimestamp": datetime(2026, 2, 1, 12, 0, 0, 123_000, tzinfo=UTC),
        "Namespace": metric.namespace,
        "MetricName": metric.name,
        "Dimensions": pairs,
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 3,
        "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "missing",
        **changes,
    }


def state_update(name: str, time: str, old: str, new: str, reason: str = "") -> dict[str, Any]:
    """An item of DescribeAlarmHistory as in AWS's example, but for the numbers."""
    words = reason or f"Threshold Crossed: 1 datapoint [91.0 ({time})] was not what it was."
    data = {
        "version": "1.0",
        "oldState": {"stateValue": old, "stateReason": "before"},
        "newState": {
            "stateValue": new,
            "stateReason": words,
            "stateReasonData": {"version": "1.0", "statistic": "Average", "period": 60},
        },
    }
    return {
        "AlarmName": name,
        "AlarmType": "MetricAlarm",
        "Timestamp": datetime.fromisoformat(time).replace(tzinfo=UTC),
        "HistoryItemType": "StateUpdate",
        "HistorySummary": f"Alarm updated from {old} to {new}",
        "HistoryData": json.dumps(data),
    }


@dataclass
class RecordedCloudWatch:
    """One region's CloudWatch.

    Attributes:
        alarms: items of DescribeAlarms.
        samples: what was published, by metric.
        pasts: items of DescribeAlarmHistory by the alarm's name, oldest first.
        now: the time there.
        page: datapoints on one page.
        before_call: is called with the number of each GetMetricData request, from 1 on, before it
            is answered, and may raise.
        change: changes each page of GetMetricData.
        requests: all requests of GetMetricData.
        past_page: items on one page of DescribeAlarmHistory, however many may be on one.
        before_past: is called with the number of each of its requests, as ``before_call``.
        past_requests: all of them.
        tag_requests: the ARNs that were asked for one by one.
    """

    alarms: list[dict[str, Any]] = field(default_factory=list)
    samples: dict[MetricKey, Samples] = field(default_factory=dict)
    pasts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    now: int = NOW
    page: int = 100_800
    before_call: Callable[[int], None] = lambda number: None
    change: Callable[[dict[str, Any]], dict[str, Any]] = lambda page: page
    requests: list[dict[str, Any]] = field(default_factory=list)
    past_page: int = 2
    before_past: Callable[[int], None] = lambda number: None
    past_requests: list[dict[str, Any]] = field(default_factory=list)
    tag_requests: list[str] = field(default_factory=list)
    meta: Any = field(
        default_factory=lambda: SimpleNamespace(
            endpoint_url=f"https://monitoring.{HOME}.amazonaws.com"
        )
    )

    def get_paginator(self, operation: str) -> Any:
        assert operation == "describe_alarms"
        return self

    def paginate(self, **request: Any) -> Iterator[Any]:
        prefix = request["AlarmNamePrefix"]
        found = [alarm for alarm in self.alarms if alarm["AlarmName"].startswith(prefix)]
        composite = [alarm for alarm in found if "AlarmRule" in alarm]
        yield {
            "MetricAlarms": [alarm for alarm in found if alarm not in composite],
            "CompositeAlarms": composite,
        }

    def list_tags_for_resource(self, **request: Any) -> dict[str, Any]:
        self.tag_requests.append(request["ResourceARN"])
        _, _, rest = request["ResourceARN"].partition("django-ecs-monitoring-prod-")
        kind, target, rule = rest.split("-", 2)
        tags = {"AlarmKey": f"{kind}.{rule}", "Target": target, "Severity": "critical"}
        return {"Tags": [{"Key": name, "Value": value} for name, value in tags.items()]}

    def describe_alarm_history(self, **request: Any) -> dict[str, Any]:
        assert request["HistoryItemType"] == "StateUpdate"
        assert request["ScanBy"] == "TimestampAscending"
        self.past_requests.append(request)
        self.before_past(len(self.past_requests))
        since = request.get("StartDate", datetime.min.replace(tzinfo=UTC))
        items = [
            item
            for name, of in self.pasts.items()
            for item in of
            if request.get("AlarmName", name) == name and item["Timestamp"] >= since
        ]
        if "AlarmName" not in request:
            items.sort(key=lambda item: item["Timestamp"])
        start = int(request.get("NextToken", 0))
        last = start + self.past_page
        page: dict[str, Any] = {"AlarmHistoryItems": items[start:last]}
        return page | ({"NextToken": str(last)} if last < len(items) else {})

    def get_metric_data(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        self.before_call(len(self.requests))
        queries = request["MetricDataQueries"]
        assert len(queries) <= 500
        assert len({query["Id"] for query in queries}) == len(queries)
        start, end = (int(request[name].timestamp()) for name in ("StartTime", "EndTime"))
        found = {query["Id"]: self._values(query["MetricStat"], start, end) for query in queries}
        assert sum(len(times) for times, _ in found.values()) <= 100_800
        first = int(request.get("NextToken", 0))
        last = first + self.page
        results = []
        before = 0
        for id_, (times, values) in found.items():
            shown = slice(max(0, first - before), max(0, last - before))
            before += len(times)
            results.append(
                {
                    "Id": id_,
                    "Label": id_,
                    "Timestamps": [datetime.fromtimestamp(int(t), UTC) for t in times[shown]],
                    "Values": [float(value) for value in values[shown]],
                    "StatusCode": "Complete" if before <= last else "PartialData",
                }
            )
        page: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
        if last < before:
            page["NextToken"] = str(last)
        return self.change(page)

    def _values(self, stat: Mapping[str, Any], start: int, end: int) -> tuple[Ints, Floats]:
        about = stat["Metric"]
        pairs = frozenset((pair["Name"], pair["Value"]) for pair in about["Dimensions"])
        samples = self.samples.get(
            MetricKey(namespace=about["Namespace"], name=about["MetricName"], dimensions=pairs)
        )
        period = stat["Period"]
        nothing = (np.array([], dtype=np.int64), np.array([], dtype=np.float64))
        # AWS: "you must specify the period as follows or no data points in that time range is
        # returned".
        if samples is None or start < self.now - RETENTION[period]:
            return nothing
        rows = (samples.times >= start) & (samples.times < end) & (samples.arrived <= self.now)
        if not np.any(rows):
            return nothing
        return aggregated(samples.times[rows], samples.values[rows], period, stat["Stat"])


def aggregated(times: Ints, values: Floats, period: int, stat: str) -> tuple[Ints, Floats]:
    """What a statistic of some samples is in each period that has any."""
    starts, first = np.unique(times // period * period, return_index=True)
    if stat.startswith("p"):
        ranks = [
            np.sort(part)[max(0, int(np.ceil(float(stat[1:]) / 100 * len(part))) - 1)]
            for part in np.split(values, first[1:])
        ]
        return starts, np.array(ranks)
    combine = {"SampleCount": np.add, "Sum": np.add, "Minimum": np.minimum, "Maximum": np.maximum}
    of = np.ones(len(values)) if stat == "SampleCount" else values
    return starts, combine[stat].reduceat(of, first)


class RecordedAccount(Account):
    """An account of recorded regions."""

    def __init__(self, regions: Mapping[str, RecordedCloudWatch]) -> None:
        super().__init__(None, CommandLine(profile=None, endpoint_url=None))
        self.regions = regions

    def caller(self, region: str) -> Caller:
        return Caller(arn=f"arn:aws:iam::{ACCOUNT}:user/operator", account=ACCOUNT, partition="aws")

    def region(self, name: str, caller: Caller) -> Region:
        return Region(
            name=name,
            caller=caller,
            command_line=CommandLine(profile=None, endpoint_url=None),
            cloudwatch=self.regions.get(name, RecordedCloudWatch()),
            sns=None,
            sqs=None,
            kms=None,
        )


def same(one: MetricHistory, other: MetricHistory) -> bool:
    """Whether two histories have the same records."""
    columns = ("times", "resolutions", "counts", "totals", "minimums", "maximums")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in columns) and (
        one.percentiles.keys() == other.percentiles.keys()
        and all(
            np.array_equal(column, other.percentiles[name], equal_nan=True)
            for name, column in one.percentiles.items()
        )
    )


def history(
    *rows: tuple[int, int, float], percentiles: Mapping[str, Sequence[float]] | None = None
) -> MetricHistory:
    """Records of one sample each: time, resolution, value."""
    times, resolutions, values = zip(*rows, strict=True) if rows else ((), (), ())
    column = np.array(values, dtype=np.float64)
    return MetricHistory(
        times=np.array(times, dtype=np.int64),
        resolutions=np.array(resolutions, dtype=np.int64),
        counts=np.ones(len(column)),
        totals=column,
        minimums=column,
        maximums=column,
        percentiles={
            name: np.array(of, dtype=np.float64) for name, of in (percentiles or {}).items()
        },
    )
