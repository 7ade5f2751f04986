"""What changes of the windows in which alarms tell nobody, and what a deployment then sets off."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ecs_monitoring.cloudwatch.mute import MuteSchedule
from ecs_monitoring.words import counted, listed

ENDS: Final = (
    "if the window is on during the deployment, it ends at once, and alarms that are on notify then"
)
"""What becomes of a window that is removed, or moved:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarmMuteRule.html
"""


def muted(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Iterator[str]:
    """The windows that come, go or change from one preview to another, in words.

    Args:
        before: a preview as JSON; ``None`` where there was no such stack.
        after: the other one.
    """
    old, new = _windows(before), _windows(after)
    for name in [*new, *(name for name in old if name not in new)]:
        if name not in old:
            window = new[name]
            yield f"{name} is new: {_when(window)}, mutes {counted(len(window['alarms']), 'alarm')}"
        elif name not in new:
            yield f"{name} goes: {ENDS}"
        else:
            yield from _changes(name, old[name], new[name])


def _windows(preview: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    # Previews that were saved before there were windows have none.
    return {window["name"]: window for window in (preview or {}).get("mutes", ())}


def _changes(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if _when(old) != _when(new):
        yield f"{name}: {_when(old)} becomes {_when(new)}; {ENDS}"
    more = [alarm for alarm in new["alarms"] if alarm not in old["alarms"]]
    fewer = [alarm for alarm in old["alarms"] if alarm not in new["alarms"]]
    if more:
        yield f"{name} also mutes {listed(more)}"
    if fewer:
        yield f"{name} no longer mutes {listed(fewer)}; {ENDS}"
    moved = [
        alarm
        for rule, alarms in old["rules"].items()
        for alarm in alarms
        if alarm in new["alarms"] and alarm not in new["rules"].get(rule, ())
    ]
    if moved:
        # The rule that loses an alarm may be changed before the one that gets it.
        yield f"{name}: {listed(moved)} under another mute rule; {ENDS}"


def _when(window: Mapping[str, Any]) -> str:
    return str(
        MuteSchedule(
            expression=window["schedule"],
            duration=window["duration_seconds"],
            timezone=window["timezone"],
        )
    )
