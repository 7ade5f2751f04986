"""From a scenario's log lines, through the deployed metric filters, to samples."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ecs_monitoring.cloudwatch.definition import MetricKey
from ecs_monitoring.cloudwatch.evaluation import Sample
from ecs_monitoring.cloudwatch.log_pattern import matches
from ecs_monitoring.words import MINUTE
from sandbox.deployed import DeployedFilter
from sandbox.scenario_steps import LogLines

_QUIET: Final = LogLines(at=0, message="GET /api/orders/ 200 in 12 ms")
"""What the application logs every minute anyway."""


def log_samples(
    filters: Sequence[DeployedFilter], lines: Sequence[LogLines], *, start: int, minutes: range
) -> Mapping[MetricKey, list[Sample]]:
    """What the metric filters publish, as CloudWatch Logs does.

    A minute's metric is the sum over its matching events; the filter's default value where
    there were events and none matched.

    Args:
        filters: the deployed filters.
        lines: what is logged besides a quiet line every minute.
        start: seconds since 1970 UTC of minute 0.
        minutes: from which to which minute.
    """
    published: dict[MetricKey, list[Sample]] = defaultdict(list)
    quiet = [matches(log_filter.pattern, _written(_QUIET, log_filter)) for log_filter in filters]
    for minute in minutes:
        events = tuple(_events(lines, minute))
        for log_filter, matches_quiet in zip(filters, quiet, strict=True):
            matching = matches_quiet + sum(
                matches(log_filter.pattern, _written(event, log_filter)) for event in events
            )
            value = matching * log_filter.value if matching else log_filter.default
            if value is not None:
                published[log_filter.metric].append(Sample.of(start + minute * MINUTE, value))
    return published


def _events(lines: Sequence[LogLines], minute: int) -> Iterator[LogLines]:
    for line in lines:
        until = line.at + 1 if line.until is None else line.until
        if line.at <= minute < until and (minute - line.at) % line.every == 0:
            yield from [line] * line.count


def _written(event: LogLines, log_filter: DeployedFilter) -> str:
    """The event as the group's format has it: JSON where its filters ask for fields."""
    if log_filter.format == "text":
        return event.message
    fields = {"level": event.level, "logger": "django.request", "message": event.message}
    if event.exception:
        fields["exception"] = event.exception
    return json.dumps(fields)
