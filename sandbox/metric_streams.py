"""CloudWatch's metric streams, which moto does not have, for the emulator's own process.

They are kept in moto's backend of their region, so that they are forgotten with everything else.
Nothing flows through them.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from moto.cloudwatch.exceptions import (
    InvalidParameterCombination,
    InvalidParameterValue,
    ResourceNotFoundException,
)
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult

# What a stream is made of, as GetMetricStream tells it again.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricStream.html
_FIELDS: Final = (
    *("Name", "IncludeFilters", "ExcludeFilters", "FirehoseArn", "RoleArn", "OutputFormat"),
    *("StatisticsConfigurations", "IncludeLinkedAccountsMetrics"),
)


def add_metric_streams() -> None:
    """Teach moto's CloudWatch the actions, and to tag a metric stream."""
    for action in (_put_metric_stream, _get_metric_stream, _delete_metric_stream):
        setattr(CloudWatchResponse, action.__name__.removeprefix("_"), action)
    setattr(  # noqa: B010 (a method of moto's)
        CloudWatchBackend, "tag_resource", _tagging_streams(CloudWatchBackend.tag_resource)
    )


def _streams(backend: CloudWatchBackend) -> dict[str, dict[str, Any]]:
    streams: dict[str, dict[str, Any]] = vars(backend).setdefault("metric_streams", {})
    return streams


def _put_metric_stream(response: CloudWatchResponse) -> ActionResult:
    backend = response.cloudwatch_backend
    wanted = {name: response._get_param(name) for name in _FIELDS}
    given = {name: value for name, value in wanted.items() if value is not None}
    _refuse(given)
    name = given["Name"]
    old = _streams(backend).get(name, {})
    now = datetime.now(UTC)
    # "All tags are ignored" where the stream is there already.
    tags = [] if old else response._get_param("Tags", [])
    arn = f"arn:{backend.partition}:cloudwatch:{backend.region_name}:{backend.account_id}"
    _streams(backend)[name] = {
        **given,
        "Arn": f"{arn}:metric-stream/{name}",
        "State": old.get("State", "running"),
        "CreationDate": old.get("CreationDate", now),
        "LastUpdateDate": now,
    }
    if tags:
        backend.tagger.tag_resource(f"{arn}:metric-stream/{name}", tags)
    return ActionResult({"Arn": f"{arn}:metric-stream/{name}"})


def _get_metric_stream(response: CloudWatchResponse) -> ActionResult:
    name = response._get_param("Name")
    stream = _streams(response.cloudwatch_backend).get(name)
    if stream is None:
        raise ResourceNotFoundException(f"MetricStream {name} does not exist")
    return ActionResult(stream)


def _delete_metric_stream(response: CloudWatchResponse) -> EmptyResult:
    backend = response.cloudwatch_backend
    gone = _streams(backend).pop(response._get_param("Name"), None)
    if gone:
        backend.tagger.delete_all_tags_for_resource(gone["Arn"])
    return EmptyResult()


def _refuse(stream: Mapping[str, Any]) -> None:
    if stream.get("IncludeFilters") and stream.get("ExcludeFilters"):
        raise InvalidParameterCombination("IncludeFilters and ExcludeFilters exclude each other")
    if stream["OutputFormat"] == "json":
        return
    for configuration in stream.get("StatisticsConfigurations", ()):
        for statistic in configuration["AdditionalStatistics"]:
            if not statistic.startswith("p"):
                raise InvalidParameterValue(
                    f"{statistic} is no percentile, and {stream['OutputFormat']} has no others"
                )


def _tagging_streams(alarms_alone: Callable[..., None]) -> Callable[..., None]:
    """The way that moto has by itself, which refuses to tag whatever is no alarm."""

    def tag_resource(backend: CloudWatchBackend, arn: str, tags: dict[str, str]) -> None:
        if arn in (stream["Arn"] for stream in _streams(backend).values()):
            backend.tagger.tag_resource(arn, backend.tagger.convert_dict_to_tags_input(tags))
        else:
            alarms_alone(backend, arn, tags)

    return tag_resource
