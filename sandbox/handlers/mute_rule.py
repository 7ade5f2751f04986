"""aws:cloudwatch/alarmMuteRule:AlarmMuteRule."""

from collections.abc import Mapping
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

_FIELDS: Final = {
    "name": "Name",
    "description": "Description",
    "rule": "Rule",
    "muteTargets": "MuteTargets",
    "startDate": "StartDate",
    "expireDate": "ExpireDate",
}


def _as_rule(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return as_it_is(value)
    return {"schedule": {"timezone": "UTC", **value["schedule"]}}


def _as_targets(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return as_it_is(value)
    return as_set(value["alarmNames"])


class AlarmMuteRuleHandler(Handler):
    """A rule that mutes the actions of alarms in windows."""

    type = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
    inputs = {
        "name": Property(required=True, replaces=True),
        "description": Property(),
        "rule": Property(required=True, form=_as_rule),
        "muteTargets": Property(form=_as_targets),
        "startDate": Property(),
        "expireDate": Property(),
        "tags": TAGS,
    }
    outputs = frozenset({"arn", "lastUpdatedTimestamp", "muteType", "status"})
    named = "name"
    tagging = CLOUDWATCH
    limitations = (
        "the sandbox keeps mute rules itself, since the emulator has none, and mutes in its own "
        "evaluation of the scenarios",
        "the sandbox refuses a rule over an alarm that does not exist; whether AWS does is not "
        "documented",
    )

    def create(self, aws: Place, inputs: Properties) -> str:
        """Put the rule; one of that name that is there already is an error, as with alarms."""
        name = str(inputs["name"])
        if _find(aws, name):
            raise ValueError(f'CloudWatch alarm mute rule "{name}" already exists')
        aws.client("cloudwatch").put_alarm_mute_rule(
            **_request(inputs), Tags=pairs(inputs.get("tags"))
        )
        return name

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the rule."""
        rule = _find(aws, id_)
        if rule is None:
            return None
        return {
            **renamed(from_api(_FIELDS, rule), str.lower),
            "arn": rule["AlarmMuteRuleArn"],
            "lastUpdatedTimestamp": rule["LastUpdatedTimestamp"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "muteType": rule["MuteType"],
            "status": rule["Status"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the rule again."""
        aws.client("cloudwatch").put_alarm_mute_rule(**_request(inputs))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the rule; one that is gone is no error to AWS either."""
        aws.client("cloudwatch").delete_alarm_mute_rule(AlarmMuteRuleName=id_)


def _find(aws: Place, name: str) -> dict[str, Any] | None:
    return unless_gone(
        lambda: dict(aws.client("cloudwatch").get_alarm_mute_rule(AlarmMuteRuleName=name)), _GONE
    )


def _request(inputs: Properties) -> dict[str, Any]:
    return dict(renamed(to_api(_FIELDS, inputs), str.upper))
