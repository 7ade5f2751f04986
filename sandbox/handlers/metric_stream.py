"""aws:cloudwatch/metricStream:MetricStream."""

from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_it_is,
    as_set,
    from_api,
    renamed,
    to_api,
    unless_gone,
)
from sandbox.tags import CLOUDWATCH, pairs
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
    tagging = CLOUDWATCH
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
        """Get the stream."""
        cloudwatch = aws.client("cloudwatch")
        stream = unless_gone(lambda: cloudwatch.get_metric_stream(Name=id_), _GONE)
        if stream is None:
            return None
        return {
            "name": stream["Name"],
            **renamed(from_api(self._FIELDS, stream), str.lower),
            "arn": stream["Arn"],
            "creationDate": stream["CreationDate"].isoformat(),
            "lastUpdateDate": stream["LastUpdateDate"].isoformat(),
            "state": stream["State"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the stream again, whole."""
        aws.client("cloudwatch").put_metric_stream(**self._request(id_, inputs))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the stream; one that is gone already is no error to CloudWatch."""
        aws.client("cloudwatch").delete_metric_stream(Name=id_)

    def _request(self, name: str, inputs: Properties) -> dict[str, Any]:
        return {"Name": name, **renamed(to_api(self._FIELDS, inputs), str.upper)}
