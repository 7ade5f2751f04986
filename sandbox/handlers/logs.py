"""aws:cloudwatch/logGroup:LogGroup and aws:cloudwatch/logMetricFilter:LogMetricFilter."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_it_is,
    from_api,
    to_api,
    unless_gone,
)
from sandbox.tags import LOGS
from sandbox.wire import UNKNOWN, Properties

_TRANSFORMATION: Final = {
    "name": "metricName",
    "namespace": "metricNamespace",
    "value": "metricValue",
    "unit": "unit",
    "dimensions": "dimensions",
}


class LogGroupHandler(Handler):
    """A CloudWatch log group."""

    type = "aws:cloudwatch/logGroup:LogGroup"
    inputs = {
        "name": Property(required=True, replaces=True),
        "retentionInDays": Property(default=0),
        "kmsKeyId": Property(),
        "skipDestroy": Property(default=False, local=True),
        "tags": TAGS,
    }
    outputs = frozenset({"arn"})
    named = "name"
    tagging = LOGS

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the group; one of that name that is there already is an error."""
        key = {"kmsKeyId": inputs["kmsKeyId"]} if inputs.get("kmsKeyId") else {}
        aws.client("logs").create_log_group(
            logGroupName=inputs["name"], tags=inputs.get("tags", {}), **key
        )
        return str(inputs["name"])

    def complete(self, aws: Place, id_: str, inputs: Properties) -> None:
        """Set the retention."""
        if inputs.get("retentionInDays"):
            self._retain(aws, id_, inputs)

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Describe the group."""
        group = find_log_group(aws, id_)
        if group is None:
            return None
        return {
            "name": group["logGroupName"],
            "retentionInDays": group.get("retentionInDays", 0),
            **({"kmsKeyId": group["kmsKeyId"]} if group.get("kmsKeyId") else {}),
            "arn": group["logGroupArn"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed, each with its own call."""
        logs = aws.client("logs")
        if "retentionInDays" in changed:
            if inputs.get("retentionInDays"):
                self._retain(aws, id_, inputs)
            else:
                logs.delete_retention_policy(logGroupName=id_)
        if "kmsKeyId" in changed:
            if inputs.get("kmsKeyId"):
                logs.associate_kms_key(logGroupName=id_, kmsKeyId=inputs["kmsKeyId"])
            else:
                logs.disassociate_kms_key(logGroupName=id_)

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the group, unless it is to be kept."""
        if state.get("skipDestroy"):
            return
        unless_gone(
            lambda: aws.client("logs").delete_log_group(logGroupName=id_),
            "ResourceNotFoundException",
        )

    @staticmethod
    def _retain(aws: Place, name: str, inputs: Properties) -> None:
        aws.client("logs").put_retention_policy(
            logGroupName=name, retentionInDays=int(inputs["retentionInDays"])
        )


def _as_transformation(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return as_it_is(value)
    given = {"unit": "None", **value}
    default = given.get("defaultValue")
    if default is not None and default is not UNKNOWN:
        given["defaultValue"] = float(default)
    return given


class LogMetricFilterHandler(Handler):
    """A metric filter on a log group."""

    type = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
    inputs = {
        "name": Property(required=True, replaces=True),
        "logGroupName": Property(required=True, replaces=True),
        "pattern": Property(required=True),
        "metricTransformation": Property(required=True, form=_as_transformation),
    }
    named = "name"
    limitations = (
        "the emulator puts no log events through metric filters, and takes any filter pattern",
    )

    def create(self, aws: Place, inputs: Properties) -> str:
        """Put the filter on a group that is there; the emulator would take any."""
        self._put(aws, inputs)
        return str(inputs["name"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Describe the filter."""
        group = str(state["logGroupName"])
        if find_log_group(aws, group) is None:
            return None
        filters = aws.client("logs").describe_metric_filters(
            logGroupName=group, filterNamePrefix=id_
        )["metricFilters"]
        for answer in filters:
            if answer["filterName"] == id_:
                return {
                    "name": id_,
                    "logGroupName": answer["logGroupName"],
                    "pattern": answer["filterPattern"],
                    "metricTransformation": _transformation(answer["metricTransformations"][0]),
                }
        return None

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the filter again."""
        self._put(aws, inputs)

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the filter."""
        group = str(state["logGroupName"])
        if find_log_group(aws, group):
            aws.client("logs").delete_metric_filter(logGroupName=group, filterName=id_)

    @staticmethod
    def _put(aws: Place, inputs: Properties) -> None:
        group = str(inputs["logGroupName"])
        if find_log_group(aws, group) is None:
            raise LookupError(
                f"ResourceNotFoundException: the log group {group} does not exist in {aws.region}"
            )
        transformation = inputs["metricTransformation"]
        request = to_api(_TRANSFORMATION, transformation)
        if "defaultValue" in transformation:
            request["defaultValue"] = float(transformation["defaultValue"])
        # At AWS this replaces a filter of that name; the emulator would keep both.
        aws.client("logs").delete_metric_filter(logGroupName=group, filterName=inputs["name"])
        aws.client("logs").put_metric_filter(
            logGroupName=group,
            filterName=inputs["name"],
            filterPattern=str(inputs["pattern"]).strip(),
            metricTransformations=[request],
        )


def _transformation(answer: Mapping[str, Any]) -> Properties:
    transformation = from_api(_TRANSFORMATION, answer)
    if "defaultValue" in answer:
        # The provider keeps it as a text, so that 0 and "none" are told apart.
        transformation["defaultValue"] = f"{answer['defaultValue']:g}"
    return transformation


def find_log_group(aws: Place, name: str) -> dict[str, Any] | None:
    """A log group as AWS describes it, if it is there."""
    groups = aws.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return next((dict(group) for group in groups if group["logGroupName"] == name), None)
