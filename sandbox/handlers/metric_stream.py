"""aws:cloudwatch/metricStream:MetricStream."""

from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_it_is,
    as_set,
    live_tags,
    pairs,
    put_tags,
    renamed,
    unless_gone,
)
from sandbox.wire import Properties

_GONE: Final = "ResourceNotFoundException"


def _unordered(value: Any) -> Any:
    """Filters and statistics for comparing: no list inside them has an order."""
    if isinstance(value, dict):
        return {key: _unordered(item) for key, item in value.items()}
    if isinstance(value, list):
        return as_set([_unordered(item) for item in value])
    return as_it_is(value)


class MetricStreamHandler(Handler):
    """A metric stream."""

    type = "aws:cloudwatch/metricStream:MetricStream"
    inputs = {
        "name": Property(required=True, replaces=True),
        "firehoseArn": Property(required=True),
        "roleArn": Property(required=True),
        "outputFormat": Property(required=True),
        "includeFilters": Property(form=_unordered),
        "excludeFilters": Property(form=_unordered),
        "statisticsConfigurations": Property(form=_unordered),
        "includeLinkedAccountsMetrics": Property(default=False),
        "tags": TAGS,
    }
    outputs = frozenset({"arn", "creationDate", "lastUpdateDate", "state"})
    named = "name"
    limitations = ("the emulator streams no metric: nothing reaches Firehose or New Relic",)

    _FIELDS: Final = {
        "firehoseArn": "FirehoseArn",
        "roleArn": "RoleArn",
        "outputFormat": "OutputFormat",
        "includeFilters": "IncludeFilters",
        "excludeFilters": "ExcludeFilters",
        "statisticsConfigurations": "StatisticsConfigurations",
        "includeLinkedAccountsMetrics": "IncludeLinkedAccountsMetrics",
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the stream; one of that name that is there already is overwritten."""
        tags = pairs(inputs.get("tags"))
        aws.client("cloudwatch").put_metric_stream(
            **self._request(str(inputs["name"]), inputs), **({"Tags": tags} if tags else {})
        )
        return str(inputs["name"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the stream and its tags."""
        cloudwatch = aws.client("cloudwatch")
        stream = unless_gone(lambda: cloudwatch.get_metric_stream(Name=id_), _GONE)
        if stream is None:
            return None
        return {
            "name": stream["Name"],
            **{
                name: renamed(stream[api], str.lower)
                for name, api in self._FIELDS.items()
                if stream.get(api) is not None
            },
            "tags": live_tags(cloudwatch, stream["Arn"]),
            "arn": stream["Arn"],
            "creationDate": stream["CreationDate"].isoformat(),
            "lastUpdateDate": stream["LastUpdateDate"].isoformat(),
            "state": stream["State"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the stream again, whole; its tags have calls of their own."""
        cloudwatch = aws.client("cloudwatch")
        if changed - {"tags"}:
            cloudwatch.put_metric_stream(**self._request(id_, inputs))
        if "tags" in changed:
            arn = cloudwatch.get_metric_stream(Name=id_)["Arn"]
            put_tags(cloudwatch, arn, inputs.get("tags"))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the stream; one that is gone already is no error to CloudWatch."""
        aws.client("cloudwatch").delete_metric_stream(Name=id_)

    def _request(self, name: str, inputs: Properties) -> dict[str, Any]:
        wanted = {
            api: renamed(inputs[own], str.upper)
            for own, api in self._FIELDS.items()
            if inputs.get(own) is not None
        }
        return {"Name": name, **wanted}
