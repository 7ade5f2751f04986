"""Reads which log groups exist, and the metric filters of all of them."""

from collections.abc import Mapping
from typing import Any, Final

from account.account import Attempts, every_item
from account.coverage.inventory import MetricFilter

LINE_PERMISSIONS: Final = ("logs:DescribeLogStreams", "logs:GetLogEvents")
"""The IAM actions by which lines are read."""


def read_log_groups(
    logs: Any, written: Mapping[str, str], attempts: Attempts
) -> tuple[str, ...] | None:
    """Those of some log groups that exist.

    Args:
        logs: boto3 client.
        written: log group to who writes to it, in words.
        attempts: takes note of what could not be looked at, and of groups that do not exist.
    """
    existing = attempts.of(
        "log groups", lambda: tuple(group for group in written if _exists(logs, group))
    )
    for group, writer in written.items():
        if existing is not None and group not in existing:
            attempts.note(f"log group {group} does not exist, to which {writer} writes")
    return existing


def _exists(logs: Any, group: str) -> bool:
    """Whether there is a log group of exactly this name.

    Groups come sorted by name, so that of those with a common prefix the shortest is first:
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
    """
    groups = logs.describe_log_groups(logGroupNamePrefix=group, limit=1)["logGroups"]
    return any(described["logGroupName"] == group for described in groups)


def read_metric_filters(logs: Any, attempts: Attempts) -> tuple[MetricFilter, ...] | None:
    """The metric filters of the region; without a log group the API lists all of them.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeMetricFilters.html

    Args:
        logs: boto3 client.
        attempts: takes note of what could not be looked at.
    """

    def ask() -> tuple[MetricFilter, ...]:
        return tuple(
            MetricFilter(
                log_group=described["logGroupName"],
                namespace=transformation["metricNamespace"],
                metric=transformation["metricName"],
                has_default=transformation.get("defaultValue") is not None,
            )
            for described in every_item(logs, "describe_metric_filters", "metricFilters")
            for transformation in described["metricTransformations"]
        )

    return attempts.of("metric filters", ask)


LATEST_LINES: Final = 200
"""How many of a group's latest lines are read. A choice: some minutes of a quiet service, and at
most a request for each of the streams."""

_STREAMS: Final = 5
"""How many of a group's latest streams they are taken from; each task has one of its own."""


def read_latest_lines(logs: Any, group: str, attempts: Attempts) -> tuple[str, ...] | None:
    """The latest lines of a log group, from the streams that had events last.

    GetLogEvents answers with the latest events of a stream unless it is asked for the first:
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
    When a stream had its last event is known "on an eventual consistency basis", an hour late:
    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html

    Args:
        logs: boto3 client.
        group: the group's name; it exists.
        attempts: takes note of what could not be looked at.
    """

    def ask() -> tuple[str, ...]:
        streams = logs.describe_log_streams(
            logGroupName=group, orderBy="LastEventTime", descending=True, limit=_STREAMS
        )["logStreams"]
        events = [
            (event["timestamp"], event["message"])
            for stream in streams
            for event in logs.get_log_events(
                logGroupName=group,
                logStreamName=stream["logStreamName"],
                limit=LATEST_LINES,
                startFromHead=False,
            )["events"]
        ]
        latest = sorted(events, key=lambda event: event[0])[-LATEST_LINES:]
        return tuple(message for _, message in latest)

    return attempts.of(f"the latest lines of log group {group}", ask)
