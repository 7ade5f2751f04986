"""Windows in which a stack's alarms tell nobody, as the program registers them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ecs_monitoring.cloudwatch.alarm import AlarmAddress
from ecs_monitoring.cloudwatch.mute import MuteSchedule
from ecs_monitoring.rules.mute import MUTE_TAG
from ecs_monitoring.words import iso
from stack.definitions import AlarmPreview
from stack.incidents import COMPOSITE
from stack.program import ProgramRun

MUTE_RULE: Final = "aws:cloudwatch/alarmMuteRule:AlarmMuteRule"
"""The type token of mute rules."""


@dataclass(frozen=True, kw_only=True)
class MutePreview:
    """One window of the settings, over all the mute rules that it becomes.

    Attributes:
        name: its name in the settings.
        schedule: when it mutes.
        rules: name of each of its mute rules to the addresses of the alarms that it mutes.
    """

    name: str
    schedule: MuteSchedule
    rules: Mapping[str, tuple[str, ...]]

    @property
    def alarms(self) -> tuple[str, ...]:
        """Addresses of the alarms that it mutes."""
        return tuple(address for addresses in self.rules.values() for address in addresses)

    def next_in_words(self, now: int) -> str:
        """The window at a time, or the next one after it."""
        window = self.schedule.next_window(now)
        if window is None:
            return "over"
        if window.start <= now:
            return f"now, until {iso(window.end)}"
        return str(window)

    def as_json(self) -> dict[str, Any]:
        """The window for scripts."""
        return {
            "name": self.name,
            "schedule": self.schedule.expression,
            "duration_seconds": self.schedule.duration,
            "timezone": self.schedule.timezone,
            "alarms": list(self.alarms),
            "rules": {name: list(addresses) for name, addresses in self.rules.items()},
        }


def mute_previews(run: ProgramRun, alarms: Sequence[AlarmPreview]) -> tuple[MutePreview, ...]:
    """The windows of a stack, in the order of their names.

    Args:
        run: what the program registered.
        alarms: the stack's alarms.
    """
    addresses = {alarm.name: str(alarm.address) for alarm in alarms}
    for composite in run.of_type(COMPOSITE):
        addresses[composite.inputs["alarmName"]] = AlarmAddress.from_tags(composite.inputs["tags"])
    rules: dict[str, list[Mapping[str, Any]]] = {}
    # Registered as soon as its alarms are: in no order of its own.
    for rule in sorted(run.of_type(MUTE_RULE), key=lambda rule: rule.name):
        rules.setdefault(rule.inputs["tags"][MUTE_TAG], []).append(rule.inputs)
    previews = []
    for name, of_window in sorted(rules.items()):
        schedule = of_window[0]["rule"]["schedule"]
        previews.append(
            MutePreview(
                name=name,
                schedule=MuteSchedule.parsed(
                    schedule["expression"], schedule["duration"], schedule["timezone"]
                ),
                rules={
                    inputs["name"]: tuple(
                        addresses.get(alarm, alarm) for alarm in inputs["muteTargets"]["alarmNames"]
                    )
                    for inputs in of_window
                },
            )
        )
    return tuple(previews)
