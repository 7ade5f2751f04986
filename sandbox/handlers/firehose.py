"""aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream, to an https endpoint."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.handlers.base import TAGS, Handler, Place, Property, unless_gone
from sandbox.tags import FIREHOSE, pairs
from sandbox.wire import Properties

_GONE: Final = "ResourceNotFoundException"

# Where Firehose's API has what the provider's properties say, as paths.
_BACKUP: Final = {
    "roleArn": ("RoleARN",),
    "bucketArn": ("BucketARN",),
    "bufferingSize": ("BufferingHints", "SizeInMBs"),
    "bufferingInterval": ("BufferingHints", "IntervalInSeconds"),
    "compressionFormat": ("CompressionFormat",),
    "errorOutputPrefix": ("ErrorOutputPrefix",),
    "prefix": ("Prefix",),
}
_ENDPOINT: Final = {
    "url": ("EndpointConfiguration", "Url"),
    "name": ("EndpointConfiguration", "Name"),
    "accessKey": ("EndpointConfiguration", "AccessKey"),
    "bufferingSize": ("BufferingHints", "SizeInMBs"),
    "bufferingInterval": ("BufferingHints", "IntervalInSeconds"),
    "retryDuration": ("RetryOptions", "DurationInSeconds"),
    "roleArn": ("RoleARN",),
    "s3BackupMode": ("S3BackupMode",),
}
_CONFIGURATION: Final = "httpEndpointConfiguration"


class FirehoseDeliveryStreamHandler(Handler):
    """A Firehose stream that delivers to an https endpoint; the sandbox has no other."""

    type = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
    inputs = {
        "name": Property(required=True, replaces=True),
        "destination": Property(required=True, replaces=True),
        _CONFIGURATION: Property(required=True),
        "tags": TAGS,
    }
    outputs = frozenset({"arn", "destinationId", "versionId"})
    named = "name"
    tagging = FIREHOSE
    limitations = (
        "the emulator delivers nothing, and takes any role, bucket and access key",
        "Firehose tells no access key: one that was changed by hand is not noticed",
    )

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the stream; one of that name that is there already is an error."""
        tags = pairs(inputs.get("tags"))
        answer = aws.client("firehose").create_delivery_stream(
            DeliveryStreamName=inputs["name"],
            DeliveryStreamType="DirectPut",
            HttpEndpointDestinationConfiguration=_request(
                inputs[_CONFIGURATION], "S3Configuration"
            ),
            **({"Tags": tags} if tags else {}),
        )
        return str(answer["DeliveryStreamARN"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the stream; the access key is what it was given."""
        stream = described(aws.client("firehose"), _name(id_))
        if stream is None:
            return None
        (destination,) = stream["Destinations"]
        configuration = endpoint(destination["HttpEndpointDestinationDescription"])
        key = (state.get(_CONFIGURATION) or {}).get("accessKey")
        return {
            "name": stream["DeliveryStreamName"],
            "destination": "http_endpoint",
            _CONFIGURATION: {**configuration, **({"accessKey": key} if key else {})},
            "arn": stream["DeliveryStreamARN"],
            "destinationId": destination["DestinationId"],
            "versionId": stream["VersionId"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Change the destination."""
        firehose = aws.client("firehose")
        name = {"DeliveryStreamName": _name(id_)}
        stream = firehose.describe_delivery_stream(**name)["DeliveryStreamDescription"]
        firehose.update_destination(
            **name,
            CurrentDeliveryStreamVersionId=stream["VersionId"],
            DestinationId=stream["Destinations"][0]["DestinationId"],
            HttpEndpointDestinationUpdate=_request(inputs[_CONFIGURATION], "S3Update"),
        )

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the stream."""
        unless_gone(
            lambda: aws.client("firehose").delete_delivery_stream(DeliveryStreamName=_name(id_)),
            _GONE,
        )


def described(firehose: Any, name: str) -> dict[str, Any] | None:
    """A stream as Firehose describes it, if it is there."""
    answer = unless_gone(lambda: firehose.describe_delivery_stream(DeliveryStreamName=name), _GONE)
    if answer is None:
        return None
    return dict(answer["DeliveryStreamDescription"])


def endpoint(description: Mapping[str, Any]) -> dict[str, Any]:
    """An endpoint's description in the provider's words; Firehose tells no access key."""
    described = {**_translated(description, _ENDPOINT)}
    described.pop("accessKey", None)
    encoding = description.get("RequestConfiguration", {}).get("ContentEncoding")
    return {
        **described,
        **({"requestConfiguration": {"contentEncoding": encoding}} if encoding else {}),
        "s3Configuration": _translated(description["S3DestinationDescription"], _BACKUP),
    }


def _request(configuration: Mapping[str, Any], backup: str) -> dict[str, Any]:
    """What Firehose is asked for.

    Raises:
        ValueError: a property that this double does not know.
    """
    understood = {*_ENDPOINT, "requestConfiguration", "s3Configuration"}
    inner = configuration["s3Configuration"]
    unknown = sorted({*configuration} - understood) + sorted({*inner} - {*_BACKUP})
    if unknown:
        raise ValueError(f"the sandbox does not know {', '.join(unknown)} of {_CONFIGURATION}")
    encoding = configuration.get("requestConfiguration", {}).get("contentEncoding")
    return {
        **_nested(configuration, _ENDPOINT),
        **({"RequestConfiguration": {"ContentEncoding": encoding}} if encoding else {}),
        backup: _nested(inner, _BACKUP),
    }


def _nested(values: Mapping[str, Any], paths: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, path in paths.items():
        if values.get(name) is not None:
            *outer, last = path
            place = nested
            for step in outer:
                place = place.setdefault(step, {})
            place[last] = values[name]
    return nested


def _translated(fields: Mapping[str, Any], paths: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, path in paths.items():
        value: Any = fields
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is not None:
            values[name] = value
    return values


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]
