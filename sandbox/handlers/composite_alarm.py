"""aws:cloudwatch/compositeAlarm:CompositeAlarm."""

from typing import Any

from sandbox.handlers.base import TAGS, Handler, Place, Property, as_set, from_api
from sandbox.tags import CLOUDWATCH, pairs
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
    tagging = CLOUDWATCH

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
        """Describe the alarm."""
        alarm = _find(aws, id_)
        if alarm is None:
            return None
        suppressor = from_api(SUPPRESSOR, alarm)
        return {
            **from_api(COMPOSITE, alarm),
            **({"actionsSuppressor": suppressor} if suppressor else {}),
            "arn": alarm["AlarmArn"],
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the alarm again, which leaves its state."""
        aws.client("cloudwatch").put_composite_alarm(**put_composite_alarm_request(inputs))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the alarm; AWS refuses that where another one still names it."""
        aws.client("cloudwatch").delete_alarms(AlarmNames=[id_])


def _find(aws: Place, name: str) -> dict[str, Any] | None:
    alarms = aws.client("cloudwatch").describe_alarms(
        AlarmNames=[name], AlarmTypes=["CompositeAlarm"]
    )["CompositeAlarms"]
    return dict(alarms[0]) if alarms else None
