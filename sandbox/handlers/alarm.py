"""What alarms of every type have at AWS: tags and a state."""

from collections.abc import Mapping

from sandbox.handlers.base import Place, changed_tags, from_pairs, pairs
from sandbox.wire import Properties


def alarm_tags(aws: Place, arn: str) -> dict[str, str]:
    """The tags of an alarm."""
    return from_pairs(aws.client("cloudwatch").list_tags_for_resource(ResourceARN=arn)["Tags"])


def put_tags(aws: Place, arn: str, inputs: Properties) -> None:
    """Bring an alarm's tags to what is wanted; they have calls of their own."""
    cloudwatch = aws.client("cloudwatch")
    wanted: Mapping[str, str] | None = inputs.get("tags")
    to_set, to_remove = changed_tags(wanted, alarm_tags(aws, arn))
    if to_remove:
        cloudwatch.untag_resource(ResourceARN=arn, TagKeys=to_remove)
    if to_set:
        cloudwatch.tag_resource(ResourceARN=arn, Tags=pairs(to_set))


def set_state(aws: Place, name: str, state: str, reason: str) -> None:
    """Put an alarm into a state."""
    aws.client("cloudwatch").set_alarm_state(
        AlarmName=name, StateValue=str(state), StateReason=reason
    )
