"""aws:cloudwatch/compositeAlarm:CompositeAlarm."""

from typing import Any

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_set,
    live_tags,
    pairs,
    put_tags,
)
from sandbox.wire import Properties
from stack.alarm_api import COMPOSITE, SUPPRESSOR, put_composite_alarm_request


class CompositeAlarmHandler(Handler):
    """A CloudWatch alarm over the states of other alarms."""

    type = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
    inputs = {
        **dict.fromkeys(COMPOSITE, Property()),
        "alarmName": Property(required=True, replaces=True),
        "alarmRule": Property(required=True),
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudwatch_composite_alarm
        "actionsEnabled": Property(default=True, replaces=True),
        "actionsSuppressor": Property(),
        "alarmActions": Property(form=as_set),
        "okActions": Property(form=as_set),
        "insufficientDataActions": Property(form=as_set),
        "tags": TAGS,
    }
    outputs = frozenset({"arn"})

    def create(self, aws: Place, inputs: Properties) -> str:
        """Put the alarm; one of that name that is there already is an error."""
        name = str(inputs["alarmName"])
        if _find(aws, name):
            raise ValueError(f'CloudWatch composite alarm "{name}" already exists')
        aws.client("cloudwatch").put_composite_alarm(
            **put_composite_alarm_request(inputs), Tags=pairs(inputs.get("tags"))
        )
        return name

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Describe the alarm and list its tags."""
        alarm = _find(aws, id_)
        if alarm is None:
            return None
        suppressor = {name: alarm[api] for name, api in SUPPRESSOR.items() if api in alarm}
        return {
            **{name: alarm[api] for name, api in COMPOSITE.items() if api in alarm},
            **({"actionsSuppressor": suppressor} if suppressor else {}),
            "tags": live_tags(aws.client("cloudwatch"), alarm["AlarmArn"]),
            "arn": alarm["AlarmArn"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the alarm again, which leaves its state; tags have calls of their own."""
        if changed - {"tags"}:
            aws.client("cloudwatch").put_composite_alarm(**put_composite_alarm_request(inputs))
        if "tags" in changed:
            live = _find(aws, id_)
            if live is None:
                raise LookupError(f'there is no CloudWatch composite alarm "{id_}"')
            put_tags(aws.client("cloudwatch"), live["AlarmArn"], inputs.get("tags"))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the alarm; AWS refuses that where another one still names it."""
        aws.client("cloudwatch").delete_alarms(AlarmNames=[id_])


def _find(aws: Place, name: str) -> dict[str, Any] | None:
    alarms = aws.client("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["CompositeAlarm"]
    )["CompositeAlarms"]
    return dict(alarms[0]) if alarms else None
