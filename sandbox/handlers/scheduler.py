"""aws:scheduler/schedule:Schedule."""

from typing import Any, Final

from sandbox.handlers.base import Handler, Place, Property, from_api, renamed, to_api, unless_gone
from sandbox.wire import Properties

_GONE: Final = "ResourceNotFoundException"

# What Scheduler does where no retries are given, and the provider does not call a difference:
# https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
_RETRIES: Final = {"maximumEventAgeInSeconds": 86_400, "maximumRetryAttempts": 185}


class ScheduleHandler(Handler):
    """A schedule of EventBridge Scheduler."""

    type = "aws:scheduler/schedule:Schedule"
    inputs = {
        "name": Property(required=True, replaces=True),
        "groupName": Property(replaces=True, computed=True),
        "description": Property(),
        "scheduleExpression": Property(required=True),
        "scheduleExpressionTimezone": Property(default="UTC"),
        "flexibleTimeWindow": Property(required=True),
        "state": Property(default="ENABLED"),
        "target": Property(required=True),
    }
    outputs = frozenset({"arn"})
    named = "name"
    limitations = (
        "the emulator's clock never makes a schedule due: no reminder is sent",
        "the emulator takes any schedule expression, time zone and role",
    )

    _FIELDS: Final = {
        "description": "Description",
        "scheduleExpression": "ScheduleExpression",
        "scheduleExpressionTimezone": "ScheduleExpressionTimezone",
        "state": "State",
        "flexibleTimeWindow": "FlexibleTimeWindow",
        "target": "Target",
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the schedule; one of that name that is there already is an error."""
        answer = aws.client("scheduler").create_schedule(**self._request(inputs))
        _, group, name = str(answer["ScheduleArn"]).split("/")
        return f"{group}/{name}"

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the schedule."""
        schedule = unless_gone(lambda: aws.client("scheduler").get_schedule(**_place(id_)), _GONE)
        if schedule is None:
            return None
        live = renamed(from_api(self._FIELDS, schedule), str.lower)
        if (
            "retryPolicy" not in state.get("target", {})
            and live["target"]["retryPolicy"] == _RETRIES
        ):
            del live["target"]["retryPolicy"]
        return {
            "name": schedule["Name"],
            "groupName": schedule["GroupName"],
            "arn": schedule["Arn"],
            **live,
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Send the schedule whole: what an update leaves out gets Scheduler's own default."""
        aws.client("scheduler").update_schedule(**{**self._request(inputs), **_place(id_)})

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the schedule."""
        unless_gone(lambda: aws.client("scheduler").delete_schedule(**_place(id_)), _GONE)

    def _request(self, inputs: Properties) -> dict[str, Any]:
        group = {"GroupName": inputs["groupName"]} if inputs.get("groupName") else {}
        defaults = {n: kind.default for n, kind in self.inputs.items() if kind.default}
        wanted = {**defaults, **inputs}
        return {
            "Name": inputs["name"],
            **group,
            **renamed(to_api(self._FIELDS, wanted), str.upper),
        }


def _place(id_: str) -> dict[str, str]:
    group, _, name = id_.partition("/")
    return {"GroupName": group, "Name": name}
