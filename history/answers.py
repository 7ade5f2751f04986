"""A call of GetMetricData, and what it answers as records."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from botocore.exceptions import ClientError  # type: ignore[import-untyped]

from account.account import error_code
from ecs_monitoring.cloudwatch.definition import api_dimensions
from history.pages import FORBIDDEN, Columns, MetricDataPages
from history.plan import Request
from history.retry import Retry
from history.wanted import BASE_STATISTICS, WantedMetric
from replay.history import Floats, Ints, MetricHistory


@dataclass(frozen=True, kw_only=True)
class FetchAnswer:
    """What came of a call.

    Attributes:
        records: of each metric that was answered in full.
        failures: why the others were not.
    """

    records: Mapping[WantedMetric, MetricHistory]
    failures: Mapping[WantedMetric, str]


def ask(cloudwatch: Any, call: Request, retry: Retry) -> FetchAnswer:
    """Ask for everything in a call; what is not answered in full is asked for again.

    AWS of a result's status: "PartialData means that an incomplete set of data points were
    returned. You can use the NextToken value that was returned and repeat your request", and
    "InternalError indicates that an error occurred".
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataResult.html

    Args:
        cloudwatch: boto3 client.
        call: what to ask for.
        retry: how often, and how long to wait.

    Raises:
        GaveUpError: throttled, or no answer, again and again.
        botocore.exceptions.ClientError: AWS refuses.
        botocore.exceptions.BotoCoreError: it cannot be asked.
    """
    answer = _asked_once(cloudwatch, call, retry)
    records = dict(answer.records)
    for attempt in range(retry.attempts - 1):
        if all(failure.startswith(FORBIDDEN) for failure in answer.failures.values()):
            break
        retry.wait(attempt)
        again = replace(call, metrics=tuple(answer.failures))
        answer = _asked_once(cloudwatch, again, retry)
        records |= answer.records
    return FetchAnswer(records=records, failures=answer.failures)


def _asked_once(cloudwatch: Any, call: Request, retry: Retry) -> FetchAnswer:
    pages = MetricDataPages()
    try:
        for page in retry.pages(cloudwatch.get_metric_data, _request(call), "GetMetricData"):
            pages.add(page)
    except ClientError as error:
        # A token that has expired meanwhile: the call has to begin anew.
        if error_code(error) not in ("InvalidNextToken", "InvalidNextTokenException"):
            raise
        pages.cut_off(str(error))
    records: dict[WantedMetric, MetricHistory] = {}
    failures: dict[WantedMetric, str] = {}
    for index, metric in enumerate(call.metrics):
        ids = _ids(index, metric)
        if failure := pages.failure(ids.values()):
            failures[metric] = failure
        else:
            records[metric] = _records(
                {name: pages.columns(id_) for name, id_ in ids.items()}, call
            )
    return FetchAnswer(records=records, failures=failures)


def _request(call: Request) -> dict[str, Any]:
    return {
        "MetricDataQueries": [
            query
            for index, metric in enumerate(call.metrics)
            for query in _queries(index, metric, call.period)
        ],
        "StartTime": datetime.fromtimestamp(call.start, UTC),
        "EndTime": datetime.fromtimestamp(call.end, UTC),
        "ScanBy": "TimestampAscending",
    }


def _ids(index: int, metric: WantedMetric) -> dict[str, str]:
    """Statistic to the id of its query."""
    return {name: f"m{index}_{number}" for number, name in enumerate(metric.statistics)}


def _queries(index: int, metric: WantedMetric, period: int) -> Iterator[dict[str, Any]]:
    key = metric.metric.key
    dimensions = api_dimensions(key.dimensions)
    about = {"Namespace": key.namespace, "MetricName": key.name, "Dimensions": dimensions}
    for name, id_ in _ids(index, metric).items():
        yield {"Id": id_, "MetricStat": {"Metric": about, "Period": period, "Stat": name}}


def _records(columns: Mapping[str, Columns], call: Request) -> MetricHistory:
    """The records of the times for which all of the base statistics are there.

    One of them may lack the newest minute, which arrived while CloudWatch was answering; it is
    fetched again with the rest of its day.
    """
    times = columns[BASE_STATISTICS[0]][0]
    for name in BASE_STATISTICS[1:]:
        times = np.intersect1d(times, columns[name][0])
    times = times[(times >= call.start) & (times < call.end)]
    times = times[_at(times, columns["SampleCount"]) > 0]
    return MetricHistory(
        times=times,
        resolutions=np.full(len(times), call.period, dtype=np.int64),
        counts=_at(times, columns["SampleCount"]),
        totals=_at(times, columns["Sum"]),
        minimums=_at(times, columns["Minimum"]),
        maximums=_at(times, columns["Maximum"]),
        percentiles={
            name: _at(times, column)
            for name, column in columns.items()
            if name not in BASE_STATISTICS
        },
    )


def _at(times: Ints, columns: Columns) -> Floats:
    """The values at some times; nan where there is none."""
    recorded, values = columns
    if not len(recorded):
        return np.full(len(times), np.nan)
    index = np.minimum(np.searchsorted(recorded, times), len(recorded) - 1)
    matching: Floats = np.where(recorded[index] == times, values[index], np.nan)
    return matching
