"""What every module says of an alarm alike: its address, its state and its actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self


class AlarmState(StrEnum):
    """The states of an alarm, with CloudWatch's names (``StateValue``)."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


@dataclass(frozen=True, kw_only=True)
class HeldAlarm:
    """What CloudWatch holds of metric alarms and composite alarms alike.

    Attributes:
        name: the alarm's name.
        arn: the alarm's ARN; empty where it is not known.
        description: what the alarm says of itself.
        actions_enabled: whether state changes carry out actions at all.
        ok_actions: ARNs that are notified of the change to OK; the others likewise.
    """

    name: str
    arn: str = ""
    description: str = ""
    actions_enabled: bool = True
    ok_actions: tuple[str, ...] = ()
    alarm_actions: tuple[str, ...] = ()
    insufficient_data_actions: tuple[str, ...] = ()

    def actions(self, state: AlarmState) -> tuple[str, ...]:
        """The ARNs that are called when it gets into a state."""
        if not self.actions_enabled:
            return ()
        return {
            AlarmState.ALARM: self.alarm_actions,
            AlarmState.OK: self.ok_actions,
            AlarmState.INSUFFICIENT_DATA: self.insufficient_data_actions,
        }[state]


class AlarmAddress(str):
    """``<key>@<target>``, with ``/<part>`` where a target has several such alarms.

    A string with names for its parts, so that exports, JSON and messages take it as it is.
    AWS keeps it in two of an alarm's tags.
    """

    def __new__(cls, address: str = "") -> Self:
        """The address in a text; one that is an address already stays the same value."""
        return address if isinstance(address, cls) else super().__new__(cls, address)

    @classmethod
    def of(cls, key: str, target: str, part: str = "") -> Self:
        """The address of a rule's alarm about a target, or about a part of it."""
        return cls(f"{key}@{target}" + (f"/{part}" if part else ""))

    @classmethod
    def from_tags(cls, tags: Mapping[str, str]) -> Self:
        """The address in an alarm's tags; without key or target where they are not tagged."""
        return cls.of(tags.get("AlarmKey", ""), tags.get("Target", ""))

    @property
    def tags(self) -> dict[str, str]:
        """The tags that hold it."""
        return {"AlarmKey": self.key, "Target": self.watched}

    @cached_property
    def key(self) -> str:
        """``<kind>.<rule>``, such as ``ecs.cpu-high``."""
        return self.partition("@")[0]

    @cached_property
    def kind(self) -> str:
        """What sort of thing the target is, such as ``ecs``: the section of the settings."""
        return self.key.partition(".")[0]

    @cached_property
    def rule(self) -> str:
        """The rule's name within its kind, such as ``cpu-high``."""
        return self.key.partition(".")[2]

    @cached_property
    def watched(self) -> str:
        """The target with the part, such as ``main/web``."""
        return self.partition("@")[2]

    @cached_property
    def target(self) -> str:
        """The target's name in the settings, such as ``main``; empty where only a key is known."""
        return self.watched.partition("/")[0]

    @property
    def part(self) -> str:
        """The part of the target, such as a target group's name; empty without one."""
        return self.watched.partition("/")[2]

    @property
    def of_target(self) -> str:
        """``<key>@<target>``: all such alarms of the target, as an override names them."""
        return f"{self.key}@{self.target}"

    @property
    def forms(self) -> tuple[str, ...]:
        """How people may name the alarm: by address, by its target as a whole, by key."""
        return self, self.of_target, self.key
